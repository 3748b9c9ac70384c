"""A table of states says what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from backend.workflow.kinds import Kind, register
from backend.workflow.table import Edge, Limit, State, Table


def edge(action: str, sources: tuple[str, ...], target: str | None) -> Edge:
    return Edge(action, action, sources, target, "person", action, "all")


SOUND = Table(
    kind="test",
    label="测试",
    initial="new",
    states=(
        State("new", "新", "new", ""),
        State("held", "在办", "run", ""),
        State("done", "完", "done", "", is_open=False),
    ),
    edges=(
        edge("begin", ("",), "new"),
        edge("take", ("new",), "held"),
        edge("end", ("new", "held"), "done"),
        edge("note", ("new", "held", "done"), None),
    ),
)


def test_a_sound_table_has_no_problems() -> None:
    assert SOUND.problems() == []


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"initial": "gone"}, "initial state 'gone' is unknown"),
        (
            {"edges": (*SOUND.edges, edge("x", ("nowhere",), "done"))},
            "edge 'x' names the unknown state 'nowhere'",
        ),
        (
            {"edges": (*SOUND.edges, edge("x", ("new",), "nowhere"))},
            "edge 'x' names the unknown state 'nowhere'",
        ),
        ({"edges": (*SOUND.edges, edge("take", ("new",), "done"))}, "two edges 'take' leave 'new'"),
        ({"states": (*SOUND.states, State("lost", "", "wait", ""))}, "state 'lost' is never entered"),
        (
            {
                "states": (*SOUND.states, State("trap", "", "wait", "")),
                "edges": (*SOUND.edges, edge("x", ("new",), "trap"), edge("y", ("trap",), "trap")),
            },
            "state 'trap' is never left",
        ),
    ],
)
def test_each_fault_has_its_sentence(changed: dict[str, Any], problem: str) -> None:
    table = replace(SOUND, **changed)
    assert problem in table.problems()
    with pytest.raises(ValueError, match=problem):
        register(Kind(table, lambda *_: False, lambda *_: (), lambda *_: None, lambda _: None, "main"))


def test_a_state_that_is_closed_need_not_be_left() -> None:
    assert "state 'done' is never left" not in SOUND.problems()


def test_edges_are_found_by_action_and_source() -> None:
    assert SOUND.edge("take", "new") is SOUND.edges[1]
    assert SOUND.edge("take", "done") is None
    assert [e.action for e in SOUND.edges_from("new")] == ["take", "end", "note"]
    with pytest.raises(KeyError):
        SOUND.state("gone")


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Limit(7, "natural_day"), "7天"),
        (Limit(5, "working_day"), "5个工作日"),
        (Limit(2, "working_hour"), "2个工作小时"),
        (Limit(2, "emergency_hour"), "2小时"),
    ],
)
def test_a_limit_as_a_promise(limit: Limit, words: str) -> None:
    assert limit.words() == words


def test_a_sentence_for_each_reader() -> None:
    told = replace(SOUND.edges[1], title="您的上报已交给{unit}")
    assert told.sentence("城管所", to_citizen=True) == "您的上报已交给城管所"
    assert told.sentence("", to_citizen=True) == "您的上报已交给办理单位"
    assert told.sentence("城管所", to_citizen=False) == "居民的上报已交给城管所"
