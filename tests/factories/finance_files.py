"""Excel files of finance sheets, good ones and bad ones."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
from flask import Flask

from backend.finance import writing
from backend.finance.entries import Content
from tests.factories.finance import MONTH, entries
from tests.factories.identity import Caller, place_id

VILLAGE = "湾头村"
Change = Callable[[Any], None]


def month_file(month: str = MONTH, change: Change | None = None, **given: Any) -> bytes:
    """The month's Excel with three entries, as an export writes it; `change` does something to its first sheet."""
    content = Content(**{"month": month, "lines": entries(month), "opening_fen": 0, **given})
    closing = (content.opening_fen or 0) + content.income_fen - content.expense_fen
    made = writing.export(VILLAGE, Content(**{**content.__dict__, "closing_fen": closing}))
    if change is None:
        return made
    book = openpyxl.load_workbook(io.BytesIO(made))
    change(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(
    app: Flask,
    caller: Caller,
    data: bytes,
    month: str = MONTH,
    *,
    village: str = "V01",
    key: str = "",
    **form: str,
) -> Any:
    """Send a file in; the answer."""
    body = {
        "village_id": str(place_id(app, village)),
        "month": month,
        "name": f"{month}.xlsx",
        "file": (io.BytesIO(data), "sheet.xlsx"),
        **form,
    }
    headers = {"Idempotency-Key": key or f"{caller.id}-{month}-{hash(data)}-{form.get('version')}"}
    return caller.call(
        "POST", "/staff/finance-imports", data=body, content_type="multipart/form-data", headers=headers
    )


def send_month(app: Flask, caller: Caller, month: str = MONTH) -> Any:
    """Send a good month in; the job."""
    answer = send(app, caller, month_file(month), month)
    assert answer.status_code == 201, answer.text
    return answer.json
