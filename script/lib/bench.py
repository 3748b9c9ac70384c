"""The bench: ratios within one run, rounds of application and ceiling taking turns; var/bench.json."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from backend.app import create_app
from config.settings import load
from lib import (
    bare,
    bench_cost,
    bench_delivery,
    bench_profile,
    bench_public,
    bench_start,
    bench_town,
    bench_wall,
)
from lib.bench_delivery import GOAL_SECONDS, Endpoint
from lib.bench_http import POST, Place, Rounds, readings
from lib.bench_profile import Split
from lib.bench_report import Row, markdown, row, write_document
from lib.bench_start import NotMeasured
from lib.bench_town import HOME
from lib.install import PYTHON
from lib.programs import granian
from lib.say import VAR, say
from lib.supervise import Program
from tests.support.services import MariaDB, free_port
from tests.support.town import Town, ask

RESULT = VAR / "bench.json"
CHANGES_PER_SECOND = 50
SHORT_SECONDS, LONG_SECONDS = 20, 120
OWED = 300
#: what may be measured alone, with --only
PARTS = ("profiles", "readings", "posts", "changes", "resident", "delivery", "pages", "wall", "public")
PLANS = HOME / "plans"


def main() -> int:
    """Measure, print, write."""
    options = _options()
    HOME.mkdir(parents=True, exist_ok=True)
    mariadb = MariaDB(HOME / "mariadb", buffer_pool="1G").start()
    assert mariadb.process is not None
    rounds = Rounds(options.rounds, options.seconds, mariadb.process.pid)
    endpoint = Endpoint()
    endpoint.program.start()
    profiles: dict[str, Split] = {}
    try:
        if not set(options.only) <= {"wall", "public"}:
            _measure(rounds, mariadb, endpoint, options, profiles)
        if "wall" in options.only:
            _measure_wall(rounds, mariadb, options.wall_entries)
        if "public" in options.only:
            _measure_public(rounds, mariadb, options.public_texts)
    finally:
        endpoint.program.end()
        mariadb.stop()
    if "pages" in options.only:
        rounds.rows.append(_most("second start of script/server", 10, "s", bench_start.second_start))
    if options.fresh:
        rounds.rows.append(
            _most("first start of script/server in a fresh clone", 240, "s", bench_start.first_start)
        )
    tables = markdown(rounds.rows, rounds.figures, profiles)
    RESULT.write_text(json.dumps([vars(one) for one in rounds.rows], ensure_ascii=False, indent=1) + "\n")
    print(tables)
    if options.write:
        parts = [] if tuple(options.only) == PARTS else options.only
        command = " ".join(["script/bench", *sys.argv[1:]])
        say(f"written to {write_document(tables, rounds.rows, command, parts)}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--long", action="store_true", help="let changes flow for two minutes, not for twenty seconds"
    )
    parser.add_argument("--fresh", action="store_true", help="also a first start in a new clone")
    parser.add_argument(
        "--write", action="store_true", help="write docs/performance.md, or of parts a page beside it"
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="measure these parts alone")
    parser.add_argument("--wall-entries", type=int, default=bench_wall.LARGE, help="of the large wall")
    parser.add_argument("--public-texts", type=int, default=bench_public.TEXTS, help="that are searched")
    return parser.parse_args()


def _measure(
    rounds: Rounds,
    mariadb: MariaDB,
    endpoint: Endpoint,
    options: argparse.Namespace,
    profiles: dict[str, Split],
) -> None:
    """All that needs the towns. The worker rests until it is itself what is measured."""
    # What does not ask the large town does without it: making it takes ten minutes.
    reading = not {"profiles", "readings"}.isdisjoint(options.only)
    large = _place(bench_town.large_town(mariadb)) if reading else None
    platform = {"SANDBOX_URL": endpoint.url, "WECHAT_API_BASE": endpoint.url}
    small = _place(bench_town.small_town(mariadb, platform))
    logging.disable(logging.INFO)
    if large is not None and "profiles" in options.only:
        profiles |= _profiles(small, large)
    unit, change = (
        _recorded_post(small),
        len(small.accept(bench_town.waiting_cases(small.app, small.crowd, 1)[0])),
    )
    PLANS.mkdir(exist_ok=True)
    statements = {}
    if large is not None:
        statements = {one: _recorded(large, one.path) for one in readings(small, large)}
        for one, found in statements.items():
            bare.save(PLANS, one.name, large.town.env["DATABASE_URL"], found)
    towns = [small] if large is None else [small, large]
    try:
        for place in towns:
            bench_town.forget(place.app)
            place.town.start("web")
            _warm_up(place)
        with _bare_server() as server:
            rounds.bare_url = server.url
            rounds.hellos(server.pid)
            if large is not None and "readings" in options.only:
                for one, found in statements.items():
                    rounds.reading(one, small, large, len(found))
        parts = {
            "posts": lambda: rounds.posts(small, unit),
            "changes": lambda: rounds.changes(small, change),
            "resident": lambda: rounds.rows.append(
                _most("web process, resident", 200, "MB", lambda: _resident(small.town, "web"))
            ),
            "delivery": lambda: _deliver(rounds, small, endpoint, options),
            "pages": lambda: _weigh_pages(rounds, small.town),
        }
        for part, measure in parts.items():
            if part in options.only:
                measure()
    finally:
        for place in towns:
            place.town.stop()


def _measure_wall(rounds: Rounds, mariadb: MariaDB, entries: int) -> None:
    """The wall, whose towns have nothing else; the bare server anew, for its bytes."""
    mariadb.flush_at_each_commit(False)
    small = bench_wall.Wall(mariadb, "wall_small", bench_wall.SMALL)
    large = bench_wall.Wall(mariadb, "wall_large", entries)
    mariadb.flush_at_each_commit(True)
    logging.disable(logging.INFO)
    PLANS.mkdir(exist_ok=True)
    for name, content in bench_wall.bytes_of(large).items():
        (PLANS / f"{name}.bytes").write_bytes(content)
    with _bare_server() as server:
        rounds.bare_url = server.url
        bench_wall.measure(rounds, small, large)


def _measure_public(rounds: Rounds, mariadb: MariaDB, texts: int) -> None:
    """Sheets, notices and the search, in towns that have nothing else; the bare server anew, for their bytes."""
    mariadb.flush_at_each_commit(False)
    on_mariadb, on_sqlite = bench_public.make(mariadb, texts)
    mariadb.flush_at_each_commit(True)
    logging.disable(logging.INFO)
    PLANS.mkdir(exist_ok=True)
    for name, content in bench_public.bytes_of(on_mariadb).items():
        (PLANS / f"{name}.bytes").write_bytes(content)
    with _bare_server() as server:
        rounds.bare_url = server.url
        bench_public.measure(rounds, on_mariadb, on_sqlite)


def _place(town: Town) -> Place:
    app = create_app(load(town.env))
    return Place(town, app, bench_town.crowd_of(app))


def _profiles(small: Place, large: Place) -> dict[str, Split]:
    return {
        POST: bench_profile.split(lambda: small.post(), 60),
        "the queue's first page": bench_profile.split(lambda: large.get("/api/v1/staff/queue"), 60),
    }


def _recorded_post(small: Place) -> bare.Replay:
    """What one real POST asks the database; two of them tell what is fresh in each."""
    for _ in range(3):  # the first calls of a process also fill its caches
        small.post()
    one, other = small.post(), small.post()
    return bare.Replay(one, bare.marked(one, other, small.crowd.known[-1]), small.crowd.known)


def _recorded(place: Place, path: str) -> list[bare.Statement]:
    place.get(path)  # the first call of a process also fills its caches
    return place.get(path)


def _warm_up(place: Place) -> None:
    """Both processes have read what they keep in memory before anything is measured."""
    for _ in range(20):
        status, _answer = ask("GET", f"{place.town.url}/api/v1/staff/queue", headers=place.cookie)
        assert status == 200


class _Server:
    """The bare routes, served as the application is."""

    def __init__(self) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        env = {**os.environ, "BARE_PLANS": str(PLANS)}
        self.program = Program("bare", granian(port, "lib.bare:app"), env, log=HOME / "bare.log")

    @property
    def pid(self) -> int:
        assert self.program.process is not None
        return self.program.process.pid


@contextmanager
def _bare_server() -> Iterator[_Server]:
    server = _Server()
    server.program.start()
    try:
        _until_it_answers(f"{server.url}/hello")
        yield server
    finally:
        server.program.end()


def _until_it_answers(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if ask("GET", url)[0] == 200:
                return
        except OSError:
            time.sleep(0.05)  # nothing tells us that somebody has begun to listen
    raise RuntimeError(f"the bare route does not answer, see {HOME / 'bare.log'}")


def _deliver(rounds: Rounds, small: Place, endpoint: Endpoint, options: argparse.Namespace) -> None:
    """Rows of the worker: how fast it drains, how long a message takes while changes flow, how heavy it is."""
    found = []
    missing = options.rounds * OWED - bench_delivery.untold(small.app, small.crowd.since)
    if missing > 0:
        waiting = rounds.waiting(small, missing, 1, least=missing)
        bench_delivery.accept_all(small.town, waiting, small.crowd.cookies, rate=1_000)
    bench_delivery.settle(small.town, small.app)
    for _ in range(options.rounds):
        owed = bench_delivery.owe_messages(small.app, OWED, small.crowd.since)
        bench_town.forget(small.app)
        most = bench_delivery.bare_messages_per_second(endpoint, options.seconds)
        found.append((bench_delivery.drained_per_second(small.town, endpoint, owed), most))
    rounds.ratio("delivery by one worker, of a bare loop's messages/s", found, 0.6)
    seconds = LONG_SECONDS if options.long else SHORT_SECONDS
    count = seconds * CHANGES_PER_SECOND
    cases = rounds.waiting(small, count, 1, least=count)
    flow = bench_delivery.steady(
        small.town, small.app, endpoint, cases, small.crowd.cookies, CHANGES_PER_SECOND
    )
    note = f"{flow.changes_per_second:.0f} changes/s for {seconds} s, {flow.messages} messages"
    rounds.rows += [
        row("p95 from change to accepted", flow.p95, GOAL_SECONDS, "s", note=note),
        row(
            "median lag, last third to first third",
            flow.growth,
            1.5,
            "times",
            ours=flow.last_third,
            ceiling=flow.first_third,
        ),
        row("worker, resident", flow.worker_megabytes, 150, "MB"),
    ]


def _weigh_pages(rounds: Rounds, town: Town) -> None:
    rounds.rows += [
        _most("mini-program main package", 1024, "KB", bench_start.main_package_kilobytes),
        _most("H5 first load, compressed", 350, "KB", lambda: bench_start.h5_first_load_kilobytes(town.url)),
    ]


def _resident(town: Town, name: str) -> float:
    process = town.programs[name].process
    assert process is not None
    return bench_cost.resident_megabytes(process.pid)


def _most(name: str, goal: float, unit: str, measure: Callable[[], float]) -> Row:
    """A row whose value must not be above its goal."""
    try:
        return row(name, round(measure(), 1), goal, unit)
    except NotMeasured as why:
        say(f"{name}: not measured, {why}")
        return Row(name, None, goal, unit, None)


assert PYTHON.exists(), "script/bench starts this"

if __name__ == "__main__":
    raise SystemExit(main())
