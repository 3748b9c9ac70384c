"""The hot lists on MariaDB: how each is read, by the optimizer's word and by the engine's own counters.

Asserted are rows, not times: 2,000 cases show as well as 770,000 whether a list is read from an index.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert, select, text

from backend.cases.models import Case
from backend.identity.models import OrgUnit, Staff
from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import db, run_unit
from backend.kernel.ids import new_code, new_id
from tests.factories.cases import Cast
from tests.factories.places import place
from tests.fakes.platform import RecordingPlatform

CASES = 2_000
PAGE = 20
#: 20,000 rows behind in the bench; here as deep as there are cases
FAR = 60
STATES = ("submitted", "accepted", "dispatched", "handling", "closed", "closed", "closed", "closed")
#: who asks, and how often a row may be examined for one that is returned: each reason to see a case gives a page
ASKERS = {"fenliu": 3, "cunzhang1": 3, "chengguan": 3 * 3, "wangge1": 3 * 3}


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> Cast:
    """Everyone, and a town with two thousand cases of its first village."""
    made = Cast(app)
    with app.app_context():
        assert db.engine.dialect.name == "mysql", "this group runs on MariaDB (TEST_DATABASE=mariadb)"
        desk = made.desk("fenliu")
        assert desk
        run_unit(lambda: db.session.execute(insert(Case), list(_rows())))
        run_unit(lambda: db.session.execute(text("ANALYZE TABLE cases")).all())
    return made


def _rows() -> Iterator[dict[str, Any]]:
    chance, moment = random.Random(1), now()
    grid, staff = place("G01"), {s.username: s for s in db.session.scalars(select(Staff))}
    units = {u.id: u for u in db.session.scalars(select(OrgUnit))}
    for number in range(CASES):
        state = chance.choice(STATES)
        handler = staff[chance.choice(["chengguan", "wangge1", "chengguan2"])]
        given = state not in {"submitted", "accepted"}
        yield {
            "id": new_id(),
            "kind": "report",
            "code": new_code(),
            "town_id": grid.town_id,
            "area_id": grid.area_id,
            "village_id": grid.village_id,
            "grid_id": grid.id,
            "category_id": 1,
            "category_code": chance.choice(["0201", "0101"]),
            "category_name": "路灯不亮",
            "title": f"第 {number} 盏灯",
            "state": state,
            "version": 1,
            "entry_count": 1,
            "chain_head": "0" * 64,
            "assignee_unit_id": handler.unit_id if given else None,
            "assignee_unit_name": units[handler.unit_id].name if given else "",
            "assignee_staff_id": handler.id if given and number % 3 else None,
            "handled_by": handler.id if state == "closed" else None,
            "created_at": moment - timedelta(minutes=number // 2),
            "updated_at": moment,
            "due_at": moment + timedelta(hours=number % 200),
            "closed_at": moment if state == "closed" else None,
        }


def asked(cast: Cast, username: str, path: str) -> list[tuple[str, Any]]:
    """The reading statements of a GET that touch the cases, with their parameters."""
    with cast.app.app_context():
        engine = db.engine
    found: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *more: Any) -> None:
        if "FROM cases" in statement or "JOIN cases" in statement:
            found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = cast.desk(username).get(path)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200, answer.text
    return found


def examined(app: Flask, statement: str, parameters: Any) -> tuple[int, int]:
    """(rows the engine's handlers read from tables, rows returned)."""
    with (
        app.app_context(),
        closing(db.engine.raw_connection()) as connection,
        closing(connection.cursor()) as cursor,
    ):
        cursor.execute("FLUSH STATUS")
        cursor.execute(statement, parameters)
        returned = len(cursor.fetchall())
        cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read%'")
        counters = {name: int(value) for name, value in cursor.fetchall()}
    # What is read again from the rows that were gathered to be sorted is in memory and no row of a table.
    kept = ("Handler_read_rnd_deleted", "Handler_read_rnd", "Handler_read_rnd_next")
    return sum(v for name, v in counters.items() if name not in kept), returned


def plan(app: Flask, statement: str, parameters: Any) -> list[dict[str, Any]]:
    """What the optimizer says of each table."""
    with (
        app.app_context(),
        closing(db.engine.raw_connection()) as connection,
        closing(connection.cursor()) as cursor,
    ):
        cursor.execute(f"EXPLAIN {statement}", parameters)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def far_cursor(cast: Cast, username: str) -> str:
    """The cursor of a page far behind, or of the last one there is."""
    cursor = ""
    for _ in range(FAR):
        following = cast.desk(username).get(f"/staff/queue?cursor={cursor}").json["next_cursor"]
        if following is None:
            return cursor
        cursor = following
    return cursor


@pytest.mark.parametrize("username", ASKERS)
@pytest.mark.parametrize("wanted", ["", "state=closed", "far"])
def test_a_page_examines_few_rows_for_each_it_returns(
    cast: Cast, clock: FrozenClock, username: str, wanted: str
) -> None:
    if wanted == "far":
        wanted = f"cursor={far_cursor(cast, username)}"
    [(statement, parameters)] = asked(cast, username, f"/staff/queue?{wanted}")
    read, returned = examined(cast.app, statement, parameters)
    assert returned > 0, "nothing was asked for"
    assert read <= ASKERS[username] * (PAGE + 1) + len(ASKERS), (
        read,
        returned,
        plan(cast.app, statement, parameters),
    )


LISTS = (
    *(("fenliu", f"/staff/queue?{wanted}") for wanted in
      ("", "state=handling", "due=overdue", "due=today", "category=0201", "urgency=urgent", "assigned=me",
       "q=第 7", "state=closed&category=0101", "supervised=1", "pending=extension", "returned=1")),
    ("cunzhang1", "/staff/queue"),
    ("cunzhang1", "/staff/queue?state=handling"),
    ("chengguan", "/staff/queue"),
    ("chengguan", "/staff/queue?state=handling"),
    ("wangge1", "/staff/queue?assigned=unit"),
    ("fenliu", "/staff/queue/counts"),
    ("chengguan", "/staff/tasks"),
    ("wangge1", "/staff/tasks"),
)  # fmt: skip


@pytest.mark.parametrize(("username", "path"), LISTS)
def test_no_hot_list_walks_a_whole_table(cast: Cast, clock: FrozenClock, username: str, path: str) -> None:
    statements = asked(cast, username, path)
    assert statements, "the list asked nothing of the cases"
    for statement, parameters in statements:
        for table in plan(cast.app, statement, parameters):
            whole = table["type"] in {"ALL", "index"} and not str(table["table"]).startswith("<")
            assert not whole, (table, statement)


def test_a_code_is_found_by_index(cast: Cast, clock: FrozenClock) -> None:
    with cast.app.app_context():
        code = db.session.scalars(select(Case.code).limit(1)).one()
    [(statement, parameters)] = asked(cast, "fenliu", f"/public/progress/{code}")
    read, returned = examined(cast.app, statement, parameters)
    assert (read <= 3, returned) == (True, 1), plan(cast.app, statement, parameters)
