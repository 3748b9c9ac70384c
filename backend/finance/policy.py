"""Who writes a village's sheets, and who reads them before they are public."""

from __future__ import annotations

from backend.kernel.actor import Actor

DRAFT = "notice.draft"
#: each of those who sign reads what is signed (OPEN-07)
READERS = (DRAFT, "notice.review", "notice.confirm", "notice.publish", "notice.watch")


def may_read(actor: Actor, town_id: int, village_id: int) -> bool:
    """Whether some role of the actor reaches that village's sheets."""
    return any(actor.may_on(name, {"town": town_id, "village": village_id}, None) for name in READERS)


def may_write(actor: Actor, town_id: int, village_id: int) -> bool:
    """Whether the actor may fill in that village's sheets."""
    return actor.may_on(DRAFT, {"town": town_id, "village": village_id}, None)
