"""Identity's rules by tables."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime, timedelta

import pytest

from backend.identity import policy
from backend.kernel.actor import PUBLIC, Actor, Grant

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("石榴花开的季节又到了", None),
        ("correct horse battery", None),
        ("Tz-8842-mayflower", None),
        ("short", "至少"),
        ("a" * 129, "最多"),
        ("xx-fenliu-2026", "用户名"),
        ("XX-FENLIU-2026", "用户名"),
        ("password2026", "常见"),
        ("Password@2026!", "常见"),
        ("nanshahe2026", "常见"),
        ("1234567890", "常见"),
        ("13812345678", "常见"),  # a phone number is the first thing tried
        ("打电话13812345678", "常见"),
        ("1qaz2wsx3edc", "常见"),
        ("qwertyuiop[]", "常见"),
        ("19900101199001", "常见"),
        ("aaaaaaaaaaaa", "常见"),
        ("abcdefghijkl", "常见"),
    ],
)
def test_new_passwords(password: str, fault: str | None) -> None:
    faults = policy.password_faults(password, "fenliu")
    if fault is None:
        assert faults == []
    else:
        assert any(fault in sentence for sentence in faults), faults


def test_what_is_known_of_a_person_is_guessed_first() -> None:
    words = ["分流甲", "镇便民服务中心", "东湾镇"]
    assert policy.password_faults("镇便民服务中心分流甲同志", "fenliu") == []
    assert policy.password_faults("镇便民服务中心2026", "fenliu", words)


def test_every_weakness_has_a_chinese_sentence() -> None:
    from zxcvbn import feedback  # what it may warn of

    source = inspect.getsource(feedback)
    warnings = set(
        re.findall(r'"([A-Z][^"]+ (?:guess|password)\.)"|\'([A-Z][^\']+ (?:guess|password)\.)\'', source)
    )
    said = {one or other for one, other in warnings} - {"Reversed words aren't much harder to guess."}
    assert len(said) > 8
    assert {w for w in said if not w.startswith("Repeats")} <= policy._WEAKNESSES.keys()


@pytest.mark.parametrize(
    ("username", "good"),
    [
        ("fenliu", True),
        ("wang.li-2_a", True),
        ("a", False),
        ("Fenliu", False),
        ("王丽", False),
        ("-wang", False),
        ("a" * 65, False),
        ("wang li", False),
    ],
)
def test_user_names(username: str, good: bool) -> None:
    assert (policy.username_fault(username) is None) is good


def test_the_fifth_failure_in_a_row_locks_for_fifteen_minutes() -> None:
    # SEC-04: 5 failures, 15 minutes
    state = policy.Failures(0, None, None)
    for _ in range(4):
        state = policy.after_failure(state, NOON)
        assert state.locked_until is None
    state = policy.after_failure(state, NOON)
    assert state.locked_until == NOON + 15 * MINUTE
    assert policy.is_locked(state.locked_until, NOON + 15 * MINUTE - timedelta(microseconds=1))
    assert not policy.is_locked(state.locked_until, NOON + 15 * MINUTE)


@pytest.mark.parametrize(
    ("before", "count"),
    [
        (policy.Failures(4, NOON - 14 * MINUTE, None), 5),
        (policy.Failures(4, NOON - 15 * MINUTE, None), 1),  # long ago: forgotten
        (policy.Failures(5, NOON - 16 * MINUTE, NOON - MINUTE), 1),  # the lock has ended: afresh
    ],
)
def test_failures_are_forgotten(before: policy.Failures, count: int) -> None:
    assert policy.after_failure(before, NOON).count == count


@pytest.mark.parametrize(
    ("expires", "revoked", "used", "alive"),
    [
        (NOON + MINUTE, None, NOON - 29 * MINUTE, True),
        (NOON + MINUTE, None, NOON - 30 * MINUTE, False),  # idle
        (NOON, None, NOON, False),  # twelve hours are over
        (NOON + MINUTE, NOON - MINUTE, NOON, False),  # signed out
    ],
)
def test_desk_sessions_end(expires: datetime, revoked: datetime | None, used: datetime, alive: bool) -> None:
    assert policy.staff_session_alive(expires, revoked, used, 30 * MINUTE, NOON) is alive


@pytest.mark.parametrize(
    ("expires", "revoked", "alive"),
    [(NOON + MINUTE, None, True), (NOON, None, False), (NOON + MINUTE, NOON, False)],
)
def test_residents_sessions_end(expires: datetime, revoked: datetime | None, alive: bool) -> None:
    assert policy.resident_session_alive(expires, revoked, NOON) is alive


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/m/", True),
        ("/m/pages/report/new?draft=1", True),
        ("https://evil.example/m/", False),
        ("//evil.example/m/", False),
        ("/m/../console/", False),
        ("/m/\\evil.example", False),
        ("/m/\r\nSet-Cookie: a=b", False),
        ("/console/", False),
        ("javascript:alert(1)", False),
        ("/m/" + "a" * 500, False),
    ],
)
def test_only_our_own_pages_are_returned_to(path: str, own: bool) -> None:
    assert policy.own_path(path) is own


def _administrator(staff_id: int, level: str, place_id: int, unit_id: int | None = None) -> Actor:
    grant = Grant(frozenset({"people.bind"}), level, place_id, unit_id)
    return Actor("staff", staff_id, "管理", 1, 7, grants=(grant,))


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (Actor("staff", 5, "自己", 1, 7), True),  # for oneself
        (Actor("resident", 5, "居民"), False),  # the same number, but no staff
        (PUBLIC, False),
        (_administrator(9, "town", 1), True),
        (_administrator(9, "town", 2), False),  # another town's
        (_administrator(9, "town", 1, 8), False),  # another unit's
        (Actor("staff", 6, "同事", 1, 7), False),
    ],
)
def test_who_may_issue_a_binding_code(actor: Actor, allowed: bool) -> None:
    assert policy.may_issue_code(actor, 5, {"county": 100, "town": 1, "village": 3}, 7) is allowed


def test_the_older_record_is_kept() -> None:
    assert policy.kept_first((NOON, 1), (NOON + MINUTE, 0))
    assert not policy.kept_first((NOON + MINUTE, 0), (NOON, 1))
    assert policy.kept_first((NOON, 1), (NOON, 2))
