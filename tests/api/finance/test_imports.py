"""A village's Excel: taken whole, or refused with the cell or the reason and nothing saved."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest

from backend.finance import jobs, workbook
from backend.finance.entries import Entry
from tests.api.finance.conftest import Books
from tests.factories.finance import MONTH, inside, put_sheet
from tests.factories.finance_files import VILLAGE, month_file, send

OTHER_MONTH = "2026-01"


def test_an_excel_is_refused_with_its_cells_and_nothing_is_saved(books: Books) -> None:
    """Every fault that a table in tests/unit/finance/test_reading.py knows goes this way."""

    def change(sheet: Any) -> None:
        sheet["G13"], sheet["F12"] = "=SUM(F12:F13)", "八千"
        sheet.merge_cells("A20:C20")

    job = books.bring(month_file(change=change))
    assert (job["state"], job["sheet_id"]) == ("refused", None)
    assert [error["cell"] for error in job["errors"]] == ["A20", "F12", "G13"]
    assert "公式" in job["errors"][2]["message"]
    assert books.count() == 0


def packed(members: dict[str, bytes], data: bytes | None = None) -> bytes:
    """The file with these members as well."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        if data is not None:
            with zipfile.ZipFile(io.BytesIO(data)) as given:
                for name in set(given.namelist()) - members.keys():
                    made.writestr(name, given.read(name))
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def test_what_must_not_be_opened_is_refused_at_once(books: Books) -> None:
    """Macros, bombs, old and broken files: refused before anything in them is parsed, with the reason."""
    good = month_file()
    refused = {
        "sheet_macro": packed({"xl/vbaProject.bin": b"\0"}, good),
        "sheet_unpacks_too_large": packed({"xl/media/zeros.bin": bytes(workbook.LARGEST_UNPACKED)}, good),
        "old_excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
        "not_excel": b"%PDF-1.7",
        "sheet_too_large": bytes(workbook.LARGEST_FILE + 1),
    }
    for code, data in refused.items():
        assert len(data) < workbook.LARGEST_FILE or code == "sheet_too_large"
        answer = send(books.app, books.clerk, data, key=code)
        assert answer.status_code in {413, 422}
        assert answer.json["code"] == code
    bomb = packed({"xl/worksheets/sheet1.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}, good)
    broken = packed({"xl/workbook.xml": b"<workbook>"}, good)
    for data in (bomb, broken, good[: len(good) // 2] + good[-200:]):
        job = books.bring(data)
        assert job.get("code", job.get("state")) in {"not_excel", "refused"}
    assert books.count() == 0


def test_too_many_lines_are_refused_with_the_bound(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    """100,000 lines: the reading ends at the bound, whatever the file goes on to say."""
    out = io.BytesIO()
    book = openpyxl.load_workbook(io.BytesIO(month_file()))
    monkeypatch.setattr("backend.finance.reading.MOST_LINES", 10)
    for row in range(15, 30):
        book.worksheets[0].cell(row, 1, row)
    book.save(out)
    job = books.bring(out.getvalue())
    assert job["errors"] == [{"cell": "", "message": "一张表最多 10 笔，这份文件超过了，没有导入。"}]
    assert books.count() == 0


def test_a_good_file_is_taken_whole_with_its_progress(books: Books) -> None:
    put_sheet(books.app, OTHER_MONTH, opening_fen=5, sealed=True)
    opening = 5 + 800000 - 120055
    wrong = books.bring(month_file(opening_fen=5))
    assert [error["cell"] for error in wrong["errors"]] == ["B4"]
    lines = tuple(
        Entry(no, date(2026, 2, 1), f"第{no}笔", "in_other", no, 0, handler="李建国") for no in range(1, 1201)
    )
    told: list[tuple[int, int]] = []
    tell = jobs._telling
    jobs._telling = lambda job_id: lambda *at: (told.append(at), tell(job_id)(*at))[0]  # type: ignore[assignment,misc]
    try:
        job = books.bring(month_file(lines=lines, opening_fen=opening))
    finally:
        jobs._telling = tell
    assert told == [(1000, 1200)]
    assert (job["state"], job["done"], job["total"], job["errors"]) == ("done", 1200, 1200, [])
    sheet = books.clerk.get(f"/staff/finance-sheets/{job['sheet_id']}").json
    assert (sheet["lines_total"], sheet["income_fen"]) == (1200, 1200 * 1201 // 2)
    assert sheet["lines"][1199]["handler"] == "李建国"
    # What somebody filled in is replaced only by who says which version they saw.
    again = month_file(opening_fen=opening)
    assert books.bring(again)["code"] == "sheet_open"
    replaced = books.bring(again, version=str(sheet["version"]))
    assert (replaced["state"], replaced["sheet_id"]) == ("done", sheet["id"])
    books.publish(sheet["id"])
    assert books.bring(again, version="99")["code"] == "sheet_sealed"


def test_a_sheet_that_was_sealed_meanwhile_is_left_alone(books: Books) -> None:
    """Between sending and working the sheet went to be signed: the worker asks again."""
    sheet = put_sheet(books.app)
    version = str(books.clerk.get(f"/staff/finance-sheets/{sheet}").json["version"])
    sent = send(books.app, books.clerk, month_file(), version=version)
    assert sent.status_code == 201, sent.text
    books.publish(sheet)
    books.run_jobs()
    job = books.clerk.get(f"/staff/finance-imports/{sent.json['id']}").json
    assert job["state"] == "refused"
    assert "已经定稿" in job["errors"][0]["message"]


def test_the_template_of_a_month_comes_back_filled_in(books: Books) -> None:
    put_sheet(books.app, OTHER_MONTH, sealed=True)
    village = books.clerk.get("/staff/finance-sheets").json["items"][0]["village_id"]
    got = books.clerk.get("/staff/finance-sheets/template", query_string={"village": village, "month": MONTH})
    assert got.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(got.data))
    sheet = book.worksheets[0]
    assert [sheet[cell].value for cell in ("B1", "B2", "B4", "B7")] == [VILLAGE, MONTH, 6799.45, None]
    assert not sheet.merged_cells.ranges
    for column, value in zip("BDEFG", ("2026-02-03", "收到捐款", "社会捐赠款项", 100.1, None), strict=True):
        sheet[f"{column}12"] = value
    out = io.BytesIO()
    book.save(out)
    job = books.bring(out.getvalue())
    assert job["errors"] == []
    page = books.clerk.get(f"/staff/finance-sheets/{job['sheet_id']}").json
    assert (page["opening_fen"], page["income_fen"], page["closing_fen"]) == (679945, 10010, 689955)


def test_files_go_after_a_day_and_jobs_after_a_month(books: Books, clock: Any) -> None:
    books.bring(month_file())
    clock.advance(timedelta(days=2))
    assert inside(books.app, jobs.purge) == 0
    clock.advance(timedelta(days=30))
    assert inside(books.app, jobs.purge) == 1
