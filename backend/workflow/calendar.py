"""The working calendar: pure arithmetic over natural days, working days, working hours, emergency hours.

Holidays and make-up working days come from the editable table first, then from the
`chinesecalendar` package, and beyond its last year from the weekday alone (the package raises
for 2027). Day counts follow PET-24: the starting day is not counted, the last day ends at its
midnight, so that something is late only on the next day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

import chinese_calendar

from backend.kernel.clock import SHANGHAI, shanghai, start_of_day
from backend.workflow.table import Limit

DAY = timedelta(days=1)
# Working periods of a working day (domain-rules §3.2); a working day is 8 working hours.
PERIODS = ((time(8), time(12)), (time(14), time(18)))
# A clock warns when this share of its time has passed.
WARN_SHARE = 0.75
LONGEST_SEARCH_DAYS = 4000


class WorkingCalendar:
    """Which days are worked, with the town's own corrections on top."""

    def __init__(self, corrections: Mapping[date, bool] | None = None) -> None:
        self.corrections = dict(corrections or {})

    def is_working(self, day: date) -> bool:
        """Whether offices work on that day."""
        if day in self.corrections:
            return self.corrections[day]
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.weekday() < 5

    def due(self, start: datetime, limit: Limit) -> datetime:
        """When something begun at `start` must be done, as aware UTC."""
        if limit.unit == "emergency_hour":
            return start + timedelta(hours=limit.amount)
        if limit.unit == "working_hour":
            return self._add_worked(start, timedelta(hours=limit.amount))
        first = shanghai(start).date()
        if limit.unit == "natural_day":
            return end_of(first + limit.amount * DAY)
        if limit.unit == "rolled_day":
            return end_of(self.next_working(first + limit.amount * DAY))
        return end_of(self._add_working_days(first, limit.amount))

    def warning(self, start: datetime, due: datetime) -> datetime:
        """When the holder is warned: after three quarters of the way."""
        return start + (due - start) * WARN_SHARE

    def resumed(self, due: datetime, paused: datetime, resumed: datetime, limit: Limit) -> datetime:
        """The due date of a clock that stood still from `paused` to `resumed`."""
        if limit.unit == "emergency_hour":
            return due + (resumed - paused)
        if limit.unit == "working_hour":
            return self._add_worked(due, self._worked_between(paused, resumed))
        pause_day, resume_day = shanghai(paused).date(), shanghai(resumed).date()
        if limit.unit == "natural_day":
            return due + (resume_day - pause_day)
        if limit.unit == "rolled_day":
            return end_of(self.next_working(shanghai(due).date() + (resume_day - pause_day)))
        waited = sum(1 for day in _days(pause_day + DAY, resume_day) if self.is_working(day))
        return end_of(self._add_working_days(shanghai(due).date(), waited))

    def next_working(self, day: date) -> date:
        """That day, or the first one after it on which offices work (PET-24)."""
        return day if self.is_working(day) else self._add_working_days(day, 1)

    def _add_working_days(self, first: date, count: int) -> date:
        day = first
        for _ in range(LONGEST_SEARCH_DAYS):
            if count <= 0:
                return day
            day += DAY
            if self.is_working(day):
                count -= 1
        raise ValueError("the calendar has no working days for years on end")

    def _periods_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = shanghai(moment).date()
        for offset in range(LONGEST_SEARCH_DAYS):
            current = day + offset * DAY
            if not self.is_working(current):
                continue
            for opens, closes in PERIODS:
                begin = datetime.combine(current, opens, SHANGHAI)
                end = datetime.combine(current, closes, SHANGHAI)
                if end > moment:
                    yield max(begin, moment.astimezone(SHANGHAI)), end
        raise ValueError("the calendar has no working days for years on end")

    def _add_worked(self, start: datetime, worked: timedelta) -> datetime:
        if not worked:
            return start  # a pause over lunch moves nothing, not even to the next opening
        for begin, end in self._periods_from(start):
            if end - begin >= worked:
                return (begin + worked).astimezone(start.tzinfo)
            worked -= end - begin
        raise AssertionError("unreachable")

    def _worked_between(self, start: datetime, end: datetime) -> timedelta:
        worked = timedelta()
        for begins, closes in self._periods_from(start):
            if begins >= end:
                return worked
            worked += min(closes, end) - begins
        raise AssertionError("unreachable")


def end_of(day: date) -> datetime:
    """The last second of that Shanghai day, so that due_at's own date is the day promised."""
    return start_of_day(day + DAY) - timedelta(seconds=1)


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += DAY
