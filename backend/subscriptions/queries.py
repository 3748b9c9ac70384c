"""Reads of subscriptions: what one has chosen, of everything that can be chosen."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.places import queries as places
from backend.subscriptions.kinds import KINDS, OFF, WAYS
from backend.subscriptions.models import ANYWHERE, PublicationSubscription


def town(code: str) -> Any:
    """The active town of that code, or the first one. NotFound."""
    if code:
        return places.town_by_code(code)
    found = places.towns()
    if not found:
        raise NotFound("town_unknown", "还没有载入任何镇的资料。")
    return found[0]


def chosen(resident_id: int, town_id: int) -> dict[str, Any]:
    """What a resident hears of in a town: each kind for the whole town, and each village they chose."""
    query = select(PublicationSubscription).where(
        PublicationSubscription.resident_id == resident_id, PublicationSubscription.town_id == town_id
    )
    rows = list(db.session.scalars(query))
    names = places.places_named([row.village_id for row in rows if row.village_id != ANYWHERE])
    held = {(row.kind, row.village_id): row.way for row in rows}
    order = {kind: number for number, kind in enumerate(KINDS)}
    wanted = sorted({*held, *((kind, ANYWHERE) for kind in KINDS)}, key=lambda one: (order[one[0]], one[1]))
    items = [
        {
            "kind": kind,
            "kind_label": KINDS[kind],
            "village_id": None if village_id == ANYWHERE else village_id,
            "village_name": "" if village_id == ANYWHERE else names[village_id].name,
            "way": held.get((kind, village_id), OFF),
            "way_label": WAYS[held.get((kind, village_id), OFF)],
        }
        for kind, village_id in wanted
    ]
    return {"items": items}


def hears_of_anything(resident_id: int) -> bool:
    """Whether a resident has chosen to hear of anything at all."""
    query = select(PublicationSubscription.id).where(PublicationSubscription.resident_id == resident_id)
    return db.session.scalar(query.limit(1)) is not None
