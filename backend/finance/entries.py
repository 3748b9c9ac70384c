"""A sheet as it is sent in, checked, shown and written out: the same on every way. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

#: what one sheet may have
MOST_LINES = 20_000
#: below the entries: who signs, with what opinion, and until when one may object (domain rules §4.3)
FOOT: dict[str, str] = {
    "director": "村委会主任",
    "accountant": "会计（报账员）",
    "group": "民主理财小组",
    "committee": "村务监督委员会",
    "opinion": "审查意见",
    "signed_on": "审查日期",
    "published_on": "公开日期",
    "until": "异议截止日期",
    "objection_phone": "异议电话",
}
#: whoever stands there is masked in public
FOOT_PERSONS = ("director", "accountant", "group", "committee")
FOOT_MOST = 200
#: what an entry says in words, with its longest
TEXTS = {
    "voucher": 40,
    "words": 200,
    "counterpart": 100,
    "handler": 60,
    "witness": 60,
    "approver": 60,
    "note": 200,
}
TEXT_LABELS = {
    "voucher": "凭证号",
    "words": "摘要",
    "counterpart": "对方单位",
    "handler": "经手人",
    "witness": "证明人",
    "approver": "审批人",
    "note": "备注",
}
#: of those, what names people: kept encrypted, masked in public
SAID = ("words", "counterpart", "handler", "witness", "approver", "note")
PERSONS = ("handler", "witness", "approver")
MOST_PAPERS = 9_999
_MONTH = re.compile(r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z")


@dataclass(frozen=True)
class Entry:
    """One line, 逐笔: whole fen, income or expense."""

    no: int
    on: date
    words: str
    category: str
    income_fen: int
    expense_fen: int
    voucher: str = ""
    counterpart: str = ""
    handler: str = ""
    witness: str = ""
    approver: str = ""
    papers: int = 0
    note: str = ""


@dataclass(frozen=True)
class Content:
    """A month's sheet. `opening_fen` and `closing_fen` may be left to the program (None)."""

    month: str
    lines: Sequence[Entry]
    opening_fen: int | None = None
    closing_fen: int | None = None
    receivable_fen: int = 0
    payable_fen: int = 0
    account: str = ""
    foot: dict[str, str] = field(default_factory=dict)

    @property
    def income_fen(self) -> int:
        """What came in, added up."""
        return sum(line.income_fen for line in self.lines)

    @property
    def expense_fen(self) -> int:
        """What was spent, added up."""
        return sum(line.expense_fen for line in self.lines)


def is_month(text: str) -> bool:
    """Whether it is a month as we write it: 2026-10."""
    return bool(_MONTH.match(text))


def month_before(month: str) -> str:
    """2026-01 → 2025-12."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


def month_label(month: str) -> str:
    """2026年10月"""
    return f"{month[:4]}年{int(month[5:])}月"


def last_day(month: str) -> date:
    """The month's last day."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])
