"""Writing sheets: row by row to a file (constant memory), nothing in it that a program would run.

A text that begins with = + - @ gets an apostrophe before it: Excel, or whatever opens the file when it
was saved as CSV later, must not take a resident's words for a formula (OWASP: CSV injection).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from backend.sheets.kinds import Column, Fault, SheetKind, SheetRow
from backend.sheets.reading import FAULT_TITLE

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_000
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def safe(value: Any) -> Any:
    """A cell's value: numbers as they are, text that a program could run made plain, nothing too long."""
    if value is None or isinstance(value, bool):
        return "" if value is None else ("是" if value else "否")
    if isinstance(value, int | float):
        return value
    text = str(value)[:LONGEST_CELL]
    return f"'{text}" if text.startswith(_RISKY) else text


def table(columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, title: str = "数据") -> bytes:
    """A sheet with a header and these rows."""
    return _made(lambda book: _fill(book, columns, rows, title))


def template(kind: SheetKind) -> bytes:
    """The empty sheet of a kind: choices offered in the cells, and a page that explains the columns."""

    def make(book: Any) -> None:
        sheet = _head(book, kind.columns, "数据")
        for at, column in enumerate(kind.columns):
            if column.choices and len(",".join(column.choices)) < 250:
                sheet.data_validation(1, at, 5000, at, {"validate": "list", "source": list(column.choices)})
        told = book.add_worksheet("填写说明")
        told.set_column(0, 0, 18)
        told.set_column(1, 1, 70)
        told.set_column(2, 2, 24)
        lines = [
            (c.title, ("必填。" if c.required else "可不填。") + (c.hint or "、".join(c.choices)), example)
            for c, example in zip(kind.columns, (*kind.example, *[""] * len(kind.columns)), strict=False)
        ]
        bold = book.add_format({"bold": True})
        for at, word in enumerate(("列", "怎么填", "例子")):
            told.write_string(0, at, word, bold)
        for number, line in enumerate(lines, start=1):
            for at, word in enumerate(line):
                told.write_string(number, at, word)
        if kind.note:
            told.write_string(len(lines) + 2, 0, kind.note)

    return _made(make)


def with_faults(columns: Sequence[Column], rows: Iterable[SheetRow], faults: Iterable[Fault]) -> bytes:
    """The rows as they were sent in, with what is wrong beside each and its cells in red."""
    by_row: dict[int | None, list[Fault]] = {}
    for fault in faults:
        by_row.setdefault(fault.number, []).append(fault)

    def make(book: Any) -> None:
        red = book.add_format({"bg_color": "#FDE5E3", "font_color": "#A8231B"})
        sheet = _head(book, (*columns, Column("_", FAULT_TITLE, width=60)), "数据")
        number = 0
        for number, row in enumerate(rows, start=1):
            wrong = by_row.get(row.number, [])
            cells = {fault.column for fault in wrong}
            for at, column in enumerate(columns):
                _write(sheet, number, at, row.texts.get(column.key), red if column.key in cells else None)
            if wrong:
                sheet.write_string(number, len(columns), "；".join(f.sentence for f in wrong), red)
        for fault in by_row.get(None, []):
            number += 1
            sheet.write_string(number, len(columns), fault.sentence, red)

    return _made(make)


def _made(make: Any) -> bytes:
    import xlsxwriter  # loaded by those who write a sheet: every process would carry it otherwise

    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        path = Path(folder) / "sheet.xlsx"
        book = xlsxwriter.Workbook(str(path), _OPTIONS | {"tmpdir": folder})
        make(book)
        book.close()
        return path.read_bytes()


def _fill(book: Any, columns: Sequence[Column], rows: Iterable[Sequence[Any]], title: str) -> None:
    sheet = _head(book, columns, title)
    for number, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            _write(sheet, number, at, value, None)


def _head(book: Any, columns: Sequence[Column], title: str) -> Any:
    sheet = book.add_worksheet(title)
    style: Mapping[str, Any] = {"bold": True, "bg_color": "#EEF8F7", "bottom": 1}
    plain, needed = book.add_format(style), book.add_format({**style, "font_color": "#A33A1D"})
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
    for at, column in enumerate(columns):
        text = f"{column.title}*" if column.required else column.title
        sheet.write_string(0, at, text, needed if column.required else plain)
    sheet.freeze_panes(1, 0)
    return sheet


def _write(sheet: Any, row: int, at: int, value: Any, style: Any) -> None:
    cell = safe(value)
    if isinstance(cell, int | float) and abs(cell) < 1e15:
        sheet.write_number(row, at, cell, style)
    else:
        sheet.write_string(row, at, str(cell), style)
