"""Who is signed in right now, and signing them out by force.

Its own file: sessions.py knows tokens and no viewer; here every read has one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend import audit
from backend.identity import login_log, people, sessions
from backend.identity.models import LoginSession, OrgUnit, Staff
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.kernel.settings import settings
from backend.places.models import Place

PERMISSION = "sessions.manage"
MOST = 500
_SESSION: Any = (
    select(
        LoginSession.id,
        LoginSession.staff_id,
        LoginSession.channel,
        LoginSession.created_at,
        LoginSession.last_used_at,
        LoginSession.address,
        LoginSession.user_agent,
        Staff.name,
        Staff.username,
        OrgUnit.name.label("unit_name"),
    )
    .join(Staff, Staff.id == LoginSession.staff_id)
    .join(OrgUnit, OrgUnit.id == Staff.unit_id)
    .join(Place, Place.id == people.seat())
)


def listed(actor: Actor) -> list[dict[str, Any]]:
    """The desks in reach that are signed in, last used first; at most 500."""
    rows = db.session.execute(
        _SESSION.where(*_alive(), people.in_reach(actor, PERMISSION))
        .order_by(LoginSession.last_used_at.desc(), LoginSession.id.desc())
        .limit(MOST)
    ).all()
    return [
        {
            "id": row.id,
            "name": row.name,
            "username": row.username,
            "unit_name": row.unit_name,
            "channel": row.channel,
            "since": row.created_at,
            "last_used_at": row.last_used_at,
            "address_masked": mask_address(row.address),
            "device": device(row.user_agent),
            "own": row.id == actor.session_id,
        }
        for row in rows
    ]


def end(actor: Actor, session_id: int) -> None:
    """Sign somebody out, at once. NotFound for a session out of reach or over already."""
    row = db.session.execute(
        _SESSION.where(LoginSession.id == session_id, *_alive(), people.in_reach(actor, PERMISSION))
    ).one_or_none()
    if row is None:
        raise NotFound("session_over", "这次登录已经结束了。")
    sessions.revoke(session_id)
    login_log.note("out", "forced", db.session.get_one(Staff, row.staff_id))
    audit.record(actor, "session_ended", "staff", row.staff_id, {"name": row.username})
    db.session.flush()


def _alive() -> tuple[Any, ...]:
    idle = timedelta(minutes=settings().staff_idle_minutes)
    return (
        LoginSession.revoked_at.is_(None),
        LoginSession.expires_at > now(),
        LoginSession.last_used_at > now() - idle,
        Staff.active,
    )


def mask_address(address: str | None) -> str:
    """An address as lists show it: 192.168.*.*, 240e:3b1:*."""
    if not address:
        return ""
    if ":" in address:
        return ":".join(address.split(":")[:2]) + ":*"
    return ".".join([*address.split(".")[:2], "*", "*"])


def device(user_agent: str | None) -> str:
    """What a browser calls itself, in two words that a person knows; "" when it says nothing known."""
    text = user_agent or ""
    systems = (
        ("Windows", "Windows"), ("HarmonyOS", "鸿蒙"), ("Android", "安卓"), ("iPhone", "iPhone"),
        ("Mac OS", "Mac"), ("Linux", "Linux"),
    )  # fmt: skip
    browsers = (
        ("MicroMessenger", "微信"),
        ("Edg/", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    found = [next((word for mark, word in marks if mark in text), "") for marks in (systems, browsers)]
    return " ".join(filter(None, found))
