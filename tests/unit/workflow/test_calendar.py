"""The working calendar by tables: every line is a promise that somebody could count on their fingers.

Times are Shanghai's. 2026: Spring Festival is 15–23 February, 14 and 28 February are worked instead;
10 March is an ordinary Tuesday.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from backend.kernel.clock import SHANGHAI
from backend.workflow.calendar import WorkingCalendar
from backend.workflow.table import Limit

CALENDAR = WorkingCalendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def shown(moment: datetime) -> str:
    assert moment.tzinfo is not None
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        # natural days: the starting day is not counted (PET-24), the last one ends at its last second
        ("2026-03-10 00:00", 1, "natural_day", "2026-03-11 23:59:59"),
        ("2026-03-10 23:59", 1, "natural_day", "2026-03-11 23:59:59"),
        ("2026-03-10 10:00", 7, "natural_day", "2026-03-17 23:59:59"),
        ("2026-02-27 10:00", 2, "natural_day", "2026-03-01 23:59:59"),  # over a month's end, into a Sunday
        # working days
        ("2026-03-10 10:00", 5, "working_day", "2026-03-17 23:59:59"),  # Tuesday to Tuesday
        ("2026-03-13 17:59", 1, "working_day", "2026-03-16 23:59:59"),  # Friday: Monday
        ("2026-03-14 09:00", 1, "working_day", "2026-03-16 23:59:59"),  # begun on a Saturday
        ("2026-02-13 10:00", 1, "working_day", "2026-02-14 23:59:59"),  # the Saturday is made up for
        ("2026-02-14 10:00", 1, "working_day", "2026-02-24 23:59:59"),  # over the whole festival
        ("2026-02-14 10:00", 5, "working_day", "2026-02-28 23:59:59"),  # and its other working Saturday
        # working hours: 8–12 and 14–18
        ("2026-03-10 09:00", 2, "working_hour", "2026-03-10 11:00:00"),
        ("2026-03-10 11:00", 2, "working_hour", "2026-03-10 15:00:00"),  # over lunch
        ("2026-03-10 12:30", 2, "working_hour", "2026-03-10 16:00:00"),  # begun at lunch
        ("2026-03-10 06:00", 4, "working_hour", "2026-03-10 12:00:00"),  # begun before opening
        ("2026-03-10 17:00", 1, "working_hour", "2026-03-10 18:00:00"),  # to the last minute
        ("2026-03-10 17:00", 2, "working_hour", "2026-03-11 09:00:00"),  # overnight
        ("2026-03-13 17:30", 2, "working_hour", "2026-03-16 09:30:00"),  # over a weekend
        ("2026-03-14 10:00", 2, "working_hour", "2026-03-16 10:00:00"),  # begun on a Saturday
        ("2026-02-14 17:00", 2, "working_hour", "2026-02-24 09:00:00"),  # over the festival
        ("2026-03-10 08:00", 8, "working_hour", "2026-03-10 18:00:00"),  # a working day is eight of them
        ("2026-03-10 08:00", 20, "working_hour", "2026-03-12 12:00:00"),
        # emergency hours run on, at night and on holidays
        ("2026-02-17 23:00", 2, "emergency_hour", "2026-02-18 01:00:00"),
        ("2026-03-14 03:30", 24, "emergency_hour", "2026-03-15 03:30:00"),
        # beyond the last published year the weekday decides, and nothing is raised
        ("2027-03-09 10:00", 5, "working_day", "2027-03-16 23:59:59"),
        ("2027-03-12 17:00", 2, "working_hour", "2027-03-15 09:00:00"),
        ("2026-12-31 10:00", 2, "working_day", "2027-01-04 23:59:59"),  # 1 January 2027 is a Friday
    ],
)
def test_due(start: str, amount: int, unit: str, due: str) -> None:
    moment = CALENDAR.due(at(start).astimezone(UTC), Limit(amount, unit))  # type: ignore[arg-type]
    assert shown(moment) == due


def test_the_due_date_does_not_depend_on_the_zone_the_moment_is_given_in() -> None:
    # 18:30 UTC on the 9th is the small hours of the 10th in Shanghai
    begun = datetime(2026, 3, 9, 18, 30, tzinfo=UTC)
    for moment in (begun, begun.astimezone(SHANGHAI)):
        assert shown(CALENDAR.due(moment, Limit(1, "natural_day"))) == "2026-03-11 23:59:59"
        assert shown(CALENDAR.due(moment, Limit(1, "working_hour"))) == "2026-03-10 09:00:00"


@pytest.mark.parametrize(
    ("day", "corrections", "working"),
    [
        ("2026-03-10", {}, True),
        ("2026-03-14", {}, False),
        ("2026-02-14", {}, True),  # a Saturday that is worked
        ("2026-02-16", {}, False),  # a Monday of the festival
        ("2027-02-08", {}, True),  # not published: a Monday
        ("2026-03-10", {date(2026, 3, 10): False}, False),  # the town's own table comes first
        ("2027-02-08", {date(2027, 2, 8): False}, False),
        ("2026-03-14", {date(2026, 3, 14): True}, True),
    ],
)
def test_working_days(day: str, corrections: dict[date, bool], working: bool) -> None:
    assert WorkingCalendar(corrections).is_working(date.fromisoformat(day)) is working


@pytest.mark.parametrize(
    ("unit", "due", "paused", "resumed", "moved_to"),
    [
        ("emergency_hour", "2026-03-10 12:00", "2026-03-10 10:00", "2026-03-10 10:45", "2026-03-10 12:45:00"),
        # only time that would have been worked is given back
        ("working_hour", "2026-03-10 16:00", "2026-03-10 11:00", "2026-03-10 15:00", "2026-03-10 18:00:00"),
        ("working_hour", "2026-03-10 16:00", "2026-03-10 12:10", "2026-03-10 13:50", "2026-03-10 16:00:00"),
        ("working_hour", "2026-03-10 18:00", "2026-03-10 12:10", "2026-03-10 13:50", "2026-03-10 18:00:00"),
        ("working_hour", "2026-03-13 18:00", "2026-03-13 17:00", "2026-03-16 09:00", "2026-03-16 10:00:00"),
        # days: as many as lie between the two
        ("natural_day", "2026-03-17 23:59:59", "2026-03-11 09:00", "2026-03-14 08:00", "2026-03-20 23:59:59"),
        ("natural_day", "2026-03-17 23:59:59", "2026-03-11 09:00", "2026-03-11 18:00", "2026-03-17 23:59:59"),
        ("working_day", "2026-03-17 23:59:59", "2026-03-11 09:00", "2026-03-12 09:00", "2026-03-18 23:59:59"),
        ("working_day", "2026-03-17 23:59:59", "2026-03-13 09:00", "2026-03-15 20:00", "2026-03-17 23:59:59"),
        ("working_day", "2026-03-17 23:59:59", "2026-03-13 09:00", "2026-03-16 07:00", "2026-03-18 23:59:59"),
    ],
)
def test_a_pause_moves_the_date_by_what_it_took(
    unit: str, due: str, paused: str, resumed: str, moved_to: str
) -> None:
    moved = CALENDAR.resumed(at(due), at(paused), at(resumed), Limit(1, unit))  # type: ignore[arg-type]
    assert shown(moved) == moved_to


def test_the_warning_comes_after_three_quarters_of_the_way() -> None:
    assert CALENDAR.warning(at("2026-03-10 08:00"), at("2026-03-10 12:00")) == at("2026-03-10 11:00")


def test_a_calendar_without_working_days_says_so() -> None:
    class Never(WorkingCalendar):
        def is_working(self, day: date) -> bool:
            return False

    for unit in ("working_day", "working_hour"):
        with pytest.raises(ValueError, match="no working days"):
            Never().due(at("2026-03-10 08:00"), Limit(1, unit))  # type: ignore[arg-type]
