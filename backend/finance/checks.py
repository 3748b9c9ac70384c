"""What is wrong with a sheet, and where: the same checks for an Excel, the page, and the moment it is sealed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from backend.finance.categories import DIRECTION_LABELS, INCOME, of_entries
from backend.finance.entries import (
    FOOT_MOST,
    MOST_LINES,
    MOST_PAPERS,
    TEXT_LABELS,
    TEXTS,
    Content,
    Entry,
    month_label,
)
from backend.finance.models import ACCOUNT_MOST
from backend.finance.money import MOST_ENTRY_FEN, MOST_FEN, yuan

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
HEAD_LABELS = {
    "opening_fen": "上月结余",
    "closing_fen": "本月结余",
    "receivable_fen": "应收款",
    "payable_fen": "应付款",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong: in a field of a line (`no` from 1), or of the head or foot (`no` None)."""

    no: int | None
    field: str
    message: str


def faults_of(content: Content, *, opening_fen: int | None) -> list[Fault]:
    """Everything that is wrong; `opening_fen` is last month's sealed closing, None when there is none."""
    found = [fault for line in content.lines for fault in _of_line(content.month, line)]
    found += _of_head(content)
    if len(content.lines) > MOST_LINES:
        found.append(
            Fault(None, "lines", f"一张表最多 {MOST_LINES:,} 笔，现在有 {len(content.lines):,} 笔。")
        )
    return found + list(balance(content, opening_fen))


def balance(content: Content, opening_fen: int | None) -> Iterable[Fault]:
    """To the fen: opening as last month closed, and opening + income - expense = closing (§4.3)."""
    opening = content.opening_fen
    if opening is not None and opening_fen is not None and opening != opening_fen:
        yield Fault(
            None, "opening_fen",
            f"上月结余是 {yuan(opening)} 元，和上月收支表的期末结余 {yuan(opening_fen)} 元不一样，"
            f"差 {yuan(abs(opening - opening_fen))} 元。",
        )  # fmt: skip
    begun = opening if opening is not None else (opening_fen or 0)
    closing = begun + content.income_fen - content.expense_fen
    if content.closing_fen is not None and content.closing_fen != closing:
        yield Fault(
            None, "closing_fen",
            f"表不平：上月结余 {yuan(begun)} + 收入 {yuan(content.income_fen)} − 支出 {yuan(content.expense_fen)}"
            f" = {yuan(closing)} 元，本月结余写的是 {yuan(content.closing_fen)} 元，"
            f"差 {yuan(abs(closing - content.closing_fen))} 元。",
        )  # fmt: skip


def _of_line(month: str, line: Entry) -> Iterable[Fault]:
    if line.on.isoformat()[:7] != month:
        yield Fault(line.no, "on", f"日期 {line.on} 不在{month_label(month)}。")
    if not line.words:
        yield Fault(line.no, "words", "摘要必填。")
    for name, most in TEXTS.items():
        text = getattr(line, name)
        if len(text) > most:
            yield Fault(line.no, name, f"{TEXT_LABELS[name]}最多 {most} 个字。")
        elif unseen(text):
            yield Fault(line.no, name, f"{TEXT_LABELS[name]}里有看不见的字符，请重新输入。")
    if not 0 <= line.papers <= MOST_PAPERS:
        yield Fault(line.no, "papers", f"票据张数应在 0 到 {MOST_PAPERS} 之间。")
    yield from _of_amounts(line)


def _of_amounts(line: Entry) -> Iterable[Fault]:
    category = of_entries().get(line.category)
    income, expense = line.income_fen, line.expense_fen
    if category is None:
        yield Fault(line.no, "category", "收支类别不在类别表里，请从列表中选择。")
    for name, fen in (("income_fen", income), ("expense_fen", expense)):
        if not 0 <= fen <= MOST_ENTRY_FEN:
            yield Fault(line.no, name, f"金额应在 0 到 {yuan(MOST_ENTRY_FEN)} 元之间；冲销请记在另一栏。")
    if bool(income) == bool(expense):
        said = "收入和支出只能填一个。" if income else "收入和支出要填一个。"
        yield Fault(line.no, "expense_fen" if income else "income_fen", said)
    elif category is not None and (category.direction == INCOME) != bool(income):
        kind = DIRECTION_LABELS[category.direction]
        yield Fault(line.no, "category", f"“{category.label}”是{kind}类别，金额请填在{kind}一栏。")


def _of_head(content: Content) -> Iterable[Fault]:
    for name, label in HEAD_LABELS.items():
        fen = getattr(content, name)
        if fen is not None and abs(fen) > MOST_FEN:
            yield Fault(None, name, f"{label}太大了，请核对。")
    for name in ("receivable_fen", "payable_fen"):
        if getattr(content, name) < 0:
            yield Fault(None, name, f"{HEAD_LABELS[name]}不能小于 0。")
    if len(content.account) > ACCOUNT_MOST or unseen(content.account):
        yield Fault(None, "account", f"账户最多 {ACCOUNT_MOST} 个字，不能有看不见的字符。")
    for name, text in content.foot.items():
        if len(text) > FOOT_MOST or unseen(text):
            yield Fault(None, name, f"表尾最多 {FOOT_MOST} 个字，不能有看不见的字符。")


def unseen(text: str) -> bool:
    """Whether a text holds what nobody sees and what an Excel cannot hold or changes: controls, lone surrogates."""
    return not text.isprintable() and _UNSEEN.search(text) is not None


def as_fields(faults: Iterable[Fault]) -> dict[str, list[str]]:
    """The faults as a form's fields: lines.3.words, head.closing_fen."""
    fields: dict[str, list[str]] = {}
    for fault in faults:
        where = f"head.{fault.field}" if fault.no is None else f"lines.{fault.no}.{fault.field}"
        fields.setdefault(where, []).append(fault.message)
    return fields


def as_cells(faults: Iterable[Fault], cells: Mapping[tuple[int | None, str], str]) -> list[dict[str, str]]:
    """The faults as an Excel's reader finds them: {"cell": "D17", "message"}."""
    return [{"cell": cells.get((fault.no, fault.field), ""), "message": fault.message} for fault in faults]


@lru_cache(maxsize=4096)
def day(text: str) -> date:
    """2026-10-05, 2026/10/5, 2026.10.5 or 2026年10月5日. Raises ValueError."""
    plain = (
        text.strip()
        .replace("年", "-")
        .replace("月", "-")
        .replace("日", "")
        .replace("/", "-")
        .replace(".", "-")
    )
    year, month, number = (int(part) for part in plain.split("-"))
    return date(year, month, number)
