"""Logging in at the desk: password, lock-out, password change.

Its own file: accounts are made in staffing.py, residents log in by services.py; all end in sessions.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import IntegrityError

from backend import audit
from backend.identity import passwords, policy, sessions
from backend.identity.models import LoginFailure, Staff
from backend.identity.staffing import by_username, demand_good, store_password
from backend.kernel.actor import PUBLIC, Actor
from backend.kernel.clock import now
from backend.kernel.crypto import blind_index, blind_indexes
from backend.kernel.db import db, outside_transaction
from backend.kernel.errors import Invalid, TooMany, Unauthorized


@dataclass(frozen=True)
class SignedIn:
    """A fresh desk session; the token goes into the cookie and nowhere else."""

    actor: Actor
    token: str
    expires_at: datetime


def sign_in(username: str, password: str, replaced_token: str | None = None) -> SignedIn:
    """Open a desk session; the session the browser came with is ended (a new id at every login).

    An unknown name and a wrong password take the same time and get the same answer, and both count
    towards the same lock (SEC-04). Raises Unauthorized, or TooMany while the name is locked.
    """
    name = policy.normal_username(username)
    with passwords.gate():
        staff = _verified(name, password)
    if replaced_token:
        sessions.revoke_token(replaced_token)
    _forget_failures(name)
    opened = sessions.open_for_staff(staff.id)
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
    audit.record(actor, "login", "staff", staff.id)
    db.session.flush()
    return SignedIn(actor, opened.token, opened.expires_at)


def change_password(actor: Actor, old: str, new: str) -> None:
    """Change one's own password; every other session of the account ends.

    Raises Invalid with the field at fault; a wrong old password counts as a failed login.
    """
    staff = db.session.get_one(Staff, actor.id)
    with passwords.gate():
        _demand_unlocked(staff.username)
        stored = staff.password_hash
        with outside_transaction():
            right = passwords.verify(stored, old)
        if not right:
            _count_failure(staff.username, staff)
            raise Invalid(
                "wrong_password", "原密码不对。", fields={"old": ["原密码不对"]}, keeps_changes=True
            )
    demand_good(new, staff, "new")
    if old == new:
        raise Invalid("same_password", "新密码不能与原密码相同。", fields={"new": ["与原密码相同"]})
    store_password(staff, passwords.hash_password(new))
    staff.must_change_password = False
    _forget_failures(staff.username)
    sessions.revoke_staff(staff.id, but=actor.session_id)
    audit.record(actor, "password_changed", "staff", staff.id)
    db.session.flush()


def _verified(name: str, password: str) -> Staff:
    """The member of staff, or a counted failure. Hashing happens with no transaction open."""
    _demand_unlocked(name)
    staff = by_username(name)
    stored = staff.password_hash if staff is not None and staff.active else None
    with outside_transaction():
        right = passwords.verify(stored, password)
        fresh = passwords.hash_password(password) if right and stored and passwords.outdated(stored) else None
    if staff is None or not right:
        _count_failure(name, staff)
        raise Unauthorized("login_failed", "用户名或密码不对。", keeps_changes=True)
    if fresh:
        staff.password_hash = fresh  # the parameters have changed since it was made
    return staff


def _demand_unlocked(name: str) -> None:
    row = _failures(name)
    if row is not None and policy.is_locked(row.locked_until, now()):
        raise TooMany("locked", "登录失败的次数太多了，请 15 分钟后再试，或请管理员解锁。")


def _count_failure(name: str, staff: Staff | None) -> None:
    row = _failures(name, lock=True)
    if row is None:
        try:
            with db.session.begin_nested():
                row = LoginFailure(username_index=_index(name), failures=0, last_at=now())
                db.session.add(row)
        except IntegrityError:  # another failure of this name was a moment faster
            row = _failures(name, lock=True)
            if row is None:
                raise
    after = policy.after_failure(policy.Failures(row.failures, row.last_at, row.locked_until), now())
    row.failures, row.locked_until = after.count, after.locked_until
    row.last_at = after.last_at or now()
    # The name typed is not kept: people type their password there by mistake.
    subject = staff.id if staff is not None else None
    audit.record(PUBLIC, "login_failed", "staff", subject, {"locked": after.locked_until is not None})
    db.session.flush()


def _forget_failures(name: str) -> None:
    db.session.execute(delete(LoginFailure).where(_known_by(name)))


def _failures(name: str, *, lock: bool = False) -> LoginFailure | None:
    # While the blind key is being changed a name may have a row under either; the worse one counts.
    query = select(LoginFailure).where(_known_by(name)).order_by(LoginFailure.failures.desc()).limit(1)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.execute(query).scalar_one_or_none()


def unlock(username: str) -> bool:
    """Forget the failed logins of a name; returns whether there were any."""
    known = _known_by(policy.normal_username(username))
    forgotten = db.session.execute(delete(LoginFailure).where(known))
    return bool(forgotten.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it


def _known_by(name: str) -> ColumnElement[bool]:
    return LoginFailure.username_index.in_(blind_indexes("username", name))


def _index(name: str) -> str:
    return blind_index("username", name)
