"""Who writes guides and phone numbers. Pure: the permission, and the towns in which somebody holds it."""

from __future__ import annotations

from backend.kernel.actor import Actor

WRITE = "bulletin.write"


def may_write(actor: Actor, town_id: int) -> bool:
    """Whether the actor writes for that town."""
    return actor.kind == "staff" and actor.may_on(WRITE, {"town": town_id}, None)
