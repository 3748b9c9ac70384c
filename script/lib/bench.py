"""The bench: ratios within one run, rounds of application and ceiling taking turns; var/bench.json."""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from backend.app import create_app
from backend.kernel.db import db
from config.settings import load
from lib import bare, bench_load, bench_start, bench_town
from lib.bench_start import NotMeasured
from lib.bench_town import HOME, TOWN, Crowd
from lib.install import PYTHON
from lib.programs import granian
from lib.say import ROOT, VAR, say
from lib.supervise import Program
from tests.support.services import MariaDB, free_port
from tests.support.town import Town, ask

RESULT = VAR / "bench.json"
TEXT = "二组水渠被树枝堵住，雨后漫到路上，老人孩子走路容易滑倒。"
POST, QUEUE = (
    "POST a report, of bare PyMySQL's transactions",
    "first page of the queue, of a bare Flask route",
)


@dataclass
class Row:
    """One line of the table; `value` and `met` are None when it was not measured."""

    name: str
    value: float | None
    goal: float
    unit: str
    met: bool | None


def main() -> int:
    """Measure, print, write."""
    options = _options()
    bench_start.remove(HOME)
    HOME.mkdir(parents=True)
    rows: list[Row] = []
    mariadb = MariaDB(HOME / "mariadb").start()
    try:
        town = bench_town.standing_town(mariadb)
        try:
            rows += _ratios(town, options.seconds, options.rounds)
            rows += _weights(town)
        finally:
            town.stop()
    finally:
        mariadb.stop()
    rows.append(_row("second start of script/server", 10, "s", bench_start.second_start))
    if options.fresh:
        rows.append(_row("first start of script/server in a fresh clone", 240, "s", bench_start.first_start))
    RESULT.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n")
    print(_table(rows))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--fresh", action="store_true", help="also a first start in a new clone")
    return parser.parse_args()


def _ratios(town: Town, seconds: float, rounds: int) -> list[Row]:
    """Both ratios; the worker rests meanwhile, so that what it owes is nobody's burden."""
    app = create_app(load(town.env))
    logging.disable(logging.INFO)
    crowd = bench_town.fill(app)
    report = {"town": TOWN, "text": TEXT, "category_code": crowd.category, "point": crowd.point}
    url = town.env["DATABASE_URL"]
    unit = _recorded_post(app, crowd, report)
    page = _recorded_page(app, crowd)
    say(f"a POST runs {len(unit.plan)} statements, a page of the queue {len(page)}")
    with app.app_context():
        db.engine.dispose()
    bare.save(HOME / "page.json", url, page)
    town.start("platform", "web")
    cookie = {"Cookie": f"staff_session={crowd.cookie}"}
    with _bare_server() as bare_url:
        _warm_up(town, cookie)
        # First, while the queue's first page is still the one that was recorded.
        queue = f"{town.url}/api/v1/staff/queue"
        pages = _rounds(
            QUEUE,
            rounds,
            lambda n: bench_load.gets_per_second(queue, cookie, seconds),
            lambda n: bench_load.gets_per_second(bare_url, {}, seconds),
        )
    bench_load.posts_per_second(
        HOME, town.url, crowd.tokens, report, 1, 0
    )  # both processes fill their caches
    posts = _rounds(
        POST,
        rounds,
        lambda n: bench_load.posts_per_second(HOME, town.url, crowd.tokens, report, seconds, n),
        lambda n: bare.units_per_second(url, unit, bench_load.CLIENTS, seconds),
    )
    return [Row(POST, posts, 0.35, "ratio", posts >= 0.35), Row(QUEUE, pages, 0.5, "ratio", pages >= 0.5)]


def _rounds(name: str, rounds: int, ours: Callable[[int], float], ceiling: Callable[[int], float]) -> float:
    """The median ratio of rounds in which both take turns; who begins takes turns too."""
    ratios = []
    for number in range(1, rounds + 1):
        if number % 2:
            mine = ours(number)
            most = ceiling(number)
        else:
            most = ceiling(number)
            mine = ours(number)
        ratios.append(mine / most)
        say(f"{name}: {mine:.0f}/s of {most:.0f}/s = {mine / most:.2f}")
    return round(statistics.median(ratios), 3)


