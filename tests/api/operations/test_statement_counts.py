"""How many statements the hot requests make. What a number here grows by, every request pays for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db
from backend.workflow.clocks import forget_calendar
from tests.factories.cases import Cast, body
from tests.fakes.platform import RecordingPlatform

#: guard, key, guardian, town, category · case, report, timeline, clocks, what is owed · the key's answer
POST = 11
#: guard, case, its lock, its clocks · case, timeline, clock, what is owed · and the whole page for the answer
CHANGE = 22
#: guard, page
QUEUE = 2
PROGRESS = 1


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> Iterator[Cast]:
    forget_calendar()
    yield Cast(app)
    forget_calendar()


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    with app.app_context():
        engine = db.engine
    found: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_bringing_a_report(cast: Cast, clock: FrozenClock) -> None:
    person = cast.resident()
    assert person.post("/resident/reports", body()).status_code == 201  # fills what a process keeps
    with counted(cast.app) as statements:
        assert person.post("/resident/reports", body()).status_code == 201
    assert len(statements) <= POST, "\n".join(statements)
    assert sum("outbox_jobs" in one for one in statements) == 1, "what a unit owes is written at once"


def test_a_change_of_state(cast: Cast, clock: FrozenClock) -> None:
    for _ in range(2):  # the first one fills what a process keeps
        case_id = cast.bring_to("submitted")
        desk = cast.desk("fenliu")
        with counted(cast.app) as statements:
            answer = desk.post(f"/staff/cases/{case_id}/actions/accept", {"version": 1})
        assert answer.status_code == 200, answer.text
    changing = [one for one in statements if one.lstrip().startswith(("INSERT", "UPDATE"))]
    assert len(changing) <= 4, "\n".join(changing)
    assert len(statements) <= CHANGE, "\n".join(statements)


@pytest.mark.parametrize("limit", [1, 20])
def test_a_page_of_the_queue(cast: Cast, clock: FrozenClock, limit: int) -> None:
    for _ in range(3):
        cast.bring_to("dispatched")
    desk = cast.desk("fenliu")
    desk.get("/staff/queue")
    with counted(cast.app) as statements:
        assert desk.get(f"/staff/queue?limit={limit}").json["items"]
    assert len(statements) == QUEUE, "\n".join(statements)


def test_a_look_up_by_code(cast: Cast, clock: FrozenClock) -> None:
    code = cast.column(cast.bring_to("dispatched"), "code")
    client = cast.app.test_client()
    with counted(cast.app) as statements:
        assert client.get(f"/api/v1/public/progress/{code}").json["state"] == "dispatched"
    assert len(statements) == PROGRESS, "\n".join(statements)
