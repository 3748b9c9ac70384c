"""The table of child tasks is whole, and the diagram in docs/ is drawn from it."""

from __future__ import annotations

from pathlib import Path

from backend.diagrams import page
from backend.tasks.states import OPEN, TABLE

DRAWN = Path(__file__).resolve().parents[3] / "docs" / "states" / "child_task.md"


def test_the_table_is_whole() -> None:
    assert TABLE.problems() == []
    assert {state.code for state in TABLE.states if state.is_open} == set(OPEN)


def test_the_diagram_is_the_table() -> None:
    assert DRAWN.read_text("utf-8") == page(TABLE), "run `flask docs write`"


def test_the_citizen_sees_nothing_of_it() -> None:
    assert {edge.visibility for edge in TABLE.edges} == {"staff"}
