"""Who may announce, and whom an announcement is for. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from backend.kernel.actor import Actor
from backend.kernel.errors import Forbidden


def town_of(actor: Actor) -> int:
    """The town to which the actor may announce: only a role that reaches the whole of it. Raises Forbidden."""
    if actor.town_id is None or not actor.may_on("settings.manage", {"town": actor.town_id}, None):
        raise Forbidden
    return actor.town_id


def is_for(audience: Mapping[str, Any], unit_id: int | None, roles: Collection[str]) -> bool:
    """Whether somebody of this unit with these roles is meant: one of the units, or one of the roles; none named: all."""
    units, wanted = audience.get("units") or [], audience.get("roles") or []
    if not units and not wanted:
        return True
    return str(unit_id) in units or bool(set(wanted) & set(roles))
