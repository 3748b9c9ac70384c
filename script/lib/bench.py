"""The bench itself; runs inside .venv, started by script/bench."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from lib import measure
from lib.bare import Replay, fresh_values, record, save, units_per_second
from lib.environment import free_port, town_environment
from lib.measure import Row, at_least, at_most, in_turns, wrk
from lib.programs import granian
from lib.say import ROOT, VAR, StepFailed, say
from lib.supervise import Program
from sqlalchemy import select

from backend.app import create_app
from backend.identity import merging, sessions
from backend.identity.models import Staff
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node
from config.settings import load
from tests.support.services import MariaDB
from tests.support.town import Town, family

HOME = Path(os.environ.get("BENCH_HOME", VAR / "bench"))
CLIENTS = 16
RESIDENTS = 2500  # six reports a minute each is what a person may send
GRID_POINT = {"lon": 117.273, "lat": 35.008}


@dataclass(frozen=True)
class Times:
    """How long and how often."""

    seconds: int
    rounds: int


@dataclass(frozen=True)
class Ground:
    """The town under test, the same application within this process, and people with sessions."""

    town: Town
    inside: Flask
    residents: list[tuple[str, str, str, str]]  # token, then what stands in the database for it
    desk: str


def main() -> int:
    """Measure everything and print it; 1 only when it could not be measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    times = Times(3, 1) if parser.parse_args().quick else Times(8, 3)
    try:
        with ground() as under_test:
            rows, notes = speed(under_test, times)
            rows += memory(under_test)
            rows += sizes(under_test)
        rows.append(second_start())
    except StepFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    notes.append(
        f"{measure.cores()} cores shared by MariaDB, granian and the load; {CLIENTS} clients; ratios count."
    )
    measure.report(rows, VAR / "bench.json", notes)
    return 0


@contextmanager
def ground() -> Iterator[Ground]:
    """A fresh demonstration town on a MariaDB of our own, without a worker for the time being."""
    server = MariaDB(HOME / "mariadb", durable=True, buffer_pool="1G")
    server.start()
    town = None
    try:
        url = server.database("bench")
        # Behind a proxy as deployed: the load comes from many addresses, as a town's does.
        town = Town(HOME / "town", url, more={"PROXY_HOPS": "1"})
        say("loading the demonstration town")
        town.prepare(demo=())
        inside = create_app(load(town.env))
        residents, desk = _sessions(inside)
        town.start("platform", "web")
        yield Ground(town, inside, residents, desk)
    finally:
        if town is not None:
            town.stop()
        server.stop()


def _sessions(inside: Flask) -> tuple[list[tuple[str, str, str, str]], str]:
    def open_them() -> tuple[list[tuple[str, str, str, str]], str]:
        residents = []
        for number in range(RESIDENTS):
            account = merging.account_for("mini", f"bench-{number}", None)
            opened = sessions.open_for_resident(account.resident_id, "mini")
            known = (str(account.resident_id), str(opened.id), sessions.token_hash(opened.token))
            residents.append((opened.token, *known))
        staff_id = db.session.execute(select(Staff.id).where(Staff.username == "dispatcher")).scalar_one()
        return residents, sessions.open_for_staff(staff_id).token

    with inside.app_context():
        ensure_node()
        return run_unit(open_them)


def speed(under: Ground, times: Times) -> tuple[list[Row], list[str]]:
    """Both ratios."""
    post, notes = posting(under, times)
    queue, more = queueing(under, times)
    return [post, queue], [*notes, *more]


def posting(under: Ground, times: Times) -> tuple[Row, list[str]]:
    """POST a report against bare PyMySQL with the same statements."""
    _recorded_post(under)  # the first one fills caches
    first, second = _recorded_post(under), _recorded_post(under)
    replay = Replay(first, fresh_values(first, second), [one[1:] for one in under.residents])
    script = _wrk_posts(under)
    url = under.town.database_url or ""
    say(f"POST a report: {len(first)} statements")
    ours, bare, ratio = in_turns(
        times.rounds,
        lambda: wrk(
            f"{under.town.url}/api/v1/resident/reports", clients=CLIENTS, seconds=times.seconds, script=script
        ),
        lambda: units_per_second(url, replay, CLIENTS, times.seconds),
    )
    note = f"POST a report: {ours:.0f}/s, bare PyMySQL with the same {len(first)} statements {bare:.0f}/s"
    return at_least("POST a report, of bare PyMySQL with the same statements", ratio, 35, "%"), [note]


def _body() -> dict[str, Any]:
    return {
        "town": "nanshahe",
        "text": "村口的路灯不亮了，晚上看不见路",
        "category_code": None,
        "point": GRID_POINT,
    }


