"""Identity's rules, pure: lock-out, time-outs, passwords, who may issue a code, which record is kept."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
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
_PHONE_ALONE = re.compile(r"\D*1[3-9]\d{9}\D*")  # a phone number is the first thing tried
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]*")

# What people here would try first; zxcvbn's own lists know English and names.
_LOCAL_WORDS = ("nanshahe", "tengzhou", "zaozhuang", "shandong", "woaini", "wangge", "zongzhi", "admin")
GOOD_ENOUGH = 3  # of 0…4: more than 10^8 guesses

_WEAKNESSES = {
    "This is a top-10 common password.": "这是最常见的十个密码之一，请换一个。",
    "This is a top-100 common password.": "这是最常见的一百个密码之一，请换一个。",
    "This is a very common password.": "这个密码太常见，很容易被猜到，请换一个。",
    "This is similar to a commonly used password.": "和常见密码太像了，请换一个。",
    "A word by itself is easy to guess.": "只用一个常见词或名字，容易被猜到，请再加几个词。",
    "Names and surnames by themselves are easy to guess.": "只用常见的姓名，容易被猜到，请再加几个词。",
    "Common names and surnames are easy to guess.": "常见的姓名容易被猜到，请换一个。",
    "Straight rows of keys are easy to guess.": "键盘上连着的一排是常见的密码，请换一个。",
    "Short keyboard patterns are easy to guess.": "键盘上相邻的几个键是常见的密码，请换一个。",
    'Sequences like "abc" or "6543" are easy to guess.': "abc、6543 这样的连续字符很常见，请换一个。",
    "Recent years are easy to guess.": "年份很常见，容易被猜到，请换一个。",
    "Dates are often easy to guess.": "日期很常见，容易被猜到，请换一个。",
}
_REPEATS = "重复的字符太多，是常见的弱密码，请换一个。"
_WEAK = "这个密码太常见或太有规律，容易被猜到。请用几个不相干的词连成一句。"


def password_faults(password: str, username: str, words: Iterable[str] = ()) -> list[str]:
    """What is wrong with a new password, one Chinese sentence each; empty when it will do.

    zxcvbn estimates how many guesses it takes; `words` (the person's name, unit, town) and the user
    name are in its dictionary. Length counts most (SEC-02, SEC-04).
    """
    faults = []
    if len(password) < PASSWORD_MIN:
        faults.append(f"密码至少 {PASSWORD_MIN} 个字符。")
    if len(password) > PASSWORD_MAX:
        return [f"密码最多 {PASSWORD_MAX} 个字符。"]
    if username and username.lower() in password.lower():
        faults.append("密码里不能含有用户名。")
    weakness = _weakness(password, [username, *words, *_LOCAL_WORDS])
    if weakness:
        faults.append(weakness)
    return faults


def _weakness(password: str, words: list[str]) -> str | None:
    """Why zxcvbn finds it weak, in a sentence; None for one that is good enough."""
    # Here and not above: its word lists are 14 MB, which a process that sets no password can spare.
    from zxcvbn import zxcvbn

    if _PHONE_ALONE.fullmatch(password) or len(set(password)) <= 3:
        return _WEAK if _PHONE_ALONE.fullmatch(password) else _REPEATS
    known = [word for word in words if word]
    # "password@2026!" is one common word with digits and marks around it: still the first thing tried.
    core = password.strip("0123456789!@#$%^&*._-+ ") or password
    one_word = [m["pattern"] for m in zxcvbn(core, known, max_length=PASSWORD_MAX)["sequence"]] == [
        "dictionary"
    ]
    found = zxcvbn(password, known, max_length=PASSWORD_MAX)
    if found["score"] >= GOOD_ENOUGH and not one_word:
        return None
    warning = str(found["feedback"]["warning"])
    return _REPEATS if warning.startswith("Repeats") else _WEAKNESSES.get(warning, _WEAK)


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


def seconds_until(moment: datetime | None, at: datetime) -> int:
    """Whole seconds from `at` until that moment, at least one; what an answer's Retry-After says. Aware."""
    return 1 if moment is None else max(1, math.ceil((moment - at).total_seconds()))


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
