"""The page for the board in the village (OPEN-06): what it shows, and how it is made. Persons are masked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row

from backend.finance import set_board, shown
from backend.finance.entries import FOOT, month_label
from backend.finance.models import FinanceSheet
from backend.finance.money import yuan
from backend.places.queries import get_place

#: title, width against the others, whether it is money
COLUMNS = (
    ("序号", 1.2, False),
    ("日期", 2, False),
    ("凭证号", 1.8, False),
    ("摘要", 7, False),
    ("收支类别", 5, False),
    ("收入（元）", 3, True),
    ("支出（元）", 3, True),
    ("对方单位", 4.5, False),
    ("经手人", 2, False),
    ("证明人", 2, False),
    ("审批人", 2, False),
    ("票据", 1.2, False),
    ("备注", 3.5, False),
)
HEAD = (
    ("opening_fen", "上月结余（元）"),
    ("income_fen", "本月收入合计（元）"),
    ("expense_fen", "本月支出合计（元）"),
    ("closing_fen", "本月结余（元）"),
    ("receivable_fen", "应收款（元）"),
    ("payable_fen", "应付款（元）"),
)


def pages_of(sheet: FinanceSheet) -> dict[str, Any]:
    """What the page shows, as texts."""
    village, head, foot = get_place(sheet.village_id).name, shown.head(sheet), shown.foot(sheet)
    corrected = f"（第 {sheet.number - 1} 次更正）" if sheet.number > 1 else ""
    return {
        "title": f"{village}{month_label(sheet.month)}收支公开表{corrected}",
        "village": village,
        "head": [{"label": label, "value": yuan(head[key])} for key, label in HEAD],
        "columns": [{"label": label, "width": width, "money": money} for label, width, money in COLUMNS],
        "lines": [_cells(row) for row in shown.rows_of(sheet.id)],
        "foot": [{"label": label, "value": foot.get(key, "")} for key, label in FOOT.items()],
        "note": "有疑问可以在小程序“三务公开”里对着某一笔提问，或拨打异议电话；五日内公开答复。",
    }


def _cells(row: Row[Any]) -> list[str]:
    line = shown.line(row)
    return [
        str(row.no),
        f"{row.happened_on.month}月{row.happened_on.day}日",
        row.voucher,
        line["words"],
        line["category_label"],
        yuan(row.income_fen) if row.income_fen else "",
        yuan(row.expense_fen) if row.expense_fen else "",
        line["counterpart"],
        line["handler"],
        line["witness"],
        line["approver"],
        str(row.papers or ""),
        line["note"],
    ]


def pdf(pages: dict[str, Any], tell: Callable[[int, int], None] = lambda done, total: None) -> bytes:
    """The PDF; `tell` hears how many entries are set, of how many. Raises RuntimeError when it cannot be set."""
    return set_board.pdf(pages, tell)
