"""Failed logins: counted by name, locked after five (SEC-04). The old password and the second factor count too.

Its own file: login.py, second_factor.py and the command line all end here.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import IntegrityError

from backend import audit
from backend.identity import login_log, passwords, policy
from backend.identity.login_log import Where
from backend.identity.models import LoginFailure, Staff
from backend.identity.staffing import by_username
from backend.kernel.actor import PUBLIC, Actor
from backend.kernel.clock import now
from backend.kernel.crypto import blind_index, blind_indexes
from backend.kernel.db import db, outside_transaction
from backend.kernel.errors import Invalid, TooMany


def demand_password(actor: Actor, password: str, field: str = "password") -> Staff:
    """The actor's own account, proved by its password: a desk left open must not change it.

    Raises Invalid naming `field`; a wrong one counts as a failed login.
    """
    staff = db.session.get_one(Staff, actor.id)
    with passwords.gate():
        demand_unlocked(staff.username)
        stored = staff.password_hash
        with outside_transaction():
            right = passwords.verify(stored, password)
        if not right:
            count_failure(staff.username, staff, "wrong_password")
            sentence = "原密码不对。" if field == "old" else "密码不对。"
            raise Invalid("wrong_password", sentence, fields={field: [sentence[:-1]]}, keeps_changes=True)
    return staff


def demand_unlocked(name: str, where: Where | None = None) -> None:
    """Raise TooMany while the name is locked, before anything is said of the password."""
    row = _failures(name)
    if row is not None and policy.is_locked(row.locked_until, now()):
        login_log.note("refused", "locked", by_username(name), where)
        sentence = "登录失败的次数太多了，请 15 分钟后再试，或请管理员解锁。"
        raise TooMany(
            "locked", sentence, retry_after=policy.seconds_until(row.locked_until, now()), keeps_changes=True
        )


def count_failure(name: str, staff: Staff | None, reason: str, where: Where | None = None) -> None:
    """Count one more failure of a name, whoever has it; the fifth in a row locks it (SEC-04)."""
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
    login_log.note("refused", reason, staff, where)
    # The name typed is not kept: people type their password there by mistake.
    subject = staff.id if staff is not None else None
    audit.record(PUBLIC, "login_failed", "staff", subject, {"locked": after.locked_until is not None})
    db.session.flush()


def forget_failures(name: str) -> None:
    """The name has proved itself: the count begins anew."""
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
