"""The dates of the law (PET-03 to PET-12, PET-24), each against a date counted day by day on one's fingers.

A year of start days × each clock, with the holidays and make-up days of 2026 written out below; then leap
days, month ends, and the turn into a year whose holidays nobody has published yet.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from backend.kernel.clock import SHANGHAI
from backend.petitions.kind import LIMITS
from backend.petitions.more_time import LONGEST
from backend.petitions.states import TABLE
from backend.workflow.calendar import WorkingCalendar

ONE = timedelta(days=1)
#: days, and how they count: every day · every day but never ending on a day off · working days only
LAW = {
    "inform": (15, "every day"),
    "objection": (5, "working days"),
    "handle": (60, "every day"),
    "simple": (10, "working days"),
    "above_acceptance": (3, "working days"),
    "review_window": (30, "ends on a working day"),
    "review": (30, "every day"),
    "reexamination_window": (30, "ends on a working day"),
    "reexamination": (30, "every day"),
}
#: 国务院办公厅 on the holidays of 2026
OFF_2026 = {
    *(date(2026, 1, d) for d in (1, 2, 3)),
    *(date(2026, 2, d) for d in range(15, 24)),
    *(date(2026, 4, d) for d in (4, 5, 6)),
    *(date(2026, 5, d) for d in range(1, 6)),
    *(date(2026, 6, d) for d in (19, 20, 21)),
    *(date(2026, 9, d) for d in (25, 26, 27)),
    *(date(2026, 10, d) for d in range(1, 8)),
}
MADE_UP_2026 = {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9)} | {
    date(2026, 9, 20),
    date(2026, 10, 10),
}
PUBLISHED = dict.fromkeys(OFF_2026, False) | dict.fromkeys(MADE_UP_2026, True)


def is_off(day: date) -> bool:
    """A day off, by the lists above and by nothing of the program's."""
    if day in MADE_UP_2026:
        return False
    return day in OFF_2026 or day.weekday() >= 5


def counted(start: date, clock: str) -> date:
    """The last day, counted one by one; the day it begins is not counted."""
    days, how = LAW[clock]
    day = start
    while days:
        day += ONE
        if how != "working days" or not is_off(day):
            days -= 1
    while how == "ends on a working day" and is_off(day):
        day += ONE
    return day


def due(calendar: WorkingCalendar, start: date, clock: str, at: time = time(10)) -> date:
    moment = calendar.due(datetime.combine(start, at, SHANGHAI), LIMITS[clock])
    local = moment.astimezone(SHANGHAI)
    assert local.time() == time(23, 59, 59), "a day counts in full"
    return local.date()


def test_every_clock_of_the_table_has_its_law() -> None:
    assert LAW.keys() == LIMITS.keys() == set(TABLE.clock_labels) - {"sender"}, "its date is the sender's own"


@pytest.mark.parametrize("clock", LAW)
def test_a_year_of_start_days(clock: str) -> None:
    calendar = WorkingCalendar(PUBLISHED)
    days = [date(2026, 1, 1) + n * ONE for n in range(365)]
    wrong = {
        day: (due(calendar, day, clock), counted(day, clock))
        for day in days
        if due(calendar, day, clock) != counted(day, clock)
    }
    assert wrong == {}


@pytest.mark.parametrize("clock", LAW)
def test_the_hour_at_which_it_begins_changes_nothing(clock: str) -> None:
    calendar = WorkingCalendar(PUBLISHED)
    for day in (date(2026, 2, 13), date(2026, 5, 9), date(2026, 12, 31)):
        assert due(calendar, day, clock, time(0, 0)) == due(calendar, day, clock, time(23, 59, 59))


@pytest.mark.parametrize(
    ("clock", "start", "last"),
    [
        # month ends, a leap day, a common year: written out from a paper calendar
        ("inform", date(2026, 1, 31), date(2026, 2, 15)),
        ("inform", date(2028, 2, 14), date(2028, 2, 29)),
        ("inform", date(2027, 2, 14), date(2027, 3, 1)),
        ("handle", date(2027, 12, 31), date(2028, 2, 29)),
        ("handle", date(2026, 12, 31), date(2027, 3, 1)),
        ("review", date(2028, 1, 30), date(2028, 2, 29)),
        # 30 days end on 4 October, in the National Day week: the 8th is the first working day
        ("review_window", date(2026, 9, 4), date(2026, 10, 8)),
        # ... on Saturday the 10th, which is worked to make up
        ("review_window", date(2026, 9, 10), date(2026, 10, 10)),
        # ... on 15 February, the first of nine days off
        ("reexamination_window", date(2026, 1, 16), date(2026, 2, 24)),
        # the body's own thirty days do not roll
        ("review", date(2026, 9, 4), date(2026, 10, 4)),
        # received on Friday 13 February: the 14th is worked, then nine days off
        ("objection", date(2026, 2, 13), date(2026, 2, 27)),
    ],
)
def test_dates_from_a_paper_calendar(clock: str, start: date, last: date) -> None:
    assert due(WorkingCalendar(PUBLISHED), start, clock) == last


@pytest.mark.parametrize("clock", LAW)
def test_into_a_year_whose_holidays_are_not_published(clock: str) -> None:
    """Weekdays decide until the arrangement is known; nothing is refused for want of it."""
    calendar = WorkingCalendar(PUBLISHED)
    for day in (date(2026, 11, 15) + n * ONE for n in range(60)):
        assert due(calendar, day, clock) == counted(day, clock)


def test_what_is_published_later_moves_the_citizens_windows_and_nobody_elses() -> None:
    """30 days from 2 December end on New Year's Day, a Friday of an unpublished year."""
    before, after = WorkingCalendar(PUBLISHED), WorkingCalendar(PUBLISHED | _new_year_2027())
    start = date(2026, 12, 2)
    assert due(before, start, "review_window") == date(2027, 1, 1)
    assert due(after, start, "review_window") == date(2027, 1, 4)
    assert due(before, start, "review") == due(after, start, "review") == date(2027, 1, 1)


def _new_year_2027() -> dict[date, bool]:
    return {date(2027, 1, day): False for day in (1, 2, 3)}


def test_sixty_and_thirty_are_ninety_on_every_day() -> None:
    """PET-09: the longest extension ends on day ninety, wherever the months end."""
    calendar = WorkingCalendar(PUBLISHED)
    for start in (date(2027, 6, 1) + n * ONE for n in range(366)):
        day = start
        for _ in range(90):
            day += ONE
        assert due(calendar, start, "handle") + LONGEST == day


@pytest.mark.parametrize("waited", [0, 1, 20, 60])
def test_a_hearing_is_given_back_day_for_day(waited: int) -> None:
    """PET-12: the days of a hearing on re-examination are not counted."""
    calendar, begun = WorkingCalendar(PUBLISHED), datetime(2026, 3, 10, 10, tzinfo=SHANGHAI)
    limit = LIMITS["reexamination"]
    paused = begun + timedelta(days=5)
    new = calendar.resumed(calendar.due(begun, limit), paused, paused + timedelta(days=waited), limit)
    day = date(2026, 3, 10)
    for _ in range(30 + waited):
        day += ONE
    assert new.astimezone(SHANGHAI).date() == day
