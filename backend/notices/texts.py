"""What may not stand in a notice: phone, identity, bank and plate numbers of people (OPEN-17, PIPL 25). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backend.comments import marks
from backend.kernel.errors import Invalid


def demand_clean(texts: Mapping[str, str]) -> None:
    """Invalid with every place marked, in `details.marks` and under each field; nothing is kept then."""
    found = [(field, mark) for field, text in texts.items() for mark in marks.find(text)]
    if not found:
        return
    fields: dict[str, list[str]] = {}
    for field, mark in found:
        fields.setdefault(field, []).append(f"第 {mark.start + 1} 个字起：{mark.label}")
    raise _refused([mark.label for _, mark in found], fields, [_place(*one) for one in found])


def demand_clean_table(table: Sequence[Sequence[str]]) -> None:
    """The same of the cells of a table that is to be shown; the sentence names them."""
    found = [
        (f"{column_name(column)}{row}", mark.label)
        for row, cells in enumerate(table, start=1)
        for column, cell in enumerate(cells)
        for mark in marks.find(cell)
    ]
    if found:
        where = [f"{cell}：{label}" for cell, label in found[:20]]
        raise _refused([label for _, label in found], {"file": where}, [])


def column_name(index: int) -> str:
    """A, B, … Z, AA: as a spreadsheet calls its columns; `index` from 0."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _place(field: str, mark: marks.Mark) -> dict[str, Any]:
    return {
        "field": field,
        "start": mark.start,
        "end": mark.end,
        "what": mark.what,
        "label": mark.label,
    }


def _refused(labels: Sequence[str], fields: Mapping[str, Any], places: Sequence[Any]) -> Invalid:
    what = "、".join(dict.fromkeys(labels))
    sentence = f"里面像是有{what}，请去掉标出的地方再保存，您写的内容还在。"
    return Invalid("personal_data", sentence, fields=dict(fields), details={"marks": list(places)})
