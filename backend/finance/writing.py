"""A sheet as Excel: the template of a month, and the export that imports back as the same sheet.

A text that begins with = + - @ gets an apostrophe before it, so that no program takes it for a formula (OWASP:
CSV injection); the import takes it off again.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from backend.finance import layout
from backend.finance.categories import DIRECTION_LABELS, label_of, of_entries
from backend.finance.entries import Content, Entry, last_day, month_label
from backend.finance.money import cell

_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_RISKY = ("=", "+", "-", "@", "'")
#: how far down the template offers its lists
OFFERED = 2_000


def template(village: str, month: str, opening_fen: int | None) -> bytes:
    """The empty Excel of a month: village, month and last month's balance stand there already."""
    return _made(village, Content(month, (), opening_fen=opening_fen), empty=True)


def export(village: str, content: Content) -> bytes:
    """The sheet with its people, as it was filled in; for staff who may read it."""
    return _made(village, content, empty=False)


def safe(text: str) -> str:
    """A text that no program runs."""
    return f"'{text}" if text.startswith(_RISKY) else text


def _made(village: str, content: Content, *, empty: bool) -> bytes:
    import xlsxwriter  # loaded by those who write a sheet: every process would carry it otherwise

    with tempfile.TemporaryDirectory(prefix="finance-") as folder:
        path = Path(folder) / "sheet.xlsx"
        book = xlsxwriter.Workbook(str(path), _OPTIONS | {"tmpdir": folder})
        sheet = book.add_worksheet(layout.SHEET_NAME)
        _fill(book, sheet, village, content, empty)
        _categories(book, sheet, content.month)
        book.close()
        return path.read_bytes()


def _fill(book: Any, sheet: Any, village: str, content: Content, empty: bool) -> None:
    label = book.add_format({"bold": True, "bg_color": "#EEF8F7"})
    money = book.add_format({"num_format": "#,##0.00"})
    for at, (_, _, width) in enumerate(layout.COLUMNS):
        sheet.set_column(at, at, width)
    head = _head(village, content, empty)
    for row in range(layout.TITLE_ROW - 1):
        if row < len(layout.HEAD):
            key, title = layout.HEAD[row]
            sheet.write_string(row, 0, title, label)
            _put(sheet, row, 1, head[key], money)
        if row < len(layout.FOOT_ROWS):
            key, title = layout.FOOT_ROWS[row]
            sheet.write_string(row, 3, title, label)
            _put(sheet, row, 4, content.foot.get(key, ""), money)
    for at, (_, title, _) in enumerate(layout.COLUMNS):
        sheet.write_string(layout.TITLE_ROW - 1, at, title, label)
    for row, line in enumerate(content.lines, start=layout.FIRST_ROW - 1):
        _line(sheet, row, line, money)
    sheet.freeze_panes(layout.TITLE_ROW, 0)


def _head(village: str, content: Content, empty: bool) -> dict[str, Any]:
    said = {key: None if empty else cell(getattr(content, key) or 0) for key in layout.AMOUNTS}
    opening = None if content.opening_fen is None else cell(content.opening_fen)
    return {
        **said,
        layout.VILLAGE: village,
        layout.MONTH: content.month,
        "account": content.account,
        "opening_fen": opening,
    }


def _line(sheet: Any, row: int, line: Entry, money: Any) -> None:
    for at, (key, _, _) in enumerate(layout.COLUMNS):
        value = getattr(line, key)
        if key in ("income_fen", "expense_fen"):
            value = cell(value) if value else None
        elif key == "category":
            value = label_of(value)
        elif key == "on":
            value = value.isoformat()
        _put(sheet, row, at, value, money if key.endswith("_fen") else None)


def _put(sheet: Any, row: int, at: int, value: Any, style: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(row, at, safe(value))
    else:
        sheet.write_number(row, at, value, style)


def _categories(book: Any, sheet: Any, month: str) -> None:
    """The lists that the template offers, and what they mean, on a second page."""
    told = book.add_worksheet(layout.CATEGORY_SHEET)
    told.set_column(0, 1, 44)
    bold = book.add_format({"bold": True})
    for at, word in enumerate(("收支类别", "记在哪一栏")):
        told.write_string(0, at, word, bold)
    entries = list(of_entries().values())
    for row, one in enumerate(entries, start=1):
        told.write_string(row, 0, one.label)
        told.write_string(row, 1, DIRECTION_LABELS[one.direction])
    hints = (
        f"只填{month_label(month)}1日到{last_day(month).day}日的收支，一笔一行；不要合并单元格，不要用公式。",
        "金额单位是元，最多两位小数；收入和支出一行只填一个；冲销请记在另一栏。",
        "合计和本月结余可以不填，程序会算；填了就要和逐笔的数字一致，差一分也不能导入。",
    )
    for row, hint in enumerate(hints, start=len(entries) + 2):
        told.write_string(row, 0, hint)
    at = next(n for n, (key, _, _) in enumerate(layout.COLUMNS) if key == "category")
    first = layout.FIRST_ROW - 1
    offered = {"validate": "list", "source": f"={layout.CATEGORY_SHEET}!$A$2:$A${len(entries) + 1}"}
    sheet.data_validation(first, at, first + OFFERED, at, offered)
