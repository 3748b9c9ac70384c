"""When invented things happen: offices work in office hours, emergencies and residents at any hour."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from backend.kernel.clock import SHANGHAI, shanghai
from backend.workflow.calendar import PERIODS, WorkingCalendar

DAY = timedelta(days=1)


def any_hour(begin: datetime, end: datetime, shares: list[float]) -> list[datetime]:
    """The moments at these shares of the way from begin to end."""
    return [begin + (end - begin) * share for share in shares]


def office_hours(
    calendar: WorkingCalendar, begin: datetime, end: datetime, shares: list[float]
) -> list[datetime]:
    """The moments at these shares of the working time between begin and end.

    When nobody works between them, the clock on the wall is all there is.
    """
    periods: list[tuple[datetime, datetime]] = []
    day = shanghai(begin).date()
    while day <= shanghai(end).date():
        for opens, closes in PERIODS if calendar.is_working(day) else ():
            first = max(datetime.combine(day, opens, SHANGHAI), begin)
            last = min(datetime.combine(day, closes, SHANGHAI), end)
            if first < last:
                periods.append((first, last))
        day += DAY
    total = sum((last - first for first, last in periods), timedelta())
    if not total:
        return any_hour(begin, end, shares)
    return [_at(periods, total * share) for share in shares]


def _at(periods: list[tuple[datetime, datetime]], worked: timedelta) -> datetime:
    for first, last in periods:
        if worked <= last - first:
            return first + worked
        worked -= last - first
    return periods[-1][1]


def growing_shares(count: int, rng: random.Random) -> list[float]:
    """``count`` growing numbers up to 1, at uneven distances."""
    weights = [rng.uniform(0.3, 1.0) for _ in range(count)]
    total, passed, shares = sum(weights), 0.0, []
    for weight in weights:
        passed += weight
        shares.append(passed / total)
    return shares


def strictly_growing(moments: list[datetime], after: datetime, before: datetime) -> list[datetime]:
    """The same moments, nudged so that each is later than the one before and all lie between the two."""
    room = (before - after) / (len(moments) + 1) if moments else timedelta()
    step = min(timedelta(minutes=3), room)
    found: list[datetime] = []
    for index, moment in enumerate(moments):
        earliest = (found[-1] if found else after) + step
        latest = before - step * (len(moments) - index)
        found.append(min(max(moment, earliest), latest))
    return found
