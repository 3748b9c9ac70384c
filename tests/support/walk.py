"""Filling in what an edge asks for, whatever edge it is: by the kind of each field, never by its name."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

WORDS = ("换了灯泡", "去看过了，还差零件", "请再看看村口那一盏", "已经和住户说好", "路面已补平")


@dataclass(frozen=True)
class Stock:
    """What fields can be filled with."""

    photo: Callable[[], str] | None  # None: none can be had, and what demands one is not filled in
    units: Sequence[tuple[str, str | None]]  # id of a unit, and perhaps of somebody in it
    codes: Callable[[], Sequence[str]]
    today: Callable[[], date]


def fill(fields: Sequence[Mapping[str, Any]], chance: random.Random, stock: Stock) -> dict[str, Any]:
    """One way to fill in `fields` as the API offers them; what need not be given is given half of the time."""
    given: dict[str, Any] = {}
    for field in fields:
        if field["required"] or chance.random() < 0.5:
            given |= _filled(field, chance, stock)
    return given


def _filled(field: Mapping[str, Any], chance: random.Random, stock: Stock) -> dict[str, Any]:
    name, kind = field["name"], field["kind"]
    if kind in {"text", "line"}:
        return {name: chance.choice(WORDS)[: field["max"] or None]}
    if kind in {"choice", "rating"}:
        return {name: chance.choice(field["options"])["value"]}
    if kind == "photos":
        return {name: [stock.photo()]} if stock.photo else {}
    if kind == "assignee":
        unit, person = chance.choice(stock.units)
        return {name: unit} | ({"staff_id": person} if person else {})
    if kind == "date":
        return {name: (stock.today() + timedelta(days=chance.randint(1, 30))).isoformat()}
    if kind == "case":
        codes = stock.codes()
        return {name: chance.choice(codes)} if codes else {}
    raise AssertionError(f"nothing is known of fields of kind {kind!r}: say here how one is filled")
