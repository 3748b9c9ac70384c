"""How cells are read and shown: shared by the kinds of sheets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from backend.kernel.clock import shanghai
from backend.sheets.kinds import Column, Fault, SheetRow

YES_NO = ("是", "否")


def yes(text: str) -> bool:
    """是 or 否."""
    if text not in YES_NO:
        raise ValueError("只能写“是”或“否”")
    return text == "是"


def whole(text: str) -> int:
    """A whole number from 1 to 366."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 366:
        raise ValueError("应当是 1 到 366 的整数")
    return int(text)


def day(text: str) -> str:
    """A calendar date, as ISO text; also 2027/1/1 and 2027年1月1日."""
    plain = text.replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").rstrip("日")
    try:
        year, month, of_month = (int(part) for part in plain.split("-"))
        return date(year, month, of_month).isoformat()
    except ValueError as error:
        raise ValueError("日期不对，应当像 2027-01-01") from error


def words(text: str) -> list[str]:
    """Words between 、 or commas."""
    for mark in ("，", ",", "；", ";"):
        text = text.replace(mark, "、")
    return [word.strip() for word in text.split("、") if word.strip()]


def one_of(choices: Mapping[str, str]) -> Callable[[str], str]:
    """The code behind a word on screen."""

    def read(text: str) -> str:
        return choices[text]

    return read


def flag(key: str, title: str, hint: str = "") -> Column:
    """A column of 是 and 否."""
    return Column(key, title, width=12, choices=YES_NO, read=yes, hint=hint)


def local(moment: datetime | None) -> str:
    """A moment on a clock in Shanghai, for a cell."""
    return "" if moment is None else f"{shanghai(moment):%Y-%m-%d %H:%M}"


def twice(rows: Sequence[SheetRow], column: str, title: str, why: str = "") -> list[Fault]:
    """Rows that have the same value in a column; each names the first one."""
    first: dict[Any, int] = {}
    faults = []
    for row in rows:
        value = row.values.get(column)
        if value in (None, ""):
            continue
        if value in first:
            faults.append(Fault(row.number, column, f"{title}“{value}”和第 {first[value]} 行重复{why}"))
        else:
            first[value] = row.number
    return faults
