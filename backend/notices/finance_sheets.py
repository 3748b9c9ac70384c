"""What a notice needs to know of the sheet it is published with: the one place that reads its rows."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from backend.finance.models import FinanceLine, FinanceSheet
from backend.kernel.db import db


def of(sheet_id: int | None) -> FinanceSheet | None:
    """The sheet; None for none."""
    return db.session.get(FinanceSheet, sheet_id) if sheet_id is not None else None


def have_line(sheet_ids: Collection[int], number: int) -> bool:
    """Whether one of the sheets has an entry of that number."""
    wanted = select(FinanceLine.no).where(FinanceLine.sheet_id.in_(sheet_ids), FinanceLine.no == number)
    return db.session.scalar(wanted.limit(1)) is not None
