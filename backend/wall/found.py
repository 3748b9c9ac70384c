"""Entries of the wall as the search over everything shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from backend.kernel.clock import shanghai
from backend.kernel.db import db
from backend.search.kinds import Found
from backend.wall.models import WallEntry
from backend.wall.states import PUBLISHED

_C = WallEntry.__table__.c


def cards(entry_ids: Sequence[int]) -> Mapping[int, Found]:
    """Those of them that stand on the wall."""
    wanted = select(_C.id, _C.title, _C.matter, _C.done, _C.village_name, _C.published_at).where(
        _C.id.in_(entry_ids), _C.state == PUBLISHED
    )
    return {
        row.id: Found(
            row.title,
            f"{row.matter} {row.done}",
            shanghai(row.published_at).date(),
            f"/pages-wall/entry/index?id={row.id}",
            row.village_name,
        )
        for row in db.session.execute(wanted)
    }
