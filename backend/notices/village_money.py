"""The newest month of a village's money that everybody may read, for the village's own page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.finance import queries as finance
from backend.kernel.db import db
from backend.notices.models import Notice


def newest(village_id: int) -> dict[str, Any] | None:
    """The sheet, the notice it was published with, and its sums in fen; None while nothing is public."""
    sheet = finance.newest_shown(village_id)
    if sheet is None:
        return None
    of_sheet = select(Notice).where(
        Notice.village_id == village_id, Notice.sheet_id == sheet.id, Notice.published_at.is_not(None)
    )
    notice = db.session.scalars(of_sheet.order_by(Notice.id).limit(1)).first()
    if notice is None:
        return None
    return {
        "sheet_id": str(sheet.id),
        "notice_id": str(notice.corrects_id or notice.id),
        "month": sheet.month,
        "income_fen": sheet.income_fen,
        "expense_fen": sheet.expense_fen,
        "closing_fen": sheet.closing_fen,
    }
