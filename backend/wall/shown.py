"""What follows from a change of what the public sees: it is found by its words or no longer, and kept pages fall."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from backend.kernel.db import db
from backend.kernel.page_numbers import bump
from backend.search import services as search
from backend.subscriptions.services import is_new, published
from backend.wall import follow_ups, ports
from backend.wall.models import WallEntry
from backend.wall.public_queries import SEARCH_KIND, surrogate
from backend.wall.states import PUBLISHED


def follow_changes() -> None:
    """Hear of every change; called once by the composition root."""
    ports.on_change(changed)


def changed(entry_ids: Sequence[int]) -> None:
    """In the transaction of the change: an entry on the wall can be found, any other cannot."""
    for entry in db.session.scalars(select(WallEntry).where(WallEntry.id.in_(entry_ids))):
        bump(surrogate(entry.town_id))
        if entry.state == PUBLISHED and entry.published_at is not None:
            search.index(
                SEARCH_KIND,
                entry.id,
                town_id=entry.town_id,
                village_id=entry.village_id,
                title=entry.title,
                text=f"{entry.matter}\n{entry.done}\n{entry.village_name}\n{entry.place_label}\n"
                f"{entry.category_name}\n{entry.unit_name}",
                at=entry.published_at,
            )
            if is_new(entry.published_at):
                page = follow_ups.PAGE.format(id=entry.id)
                published(SEARCH_KIND, entry.town_id, entry.village_id, entry.id, entry.title, page)
        else:
            search.forget(SEARCH_KIND, entry.id)
