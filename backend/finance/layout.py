"""Where everything stands in the Excel of a sheet: template, import and export agree here and nowhere else.

No merged cells, no formulas. Head and foot stand side by side above the entries, so that entries can go on
without an end:

    A1 村名      B1 湾头村        D1 村委会主任   E1
    A2 月份      B2 2026-10      D2 会计（报账员） E2
    …
    A11 序号 | 日期 | 凭证号 | 摘要 | …
    A12 1 …
"""

from __future__ import annotations

from backend.finance.entries import FOOT

SHEET_NAME = "收支公开表"
CATEGORY_SHEET = "类别"
VILLAGE, MONTH = "village", "month"
#: what stands in column A, its value beside it in B; from row 1
HEAD: tuple[tuple[str, str], ...] = (
    (VILLAGE, "村名"),
    (MONTH, "月份"),
    ("account", "账户"),
    ("opening_fen", "上月结余（元）"),
    ("income_fen", "本月收入合计（元）"),
    ("expense_fen", "本月支出合计（元）"),
    ("closing_fen", "本月结余（元）"),
    ("receivable_fen", "应收款（元）"),
    ("payable_fen", "应付款（元）"),
)
#: of the head, what an Excel may leave empty: the program reckons it
AMOUNTS = ("opening_fen", "income_fen", "expense_fen", "closing_fen", "receivable_fen", "payable_fen")
#: what stands in column D, its value beside it in E; from row 1
FOOT_ROWS: tuple[tuple[str, str], ...] = tuple(FOOT.items())
TITLE_ROW = 11
FIRST_ROW = TITLE_ROW + 1
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("no", "序号", 18),
    ("on", "日期", 18),
    ("voucher", "凭证号", 12),
    ("words", "摘要", 30),
    ("category", "收支类别", 24),
    ("income_fen", "收入金额（元）", 16),
    ("expense_fen", "支出金额（元）", 16),
    ("counterpart", "对方单位", 24),
    ("handler", "经手人", 10),
    ("witness", "证明人", 10),
    ("approver", "审批人", 10),
    ("papers", "票据张数", 10),
    ("note", "备注", 24),
)
_LETTERS = {key: chr(ord("A") + at) for at, (key, _, _) in enumerate(COLUMNS)}


def head_cell(key: str) -> str:
    """The cell of a value of the head: B7."""
    return f"B{1 + next(n for n, (one, _) in enumerate(HEAD) if one == key)}"


def foot_cell(key: str) -> str:
    """The cell of a value of the foot: E5."""
    return f"E{1 + next(n for n, (one, _) in enumerate(FOOT_ROWS) if one == key)}"


def line_cell(row: int, key: str) -> str:
    """The cell of an entry's value: D17."""
    return f"{_LETTERS[key]}{row}"
