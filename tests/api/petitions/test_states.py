"""The table of 信访直通车, edge by edge: every allowed one is walked, every other one is refused with 409."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from backend.petitions.models import _ENDED
from backend.petitions.states import ENDED, OPEN, TABLE
from tests.factories.petition_cast import WAY, PetitionCast
from tests.fakes.platform import RecordingPlatform

STATES = [state.code for state in TABLE.states]
ACTIONS = sorted({edge.action for edge in TABLE.edges if edge.sources != ("",)})


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> PetitionCast:
    return PetitionCast(app)


def test_every_state_is_reached_by_the_way() -> None:
    assert set(STATES) <= WAY.keys()


def test_open_and_ended_are_what_the_states_say() -> None:
    """PET-01: and the check of the table says the same."""
    assert {s.code for s in TABLE.states if s.is_open} == set(OPEN)
    assert {s.code for s in TABLE.states if not s.is_open} == set(ENDED)
    assert ", ".join(f"'{code}'" for code in ENDED) == _ENDED


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_entered(cast: PetitionCast, state: str) -> None:
    petition_id = cast.petition_in(state)
    assert cast.of(petition_id, "state") == state
    page = cast.seen("xinfang", petition_id)
    assert page["state_label"] == TABLE.state(state).for_staff
    assert (cast.of(petition_id, "closed_at") is None) == TABLE.state(state).is_open


@pytest.mark.parametrize("state", STATES)
def test_what_the_table_does_not_allow_is_a_conflict(cast: PetitionCast, state: str) -> None:
    """With the words of the state, and never a change."""
    petition_id = cast.petition_in(state)
    version = cast.of(petition_id, "version")
    wrong: dict[str, Any] = {}
    for action in ACTIONS:
        if TABLE.edge(action, state) is None:
            answer = cast.does("xinfang", petition_id, action)
            if answer.status_code != 409:
                wrong[action] = (answer.status_code, answer.text)
    assert wrong == {}
    assert cast.of(petition_id, "version") == version


def test_nothing_is_refused_before_it_is_registered() -> None:
    """PET-01: the only way in leads to 已登记."""
    assert {edge.target for edge in TABLE.edges if edge.sources == ("",)} == {"registered"}


def test_a_stale_version_is_a_conflict(cast: PetitionCast) -> None:
    petition_id = cast.petition_in("registered")
    answer = cast.does("xinfang", petition_id, "note", version=99, note="已联系")
    assert answer.status_code == 409
    assert answer.json["code"] == "changed_meanwhile"
