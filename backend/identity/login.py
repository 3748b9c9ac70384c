"""Logging in at the desk: password, second factor, one desk at a time; changing the password.

Its own file: accounts are made in staffing.py, residents log in by services.py; all end in sessions.py.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from backend import audit
from backend.identity import lockout, login_log, passwords, policy, second_factor, sessions
from backend.identity.login_log import Where
from backend.identity.models import SpentState, Staff
from backend.identity.staffing import by_username, demand_good, store_password
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db, outside_transaction
from backend.kernel.errors import Invalid, Unauthorized
from backend.kernel.settings import settings
from backend.kernel.signing import BadToken, sign, unsign

_TICKET_PURPOSE = "second-factor"
TICKET_LIFE = timedelta(minutes=5)
NOWHERE = Where()


@dataclass(frozen=True)
class SignedIn:
    """A fresh desk session; the token goes into the cookie and nowhere else."""

    actor: Actor
    token: str
    expires_at: datetime
    ended_elsewhere: bool
    """Whether another desk of the same person was logged out by this (SEC-04)."""


def sign_in(
    username: str, password: str, replaced_token: str | None = None, where: Where = NOWHERE
) -> SignedIn:
    """Open a desk session; the session the browser came with is ended (a new id at every login).

    An unknown name and a wrong password take the same time and get the same answer, and both count
    towards the same lock (SEC-04). Raises Unauthorized, or TooMany while the name is locked. With a
    second factor it is Unauthorized `second_factor_needed` with a ticket for `finish_sign_in`.
    """
    name = policy.normal_username(username)
    with passwords.gate():
        staff = _verified(name, password, where)
    if staff.totp_since is not None:
        db.session.flush()
        raise Unauthorized(
            "second_factor_needed",
            "请输入动态验证码。",
            details={"ticket": _ticket(staff)},
            keeps_changes=True,  # a hash renewed on the way
        )
    return _open(staff, replaced_token, "", where)


def finish_sign_in(
    ticket: str, code: str, replaced_token: str | None = None, where: Where = NOWHERE
) -> SignedIn:
    """The second step: a code of the app, or a spare one. A ticket opens one session, for five minutes.

    A wrong code counts as a failed login of the name. Raises Unauthorized, TooMany.
    """
    staff, nonce = _holder(ticket)
    lockout.demand_unlocked(staff.username, where)
    used = second_factor.spend(staff, code)
    if used is None:
        lockout.count_failure(staff.username, staff, "wrong_code", where)
        raise Unauthorized("wrong_code", second_factor.WRONG, keeps_changes=True)
    try:
        with db.session.begin_nested():
            db.session.add(SpentState(state_hash=_hash(nonce), expires_at=now() + TICKET_LIFE))
    except IntegrityError as error:
        raise _stale_ticket() from error
    return _open(staff, replaced_token, used, where)


def _open(staff: Staff, replaced_token: str | None, how: str, where: Where) -> SignedIn:
    if replaced_token:
        sessions.revoke_token(replaced_token)
    elsewhere = settings().staff_one_session and sessions.revoke_desks(staff.id) > 0
    if elsewhere:
        login_log.note("out", "elsewhere", staff, where)
    lockout.forget_failures(staff.username)
    opened = sessions.open_for_staff(staff.id, where.address, where.user_agent)
    staff.last_login_at = now()
    actor = Actor(
        kind="staff",
        id=staff.id,
        name=staff.name,
        town_id=staff.town_id,
        unit_id=staff.unit_id,
        channel="console",
        session_id=opened.id,
    )
    login_log.note("in", how, staff, where)
    audit.record(actor, "login", "staff", staff.id)
    db.session.flush()
    return SignedIn(actor, opened.token, opened.expires_at, elsewhere)


def change_password(actor: Actor, old: str, new: str) -> None:
    """Change one's own password; every other session of the account ends.

    Raises Invalid with the field at fault; a wrong old password counts as a failed login.
    """
    staff = lockout.demand_password(actor, old, "old")
    demand_good(new, staff, "new")
    if old == new:
        raise Invalid("same_password", "新密码不能与原密码相同。", fields={"new": ["与原密码相同"]})
    store_password(staff, passwords.hash_password(new))
    staff.must_change_password = False
    lockout.forget_failures(staff.username)
    sessions.revoke_staff(staff.id, but=actor.session_id)
    audit.record(actor, "password_changed", "staff", staff.id)
    db.session.flush()


def _verified(name: str, password: str, where: Where) -> Staff:
    """The member of staff, or a counted failure. Hashing happens with no transaction open."""
    lockout.demand_unlocked(name, where)
    staff = by_username(name)
    stored = staff.password_hash if staff is not None and staff.active else None
    with outside_transaction():
        right = passwords.verify(stored, password)
        fresh = passwords.hash_password(password) if right and stored and passwords.outdated(stored) else None
    if staff is None or not right:
        known = "wrong_password" if staff is not None and staff.active else "inactive"
        lockout.count_failure(name, staff, known if staff is not None else "unknown_name", where)
        raise Unauthorized("login_failed", "用户名或密码不对。", keeps_changes=True)
    if fresh:
        staff.password_hash = fresh  # the parameters have changed since it was made
    return staff


def _ticket(staff: Staff) -> str:
    """Who has proved the password, for a few minutes; void once the password is another one."""
    held = {"s": str(staff.id), "n": secrets.token_hex(16), "p": _hash(staff.password_hash or "")}
    return sign(_TICKET_PURPOSE, held, TICKET_LIFE)


def _holder(ticket: str) -> tuple[Staff, str]:
    try:
        held = unsign(_TICKET_PURPOSE, ticket)
    except BadToken as error:
        raise _stale_ticket() from error
    staff = db.session.get(Staff, int(held["s"]))
    if staff is None or not staff.active or _hash(staff.password_hash or "") != held["p"]:
        raise _stale_ticket()
    return staff, str(held["n"])


def _stale_ticket() -> Unauthorized:
    return Unauthorized("ticket_stale", "这次登录已过期或已用过，请重新输入用户名和密码。")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
