"""A month is filled in, balances to the fen, is sealed, shown with its persons masked, and corrected by another."""

from __future__ import annotations

from typing import Any

import pytest

from backend.finance.services import unseal
from backend.kernel.errors import Conflict, Invalid
from tests.api.finance.conftest import LINE, Books
from tests.factories.finance import clerk, inside, put_sheet
from tests.factories.identity import desk, place_id, visitor


def test_a_month_balances_to_the_fen(books: Books) -> None:
    """§4.3: opening + income - expense = closing, opening = last month's closing; nothing is saved otherwise."""
    put_sheet(books.app, "2026-01", opening_fen=100, shown=True)
    sheet = books.begin()
    assert (sheet["head"]["opening_fen"], sheet["expected_opening_fen"]) == (680045, 680045)
    before = books.count()
    wrong = books.save(sheet, LINE, opening_fen=680045, closing_fen=1480044)
    assert wrong.status_code == 422
    assert wrong.json["fields"] == {
        "head.closing_fen": [
            "表不平：上月结余 6,800.45 + 收入 8,000.00 − 支出 0.00 = 14,800.45 元，本月结余写的是 14,800.44 元，差 0.01 元。"
        ]
    }
    other = books.save(sheet, LINE, opening_fen=680046)
    assert "差 0.01 元" in other.json["fields"]["head.opening_fen"][0]
    faults = books.save(
        sheet,
        {**LINE, "on": "2026-03-01"},
        {**LINE, "category": "out_pay"},
        {**LINE, "expense_fen": 5},
        {**LINE, "income_fen": 0},
        {**LINE, "category": "plan_other"},
        {**LINE, "note": "\x07"},
    )
    assert list(faults.json["fields"]) == [
        "lines.1.on",
        "lines.2.category",
        "lines.3.expense_fen",
        "lines.4.income_fen",
        "lines.5.category",
        "lines.6.note",
    ]
    assert books.save(sheet, {**LINE, "income_fen": 80.5}).status_code == 422
    assert books.count() == before
    saved = books.save(sheet, LINE, closing_fen=1480045)
    assert saved.status_code == 200, saved.text
    assert (saved.json["head"]["closing_fen"], saved.json["version"]) == (1480045, 2)
    assert books.save(sheet, LINE).json["code"] == "changed_meanwhile"


def test_persons_are_masked_for_everybody_and_nobody_sees_it_before(books: Books) -> None:
    """OPEN-04, PI-06: entry by entry, persons masked, in the words and the foot too; before a notice 404."""
    sheet = books.begin()
    body: dict[str, Any] = {
        "version": sheet["version"],
        "head": {},
        "foot": {"director": "赵德厚", "objection_phone": "0632-2345678"},
        "lines": [
            LINE,
            {**LINE, "category": "out_pay", "income_fen": 0, "expense_fen": 1, "counterpart": "李建国",
             "words": "<b>支付李建国误工费</b>", "note": "电话13812345678", "witness": "赵德厚"},
        ],
    }  # fmt: skip
    path = f"/staff/finance-sheets/{sheet['id']}"
    assert books.clerk.call("PUT", path, json=body).status_code == 200
    assert books.seen(sheet["id"]).status_code == 404
    books.publish(sheet["id"])
    seen = books.seen(sheet["id"])
    assert seen.status_code == 200, seen.text
    for kept in ("建国", "德厚", "张伟", "1381234"):
        assert kept not in seen.text
    first, second = seen.json["lines"]
    assert (first["counterpart"], first["handler"], first["income_fen"]) == ("张某", "李某某", 800000)
    assert second["words"] == "<b>支付李某某误工费</b>"
    assert seen.json["foot"] == {"director": "赵某某", "objection_phone": "0632-2345678"}
    assert (seen.json["version"], seen.json["opening_matches"], len(seen.json["digest"])) == (1, None, 64)
    whole = desk(books.app, "jiandu1").get(path).json
    assert whole["lines"][1]["witness"] == "赵德厚"
    assert whole["lines"][1]["shown_as"]["witness"] == "赵某某"


def test_what_was_published_is_never_changed_but_corrected(books: Books) -> None:
    """OPEN-05: a correction is a sheet of its own; the old one stays readable as it was."""
    first = put_sheet(books.app, "2026-01", sealed=True)
    inside(books.app, lambda: unseal(clerk(), first))
    books.publish(first)
    page = books.clerk.get(f"/staff/finance-sheets/{first}").json
    refused = books.save(page, LINE)
    assert (refused.status_code, refused.json["code"]) == (409, "sheet_sealed")
    with pytest.raises(Conflict, match="sheet_shown"):
        inside(books.app, lambda: unseal(clerk(), first))
    assert page["may_correct"]
    correction = books.begin("2026-01")
    assert (correction["number"], len(correction["lines"])) == (2, 3)
    line = {**LINE, "on": "2026-01-05"}
    assert books.save(correction, line, opening_fen=0).status_code == 200
    books.publish(correction["id"])
    assert len(books.seen(first).json["lines"]) == 3
    assert books.seen(correction["id"]).json["version"] == 2
    charts = (
        visitor(books.app).get("/public/finance-charts", query_string={"village": page["village_id"]}).json
    )
    assert charts["months"] == [
        {
            "month": "2026-01",
            "sheet_id": correction["id"],
            "income_fen": 800000,
            "expense_fen": 0,
            "closing_fen": 800000,
        }
    ]


def test_a_year_beside_the_same_months_of_the_year_before(books: Books) -> None:
    for month in ("2025-01", "2025-02"):
        put_sheet(books.app, month, shown=True)
    put_sheet(books.app, "2026-02", opening_fen=None, shown=False)
    village = str(place_id(books.app, "V01"))
    open_page = visitor(books.app).get("/public/finance-charts", query_string={"village": village}).json
    assert (open_page["year"], open_page["years"]) == (2025, [2025])
    assert len(open_page["months"]) == 2
    empty = (
        visitor(books.app)
        .get("/public/finance-charts", query_string={"village": village, "year": "2024"})
        .json
    )
    assert (empty["months"], empty["categories"]) == ([], [])
    town = str(place_id(books.app, "dongwan"))
    assert visitor(books.app).get("/public/finance-charts", query_string={"village": town}).status_code == 404


def test_a_month_is_sealed_only_behind_the_one_before(books: Books) -> None:
    put_sheet(books.app, "2025-12", sealed=True)
    sheet = books.begin("2026-02")
    assert books.save(sheet, LINE).status_code == 200
    with pytest.raises(Invalid, match="month_missing"):
        books.publish(sheet["id"])


def test_a_sheet_lies_in_its_village(books: Books) -> None:
    """Another village's clerk gets what is not there; a month to come is none yet."""
    sheet = put_sheet(books.app)
    assert desk(books.app, "wenshu2").get(f"/staff/finance-sheets/{sheet}").status_code == 404
    assert desk(books.app, "wenshu2").get("/staff/finance-sheets").json["items"] == []
    assert [one["id"] for one in books.clerk.get("/staff/finance-sheets").json["items"]] == [str(sheet)]
    body = {"village_id": str(place_id(books.app, "V02")), "month": "2026-02"}
    assert books.clerk.post("/staff/finance-sheets", body, key="k1").status_code == 404
    body = {"village_id": str(place_id(books.app, "V01")), "month": "2026-04"}
    assert books.clerk.post("/staff/finance-sheets", body, key="k2").json["code"] == "bad_month"
    again = {**body, "month": "2026-02"}
    assert books.clerk.post("/staff/finance-sheets", again, key="k3").json["details"] == {"id": str(sheet)}
