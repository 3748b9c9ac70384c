"""The table of 随手拍 is sound, and what is drawn from it is what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.diagrams import page
from backend.reports.policy import BY_RULE, EITHER, HANDLERS, NEEDED, RESIDENTS_OWN
from backend.reports.states import ANSWER_CLOCK, CLOSED, ENDED, OPEN, TABLE, WITHDRAWN

DRAWN = Path(__file__).resolve().parents[3] / "docs" / "states" / "report.md"


def test_the_table_is_sound() -> None:
    assert TABLE.problems() == []
    assert {s.code for s in TABLE.states if s.is_open} == set(OPEN)
    assert {s.code for s in TABLE.states} - set(OPEN) == set(ENDED)


def test_the_diagram_is_the_table() -> None:
    assert DRAWN.read_text("utf-8") == page(TABLE), "run `flask docs write`"


def test_every_state_can_be_reached_from_the_first_and_can_end() -> None:
    ways = {s.code: {e.target or s.code for e in TABLE.edges_from(s.code)} for s in TABLE.states}

    def reached(start: str) -> set[str]:
        found, todo = set(), [start]
        while todo:
            state = todo.pop()
            if state not in found:
                found.add(state)
                todo.extend(ways[state])
        return found

    codes = {s.code for s in TABLE.states}
    assert set().union(*(reached(e.target or "") for e in TABLE.edges_from(""))) == codes
    assert all(CLOSED in reached(code) for code in codes - {WITHDRAWN})


def test_every_clock_that_is_started_is_stopped_and_has_a_name() -> None:
    by_operation: dict[str, set[str]] = {"start": set(), "stop": set(), "pause": set(), "resume": set()}
    for edge in TABLE.edges:
        for effect in edge.clocks:
            by_operation[effect.operation].add(effect.clock)
    assert by_operation["start"] == by_operation["stop"] == set(TABLE.clock_labels)
    assert by_operation["pause"] == by_operation["resume"]
    assert ANSWER_CLOCK in by_operation["start"]


def test_no_state_but_an_ended_one_is_entered_with_the_answer_clock_stopped() -> None:
    stops = {
        e.target for e in TABLE.edges for c in e.clocks if (c.operation, c.clock) == ("stop", ANSWER_CLOCK)
    }
    assert stops == set(ENDED)


def test_every_action_has_somebody_who_may() -> None:
    for edge in TABLE.edges:
        taken = RESIDENTS_OWN | NEEDED.keys() | HANDLERS | EITHER.keys() | {"submit"}
        assert edge.by == "system" or edge.action in taken, edge.action
        assert edge.action not in RESIDENTS_OWN or edge.visibility == "parties", edge.action
    assert NEEDED.keys() >= BY_RULE


@pytest.mark.parametrize("edge", TABLE.edges, ids=lambda e: e.action)
def test_titles_name_nobody_but_a_unit(edge) -> None:  # type: ignore[no-untyped-def]
    assert edge.title.replace("{unit}", "").count("{") == 0
    assert edge.label
