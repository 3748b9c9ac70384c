"""The holiday table as staff see and change it: a year at a time, whole.

The State Council publishes a year's arrangement once, holidays and make-up working days together
(国务院办公厅关于部分节假日安排的通知). A year of which only a part stands in the table counts the
law's days wrongly, so a year is taken whole or refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import chinese_calendar
from sqlalchemy import select

from backend.audit.services import record_change
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.workflow.clocks import calendar, set_holidays
from backend.workflow.models import Holiday, HolidayYear

SUBJECT = "holiday_year"
#: 《全国年节及纪念日放假办法》(2024): what every year has, by the name the notice uses
STATUTORY = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")
FIRST_YEAR, LAST_YEAR = 2020, 2060


@dataclass(frozen=True)
class Day:
    """A day that is not what its weekday says: worked or not."""

    day: date
    working: bool
    name: str


def faults_of(year: int, days: Sequence[Day]) -> list[tuple[Day | None, str]]:
    """What is wrong with a year's arrangement, in sentences; the day at fault, or None for the whole.

    Refused are: days of another year or twice, weekdays named as make-up working days, a year in which
    one of the statutory holidays is missing, holidays in the middle of the week without any make-up day.
    """
    found: list[tuple[Day | None, str]] = []
    seen: set[date] = set()
    for one in days:
        if one.day.year != year:
            found.append((one, f"{one.day} 不在{year}年"))
        if one.day in seen:
            found.append((one, f"{one.day} 写了两次"))
        seen.add(one.day)
        if one.working and one.day.weekday() < 5:
            found.append((one, f"{one.day} 本来就是工作日，不用写成调休上班"))
    named = "、".join(one.name for one in days if not one.working)
    missing = [name for name in STATUTORY if name not in named]
    if not days:
        found.append((None, f"{year}年的放假安排还没有导入：一天都没有。"))
    elif missing:
        found.append(
            (None, f"{year}年的放假安排不完整：没有{'、'.join(missing)}。请按国务院公布的通知整年填写。")
        )
    elif not any(one.working for one in days):
        found.append(
            (None, f"{year}年的放假安排不完整：没有一个调休上班的周末。请按国务院公布的通知整年填写。")
        )
    return found


def days_of(year: int) -> list[Day]:
    """What the table says of a year, in order."""
    rows = db.session.execute(
        select(Holiday)
        .where(Holiday.day >= date(year, 1, 1), Holiday.day <= date(year, 12, 31))
        .order_by(Holiday.day)
    ).scalars()
    return [Day(r.day, r.working, r.name) for r in rows]


def published(year: int) -> list[Day]:
    """What the program brings along for a year (chinesecalendar); empty beyond its last year."""
    found = []
    day = date(year, 1, 1)
    while day.year == year:
        try:
            worked = chinese_calendar.is_workday(day)
            _, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            return []
        if worked != (day.weekday() < 5):
            found.append(Day(day, worked, _word(name) if not worked else "调休上班"))
        day = date.fromordinal(day.toordinal() + 1)
    return found


_WORDS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}


def _word(name: str | None) -> str:
    return _WORDS.get(name or "", name or "放假")


def year_state(year: int) -> dict[str, Any]:
    """Where a year's arrangement comes from: program, file, screen, part (a part only) or none."""
    row = db.session.get(HolidayYear, year)
    own, built_in = days_of(year), published(year)
    if row is not None and row.source == "screen":
        source = "screen"
    elif own and not faults_of(year, own):
        source = "file"
    elif built_in:
        source = "program"
    else:
        source = "part" if own else "none"
    sentence = {
        "screen": f"{year}年的放假安排是在这里整年填写的。",
        "file": f"{year}年的放假安排来自配置文件。",
        "program": f"{year}年的放假安排由程序自带。" + ("另有本地改动。" if own else ""),
        "part": f"{year}年只有部分法定节日，还没有调休安排。国务院公布后请整年导入，否则期限会算错。",
        "none": f"{year}年的放假安排还没有导入。",
    }[source]
    return {
        "year": year,
        "source": source,
        "complete": source not in {"part", "none"},
        "sentence": sentence,
        "days": own or built_in,
    }


def covered_until() -> int:
    """The last year, from the present one on without a gap, whose arrangement is complete."""
    year = today().year
    while year_state(year)["complete"] and year < LAST_YEAR:
        year += 1
    return year - 1


def years_missing_before(year: int) -> list[int]:
    """The years between the last complete one and this one: a table must not leave one out."""
    return list(range(covered_until() + 1, year))


def replace_year(actor: Actor, year: int, days: Iterable[Day]) -> int:
    """Put a year's arrangement in place, whole, and re-date the open clocks; how many dates moved.

    Raises Invalid with every fault.
    """
    given = sorted(days, key=lambda one: one.day)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(
            "year_unknown", f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。", fields={"year": ["不对"]}
        )
    sentences = [sentence for _, sentence in faults_of(year, given)]
    sentences += [f"{gap}年的放假安排还没有导入，请先导入{gap}年。" for gap in years_missing_before(year)]
    if sentences:
        raise Invalid("year_incomplete", sentences[0], fields={"days": sentences})
    before = days_of(year)
    moved = set_holidays(
        [(one.day, one.working, one.name) for one in given], date(year, 1, 1), date(year, 12, 31)
    )
    note_source(year, "screen", len(given))
    record_change(
        actor,
        "holidays.change",
        SUBJECT,
        year,
        {"days": [_line(one) for one in before]},
        {"days": [_line(one) for one in given]},
        name=f"{year}年放假安排",
        labels={"days": "放假和调休"},
        detail={"moved": moved},
    )
    return moved


def _line(one: Day) -> str:
    return f"{one.day} {'上班' if one.working else one.name}"


def note_source(year: int, source: str, days: int) -> None:
    """Remember where a year's arrangement came from."""
    row = db.session.get(HolidayYear, year)
    if row is None:
        row = HolidayYear(year=year)
        db.session.add(row)
    row.source, row.days, row.at = source, days, now()
    db.session.flush()


def from_screen(year: int) -> bool:
    """Whether somebody put this year in on screen."""
    row = db.session.get(HolidayYear, year)
    return row is not None and row.source == "screen"


def differences(year: int, days: Iterable[Day]) -> list[str]:
    """What a load of the file would undo of a year put in on screen; one Chinese line."""
    held, given = set(days_of(year)), set(days)
    if not from_screen(year) or held == given:
        return []
    return [f"{year}年放假安排：屏幕上整年填过，和文件里有 {len(held ^ given)} 天不一样"]


def is_working(day: date) -> bool:
    """Whether offices work on that day, corrections included."""
    return calendar().is_working(day)
