"""A village's Excel as a sheet's content, with everything that is wrong by cell. Pure but for the file.

Read once, row by row; nothing is rounded, guessed or left out in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from backend.finance import layout, workbook
from backend.finance.categories import by_label
from backend.finance.checks import Fault, day, faults_of
from backend.finance.entries import FOOT, MOST_LINES, TEXTS, Content, Entry, month_label
from backend.finance.money import fen_of, yuan

#: told at once; more help nobody
MOST_ERRORS = 100
TELL_EVERY = 1000
_WIDTH = len(layout.COLUMNS)
_KEYS = tuple(key for key, _, _ in layout.COLUMNS)
_ESCAPED, _BREAKS = re.compile(r"_x([0-9A-Fa-f]{4})_"), re.compile(r"[\r\n\t]+")
_RISKY = ("=", "+", "-", "@", "'")
Row = Sequence[Any]
Tell = Callable[[int, int], None]
Errors = list[dict[str, str]]
#: B7, or the row and the column's key of an entry: named only when something is wrong
Cell = str | tuple[int, str]


@dataclass
class Read:
    """What was read: the content, or what is wrong with it."""

    content: Content | None = None
    errors: Errors = field(default_factory=list)
    lines: int = 0

    def wrong(self, cell: Cell, message: str) -> None:
        """Note a fault; beyond MOST_ERRORS they are only counted by their absence."""
        if len(self.errors) < MOST_ERRORS:
            named = cell if isinstance(cell, str) else layout.line_cell(*cell)
            self.errors.append({"cell": named, "message": message})


def read(
    data: bytes,
    *,
    village: str,
    month: str,
    opening_fen: int | None,
    tell: Tell = lambda done, total: None,
) -> Read:
    """The sheet in `data`, for that village and month; `opening_fen` is last month's sealed closing.

    `tell` hears how many entries were read, and of how many (as the file says). Raises TooLarge and Invalid for a file that is not opened at all.
    """
    workbook.demand_safe(data)
    found = Read()
    for cell in workbook.merged_cells(data):
        found.wrong(cell, "有合并的单元格，请取消合并后再上传。")
    with workbook.opened(data) as book:
        try:
            rows = book.worksheets[0].iter_rows(max_col=_WIDTH, values_only=True)
            top = [_padded(row) for row in islice(rows, layout.TITLE_ROW)]
            if not _is_ours(top, found):
                return found
            said = max(0, int(book.worksheets[0].max_row or 0) - layout.TITLE_ROW)
            entries, numbers = _entries(rows, found, lambda done: tell(done, max(done, said)))
        except MemoryError:
            raise
        except Exception as error:  # the library raises what it stumbles over, in the middle of a row too
            raise workbook.not_excel() from error
    head, foot = _head(top, village, month, found), _foot(top, found)
    if found.lines > MOST_LINES:
        found.errors[:] = [
            {"cell": "", "message": f"一张表最多 {MOST_LINES:,} 笔，这份文件超过了，没有导入。"}
        ]
    if not found.errors:
        _judge(
            found,
            Content(month, tuple(entries), foot=foot, **head["kept"]),
            head["sums"],
            numbers,
            opening_fen,
        )
    return found


def _padded(row: Row) -> Row:
    return (*row, *[None] * (_WIDTH - len(row)))[:_WIDTH]


def _is_ours(top: Sequence[Row], found: Read) -> bool:
    """Whether labels stand where the template has them; else nothing below could be trusted."""
    padded = [*top, *[(None,) * _WIDTH] * (layout.TITLE_ROW - len(top))]
    for number, (_, label) in enumerate(layout.HEAD):
        if workbook.text_of(padded[number][0]) != label:
            found.wrong(f"A{number + 1}", f"这里应当是“{label}”。请用下载的模板填写，不要增删表头的行。")
    for number, (_, label) in enumerate(layout.FOOT_ROWS):
        if workbook.text_of(padded[number][3]) != label:
            found.wrong(f"D{number + 1}", f"这里应当是“{label}”。请用下载的模板填写。")
    for at, (key, title, _) in enumerate(layout.COLUMNS):
        if workbook.text_of(padded[layout.TITLE_ROW - 1][at]) != title:
            found.wrong(
                layout.line_cell(layout.TITLE_ROW, key), f"这一列的名称应当是“{title}”。请用下载的模板填写。"
            )
    return not any(error["message"].startswith("这") for error in found.errors)


def _head(top: Sequence[Row], village: str, month: str, found: Read) -> dict[str, dict[str, Any]]:
    values = {key: top[number][1] for number, (key, _) in enumerate(layout.HEAD)}
    name = _text(values[layout.VILLAGE], "B1", found)
    if name != village:
        found.wrong("B1", f"这份表写的是“{name}”，您选的是“{village}”。")
    said = _month(values[layout.MONTH])
    if said != month:
        found.wrong("B2", f"这份表的月份是“{said}”，您选的是{month_label(month)}（{month}）。")
    amounts = {key: _amount(values[key], layout.head_cell(key), found) for key in layout.AMOUNTS}
    kept = {key: amounts[key] for key in ("opening_fen", "closing_fen")}
    owed = {key: amounts[key] or 0 for key in ("receivable_fen", "payable_fen")}
    account = _text(values["account"], layout.head_cell("account"), found)
    sums = {key: amounts[key] for key in ("income_fen", "expense_fen")}
    return {"kept": {**kept, **owed, "account": account}, "sums": sums}


def _month(value: Any) -> str:
    if isinstance(value, date):  # datetime too: Excel likes to make a day of 2026-10
        return f"{value:%Y-%m}"
    return workbook.text_of(value)


def _foot(top: Sequence[Row], found: Read) -> dict[str, str]:
    return {key: _text(top[number][4], layout.foot_cell(key), found) for number, key in enumerate(FOOT)}


def _entries(rows: Iterable[Row], found: Read, tell: Callable[[int], None]) -> tuple[list[Entry], list[int]]:
    """The entries, and the Excel's row of each; rows without anything do not count."""
    entries: list[Entry] = []
    numbers: list[int] = []
    for number, row in enumerate(rows, start=layout.FIRST_ROW):
        if not any(value not in (None, "") for value in row):
            continue
        found.lines += 1
        if found.lines > MOST_LINES:
            break
        entry = _entry(number, len(entries) + 1, _padded(row), found)
        if entry is not None:
            entries.append(entry)
            numbers.append(number)
        if found.lines % TELL_EVERY == 0:
            tell(found.lines)
    return entries, numbers


