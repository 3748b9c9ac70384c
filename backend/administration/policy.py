"""Who may administer a town. Pure."""

from __future__ import annotations

from backend.kernel.actor import Actor
from backend.kernel.errors import Forbidden


def town_of(actor: Actor, permission: str = "settings.manage") -> int:
    """The town whose settings the actor administers: only a role that reaches the whole of it. Raises Forbidden."""
    if actor.kind != "staff" or actor.town_id is None:
        raise Forbidden
    if not actor.may_on(permission, {"town": actor.town_id}, None):
        raise Forbidden("whole_town_needed", "这里的设置全镇共用，需要范围是全镇的角色才能更改。")
    return actor.town_id
