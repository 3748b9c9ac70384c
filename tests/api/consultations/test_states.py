"""The table of 有事好商量, edge by edge: every allowed one is walked, every other one is refused with 409."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from backend.consultations.models import _ENDED
from backend.consultations.states import BY_FORM, ENDED, HIDDEN, TABLE
from backend.consultations.words import STAGES
from tests.factories.consultation_cast import WAY, ConsultationCast
from tests.factories.identity import resident, visitor
from tests.fakes.platform import RecordingPlatform
from tests.support.permissions.route import EVERYONE
from tests.support.permissions.scene import IN_SCOPE, OTHER_TOWN

STATES = [state.code for state in TABLE.states]
ACTIONS = sorted({edge.action for edge in TABLE.edges if edge.sources != ("",)})
MANAGER, HEAD, UNIT = {"dispatcher", "village_head"}, {"leader"}, {"department_clerk"}
#: in roles instead of permissions, once more beside the policy; the topic is V01's and, handed over, chengguan's
ROLES_OF: dict[str, set[str]] = {
    **dict.fromkeys(("edit", "open", "prolong", "correct", "call_meeting", "cancel_meeting"), MANAGER),
    **dict.fromkeys(("record_meeting", "group", "draft_conclusion", "record_resolution"), MANAGER),
    **dict.fromkeys(("publish", "hand_over", "nothing_to_do", "extend", "finish"), MANAGER),
    **dict.fromkeys(("accept", "decline", "conclude", "return_conclusion", "reconsider", "cancel"), HEAD),
    "report_progress": MANAGER | UNIT,
    "withdraw": set(),  # wang's own
}
#: open on an occasion only: other tests bring it about
ON_OCCASION = {"correct", "record_resolution", "conclude", "return_conclusion"}


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> Iterator[ConsultationCast]:
    return ConsultationCast(app)


def test_every_state_is_reached_by_the_way() -> None:
    assert set(STATES) == WAY.keys()


def test_ended_is_what_the_states_say_and_every_public_state_has_a_stage() -> None:
    assert {s.code for s in TABLE.states if not s.is_open} == set(ENDED)
    assert ", ".join(f"'{code}'" for code in ENDED) == _ENDED
    assert sorted(state for held in STAGES.values() for state in held) == sorted(set(STATES) - set(HIDDEN))


def test_every_edge_that_a_person_takes_says_who() -> None:
    taken = {e.action for e in TABLE.edges if e.by == "person" and e.sources != ("",)}
    assert taken == ROLES_OF.keys()


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_entered(cast: ConsultationCast, state: str) -> None:
    topic_id = cast.topic_in(state)
    assert cast.of(topic_id, "state") == state
    assert cast.seen("cunzhang1", topic_id)["state_label"] == TABLE.state(state).for_staff
    assert (cast.of(topic_id, "closed_at") is None) == TABLE.state(state).is_open


@pytest.mark.parametrize("state", STATES)
def test_what_the_table_does_not_allow_is_a_conflict(cast: ConsultationCast, state: str) -> None:
    """With the words of the state, and never a change."""
    topic_id = cast.topic_in(state)
    version = cast.of(topic_id, "version")
    wrong: dict[str, Any] = {}
    for action in ACTIONS:
        if TABLE.edge(action, state) is None:
            answer = cast.does("fenliu", topic_id, action)
            if answer.status_code != 409 or TABLE.state(state).for_staff not in answer.json["message"]:
                wrong[action] = (answer.status_code, answer.text)
    assert wrong == {}
    assert cast.of(topic_id, "version") == version


@pytest.mark.parametrize("state", STATES)
def test_every_role_at_every_stage(cast: ConsultationCast, state: str) -> None:
    """What is offered to a role is what the table and the list above say; who is not named sees nothing."""
    topic_id = cast.topic_in(state)
    given_out = cast.of(topic_id, "assignee_unit_id") is not None
    seeing = MANAGER | HEAD | (UNIT if given_out else set())
    for role in sorted(EVERYONE):
        answer = cast.desk(IN_SCOPE[role]).get(f"/staff/consultations/{topic_id}")
        if role not in seeing:
            assert answer.status_code in {403, 404}, role
            continue
        offered = {a["action"] for a in answer.json["actions"]}
        expected = {
            e.action
            for e in TABLE.edges_from(state)
            if e.by == "person" and role in ROLES_OF[e.action] and e.action not in ON_OCCASION
        }
        assert offered == expected, role
    for who in ("cunzhang2", *OTHER_TOWN.values()):
        assert cast.desk(who).get(f"/staff/consultations/{topic_id}").status_code in {403, 404}, who


@pytest.mark.parametrize("action", sorted(ROLES_OF))
def test_who_is_not_named_takes_no_edge(cast: ConsultationCast, action: str) -> None:
    """Those with a form of their own are tried at their routes (tests/architecture/test_permissions.py)."""
    source = next(e.sources[0] for e in TABLE.edges if e.action == action)
    topic_id = cast.topic_in(source)
    version = cast.of(topic_id, "version")
    shut = {r: cast.does(IN_SCOPE[r], topic_id, action).status_code for r in EVERYONE - ROLES_OF[action]}
    refused = {403, 404, 422} if action in BY_FORM else {403, 404}
    assert {role: status for role, status in shut.items() if status not in refused} == {}
    assert cast.of(topic_id, "version") == version


@pytest.mark.parametrize("action", BY_FORM)
def test_a_step_with_a_form_of_its_own_is_not_taken_without_it(cast: ConsultationCast, action: str) -> None:
    source = next(e.sources[0] for e in TABLE.edges if e.action == action)
    answer = cast.does("cunzhang1", cast.topic_in(source), action)
    assert (answer.status_code, answer.json["code"]) == (422, "own_form")


def test_what_only_the_program_does_is_done_by_nobody_else(cast: ConsultationCast) -> None:
    for edge in TABLE.edges:
        if edge.by == "system":
            topic_id = cast.topic_in(edge.sources[0])
            tried = {role: cast.does(who, topic_id, edge.action) for role, who in IN_SCOPE.items()}
            assert {r: a.status_code for r, a in tried.items() if a.status_code not in {403, 404}} == {}


def test_a_stale_version_is_a_conflict(cast: ConsultationCast) -> None:
    answer = cast.does("lingdao", cast.topic_in("proposed"), "decline", version=99, note="重复")
    assert answer.status_code == 409
    assert answer.json["code"] == "changed_meanwhile"


@pytest.mark.parametrize("state", STATES)
def test_what_was_not_screened_is_nobodys_to_read(cast: ConsultationCast, state: str) -> None:
    topic_id = cast.topic_in(state)
    hidden = state in HIDDEN
    assert (visitor(cast.app).get(f"/public/consultations/{topic_id}").status_code == 404) == hidden
    assert (visitor(cast.app).get(f"/public/consultations/{topic_id}/comments").status_code == 404) == hidden
    listed = visitor(cast.app).get("/public/consultations?town=dongwan").get_json()["items"]
    assert ([one["id"] for one in listed] == [str(topic_id)]) != hidden
    assert resident(cast.app, "wang-else").get(f"/resident/consultations/{topic_id}/mine").status_code == (
        404 if hidden else 200
    )
    assert cast.resident("wang").get(f"/resident/consultations/{topic_id}/mine").status_code == 200


def test_who_brought_it_or_drafted_it_does_not_decide_it(cast: ConsultationCast) -> None:
    """CON-04, CON-09: four eyes, also for somebody who holds both roles."""
    topic_id = cast.topic_in("concluding")
    lingdao = cast.staff_id("lingdao")
    cast.set(topic_id, conclusion="装六盏", drafted_by=lingdao)
    assert cast.does("lingdao", topic_id, "conclude").status_code == 403
    cast.set(topic_id, drafted_by=1)
    assert cast.does("lingdao", topic_id, "conclude").status_code == 200
    proposed = cast.topic_in("proposed")
    cast.set(proposed, registered_by=lingdao)
    assert cast.does("lingdao", proposed, "decline", note="不议").status_code == 403


def test_a_resident_takes_back_what_they_proposed_until_it_is_screened(cast: ConsultationCast) -> None:
    topic_id = cast.topic_in("proposed")
    way = f"/resident/consultations/{topic_id}/withdrawal"
    assert cast.resident("li").post(way).status_code == 404
    assert cast.resident("wang").post(way, {"note": "村里已经答应装了"}).json["state"] == "withdrawn"
    open_one = cast.topic_in("open")
    assert cast.resident("wang").post(f"/resident/consultations/{open_one}/withdrawal").status_code == 409