def _recorded_post(app: Flask, crowd: Crowd, report: dict[str, Any]) -> bare.Replay:
    """What one real POST asks the database; two of them tell what is fresh in each."""
    client = app.test_client()
    token = crowd.tokens[-1]
    found = []
    for number in range(4):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"record-{number}"}
        with app.app_context():
            engine = db.engine
        with bare.record(engine) as statements:
            answer = client.post("/api/v1/resident/reports", json=report, headers=headers)
        assert answer.status_code == 201, answer.text
        found.append(statements)
    marks = bare.marked(found[-2], found[-1], crowd.known[-1])
    return bare.Replay(found[-2], marks, crowd.known)


def _recorded_page(app: Flask, crowd: Crowd) -> list[bare.Statement]:
    """What one real first page of the queue asks the database."""
    client = app.test_client()
    client.set_cookie("staff_session", crowd.cookie)
    with app.app_context():
        engine = db.engine
    for _ in range(2):  # the first call of a process also fills its caches
        with bare.record(engine) as statements:
            answer = client.get("/api/v1/staff/queue")
        assert answer.status_code == 200, answer.text
    items: Any = answer.json
    assert len(items["items"]) == 20
    return statements


def _warm_up(town: Town, cookie: dict[str, str]) -> None:
    """Both processes have read what they keep in memory before anything is measured."""
    for _ in range(20):
        status, _answer = ask("GET", f"{town.url}/api/v1/staff/queue", headers=cookie)
        assert status == 200


@contextmanager
def _bare_server() -> Iterator[str]:
    """A bare Flask route on the same server with the same settings."""
    port = free_port()
    env = {**os.environ, "BARE_PLAN": str(HOME / "page.json")}
    program = Program("bare", granian(port, "lib.bare:app"), env, log=HOME / "bare.log")
    program.start()
    try:
        url = f"http://127.0.0.1:{port}/"
        _until_it_answers(url)
        yield url
    finally:
        program.end()


def _until_it_answers(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if ask("GET", url)[0] == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the bare route does not answer, see {HOME / 'bare.log'}")


def _weights(town: Town) -> list[Row]:
    """Memory after the load, the worker's after it has done a minute of what is owed; and the pages."""
    town.start("worker")
    town.flask("outbox", "status")  # the worker has been starting as long
    time.sleep(10)  # it works on what the load left; nothing tells us when it has seen every kind
    return [
        _row("web process, resident", 200, "MB", lambda: _resident_megabytes(town, "web")),
        _row("worker, resident", 150, "MB", lambda: _resident_megabytes(town, "worker")),
        _row("mini-program main package", 1024, "KB", bench_start.main_package_kilobytes),
        _row("H5 first load, compressed", 350, "KB", lambda: bench_start.h5_first_load_kilobytes(town.url)),
    ]


def _resident_megabytes(town: Town, name: str) -> float:
    """The heaviest process of a program, resident, with all it shares."""
    process = town.programs[name].process
    assert process is not None
    children = Path(f"/proc/{process.pid}/task").glob("*/children")
    pids = [process.pid, *(int(pid) for child in children for pid in child.read_text().split())]
    found = [Path(f"/proc/{pid}/status").read_text().splitlines() for pid in pids]
    return max(int(line.split()[1]) for lines in found for line in lines if line.startswith("VmRSS:")) / 1024


def _row(name: str, goal: float, unit: str, measure: Callable[[], float]) -> Row:
    """A row whose value must not be above its goal."""
    try:
        value = round(measure(), 1)
    except NotMeasured as why:
        say(f"{name}: not measured, {why}")
        return Row(name, None, goal, unit, None)
    return Row(name, value, goal, unit, value <= goal)


def _table(rows: list[Row]) -> str:
    lines = [f"\n{'':<52}{'value':>9}  {'goal':<14}"]
    for row in rows:
        sign = "at least" if row.unit == "ratio" else "at most"
        value = "-" if row.value is None else f"{row.value:g}"
        word = {True: "met", False: "NOT met", None: "not measured"}[row.met]
        lines.append(f"{row.name:<52}{value:>9}  {sign} {row.goal:g} {row.unit:<6} {word}")
    return "\n".join([*lines, f"\nwritten to {RESULT.relative_to(ROOT)}"])


assert PYTHON.exists(), "script/bench starts this"

if __name__ == "__main__":
    raise SystemExit(main())
