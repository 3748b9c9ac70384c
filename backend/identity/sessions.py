"""Login sessions: opaque tokens of 32 bytes, kept as SHA-256, revocable on the server.

Beside services.py because both ways of logging in, the guards and the password change end here.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, update

from backend.identity import policy
from backend.identity.models import BindingCode, LoginFailure, LoginSession
from backend.kernel.clock import now
from backend.kernel.db import changed_rows, db
from backend.kernel.settings import settings

TOKEN_BYTES = 32


@dataclass(frozen=True)
class OpenedSession:
    """A session just opened. The token is shown to its holder this once and kept nowhere."""

    id: int
    token: str
    expires_at: datetime


def token_hash(token: str) -> str:
    """How a token is looked up: hex SHA-256. No salt: 256 random bits need none."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_for_resident(resident_id: int, channel: str) -> OpenedSession:
    """A resident's session: 90 days, sliding with use. `channel` is mini or official."""
    return _open(channel, now() + policy.RESIDENT_SESSION, resident_id=resident_id)


def open_for_staff(staff_id: int, address: str | None = None, user_agent: str = "") -> OpenedSession:
    """A session at the desk: 12 hours at most; idleness ends it earlier (SEC-04)."""
    opened = _open("console", now() + policy.STAFF_SESSION, staff_id=staff_id)
    row = db.session.get_one(LoginSession, opened.id)
    row.address, row.user_agent = address, user_agent[:200] or None
    db.session.flush()
    return opened


def _open(
    channel: str, expires_at: datetime, *, resident_id: int | None = None, staff_id: int | None = None
) -> OpenedSession:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = LoginSession(
        token_hash=token_hash(token),
        channel=channel,
        resident_id=resident_id,
        staff_id=staff_id,
        created_at=now(),
        last_used_at=now(),
        expires_at=expires_at,
    )
    db.session.add(row)
    db.session.flush()
    return OpenedSession(row.id, token, expires_at)


def revoke(session_id: int) -> None:
    """End one session at once; ending it twice is no error."""
    _revoke(LoginSession.id == session_id)


def revoke_token(token: str) -> None:
    """End the session behind a token, if there is one: a login replaces the session it came with."""
    _revoke(LoginSession.token_hash == token_hash(token))


def revoke_staff(staff_id: int, but: int | None = None) -> int:
    """End all sessions of a member of staff, except the session `but`; how many."""
    condition = LoginSession.staff_id == staff_id
    return _revoke(condition if but is None else condition & (LoginSession.id != but))


def revoke_desks(staff_id: int) -> int:
    """End the sessions of somebody that could still be used (SEC-04: one desk at a time); how many."""
    idle = timedelta(minutes=settings().staff_idle_minutes)
    alive = (LoginSession.expires_at > now()) & (LoginSession.last_used_at > now() - idle)
    return _revoke((LoginSession.staff_id == staff_id) & alive)


def revoke_resident(resident_id: int) -> None:
    """End all sessions of a resident."""
    _revoke(LoginSession.resident_id == resident_id)


def _revoke(condition: ColumnElement[bool]) -> int:
    return changed_rows(
        update(LoginSession)
        .where(condition, LoginSession.revoked_at.is_(None))
        .values(revoked_at=now())
        .execution_options(synchronize_session=False)
    )


def touch_resident(session_id: int) -> None:
    """Slide a resident's 90 days. The guard calls it at most every half hour."""
    _touch(session_id, {"last_used_at": now(), "expires_at": now() + policy.RESIDENT_SESSION})


def touch_staff(session_id: int) -> None:
    """Note that a person was active. The guard calls it at most once a minute."""
    _touch(session_id, {"last_used_at": now()})


def _touch(session_id: int, values: dict[str, datetime]) -> None:
    # Never backwards: of two requests at once the later one wins. Never on a session that was ended.
    db.session.execute(
        update(LoginSession)
        .where(
            LoginSession.id == session_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.last_used_at < values["last_used_at"],
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def purge(before: datetime) -> int:
    """Delete what ended before that moment (aware UTC): sessions, binding codes, and failed logins a
    day older, whose locks are long over. Returns how many sessions."""
    _delete(BindingCode, BindingCode.expires_at < before)
    _delete(LoginFailure, LoginFailure.last_at < before - timedelta(days=1))
    return _delete(LoginSession, LoginSession.expires_at < before)


def _delete(model: type[Any], condition: ColumnElement[bool]) -> int:
    gone = db.session.execute(delete(model).where(condition).execution_options(synchronize_session=False))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it
