"""What a notice needs to know of the sheet it is published with: the one place that reads its rows."""

from __future__ import annotations

from sqlalchemy import select

from backend.finance.models import FinanceLine, FinanceSheet
from backend.kernel.db import db


def of(sheet_id: int | None) -> FinanceSheet | None:
    """The sheet; None for none."""
    return db.session.get(FinanceSheet, sheet_id) if sheet_id is not None else None


def has_line(sheet_id: int, number: int) -> bool:
    """Whether the sheet has an entry of that number."""
    wanted = select(FinanceLine.no).where(FinanceLine.sheet_id == sheet_id, FinanceLine.no == number)
    return db.session.scalar(wanted) is not None
