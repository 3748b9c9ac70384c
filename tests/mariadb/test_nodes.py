"""A node of ids that two processes reach for at the same moment: the row decides, not the reading of it.

SQLite lets one writer in at a time, so only MariaDB can show it.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import delete, event, insert, update

from backend.kernel import ids
from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import db, transaction


def test_the_slower_of_two_takes_another_node(app: Flask, clock: FrozenClock) -> None:
    ended = now() - ids.LEASE
    with app.app_context():
        assert db.engine.dialect.name == "mysql", "this group runs on MariaDB (TEST_DATABASE=mariadb)"
        with transaction():
            db.session.execute(delete(ids.NodeLease))
            rows = [{"node": node, "holder": "gone", "lease_until": ended} for node in (7, 8)]
            db.session.execute(insert(ids.NodeLease), rows)
        faster: list[int] = []

        def be_faster(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
            if statement.startswith("UPDATE node_leases") and not faster:
                faster.append(7)
                taken = update(ids.NodeLease).where(ids.NodeLease.node == 7)
                with db.engine.begin() as other:
                    other.execute(taken.values(holder="faster", lease_until=now() + ids.LEASE))

        event.listen(db.engine, "before_cursor_execute", be_faster)
        try:
            assert ids._lease("slower", now()) == 8
        finally:
            event.remove(db.engine, "before_cursor_execute", be_faster)
        assert faster == [7]
