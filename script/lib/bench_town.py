"""The town that the bench measures: on a MariaDB of its own, with a year's cases and many people.

Rows are written directly: nothing of it is measured.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from backend.cases.models import Case
from backend.identity import sessions
from backend.identity.models import LoginSession, OrgUnit, Resident, Staff, StaffRole
from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_code, new_id
from backend.places.models import Place
from backend.reports.models import Category
from lib.say import VAR
from tests.support.services import MariaDB
from tests.support.town import Town

HOME = VAR / "bench"
TOWN = "nanshahe"
CASES = 7_700
RESIDENTS = 3_000
CLERKS = 60
STATES = (
    "submitted",
    "accepted",
    "dispatched",
    "handling",
    "handled",
    "closed",
    "closed",
    "closed",
    "closed",
)
BATCH = 1_000


@dataclass
class Crowd:
    """Who can be logged in as, and where a report may lie."""

    tokens: list[str]
    known: list[tuple[str, ...]]  # what stands in the database for each: resident, session, hash of the token
    cookie: str
    category: str
    point: dict[str, float]


def standing_town(mariadb: MariaDB) -> Town:
    """An empty database with the town's own data, for one proxy before it: each caller has an address."""
    more = {"PROXY_HOPS": "1"}
    return Town(HOME / "town", mariadb.database("bench"), more=more).prepare()


def fill(app: Flask) -> Crowd:
    """Write people, sessions and cases."""
    with app.app_context():
        ensure_node()
        crowd = run_unit(_people)
        for rows in _batches(_cases(run_unit(_where))):
            run_unit(lambda: db.session.execute(insert(Case), rows))  # noqa: B023  (run at once)
        return crowd


def _people() -> Crowd:
    town = db.session.scalars(select(Place).where(Place.level == "town", Place.code == TOWN)).one()
    unit = db.session.scalars(select(OrgUnit).where(OrgUnit.town_id == town.id).limit(1)).one()
    tokens = [f"bench-{number:06d}-{'x' * 24}" for number in range(RESIDENTS)]
    residents = [{"id": new_id(), "elder_view": False, "notify": True} for _ in tokens]
    db.session.execute(insert(Resident), residents)
    moment = now()
    known = [
        (resident["id"], new_id(), sessions.token_hash(t))
        for resident, t in zip(residents, tokens, strict=True)
    ]
    db.session.execute(
        insert(LoginSession),
        [
            {
                "id": session_id,
                "token_hash": token_hash,
                "channel": "mini",
                "resident_id": resident_id,
                "expires_at": moment + timedelta(days=1),
            }
            for resident_id, session_id, token_hash in known
        ],
    )
    staff = [
        Staff(town_id=town.id, username=f"bench{n}", name=f"测量{n}号", unit_id=unit.id)
        for n in range(CLERKS)
    ]
    db.session.add_all(staff)
    db.session.flush()
    db.session.add(StaffRole(staff_id=staff[0].id, role="dispatcher", place_id=town.id))
    category = db.session.scalars(select(Category.code).where(Category.town_id == town.id).limit(1)).one()
    grid = db.session.scalars(
        select(Place)
        .where(Place.level == "grid", Place.parent_id.is_not(None), Place.center_lon.is_not(None))
        .limit(1)
    ).first()
    spot = grid or town
    return Crowd(
        tokens,
        [tuple(str(part) for part in one) for one in known],
        sessions.open_for_staff(staff[0].id).token,
        category,
        {"lon": float(spot.center_lon), "lat": float(spot.center_lat)},
    )


def _where() -> dict[str, Any]:
    town = db.session.scalars(select(Place).where(Place.level == "town", Place.code == TOWN)).one()
    return {
        "town_id": town.id,
        "grids": db.session.scalars(
            select(Place).where(Place.town_id == town.id, Place.level == "grid")
        ).all(),
        "categories": db.session.scalars(select(Category).where(Category.town_id == town.id)).all(),
        "staff": db.session.scalars(select(Staff).where(Staff.username.like("bench%"))).all(),
        "units": db.session.scalars(select(OrgUnit).where(OrgUnit.town_id == town.id)).all(),
    }


def _cases(where: dict[str, Any]) -> Iterator[dict[str, Any]]:
    chance = random.Random(1)
    moment = now()
    for number in range(CASES):
        state = chance.choice(STATES)
        created = moment - timedelta(minutes=number * 60 * 24 * 365 // CASES + 1)
        grid, category = chance.choice(where["grids"]), chance.choice(where["categories"])
        assigned = state not in {"submitted", "accepted"}
        unit = chance.choice(where["units"])
        yield {
            "id": new_id(),
            "kind": "report",
            "code": new_code(),
            "town_id": where["town_id"],
            "area_id": grid.area_id,
            "village_id": grid.village_id,
            "grid_id": grid.id,
            "place_label": f"示例村 · {grid.name}",
            "category_id": category.id,
            "category_code": category.code,
            "category_name": category.name,
            "title": f"村口第 {number} 处需要有人看一看",
            "urgency": category.urgency,
            "state": state,
            "version": 1,
            "entry_count": 1,
            "chain_head": "0" * 64,
            "assignee_unit_id": unit.id if assigned else None,
            "assignee_unit_name": unit.name if assigned else "",
            "assignee_staff_id": chance.choice(where["staff"]).id if assigned else None,
            "created_at": created,
            "updated_at": created,
            "due_at": created + timedelta(days=7),
            "closed_at": created + timedelta(days=3) if state == "closed" else None,
        }


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
