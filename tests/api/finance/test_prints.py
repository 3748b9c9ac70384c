"""The page for the board in the village (OPEN-06): A3 across, persons masked, made by the worker in parts."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from pypdf import PdfReader

from backend.finance.entries import Entry
from tests.api.finance.conftest import Books
from tests.factories.finance import put_sheet
from tests.factories.identity import desk


def test_the_page_for_the_board_is_set_in_parts(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.finance.set_board.PART", 60)
    lines = tuple(
        Entry(
            no,
            date(2026, 2, 1),
            "付路灯电费",
            "out_operation",
            0,
            100,
            handler="李建国",
            counterpart="供电所",
        )
        for no in range(1, 101)
    )
    sheet = put_sheet(books.app, lines=lines)
    path = f"/staff/finance-sheets/{sheet}/print"
    asked = books.clerk.post(path, key="print").json
    assert (asked["state"], asked["total"]) == ("queued", 100)
    early = books.clerk.get(f"/staff/finance-prints/{asked['id']}/file")
    assert (early.status_code, early.json["code"]) == (404, "file_gone")
    books.run_jobs()
    job = books.clerk.get(f"/staff/finance-prints/{asked['id']}").json
    assert (job["state"], job["done"], job["total"]) == ("done", 100, 100)
    got = books.clerk.get(f"/staff/finance-prints/{asked['id']}/file")
    assert got.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(got.data)).pages
    assert {(round(one.mediabox.width), round(one.mediabox.height)) for one in pages} == {(1191, 842)}
    text = "".join(one.extract_text() for one in pages)
    for number in range(1, len(pages) + 1):
        assert re.search(rf"第 ?{number} ?页", pages[number - 1].extract_text())
    assert text.count("付路灯电费") == 100
    assert "李某某" in text
    assert "建国" not in text
    assert desk(books.app, "shuji1").get(f"/staff/finance-prints/{asked['id']}/file").status_code == 404
