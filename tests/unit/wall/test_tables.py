"""The two tables: without a fault, their ends as the rows' check constraints say, their words in Chinese."""

from __future__ import annotations

import re

import pytest

from backend.kernel.actor import Actor, Grant
from backend.wall import models, policy
from backend.wall.models import WallEntry
from backend.wall.states import ENTRY_TABLE, FOLLOW_UP_TABLE, UNANSWERED
from backend.workflow.table import Table


@pytest.mark.parametrize("table", [ENTRY_TABLE, FOLLOW_UP_TABLE], ids=lambda t: t.kind)
def test_a_table_has_no_fault(table: Table) -> None:
    assert table.problems() == []


@pytest.mark.parametrize(
    ("table", "ended"), [(ENTRY_TABLE, models._ENTRY_ENDED), (FOLLOW_UP_TABLE, models._FOLLOW_UP_ENDED)]
)
def test_what_has_ended_is_what_the_rows_say(table: Table, ended: str) -> None:
    assert set(re.findall(r"'(\w+)'", ended)) == {state.code for state in table.states if not state.is_open}


def test_whoever_waits_is_in_an_open_state() -> None:
    assert all(FOLLOW_UP_TABLE.state(code).is_open for code in UNANSWERED)


def _staff(number: int, *permissions: str, town: int = 1) -> Actor:
    return Actor("staff", number, "某人", town, grants=(Grant(frozenset(permissions), "town", town),))


def _entry(source: str = "report") -> WallEntry:
    return WallEntry(source_kind=source, town_id=1, writers=["7"], state="submitted")


@pytest.mark.parametrize(
    ("actor", "source", "writes", "approves"),
    [
        (_staff(7, "wall.write"), "report", True, False),
        (_staff(8, "wall.approve"), "report", False, True),
        (_staff(7, "wall.write", "wall.approve"), "report", True, False),
        (_staff(8, "wall.write", "wall.approve"), "report", True, True),
        (_staff(8, "wall.write", "wall.approve", town=2), "report", False, False),
        (_staff(8, "wall.write"), "petition", False, False),
        (_staff(8, "petition.triage"), "petition", True, False),
        (_staff(8, "petition.triage"), "report", False, False),
        (Actor("resident", 7, "居民"), "report", False, False),
    ],
)
def test_who_writes_and_who_approves(actor: Actor, source: str, writes: bool, approves: bool) -> None:
    entry = _entry(source)
    assert (policy.may_write(entry, actor), policy.may_approve(entry, actor)) == (writes, approves)
