"""Time: one injected clock, aware UTC in the code, Asia/Shanghai on the screen.

Nothing else in the program asks the machine for the time; tests put in a frozen clock.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Anything that tells the time as an aware UTC datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FrozenClock:
    """A clock that moves only when told to."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def advance(self, by: timedelta) -> datetime:
        self._at += by
        return self._at


_clock: Clock = SystemClock()


def use_clock(clock: Clock) -> Clock:
    """Put in another clock; returns the one it replaces."""
    global _clock
    replaced, _clock = _clock, clock
    return replaced


def now() -> datetime:
    """The present moment, aware, UTC."""
    return _clock.now()


def today() -> date:
    """The calendar date in Asia/Shanghai, the one the law counts by."""
    return now().astimezone(SHANGHAI).date()


def shanghai(moment: datetime) -> datetime:
    """The same moment on a clock in Shanghai."""
    return moment.astimezone(SHANGHAI)


def start_of_day(day: date) -> datetime:
    """The first moment of that Shanghai day, as aware UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)
