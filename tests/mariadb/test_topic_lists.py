"""The public list of topics on MariaDB: read from an index, however many topics a town has gathered.

Asserted are rows, not times.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert, text

from backend.consultations.models import Consultation
from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import db, run_unit
from backend.kernel.ids import new_code, new_id
from tests.factories.places import place
from tests.mariadb.test_hot_lists import PAGE, examined, plan

TOPICS = 2_000
STATES = (
    "open",
    "published",
    "carrying_out",
    "looked_back",
    "looked_back",
    "declined",
    "proposed",
    "looked_back",
)
ENDED = {"looked_back", "declined"}


@pytest.fixture
def gathered(app: Flask) -> Flask:
    """A town with two thousand topics, half of them of one village."""
    with app.app_context():
        assert db.engine.dialect.name == "mysql", "this group runs on MariaDB (TEST_DATABASE=mariadb)"
        run_unit(lambda: db.session.execute(insert(Consultation), list(_rows())))
        run_unit(lambda: db.session.execute(text("ANALYZE TABLE consultations")).all())
    return app


def _rows() -> Iterator[dict[str, Any]]:
    village, moment = place("V01"), now()
    for number in range(TOPICS):
        state, at = STATES[number % len(STATES)], moment - timedelta(hours=number)
        yield {
            "id": new_id(),
            "kind": "consultation",
            "code": new_code(),
            "town_id": village.town_id,
            "village_id": village.id if number % 2 else None,
            "state": state,
            "chain_head": "0" * 64,
            "origin": "town",
            "title": f"议题之{number}",
            "body": "请大家谈一谈。",
            "created_at": at,
            "updated_at": at,
            "public_at": None if state == "proposed" else at,
            "closed_at": at if state in ENDED else None,
        }


def _asked(app: Flask, path: str) -> list[tuple[str, Any]]:
    with app.app_context():
        engine = db.engine
    found: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *more: Any) -> None:
        if "FROM consultations" in statement:
            found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = app.test_client().get(f"/api/v1/public/consultations?town=dongwan{path}")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200, answer.text
    return found


@pytest.mark.parametrize("wanted", ["", "&village=", "&stage=open", "&stage=done", "far"])
def test_a_page_of_topics_examines_few_rows(gathered: Flask, clock: FrozenClock, wanted: str) -> None:
    if wanted == "&village=":
        with gathered.app_context():
            wanted += str(place("V01").id)
    if wanted == "far":
        wanted, cursor = "", ""
        for _ in range(20):
            page = gathered.test_client().get(f"/api/v1/public/consultations?town=dongwan&cursor={cursor}")
            cursor = page.get_json()["next_cursor"]
        wanted = f"&cursor={cursor}"
    [(statement, parameters)] = _asked(gathered, wanted)
    read, returned = examined(gathered, statement, parameters)
    assert returned == PAGE + 1
    # what was never screened and the other states lie between the rows that are wanted
    assert read <= 12 * (PAGE + 1), (read, plan(gathered, statement, parameters))
