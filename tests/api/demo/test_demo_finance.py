"""The demonstration's village money: two villages, thirteen months, each beginning as the last one ended."""

from __future__ import annotations

from itertools import pairwise

from flask import Flask
from sqlalchemy import select

from backend.demo.finance import bring_finance
from backend.finance.models import FinanceLine, FinanceSheet
from backend.kernel.db import db
from tests.factories.finance import clerk, inside
from tests.factories.identity import place_id, visitor


def test_thirteen_months_of_two_villages(app: Flask) -> None:
    village, town = place_id(app, "V01"), place_id(app, "dongwan")

    def told() -> list[FinanceSheet]:
        staff = {"clerk01": clerk("wenshu1"), "clerk02": clerk("wenshu2")}
        assert bring_finance(town, staff) == 26
        rows = select(FinanceSheet).where(FinanceSheet.village_id == village).order_by(FinanceSheet.month)
        return list(db.session.scalars(rows))

    sheets = inside(app, told)
    assert [one.month for one in sheets] == [f"2025-{n:02d}" for n in range(2, 13)] + ["2026-01", "2026-02"]
    assert all(then.closing_fen == now.opening_fen for then, now in pairwise(sheets))
    assert [one.shown for one in sheets] == [True] * 12 + [False]
    assert all(one.state == "sealed" and one.closing_fen > 0 for one in sheets)
    names = {
        row.shown["handler"] for row in inside(app, lambda: list(db.session.scalars(select(FinanceLine))))
    }
    assert names == {"李某某"}
    charts = visitor(app).get("/public/finance-charts", query_string={"village": str(village)}).json
    assert charts["years"] == [2026, 2025]
