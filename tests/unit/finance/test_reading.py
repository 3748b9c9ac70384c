"""What is wrong with a village's Excel, by cell; and what a cell's number is in fen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backend.finance.money import fen_of, yuan
from backend.finance.reading import read
from tests.factories.finance import MONTH
from tests.factories.finance_files import VILLAGE, month_file

OTHER_MONTH = "2026-01"


def put(**cells: Any) -> Callable[[Any], None]:
    """Write these cells."""

    def change(sheet: Any) -> None:
        for cell, value in cells.items():
            sheet[cell] = value

    return change


#: what is done to a good file, the cell that is named, what is said of it
WRONG: dict[str, tuple[Callable[[Any], None], str, str]] = {
    "a formula in an amount": (put(G13="=SUM(F12:F13)"), "G13", "公式"),
    "a formula in words": (put(D12="=1+1"), "D12", "公式"),
    "merged cells": (lambda sheet: sheet.merge_cells("A20:C20"), "A20", "合并"),
    "text in an amount": (put(F12="八千"), "F12", "不能是文字"),
    "a number as text": (put(F12="8000"), "F12", "不能是文字"),
    "finer than a fen": (put(G13=200.555), "G13", "两位小数"),
    "a day of another month": (put(B12="2026-01-05"), "B12", "不在2026年2月"),
    "no day": (put(B12="昨天"), "B12", "不是日期"),
    "another month": (put(B2=OTHER_MONTH), "B2", "您选的是2026年2月"),
    "another village": (put(B1="别的村"), "B1", "您选的是"),
    "an unknown category": (put(E12="吃喝"), "E12", "不在类别表里"),
    "a category of the other column": (put(E12="报刊费支出"), "E12", "支出类别"),
    "both columns": (put(G12=1), "G12", "只能填一个"),
    "no amount": (put(F12=None), "F12", "要填一个"),
    "a cent too much": (put(B7=6799.46), "B7", "差 0.01 元"),
    "sums that do not add up": (put(B5=7999.99), "B5", "差 0.01 元"),
    "half a paper": (put(L12=1.5), "L12", "整数"),
    "no words": (put(D12=None), "D12", "必填"),
    "words without an end": (put(D12="长" * 201), "D12", "最多 200"),
    "another column": (put(F11="收入"), "F11", "模板"),
    "a row too many above": (lambda sheet: sheet.insert_rows(1), "A1", "模板"),
}


@pytest.mark.parametrize("case", WRONG, ids=list(WRONG))
def test_a_fault_is_told_with_its_cell(case: str) -> None:
    change, cell, said = WRONG[case]
    found = read(month_file(change=change), village=VILLAGE, month=MONTH, opening_fen=None)
    assert found.content is None
    assert cell in [error["cell"] for error in found.errors], found.errors
    assert said in next(error["message"] for error in found.errors if error["cell"] == cell)


def test_a_cell_is_whole_fen_or_refused() -> None:
    assert [fen_of(one) for one in (0.1 + 0.2, 1234.5600000000001, 8000, -0.01, 99_999_999_999.99)] == [
        30,
        123456,
        800000,
        -1,
        9_999_999_999_999,
    ]
    assert [yuan(one) for one in (0, 5, -120055, 100_000_000)] == [
        "0.00",
        "0.05",
        "-1,200.55",
        "1,000,000.00",
    ]
    for wrong in (1.005, 0.001, "8000", True, float("nan"), float("inf"), 1e30, None):
        with pytest.raises(ValueError, match="金额"):
            fen_of(wrong)
