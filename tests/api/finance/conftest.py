"""The clerk of 湾头村 at the desk, and what everybody sees of her sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from backend.finance.models import FinanceLine, FinanceSheet
from backend.finance.services import seal, show
from backend.kernel.db import db
from tests.factories.finance import MONTH, clerk, inside
from tests.factories.finance_files import send
from tests.factories.identity import Caller, desk, place_id, visitor

LINE = {
    "on": "2026-02-05",
    "voucher": "记1",
    "words": "收到鱼塘承包费",
    "category": "in_contract",
    "income_fen": 800000,
    "counterpart": "张伟",
    "handler": "李建国",
    "papers": 1,
}


@dataclass
class Books:
    """湾头村's books."""

    app: Flask
    clerk: Caller
    run_jobs: Callable[[], Counter[str]]

    def begin(self, month: str = MONTH) -> Any:
        """An empty sheet of a month."""
        made = self.clerk.post(
            "/staff/finance-sheets",
            {"village_id": str(place_id(self.app, "V01")), "month": month},
            key=f"begin-{month}-{self.count()}",
        )
        assert made.status_code == 201, made.text
        return made.json

    def save(self, sheet: Any, *lines: dict[str, Any], **head: Any) -> Any:
        """Save these entries; the answer."""
        body = {"version": sheet["version"], "head": head, "lines": list(lines)}
        return self.clerk.call("PUT", f"/staff/finance-sheets/{sheet['id']}", json=body)

    def bring(self, data: bytes, month: str = MONTH, **form: str) -> Any:
        """Send an Excel in and let the worker work; the job as it is then, or the refusal."""
        sent = send(self.app, self.clerk, data, month, **form)
        if sent.status_code != 201:
            return sent.json
        self.run_jobs()
        seen = self.clerk.get(f"/staff/finance-imports/{sent.json['id']}")
        assert seen.status_code == 200, seen.text
        return seen.json

    def publish(self, sheet_id: str | int) -> None:
        """What a notice does with it: sealed when it is submitted, shown when it is published."""

        def done() -> None:
            seal(clerk(), int(sheet_id))
            show(int(sheet_id))

        inside(self.app, done)

    def seen(self, sheet_id: str | int, **query: str) -> Any:
        """As everybody sees it."""
        return visitor(self.app).get(f"/public/finance-sheets/{sheet_id}", query_string=query)

    def count(self) -> int:
        """How many rows of sheets and entries there are."""
        return int(
            inside(
                self.app,
                lambda: sum(
                    db.session.scalar(db.select(db.func.count()).select_from(model)) or 0
                    for model in (FinanceSheet, FinanceLine)
                ),
            )
        )


@pytest.fixture
def books(app: Flask, run_jobs: Callable[[], Counter[str]]) -> Books:
    """湾头村's books, without a sheet yet."""
    return Books(app, desk(app, "wenshu1"), run_jobs)
