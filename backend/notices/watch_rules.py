"""What is owed when (OPEN-04): months, quarters and half years that are over, and by which day they are published.

Pure. Days are calendar dates in Shanghai. What is published at once has no period and is not counted here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHLY, QUARTERLY, HALF_YEARLY = "monthly", "quarterly", "half_yearly"
#: months of a period, how many periods are looked back on, and days after its end by which it is published (ours)
_MONTHS = {MONTHLY: 1, QUARTERLY: 3, HALF_YEARLY: 6}
_LOOK_BACK = {MONTHLY: 3, QUARTERLY: 2, HALF_YEARLY: 1}
_DAYS = {MONTHLY: 10, QUARTERLY: 15, HALF_YEARLY: 15}
#: a reminder goes out this long before the day, on the morning after it, and every week from then on
SOON = timedelta(days=3)
WEEKS_REMINDED = 8
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A month, quarter or half year: `code` is 2026-10, 2026-Q3 or 2026-H1, `due_on` the day it is published by."""

    code: str
    label: str
    first: date
    last: date
    due_on: date


def is_periodic(frequency: str) -> bool:
    """Whether something is owed every so often."""
    return frequency in _MONTHS


def period_of(frequency: str, code: str) -> Period | None:
    """The period of that code; None when it is none of that frequency."""
    try:
        year, part = int(code[:4]), code[5:]
        number = int(part.removeprefix({MONTHLY: "", QUARTERLY: "Q", HALF_YEARLY: "H"}[frequency]))
        found = _period(frequency, year, number - 1)
    except (KeyError, ValueError):
        return None
    return found if found.code == code else None


def recent(frequency: str, today: date) -> Iterator[Period]:
    """The latest periods that are over, newest first."""
    if not is_periodic(frequency):
        return
    months = _MONTHS[frequency]
    slot = (today.year * 12 + today.month - 1) // months
    for back in range(1, _LOOK_BACK[frequency] + 1):
        year, index = divmod((slot - back) * months, 12)
        yield _period(frequency, year, index // months)


def _period(frequency: str, year: int, index: int) -> Period:
    """ValueError for a number that a year does not have."""
    months = _MONTHS[frequency]
    if not 0 <= index < 12 // months:
        raise ValueError(index)
    first = date(year, index * months + 1, 1)
    after = index * months + months
    last = date(year + after // 12, after % 12 + 1, 1) - DAY
    code, label = _named(frequency, year, index)
    return Period(code, label, first, last, last + timedelta(days=_DAYS[frequency]))


def _named(frequency: str, year: int, index: int) -> tuple[str, str]:
    if frequency == MONTHLY:
        return f"{year:04}-{index + 1:02}", f"{year}年{index + 1}月"
    if frequency == QUARTERLY:
        return f"{year:04}-Q{index + 1}", f"{year}年第{'一二三四'[index]}季度"
    return f"{year:04}-H{index + 1}", f"{year}年{'上下'[index]}半年"


def days_late(due_on: date, until: date) -> int:
    """Whole days after the day by which it is published; 0 in time."""
    return max((until - due_on).days, 0)


def stage(due_on: date, today: date) -> str:
    """Which reminder is due this morning: soon, late, week-1 …; "" for none."""
    if today <= due_on:
        return "soon" if due_on - today <= SOON else ""
    weeks = ((today - due_on).days - 1) // 7
    return "late" if weeks == 0 else f"week-{weeks}" if weeks <= WEEKS_REMINDED else ""
