"""The wall's lists on MariaDB: read from an index, few rows for each that is returned; words by FULLTEXT.

Asserted are rows, not times: 2,000 entries show as well as 200,000 how a list is read.
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert, text

from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import db, run_unit
from backend.search.grams import grams
from backend.search.models import SearchText
from backend.wall.models import WallEntry, WallPhoto
from tests.factories.places import place
from tests.factories.wall_entries import entry_values
from tests.mariadb.test_hot_lists import examined, plan

ENTRIES = 2_000
PAGE = 20
WALL = "/api/v1/public/wall"
TOWN = "town=dongwan"
STATES = ("published", "published", "published", "drafted", "submitted")
#: how often a row may be examined for one that is returned; a filter beside its order passes others over
LISTS = {
    f"{WALL}?{TOWN}": 3,
    f"{WALL}?{TOWN}&category=0101": 3,
    f"{WALL}?{TOWN}&unit=77": 3,
    f"{WALL}?{TOWN}&month=2026-03": 3,
    f"{WALL}?{TOWN}&order=followed": 3,
    f"{WALL}?{TOWN}&order=waiting": 3,
    f"{WALL}?{TOWN}&order=followed&category=0101": 12,
    f"{WALL}?{TOWN}&village=": 3,
}


@pytest.fixture
def town(app: Flask) -> Flask:
    """A town with two thousand entries, three of five of them on the wall."""
    with app.app_context():
        assert db.engine.dialect.name == "mysql", "this group runs on MariaDB (TEST_DATABASE=mariadb)"
        rows = _rows()
        run_unit(lambda: db.session.execute(insert(WallEntry), rows))
        found = [
            {
                "kind": "wall", "subject_id": row["id"], "town_id": row["town_id"], "village_id": row["village_id"],
                "at": row["published_at"], "grams": " ".join(grams(row["title"])),
            }
            for row in rows if row["state"] == "published"
        ]  # fmt: skip
        run_unit(lambda: db.session.execute(insert(SearchText), found))
        run_unit(lambda: db.session.execute(insert(WallPhoto), _photos(rows)))
        run_unit(
            lambda: db.session.execute(text("ANALYZE TABLE wall_entries, wall_photos, search_texts")).all()
        )
    return app


def _rows() -> list[dict[str, Any]]:
    chance = random.Random(5)
    made = []
    for number in range(ENTRIES):
        state = chance.choice(STATES)
        waits = chance.random() < 0.3
        made.append(
            entry_values(
                number,
                chance.choice(["G01", "G03"]),
                state=state,
                closed_at=now() if state == "published" else None,
                category_code=chance.choice(["0201", "0101", "0102"]),
                unit_id=chance.choice([77, 78]),
                follower_count=chance.randint(0, 50),
                waiting_since=now() - timedelta(hours=chance.randint(1, 900)) if waits else None,
                title=f"第 {number} 盏路灯" if number % 100 else f"第 {number} 处水渠",
            )
        )
    return made


def _photos(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A photo of each."""
    return [
        {
            "entry_id": row["id"], "role": "after", "media_id": row["id"], "boxes": [], "faces_checked_by": 1,
            "faces_checked_at": now(), "file_key": "wall/a.jpg", "thumb_key": "wall/b.jpg", "width": 8,
            "height": 6, "sha256": "0" * 64, "created_at": now(),
        }
        for row in rows
    ]  # fmt: skip


def asked(app: Flask, path: str) -> list[tuple[str, Any]]:
    """The reading statements of a GET that touch the wall."""
    with app.app_context():
        engine = db.engine
        if path.endswith("village="):
            path += str(place("G01").village_id)
    found: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *more: Any) -> None:
        if "FROM wall_" in statement:
            found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = app.test_client().get(path)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200, answer.text
    return found


def far(app: Flask, path: str, pages: int = 50) -> str:
    """The address of a page far behind."""
    cursor = ""
    for _ in range(pages):
        answer: Any = app.test_client().get(path + (f"&cursor={cursor}" if cursor else "")).json
        if answer["next_cursor"] is None:
            break
        cursor = answer["next_cursor"]
    return f"{path}&cursor={cursor}"


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("page", ["first", "far"])
def test_a_page_examines_few_rows_for_each_it_returns(
    town: Flask, clock: FrozenClock, path: str, page: str
) -> None:
    times = LISTS[path]
    if path.endswith("village="):
        with town.app_context():
            path += str(place("G01").village_id)
    wanted = far(town, path) if page == "far" else path
    town.extensions["page_cache"].forget()
    [(statement, parameters), *_] = asked(town, wanted)
    read, returned = examined(town, statement, parameters)
    assert returned > 0
    assert read <= times * (PAGE + 1) + 4, (read, returned, plan(town, statement, parameters))


@pytest.mark.parametrize(
    "path",
    [*LISTS, f"{WALL}.atom?{TOWN}", f"{WALL}.json?{TOWN}", f"{WALL}/filters?{TOWN}", f"{WALL}?{TOWN}&words=水渠"],
)  # fmt: skip
def test_no_list_walks_a_whole_table(town: Flask, clock: FrozenClock, path: str) -> None:
    statements = asked(town, path)
    assert statements
    for statement, parameters in statements:
        for table in plan(town, statement, parameters):
            whole = table["type"] in {"ALL", "index"} and not str(table["table"]).startswith("<")
            assert not whole, (table, statement)


def test_words_are_found_by_the_fulltext_index(town: Flask, clock: FrozenClock) -> None:
    [(statement, parameters), *_] = asked(town, f"{WALL}?{TOWN}&words=水渠")
    assert "fulltext" in {table["type"] for table in plan(town, statement, parameters)}
    read, returned = examined(town, statement, parameters)
    assert returned >= 10
    assert read < 8 * 20 + 50, "two in a hundred hold the words"


def test_a_shared_page_is_found_by_its_code(town: Flask, clock: FrozenClock) -> None:
    with town.app_context():
        code = db.session.execute(
            text("SELECT code FROM wall_entries WHERE state='published' LIMIT 1")
        ).scalar_one()
    [(statement, parameters)] = asked(town, f"/w/{code}")
    assert examined(town, statement, parameters)[0] <= 3
