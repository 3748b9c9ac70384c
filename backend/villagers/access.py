"""The only way to somebody's asking, for staff: those of the villages that they may confirm for."""

from __future__ import annotations

from sqlalchemy import select

from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.villagers.models import Villager
from backend.villagers.policy import may_confirm


def get_villager_for(actor: Actor, villager_id: int, *, lock: bool = False) -> Villager:
    """One asking; NotFound for one of a village out of reach."""
    query = select(Villager).where(Villager.id == villager_id, Villager.town_id == actor.town_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found: Villager | None = db.session.scalars(query).one_or_none()
    if found is None or not may_confirm(actor, found.town_id, found.village_id):
        raise NotFound
    return found