def _entry(number: int, no: int, row: Row, found: Read) -> Entry | None:
    given = dict(zip(_KEYS, row, strict=True))
    before = len(found.errors)
    # Most cells are plain words: those are asked no further question.
    texts: dict[str, Any] = {
        key: value
        if isinstance(value := given[key], str) and value.isalnum()
        else _text(value, (number, key), found)
        for key in TEXTS
    }
    on = _day(given["on"], (number, "on"), found)
    income = _amount(given["income_fen"], (number, "income_fen"), found) or 0
    expense = _amount(given["expense_fen"], (number, "expense_fen"), found) or 0
    category = _category(given["category"], (number, "category"), found)
    papers = _papers(given["papers"], (number, "papers"), found)
    if on is None or len(found.errors) > before:
        return None
    return Entry(
        no=no, on=on, category=category, income_fen=income, expense_fen=expense, papers=papers, **texts
    )


def _text(value: Any, cell: Cell, found: Read) -> str:
    if value is None:
        return ""
    text = _plain(value) if isinstance(value, str) else workbook.text_of(value)
    if text.startswith("="):
        found.wrong(cell, "这里是公式，请粘贴成文字或数字。")
    # What an export of ours escaped comes back as it was.
    return text[1:] if text[:1] == "'" and text[1:2] in _RISKY else text


def _plain(text: str) -> str:
    """As it was typed: OOXML writes some characters as _x000D_, which the library leaves; a broken line is one line."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.strip() if text.isprintable() else _BREAKS.sub(" ", text).strip()


def _amount(value: Any, cell: Cell, found: Read) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.strip().startswith("="):
        found.wrong(cell, "这里是公式，请粘贴成数字。")
        return None
    try:
        return fen_of(value)
    except ValueError as error:
        shown = f"“{value[:20]}”：" if isinstance(value, str) else ""
        found.wrong(cell, f"{shown}{error}。")
        return None


def _day(value: Any, cell: Cell, found: Read) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value, cell, found)
    try:
        return day(text)
    except ValueError:
        found.wrong(cell, f"“{text[:20]}”不是日期，请写成 2026-10-05 这样。" if text else "日期必填。")
        return None


def _category(value: Any, cell: Cell, found: Read) -> str:
    text = _text(value, cell, found)
    category = by_label().get(text)
    if category is None:
        said = f"“{text[:20]}”不在类别表里" if text else "收支类别必填"
        found.wrong(cell, f"{said}，请从下拉列表中选择。")
        return ""
    return category.code


def _papers(value: Any, cell: Cell, found: Read) -> int:
    if value is None or value == "":
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        found.wrong(cell, "票据张数要是整数。")
        return 0
    return int(value)


def _judge(
    found: Read,
    content: Content,
    sums: dict[str, int | None],
    numbers: Sequence[int],
    opening_fen: int | None,
) -> None:
    """What the values say together: days, categories, sums, balances; else the content is good."""
    if not content.lines:
        found.wrong("", "表里没有一笔收支。")
    for key, total in (("income_fen", content.income_fen), ("expense_fen", content.expense_fen)):
        said = sums[key]
        if said is not None and said != total:
            found.wrong(
                layout.head_cell(key),
                f"合计写的是 {yuan(said)} 元，逐笔加起来是 {yuan(total)} 元，差 {yuan(abs(said - total))} 元。",
            )
    for fault in faults_of(content, opening_fen=opening_fen):
        found.wrong(_cell_of(fault, numbers), fault.message)
    if not found.errors:
        found.content = content


def _cell_of(fault: Fault, numbers: Sequence[int]) -> str:
    if fault.no is not None:
        return layout.line_cell(numbers[fault.no - 1], fault.field)
    if fault.field in FOOT:
        return layout.foot_cell(fault.field)
    return layout.head_cell(fault.field) if fault.field != "lines" else ""
