"""Reading a sheet that somebody sent: never more of it than allowed, nothing of it run.

Bounds before anything is parsed: bytes, unpacked bytes (a zip bomb is refused by its own directory),
rows. A macro or a formula is refused with its sentence.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from backend.kernel.errors import Invalid, TooLarge
from backend.sheets.kinds import Column, Fault, SheetRow

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

LARGEST_FILE = 5_000_000
LARGEST_UNPACKED = 60_000_000
MOST_ROWS = 2000
#: the column that the error file adds; a mended error file may be sent in as it is
FAULT_TITLE = "错误"
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def demand_sheet(data: bytes, columns: Sequence[Column]) -> int:
    """Refuse at once what can be seen at once; roughly how many rows there are.

    Raises TooLarge, or Invalid: no Excel file, a macro, a missing or unknown column, too many rows.
    """
    if len(data) > LARGEST_FILE:
        raise TooLarge(
            "sheet_too_large", f"文件太大了，最多 {LARGEST_FILE // 1_000_000} MB。请分成几个文件。"
        )
    _demand_safe_zip(data)
    with _opened(data) as sheet:
        header = _header(sheet)
        _demand_columns(header, columns)
        rows = max(0, int(sheet.max_row or 1) - 1)
    if rows > MOST_ROWS * 4:  # the sheet's own word; the rows that hold something are counted later
        raise _too_many()
    return min(rows, MOST_ROWS)


def _demand_safe_zip(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            infos = packed.infolist()
    except zipfile.BadZipFile as error:
        raise _not_excel() from error
    if sum(info.file_size for info in infos) > LARGEST_UNPACKED:
        raise TooLarge("sheet_too_large", "文件展开后太大了，请分成几个文件。")
    names = {info.filename.lower() for info in infos}
    if any("vbaproject" in name for name in names):
        raise Invalid(
            "sheet_macro", "文件里有宏，不能导入。请另存为不带宏的 .xlsx 再上传。", fields={"file": ["有宏"]}
        )
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise _not_excel()


def _not_excel() -> Invalid:
    return Invalid(
        "not_excel", "这不是 Excel 文件（.xlsx）。请用下载的模板填写后上传。", fields={"file": ["不是 .xlsx"]}
    )


def _too_many() -> Invalid:
    return Invalid(
        "too_many_rows", f"一次最多导入 {MOST_ROWS} 行，请分成几个文件。", fields={"file": ["行数太多"]}
    )


@contextmanager
def _opened(data: bytes) -> Iterator[ReadOnlyWorksheet]:
    import openpyxl  # loaded by those who read a sheet: every process would carry it otherwise

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    except Exception as error:  # the library raises what it stumbles over; all of it means: not readable
        raise _not_excel() from error
    try:
        yield book.worksheets[0]
    finally:
        book.close()


def _header(sheet: Any) -> list[str]:
    first = next(sheet.iter_rows(min_row=1, max_row=1), ())
    return [_text(cell).removesuffix("*").strip() for cell in first]


def _demand_columns(header: Sequence[str], columns: Sequence[Column]) -> None:
    known = {column.title for column in columns}
    missing = [column.title for column in columns if column.required and column.title not in header]
    unknown = [title for title in header if title and title not in known and title != FAULT_TITLE]
    twice = sorted({title for title in header if title and header.count(title) > 1})
    said = []
    if missing:
        said.append(f"缺少列：{'、'.join(missing)}")
    if unknown:
        said.append(f"不认识的列：{'、'.join(unknown[:10])}")
    if twice:
        said.append(f"重复的列：{'、'.join(twice)}")
    if said:
        raise Invalid(
            "sheet_columns", f"第一行的列名和模板不一样。{'；'.join(said)}。请用下载的模板填写。",
            fields={"file": said},
        )  # fmt: skip


def read_rows(
    data: bytes, columns: Sequence[Column], skip: int, most: int
) -> tuple[list[SheetRow], list[Fault], bool]:
    """Up to `most` rows that hold something, behind the first `skip` of them; faults; whether there are more.

    Rows whose cells are all empty do not count. Raises Invalid beyond MOST_ROWS.
    """
    rows: list[SheetRow] = []
    faults: list[Fault] = []
    with _opened(data) as sheet:
        places = _places(_header(sheet), columns)
        held = 0
        for number, cells in enumerate(sheet.iter_rows(min_row=2), start=2):
            if not any(_text(cells[at]) for at in places.values() if at < len(cells)):
                continue
            held += 1
            if held > MOST_ROWS:
                raise _too_many()
            if held <= skip:
                continue
            if len(rows) == most:
                return rows, faults, True
            row, wrong = _row(number, cells, places, columns)
            rows.append(row)
            faults += wrong
    return rows, faults, False


def _places(header: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    return {column.key: header.index(column.title) for column in columns if column.title in header}


def _row(
    number: int, cells: Sequence[Any], places: dict[str, int], columns: Sequence[Column]
) -> tuple[SheetRow, list[Fault]]:
    texts: dict[str, str] = {}
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in columns:
        at = places.get(column.key)
        cell = cells[at] if at is not None and at < len(cells) else None
        texts[column.key] = text = _text(cell)
        try:
            values[column.key] = _value(column, cell, text)
        except ValueError as error:
            faults.append(Fault(number, column.key, str(error)))
    return SheetRow(number, texts, values), faults


def _value(column: Column, cell: Any, text: str) -> Any:
    if cell is not None and getattr(cell, "data_type", "") == "f":
        raise ValueError(f"{column.title}里是公式，请粘贴成文字或数字")
    if not text:
        if column.required:
            raise ValueError(f"{column.title}必填")
        return None
    if len(text) > column.longest:
        raise ValueError(f"{column.title}最多 {column.longest} 个字")
    if column.choices and text not in column.choices:
        raise ValueError(f"{column.title}只能是：{'、'.join(column.choices)}")
    return column.read(text)


def _text(cell: Any) -> str:
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    # What an export of ours escaped comes back as it was.
    return text[1:] if text.startswith("'") and text[1:2] in _RISKY else text
