"""What is asked of an Excel file before anything in it is parsed, and how it is opened.

Bounds come first, from the archive's own directory: bytes, unpacked bytes, members (zipfile never unpacks more of
a member than the directory promises, so a bomb cannot lie). Macros, old and locked files, document types in XML
are refused with their sentence; nothing of a file is ever run.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from backend.kernel.errors import Invalid, TooLarge

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_FILE = 10_000_000
LARGEST_UNPACKED = 80_000_000
MOST_MEMBERS = 300
#: what an attachment is shown of
TABLE_ROWS, TABLE_COLUMNS, LONGEST_CELL = 2_000, 40, 500
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 1 << 20
_OVERLAP = 256
_SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]{0,200}?ref="([A-Z]{1,3}[0-9]{1,7})(?::[A-Z]{1,3}[0-9]{1,7})?"'
)
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def demand_safe(data: bytes) -> None:
    """Refuse what must not be opened. Reads the archive's directory alone: cheap enough for a request.

    Raises TooLarge; Invalid: no .xlsx, an old or locked one, a macro. `fields.file` says which.
    """
    if len(data) > LARGEST_FILE:
        raise TooLarge(
            "sheet_too_large", f"文件太大了，最多 {LARGEST_FILE // 1_000_000} MB。请分成几个文件。"
        )
    if data.startswith(_OLE):
        raise _refused("old_excel", "这是旧格式（.xls）或者设了密码的文件，请另存为没有密码的 .xlsx 再上传。")
    infos = _directory(data)
    if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > LARGEST_UNPACKED:
        raise TooLarge(
            "sheet_unpacks_too_large",
            f"文件展开后超过 {LARGEST_UNPACKED // 1_000_000} MB，没有打开。请只保留要公开的表，分成几个文件。",
            fields={"file": ["展开后太大"]},
        )
    names = {info.filename.lower() for info in infos}
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise _refused("sheet_macro", "文件里有宏，不能上传。请另存为不带宏的 .xlsx 再上传。")
    if "[content_types].xml" not in names or not any(_SHEET.match(name) for name in names):
        raise not_excel()


def _directory(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            infos = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise not_excel() from error
    if any(info.flag_bits & 0x1 for info in infos):
        raise _refused("old_excel", "这个文件设了密码，请去掉密码再上传。")
    return infos


def _refused(code: str, message: str) -> Invalid:
    return Invalid(code, message, fields={"file": [message]})


def not_excel() -> Invalid:
    """The refusal of what is no .xlsx, or a broken one."""
    return _refused(
        "not_excel", "这不是能打开的 Excel 文件（.xlsx）。请用 Excel 或 WPS 另存为 .xlsx 再上传。"
    )


def merged_cells(data: bytes) -> list[str]:
    """The first cells of merged ranges, at most ten. Raises Invalid for a document type in XML.

    Openpyxl says nothing of them when it reads row by row, so the sheet's XML is looked through, piece by piece.
    """
    found: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for info in packed.infolist():
                if not info.filename.lower().endswith((".xml", ".rels")):
                    continue
                found += _look_through(packed, info)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, zlib.error) as error:
        raise not_excel() from error
    return found[:10]


def _look_through(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> list[str]:
    """Merged ranges of a sheet; a tag that lies across two pieces is seen whole, once."""
    merged: dict[str, None] = {}
    sheet = bool(_SHEET.match(info.filename))
    with packed.open(info) as member:
        text = b""
        while piece := member.read(_CHUNK):
            text = text[-_OVERLAP:] + piece
            if _DOCTYPE.search(text):
                raise not_excel()
            if sheet:
                merged |= dict.fromkeys(ref.decode() for ref in _MERGED.findall(text))
    return list(merged)


@contextmanager
def opened(data: bytes, *, values: bool = False) -> Iterator[Any]:
    """The workbook, read row by row (openpyxl, read-only). `values`: a formula's last value, not its text.

    Raises Invalid when the library cannot read it. Call demand_safe() before.
    """
    import openpyxl  # loaded by those who read a sheet: every process would carry it otherwise

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False, data_only=values)
    except Exception as error:  # the library raises what it stumbles over; all of it means: not readable
        raise not_excel() from error
    try:
        yield book
    finally:
        book.close()


def table_of(
    data: bytes, *, most_rows: int = TABLE_ROWS, most_columns: int = TABLE_COLUMNS
) -> list[list[str]]:
    """The first sheet as rows of texts, for an attachment that is shown on the page; formulas by their values.

    At most `most_rows` × `most_columns` cells of LONGEST_CELL characters; empty rows and columns at the end are
    left out. Raises TooLarge, Invalid.
    """
    demand_safe(data)
    merged_cells(data)
    rows: list[list[str]] = []
    with opened(data, values=True) as book:
        try:
            for cells in book.worksheets[0].iter_rows(
                max_row=most_rows, max_col=most_columns, values_only=True
            ):
                rows.append([text_of(cell)[:LONGEST_CELL] for cell in cells])
        except Exception as error:  # as above: read row by row, it stumbles here too
            raise not_excel() from error
    return _trimmed(rows)


def _trimmed(rows: Sequence[list[str]]) -> list[list[str]]:
    width = max(
        (len(row) - next((n for n, one in enumerate(reversed(row)) if one), len(row)) for row in rows),
        default=0,
    )
    height = max((number for number, row in enumerate(rows, start=1) if any(row)), default=0)
    return [(row + [""] * width)[:width] for row in rows[:height]]


def text_of(value: Any) -> str:
    """A cell's value as people read it: days as 2026-10-05, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if (value.hour, value.minute) == (0, 0)
            else value.isoformat(" ", "minutes")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()