def _recorded_post(under: Ground) -> list[Any]:
    token = under.residents[0][0]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": os.urandom(8).hex()}
    client = under.inside.test_client()
    with under.inside.app_context():
        engine = db.engine
    with record(engine) as statements:
        answer = client.post("/api/v1/resident/reports", json=_body(), headers=headers)
    if answer.status_code != 201:
        raise StepFailed(f"a report was refused: {answer.status_code} {answer.text}")
    return statements


def _wrk_posts(under: Ground) -> Path:
    """A script for wrk: each request another resident, address and idempotency key."""
    path = HOME / "post.lua"
    tokens = ",\n".join(f'"{one[0]}"' for one in under.residents)
    body = json.dumps(_body(), ensure_ascii=False)
    path.write_text(
        f"local tokens = {{{tokens}}}\nlocal body = [[{body}]]\n"
        """
local thread_count = 0
function setup(thread) thread:set("number", thread_count); thread_count = thread_count + 1 end
function init(args) math.randomseed(os.time() * 10 + number); count = math.random(#tokens) end
function request()
  count = count + 1
  local headers = {
    ["Content-Type"] = "application/json",
    ["Authorization"] = "Bearer " .. tokens[(count * 2 + number) % #tokens + 1],
    ["Idempotency-Key"] = number .. "-" .. count .. "-" .. math.random(1e9),
    ["X-Forwarded-For"] = "10." .. math.random(250) .. "." .. math.random(250) .. "." .. math.random(250),
  }
  return wrk.format("POST", nil, headers, body)
end
""",
        encoding="utf-8",
    )
    return path


def queueing(under: Ground, times: Times) -> tuple[Row, list[str]]:
    """First page of the staff queue against a bare Flask route with the same statements."""
    client = under.inside.test_client()
    client.set_cookie("staff_session", under.desk, path="/api/v1/staff")
    client.get("/api/v1/staff/queue")
    with under.inside.app_context():
        engine = db.engine
    with record(engine) as statements:
        answer = client.get("/api/v1/staff/queue")
    if answer.status_code != 200 or not answer.json or len(answer.json["items"]) < 20:
        raise StepFailed(f"the queue has no full page: {answer.status_code} {answer.text[:300]}")
    plan, port = HOME / "queue.json", free_port()
    save(plan, under.town.database_url or "", statements)
    env = {**os.environ, "BARE_PLAN": str(plan), "PYTHONPATH": f"{ROOT / 'script'}:{ROOT}"}
    bare = Program("bare", granian(port, "lib.bare:app"), env)
    bare.log = HOME / "bare.log"
    script = HOME / "queue.lua"
    script.write_text(f'wrk.headers["Cookie"] = "staff_session={under.desk}"\n')
    bare.start()
    say(f"staff queue: {len(statements)} statements")
    try:
        measure.await_answer(f"http://127.0.0.1:{port}/")
        ours, other, ratio = in_turns(
            times.rounds,
            lambda: wrk(
                f"{under.town.url}/api/v1/staff/queue", clients=CLIENTS, seconds=times.seconds, script=script
            ),
            lambda: wrk(f"http://127.0.0.1:{port}/", clients=CLIENTS, seconds=times.seconds),
        )
    finally:
        bare.end()
    note = f"staff queue: {ours:.0f}/s, bare Flask with the same {len(statements)} statements {other:.0f}/s"
    return at_least("first page of the staff queue, of a bare Flask route", ratio, 50, "%"), [note]


def memory(under: Ground) -> list[Row]:
    """After the load; the worker while it does what the reports left it to do."""
    under.town.start("worker")
    say("letting the worker do what it owes for 20 s")
    worker = measure.highest(lambda: measure.resident_mb(family(_pid(under.town, "worker"))), 20)
    web = measure.resident_mb(family(_pid(under.town, "web")))
    return [
        at_most("web process, resident", web, 200, "MB"),
        at_most("worker, resident", worker, 150, "MB"),
    ]


def _pid(town: Town, name: str) -> int:
    process = town.programs[name].process
    if process is None or process.poll() is not None:
        raise StepFailed(f"{name} is not running:\n{town.last_words(name)}")
    return process.pid


def sizes(under: Ground) -> list[Row]:
    """What a phone downloads."""
    built = ROOT / "miniprogram" / "dist" / "build" / "mp-weixin"
    return [
        at_most("mini-program, main package", measure.main_package_kb(built), 1024, "KB"),
        at_most("H5 first load, compressed", measure.first_load_kb(under.town.url), 350, "KB"),
    ]


def second_start() -> Row:
    """script/server on data that is there already."""
    folder = HOME / "server"
    port = free_port()
    env = {**os.environ, "PORT": str(port), "DATA_DIR": str(folder)}
    town_environment(port=port, sandbox_port=free_port(), data_dir=folder)
    say("starting script/server twice")
    measure.second_start_seconds(env)
    return at_most("script/server, second start", measure.second_start_seconds(env), 10, "s")


if __name__ == "__main__":
    sys.exit(main())
