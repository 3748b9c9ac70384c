"""Identity's rules, pure: lock-out, time-outs, passwords, who may issue a code, which record is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from backend.kernel.actor import Actor

RESIDENT_SESSION = timedelta(days=90)
RESIDENT_TOUCH = timedelta(minutes=30)
STAFF_SESSION = timedelta(hours=12)
STAFF_TOUCH = timedelta(minutes=1)

LOCK_AFTER = 5  # SEC-04
LOCK_FOR = timedelta(minutes=15)  # SEC-04

CODE_LENGTH = 8
CODE_LIFE = timedelta(minutes=15)
CODE_TRIES = 5
CODE_LOCK = timedelta(minutes=15)

STATE_LIFE = timedelta(minutes=10)

PASSWORD_MIN = 10
PASSWORD_MAX = 128
USERNAME_MIN = 2
USERNAME_MAX = 64

PHONE = re.compile(r"1[3-9]\d{9}")
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]*")

_WEAK_STEMS = (
    "password",
    "passw0rd",
    "p@ssw0rd",
    "qwertyuiop",
    "qwerty",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "iloveyou",
    "woaini",
    "admin",
    "administrator",
    "welcome",
    "letmein",
    "abc123",
    "test",
    "nanshahe",
    "tengzhou",
    "zaozhuang",
)
_SEQUENCES = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)


def password_faults(password: str, username: str) -> list[str]:
    """What is wrong with a new password, one Chinese sentence each; empty when it will do.

    Length counts most; the list only stops what is tried first (SEC-02, SEC-04).
    """
    faults = []
    plain = password.lower()
    if len(password) < PASSWORD_MIN:
        faults.append(f"密码至少 {PASSWORD_MIN} 个字符。")
    if len(password) > PASSWORD_MAX:
        faults.append(f"密码最多 {PASSWORD_MAX} 个字符。")
    if username and username.lower() in plain:
        faults.append("密码里不能含有用户名。")
    if _is_weak(plain):
        faults.append("这个密码太常见，容易被猜到，请换一个。")
    return faults


def _is_weak(plain: str) -> bool:
    if len(set(plain)) <= 3:
        return True
    if any(plain in sequence for sequence in _SEQUENCES):
        return True
    # "password2026!" is the stem with digits and marks around it: still the first thing tried.
    stem = plain.strip("0123456789!@#$%^&*._-+ ")
    return stem in _WEAK_STEMS or (not stem and plain.isdigit())


def username_fault(username: str) -> str | None:
    """Why a user name cannot be used, or None. Small Latin letters, digits, dot, dash, underscore."""
    if not USERNAME_MIN <= len(username) <= USERNAME_MAX:
        return f"用户名长度为 {USERNAME_MIN} 到 {USERNAME_MAX} 个字符。"
    if not USERNAME.fullmatch(username):
        return "用户名只能用小写字母、数字、点、横线和下划线，并以字母或数字开头。"
    return None


def normal_username(username: str) -> str:
    """The form in which user names are kept and compared."""
    return username.strip().lower()


@dataclass(frozen=True)
class Failures:
    """How often a name has failed, and until when it is locked (aware UTC)."""

    count: int
    last_at: datetime | None
    locked_until: datetime | None


def is_locked(locked_until: datetime | None, at: datetime) -> bool:
    """Whether the lock still holds at that moment."""
    return locked_until is not None and at < locked_until


def after_failure(before: Failures, at: datetime) -> Failures:
    """The count after one more failure: the fifth in a row locks for 15 minutes (SEC-04).

    A failure longer ago than the lock lasts is forgotten, and so is one before a lock that ended.
    """
    stale = before.last_at is None or at - before.last_at >= LOCK_FOR
    ended = before.locked_until is not None and at >= before.locked_until
    count = 1 if stale or ended else before.count + 1
    return Failures(count, at, at + LOCK_FOR if count >= LOCK_AFTER else None)


def resident_session_alive(expires_at: datetime, revoked_at: datetime | None, at: datetime) -> bool:
    """Whether a resident's session may be used: not revoked, used within 90 days."""
    return revoked_at is None and at < expires_at


def staff_session_alive(
    expires_at: datetime, revoked_at: datetime | None, last_used_at: datetime, idle: timedelta, at: datetime
) -> bool:
    """Whether a member of staff's session may be used: absolute end, and not idle too long (SEC-04)."""
    return revoked_at is None and at < expires_at and at - last_used_at < idle


def own_path(return_to: str) -> bool:
    """Whether it is a path of our own H5 pages: never another host, never a script."""
    if not return_to.startswith("/m/") or len(return_to) > 500:
        return False
    if "\\" in return_to or any(ord(c) < 0x20 for c in return_to):
        return False
    parts = urlsplit(return_to)
    return not parts.scheme and not parts.netloc and ".." not in parts.path.split("/")


def may_issue_code(actor: Actor, staff_id: int, places: Mapping[str, int | None], unit_id: int) -> bool:
    """Staff issue a binding code for themselves; for others it takes people.bind in scope."""
    return (actor.kind == "staff" and actor.id == staff_id) or actor.may_on("people.bind", places, unit_id)


def covers(actor: Actor, permission: str, places: Mapping[str, int | None], unit_id: int | None) -> bool:
    """Whether one grant with `permission` reaches a whole scope: everything in the place whose ids are
    `places`, for one unit, or for every unit when `unit_id` is None. A grant bounded to one unit does
    not reach the whole place: nobody hands on more than they have (RuoYi#328)."""
    return any(
        places.get(grant.place_level) == grant.place_id and grant.unit_id in (None, unit_id)
        for grant in actor.grants_with(permission)
    )


def kept_first(one: tuple[datetime, int], other: tuple[datetime, int]) -> bool:
    """Whether `one` (created, id) is the older record: that one is kept when two become one."""
    return one <= other
