"""Nodes of ids are leased rows: two processes never number with the same one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select

from backend.kernel import ids
from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import db, transaction

ROOT = Path(__file__).resolve().parents[3]
# What a process does at its first request, without the rest of the application.
PROCESS = """
import json
from flask import Flask
from backend.kernel import ids
from backend.kernel.db import init_database
import sys
app = Flask("process")
init_database(app, sys.argv[1], 2)
with app.app_context():
    ids.ensure_node()
    made = [ids.new_id() for _ in range(200)]
print(json.dumps(made))
"""


def test_two_processes_never_share_a_node(app: Flask) -> None:
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", PROCESS, url]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        for _ in range(2)
    ]
    made = []
    for process in running:
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        made.append(json.loads(output))
    nodes = [{made_id >> 12 & 1023 for made_id in one} for one in made]
    assert [len(n) for n in nodes] == [1, 1]
    assert nodes[0] != nodes[1]
    assert not set(made[0]) & set(made[1])
    with app.app_context(), transaction(writing=True):  # writing: the database is put back after the test
        leased = set(db.session.scalars(select(ids.NodeLease.node)))
        db.session.execute(insert(ids.NodeLease).values(node=1023, holder="test", lease_until=now()))
        assert nodes[0] | nodes[1] <= leased


def test_a_node_whose_lease_has_ended_is_taken_over_by_one_only(app: Flask, clock: FrozenClock) -> None:
    with app.app_context():
        with transaction():
            db.session.execute(ids.NodeLease.__table__.delete())
        first = ids._lease("first", now())
        second = ids._lease("second", now())
        assert first != second
        clock.advance(ids.LEASE + timedelta(seconds=1))
    ready = threading.Barrier(4)

    def take(holder: str) -> int:
        with app.app_context():
            ready.wait(10)
            return ids._lease(holder, now())

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take, ["a", "b", "c", "d"]))
    assert len(set(taken)) == 4
    assert {first, second} <= set(taken)


def test_when_all_are_leased_it_says_so(app: Flask) -> None:
    with app.app_context():
        with transaction():
            db.session.execute(ids.NodeLease.__table__.delete())
            rows = [{"node": n, "holder": "test", "lease_until": now() + ids.LEASE} for n in range(ids.NODES)]
            db.session.execute(insert(ids.NodeLease), rows)
        with pytest.raises(RuntimeError, match="all 1024 are leased"):
            ids._lease("late", now())
