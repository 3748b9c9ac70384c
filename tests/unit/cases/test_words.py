"""The words of a due date, by the clock on the wall in Shanghai."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from backend.cases.words import day_words, due_words, is_overdue, local_date
from backend.kernel.clock import SHANGHAI, FrozenClock

# the frozen clock shows Tuesday 10 March 2026, 10:00


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("2026-03-10 12:00", "今天 12:00 前"),
        ("2026-03-10 23:59:59", "今天到期"),
        ("2026-03-11 09:00", "还剩 23 小时"),
        ("2026-03-12 10:00", "还剩 2 天"),
        ("2026-03-17 23:59:59", "还剩 7 天"),
        ("2026-03-10 09:59:30", "已超 1 分钟"),
        ("2026-03-10 09:15", "已超 45 分钟"),
        ("2026-03-10 04:00", "已超 6 小时"),
        ("2026-03-06 09:00", "已超 4 天"),
    ],
)
def test_what_is_left(clock: FrozenClock, due: str, words: str) -> None:
    assert due_words(at(due), None) == words


def test_closed_paused_and_undated(clock: FrozenClock) -> None:
    due = clock.now()
    assert due_words(due, due) == "按时办结"
    assert due_words(due, due + timedelta(seconds=1)) == "超期办结"
    assert due_words(due, None, paused=True) == "计时暂停"
    assert due_words(None, None) == ""


def test_overdue(clock: FrozenClock) -> None:
    due = clock.now()
    assert not is_overdue(None, None)
    assert not is_overdue(due, None)
    clock.advance(timedelta(seconds=1))
    assert is_overdue(due, None)
    assert not is_overdue(due, due)


def test_dates_are_shanghais() -> None:
    assert local_date(datetime(2026, 3, 9, 18, 30, tzinfo=UTC)) == "2026-03-10"
    assert local_date(None) is None
    assert day_words(date(2026, 11, 25)) == "11 月 25 日（周三）"
