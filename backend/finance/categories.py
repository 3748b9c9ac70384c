"""What an entry of a sheet may be called: config/finance_categories.toml (OPEN-14)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

INCOME, EXPENSE = "in", "out"
DIRECTION_LABELS = {INCOME: "收入", EXPENSE: "支出"}
_PATH = Path(__file__).resolve().parents[2] / "config" / "finance_categories.toml"


@dataclass(frozen=True)
class Category:
    """One item of a group; `direction` is in or out for an entry of a sheet, empty for what is told otherwise."""

    code: str
    label: str
    group: str
    direction: str


@cache
def all_categories() -> tuple[Category, ...]:
    """Every item, in the order of the file. Raises ValueError when a code or a label of an entry comes twice."""
    groups = tomllib.loads(_PATH.read_text(encoding="utf-8"))["group"]
    found = tuple(
        Category(item["code"], item["label"], group["label"], item.get("direction", ""))
        for group in groups
        for item in group["items"]
    )
    entries = [one for one in found if one.direction]
    if len({one.code for one in found}) != len(found) or len({one.label for one in entries}) != len(entries):
        raise ValueError(f"{_PATH.name}: a code or a label comes twice")
    return found


@cache
def of_entries() -> Mapping[str, Category]:
    """Code → what an entry may be."""
    return {one.code: one for one in all_categories() if one.direction}


@cache
def by_label() -> Mapping[str, Category]:
    """Label → what an entry may be: as an Excel has it."""
    return {one.label: one for one in of_entries().values()}


def label_of(code: str) -> str:
    """The label of a code; the code itself when the file has it no longer."""
    return next((one.label for one in all_categories() if one.code == code), code)
