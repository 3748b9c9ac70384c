"""The two towns of the bench, 7,700 and 770,000 cases on one MariaDB, and the crowd that uses them.

The large one takes minutes to make and is kept in var/bench; only its crowd is made anew. The small
one, to which the bench writes, is made anew each time.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from backend.cases.models import Case
from backend.demo.district import BASE_CASES, COPIES
from backend.identity import sessions
from backend.identity.models import LoginSession, OrgUnit, Resident, Staff, StaffRole, WeChatAccount
from backend.integrations.wechat.templates import load_templates
from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_id
from backend.kernel.paging import make_cursor
from backend.kernel.settings import settings
from backend.notifications.models import SubscriptionGrant
from backend.places.models import Place
from backend.reports.models import Category
from lib.install import content_hash
from lib.say import ROOT, VAR, say
from tests.support.services import MariaDB
from tests.support.town import Town

HOME = VAR / "bench"
TOWN = "nanshahe"
RESIDENTS = 3_000
CLERKS = 240
PAGE = 20
# What the rows of the large town are made from: when it changes, they are made anew.
MADE_FROM = [ROOT / "migrations" / "versions", ROOT / "backend" / "demo", ROOT / "config"]


@dataclass
class Crowd:
    """Who can be logged in as, and where a report may lie."""

    tokens: list[str]
    known: list[tuple[str, ...]]  # what stands in the database for each: resident, session, hash of the token
    cookies: list[str]
    category: str
    point: dict[str, float]
    since: datetime


def small_town(mariadb: MariaDB, more: Mapping[str, str]) -> Town:
    """7,700 cases, behind one proxy so that each caller has an address, made anew."""
    say(f"making the town of {BASE_CASES:,} cases")
    # One process of the bench uses both towns, and a process has one ring of keys.
    (HOME / "small").mkdir(exist_ok=True)
    if (HOME / "large" / "settings.env").exists():
        shutil.copy(HOME / "large" / "settings.env", HOME / "small" / "settings.env")
    town = Town(HOME / "small", mariadb.database("small"), more={"PROXY_HOPS": "1", **more})
    town.prepare(demo=("--scale", "hundredth"))
    return town


def large_town(mariadb: MariaDB) -> Town:
    """770,000 cases; made when there are none yet, or when what they are made from has changed."""
    stamp, made_from = HOME / "large.stamp", content_hash(MADE_FROM)
    fresh = not stamp.exists() or stamp.read_text() != made_from
    url = mariadb.database("large") if fresh else mariadb.url("large")
    town = Town(HOME / "large", url, more={"PROXY_HOPS": "1"})
    if fresh:
        say(f"making the district of {BASE_CASES * COPIES:,} cases, once; this takes some ten minutes")
        stamp.unlink(missing_ok=True)
        town.flask("db", "upgrade")
        town.flask("town", "load")
        say(town.flask("demo", "load", "--scale", "district", seconds=3600).strip())
        mariadb.sql("USE large; ANALYZE TABLE cases, timeline, reports, work_clocks, media_files")
        stamp.write_text(made_from)
    return town


def crowd_of(app: Flask) -> Crowd:
    """Make residents and dispatchers who are logged in."""
    with app.app_context():
        ensure_node()
        return run_unit(_people)


def _people() -> Crowd:
    town = db.session.scalars(select(Place).where(Place.level == "town", Place.code == TOWN)).one()
    residents, tokens, known = _residents()
    category = db.session.scalars(select(Category.code).where(Category.town_id == town.id).limit(1)).one()
    grid = db.session.scalars(
        select(Place)
        .where(Place.town_id == town.id, Place.level == "grid", Place.center_lon.is_not(None))
        .limit(1)
    ).first()
    spot = grid or town
    _can_be_told(residents)
    return Crowd(
        tokens,
        known,
        _dispatchers(town.id),
        category,
        {"lon": float(spot.center_lon or 0), "lat": float(spot.center_lat or 0)},
        now(),
    )


def _residents() -> tuple[list[int], list[str], list[tuple[str, ...]]]:
    mark, moment = new_id(), now()
    rows = [{"id": new_id(), "elder_view": False, "notify": True} for _ in range(RESIDENTS)]
    db.session.execute(insert(Resident), rows)
    opened = [
        {
            "id": new_id(),
            "token_hash": sessions.token_hash(f"bench-{mark}-{number:06d}"),
            "channel": "mini",
            "resident_id": row["id"],
            "expires_at": moment + timedelta(days=1),
        }
        for number, row in enumerate(rows)
    ]
    db.session.execute(insert(LoginSession), opened)
    known: list[tuple[str, ...]] = [
        (str(one["resident_id"]), str(one["id"]), str(one["token_hash"])) for one in opened
    ]
    return [int(str(row["id"])) for row in rows], [f"bench-{mark}-{n:06d}" for n in range(RESIDENTS)], known


def _can_be_told(residents: list[int]) -> None:
    """Each has an openid and a grant without end for the template of progress."""
    template = load_templates(settings().town_config).get("case_progress", "mini")
    assert template is not None
    accounts = [
        {"id": new_id(), "app": "mini", "openid": f"o{i}", "resident_id": i, "followed": False}
        for i in residents
    ]
    db.session.execute(insert(WeChatAccount), accounts)
    grants: list[dict[str, Any]] = [
        {"id": new_id(), "app": "mini", "openid": f"o{i}", "template_id": template.template_id, "remaining": 0,
         "long_term": True, "updated_at": now()}
        for i in residents
    ]  # fmt: skip
    db.session.execute(insert(SubscriptionGrant), grants)


def _dispatchers(town_id: int) -> list[str]:
    unit = db.session.scalars(select(OrgUnit).where(OrgUnit.town_id == town_id).limit(1)).one()
    mark = new_id()
    staff = [
        Staff(town_id=town_id, username=f"bench{mark}-{n}", name=f"测量{n}号", unit_id=unit.id)
        for n in range(CLERKS)
    ]
    db.session.add_all(staff)
    db.session.flush()
    db.session.add_all(StaffRole(staff_id=one.id, role="dispatcher", place_id=town_id) for one in staff)
    return [sessions.open_for_staff(one.id).token for one in staff]


def cursor_before_page(app: Flask, number: int) -> str:
    """The queue's cursor that leads to a page of the town, newest first; the last page when there are fewer."""
    with app.app_context():
        town = db.session.scalars(select(Place.id).where(Place.level == "town", Place.code == TOWN)).one()
        newest = (
            select(Case.created_at, Case.id)
            .where(Case.town_id == town)
            .order_by(Case.created_at.desc(), Case.id.desc())
        )
        row = db.session.execute(newest.offset((number - 1) * PAGE - 1).limit(1)).one()
        return make_cursor(row.created_at, row.id)


def a_code(app: Flask) -> str:
    """The look-up code of some closed case."""
    with app.app_context():
        return str(db.session.scalars(select(Case.code).where(Case.state == "closed").limit(1)).one())


def waiting_cases(app: Flask, crowd: Crowd, most: int) -> list[int]:
    """Reports of the crowd that nobody has accepted yet, oldest first."""
    with app.app_context():
        waiting = select(Case.id).where(Case.state == "submitted", Case.version == 1)
        # The ceiling's rows hold random letters where ours are encrypted; their ids lie above all of ours.
        ours = waiting.where(Case.created_at >= crowd.since, Case.id < new_id())
        return list(db.session.scalars(ours.order_by(Case.id).limit(most)))


def forget(app: Flask) -> None:
    """Let go of the connections of this process."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
