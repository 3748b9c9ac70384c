"""Who confirms villagers: whoever holds the permission for that village, or for its town."""

from __future__ import annotations

from backend.kernel.actor import Actor

CONFIRM = "villager.confirm"


def may_confirm(actor: Actor, town_id: int, village_id: int) -> bool:
    """Whether some role of the actor reaches that village."""
    return actor.may_on(CONFIRM, {"town": town_id, "village": village_id}, None)
