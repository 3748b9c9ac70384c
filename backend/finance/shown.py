"""What everybody may read of a sheet: persons masked, numbers whole fen; the same bytes for page and digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from backend.finance.categories import DIRECTION_LABELS, label_of
from backend.finance.entries import FOOT, FOOT_PERSONS, month_label
from backend.finance.models import FinanceLine, FinanceSheet
from backend.finance.names import masked_persons, masked_text
from backend.kernel import json as town_json
from backend.kernel.db import db


def head(sheet: FinanceSheet) -> dict[str, Any]:
    """The sums above the entries, in fen."""
    return {
        "account": sheet.account,
        "opening_fen": sheet.opening_fen,
        "income_fen": sheet.income_fen,
        "expense_fen": sheet.expense_fen,
        "closing_fen": sheet.closing_fen,
        "receivable_fen": sheet.receivable_fen,
        "payable_fen": sheet.payable_fen,
    }


_lines: Any = FinanceLine.__table__
#: without what is encrypted: whoever reads a page of everybody's opens nothing
_SHOWN = [column for column in _lines.c if column.name != "said"]


def rows_of(sheet_id: int, *, after: int = 0, most: int | None = None) -> Sequence[Row[Any]]:
    """Entries behind number `after`, in order, as everybody may read them."""
    query = select(*_SHOWN).where(_lines.c.sheet_id == sheet_id, _lines.c.no > after)
    return db.session.execute(query.order_by(_lines.c.no).limit(most)).all()


def line(row: Row[Any] | FinanceLine) -> dict[str, Any]:
    """One entry with its persons masked."""
    return {
        "no": row.no,
        "on": row.happened_on.isoformat(),
        "voucher": row.voucher,
        "direction": row.direction,
        "direction_label": DIRECTION_LABELS[row.direction],
        "category": row.category,
        "category_label": label_of(row.category),
        "income_fen": row.income_fen,
        "expense_fen": row.expense_fen,
        "papers": row.papers,
        **row.shown,
    }


def foot(sheet: FinanceSheet) -> dict[str, str]:
    """What stands below the entries, by key; whoever signs is masked."""
    said = town_json.loads(sheet.foot)
    return {
        key: masked_persons(said[key]) if key in FOOT_PERSONS else masked_text(said[key])
        for key in FOOT
        if said.get(key)
    }


def content(sheet: FinanceSheet) -> dict[str, Any]:
    """All of it, as the digest has it."""
    return {
        "village_id": str(sheet.village_id),
        "month": sheet.month,
        "month_label": month_label(sheet.month),
        "number": sheet.number,
        "head": head(sheet),
        "lines": [line(row) for row in rows_of(sheet.id)],
        "foot": foot(sheet),
    }


def digest(sheet: FinanceSheet) -> str:
    """SHA-256 of what everybody reads, as canonical JSON (keys sorted, no blanks, UTF-8)."""
    said = json.dumps(content(sheet), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
