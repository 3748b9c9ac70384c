"""A matter that may be known already: hinted at while staff bring it in, never decided by the program."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from backend.cases.models import Case
from backend.cases.queries import scope_of
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.ids import show_code
from backend.places import queries as places
from backend.places.geometry import distance_m
from backend.reports.models import Report
from backend.reports.states import OPEN, TABLE

NEAR_M = 50
RECENT = timedelta(days=7)
#: §3.5: what a worker brings in again for the same place within a day does not count twice
SAME_DAY = timedelta(hours=24)
MOST = 5
MOST_READ = 200
_DEGREES = NEAR_M / 111_320


@dataclass(frozen=True)
class Sought:
    """What is being brought in: its category and where."""

    town_id: int
    category_code: str
    lon: float | None = None
    lat: float | None = None
    place_id: int | None = None


def similar(actor: Actor, sought: Sought, aside: Iterable[int] = ()) -> list[dict[str, Any]]:
    """Up to five matters that may be the same one: nearest first, then newest.

    The same category, within 50 m or in the same village, open, of the last seven days, and within
    what the actor may see; and, whatever became of it, what they brought in themselves in the same
    place within 24 hours (§3.5).
    """
    village_id, grid_id = _where(sought)
    moment = now()
    near = _near(sought)
    village = [Case.village_id == village_id] if village_id else []
    grid = [Case.grid_id == grid_id] if grid_id else []
    if not near and not village:
        return []
    known = and_(scope_of(actor), Case.state.in_(OPEN), or_(*near, *village))
    own = and_(
        Case.registered_by == actor.id, Case.created_at > moment - SAME_DAY, or_(*near, *(grid or village))
    )
    rows = db.session.execute(
        select(
            Case.id, Case.code, Case.title, Case.state, Case.created_at, Report.point_lon, Report.point_lat
        )
        .join(Report, Report.case_id == Case.id)
        .where(
            Case.town_id == sought.town_id,
            Case.kind == TABLE.kind,
            Case.created_at > moment - RECENT,
            Case.category_code == sought.category_code,
            Case.id.not_in(list(aside)),
            or_(known, own),
        )
        .order_by(Case.created_at.desc())
        .limit(MOST_READ)
    ).all()
    lines = [_line(row, sought) for row in rows]
    lines.sort(key=lambda line: (line["distance_m"] is None, line["distance_m"] or 0))
    return lines[:MOST]


def _where(sought: Sought) -> tuple[int | None, int | None]:
    """Village and grid of the pin, or of the place chosen by hand."""
    located = None
    if sought.lon is not None and sought.lat is not None:
        located = places.locate(sought.town_id, sought.lon, sought.lat)
    if located is None and sought.place_id is not None:
        located = places.located_place(sought.place_id)
    if located is None:
        return None, None
    return (
        located.village.id if located.village else None,
        located.grid.id if located.grid else None,
    )


def _near(sought: Sought) -> list[ColumnElement[bool]]:
    """A box of 50 m around the pin; the exact distance orders what it finds."""
    if sought.lon is None or sought.lat is None:
        return []
    wide = _DEGREES / max(math.cos(math.radians(sought.lat)), 0.1)
    return [
        and_(
            Report.point_lon.between(sought.lon - wide, sought.lon + wide),
            Report.point_lat.between(sought.lat - _DEGREES, sought.lat + _DEGREES),
        )
    ]


def _line(row: Any, sought: Sought) -> dict[str, Any]:
    lon, lat = row.point_lon, row.point_lat
    metres = None
    if lon is not None and sought.lon is not None and sought.lat is not None:
        metres = round(distance_m(sought.lon, sought.lat, lon, lat))
    return {
        "id": row.id,
        "code_display": show_code(row.code),
        "title": row.title,
        "state_label": TABLE.state(row.state).label,
        "created_at": row.created_at,
        "distance_m": metres,
    }
