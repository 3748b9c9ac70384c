"""Where things lie in the small town of the tests (tests/town): squares, so that a pin tells its grid."""

from __future__ import annotations

from sqlalchemy import select

from backend.kernel.db import db
from backend.places.models import Place, Town

#: a pin in each grid of 东湾镇, and one in the other town, and one in the sea (GCJ-02)
IN_G01 = (117.21, 35.005)
IN_G02 = (117.21, 35.015)
IN_G03 = (117.23, 35.01)
IN_XIWAN = (117.11, 35.01)
IN_THE_SEA = (123.0, 35.0)


def town(code: str = "dongwan") -> Town:
    """A town's row; needs an application context."""
    return db.session.scalars(select(Town).where(Town.code == code)).one()


def place(code: str, town_code: str = "dongwan") -> Place:
    """A place's row by code."""
    found = (
        select(Place).join(Town, Town.id == Place.town_id).where(Town.code == town_code, Place.code == code)
    )
    return db.session.scalars(found).one()
