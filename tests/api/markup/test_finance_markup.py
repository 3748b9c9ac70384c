"""Cells of a finance sheet, typed or from an Excel, are text on screen, in Excel and on the page for the board."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable

import openpyxl
from flask import Flask
from pypdf import PdfReader

from tests.api.finance.conftest import LINE, Books
from tests.api.markup.test_neighbours_markup import Planting, done
from tests.factories.identity import desk
from tests.fakes.platform import RecordingPlatform

WORDS = ("counterpart", "handler", "witness", "approver", "note")


def test_every_cell_of_a_sheet_typed_exported_brought_in_and_printed(
    app: Flask, platform: RecordingPlatform, run_jobs: Callable[[], Counter[str]], planting: Planting
) -> None:
    planter = planting("staff/finance-sheets.*")
    books = Books(app, desk(app, "wenshu1"), run_jobs)
    sheet = books.begin()
    lines = [LINE | dict.fromkeys(WORDS, "某") | {"voucher": f"记{n}"} for n in range(12)]
    sheet = done(books.save(sheet, *lines, account="基本账户", opening_fen=0))
    assert planter.left_out() == []
    assert planter.lost() == []
    seen = [done(books.clerk.get(f"/staff/finance-sheets/{sheet['id']}"))]
    path = f"/staff/finance-sheets/{sheet['id']}"
    excel = books.clerk.get(f"{path}/export")
    assert excel.status_code == 200
    cells = [one for row in openpyxl.load_workbook(io.BytesIO(excel.data)).worksheets[0] for one in row]
    assert {one.data_type for one in cells} <= {"s", "n"}, "no formula"
    assert not [one for one in cells if str(one.value)[:1] in "=+-@" and one.data_type == "s"]
    brought = books.bring(excel.data, version=str(seen[0]["version"]))
    assert brought["state"] == "done", brought
    seen.append(done(books.clerk.get(path)))
    typed, imported = (
        [{k: v for k, v in line.items() if k in LINE or k in WORDS} for line in s["lines"]] for s in seen
    )
    assert typed == imported
    asked = done(books.clerk.post(f"{path}/print", key="print"))
    run_jobs()
    job = done(books.clerk.get(f"/staff/finance-prints/{asked['id']}"))
    assert job["state"] == "done"
    pdf = books.clerk.get(f"/staff/finance-prints/{asked['id']}/file").data
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages)
    assert "#eval(" in text.replace("\n", "")
    assert "{{ 7*7 }}" in text.replace("\n", "")
