"""Who may take which edge of 信访直通车: every role × class × stage, and nobody who is not named here.

The list says it once more beside the policy, in roles instead of permissions. The petition is 东湾镇's and,
once given out, chengguan's. Whoever may take an edge finds it on the page and gets past the door (200, or 422
for what is missing); everyone else gets 403, or 404 where they may not even see it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from backend.petitions import guide
from backend.petitions.states import TABLE
from tests.factories.identity import desk, resident
from tests.factories.petition_cast import PetitionCast
from tests.fakes.platform import RecordingPlatform
from tests.support.permissions.route import EVERYONE
from tests.support.permissions.scene import IN_SCOPE, OUT_OF_SCOPE

OFFICE, UNIT, HEAD = ({role} for role in ("petition_clerk", "department_clerk", "leader"))
PETITIONER: set[str] = set()  # who brought it, and nobody at any desk
ROLES_OF: dict[str, set[str]] = {
    "accept": OFFICE,
    "accept_simple": OFFICE,
    "above_accepts": OFFICE,
    "to_ordinary": UNIT,
    "study": OFFICE,
    "guide": OFFICE,
    "transfer": OFFICE,
    "refuse": OFFICE,
    "no_longer_accept": OFFICE,
    "object": OFFICE,
    "sender_agrees": OFFICE,
    "sender_declines": OFFICE,
    "join": OFFICE,
    "reassign": OFFICE,
    "add_unit": OFFICE,
    "deliver": OFFICE,
    "record_review": OFFICE,
    "begin_hearing": OFFICE,
    "end_hearing": OFFICE,
    "record_reexamination": OFFICE,
    "exclude_person": OFFICE,
    "call_back": OFFICE,
    "report_urgent": OFFICE,
    "start": UNIT,
    "ask_extension": UNIT,
    "hold_hearing": UNIT,
    "agree_mediation": UNIT,
    "settle": UNIT,
    "draft_opinion": UNIT,
    "carry_out": UNIT,
    "approve_extension": HEAD,
    "refuse_extension": HEAD,
    "approve_opinion": HEAD,
    "send_back": HEAD,
    "note": OFFICE | UNIT,
    **dict.fromkeys(
        ("supplement", "withdraw", "ask_avoidance", "rate_office", "rate_unit", "ask_review"), PETITIONER
    ),
    "ask_reexamination": PETITIONER,
}
#: What must have happened before, beside the state.
EXTENSION = {"pending_request": "extension", "pending_until": date(2026, 5, 20)}
BEFORE: dict[str, dict[str, Any]] = {
    "approve_extension": EXTENSION,
    "refuse_extension": EXTENSION,
    "object": {"sender_body": "滕州市信访局"},
    "to_ordinary": {"simple": True},
    "carry_out": {"follow_up_open": True},
}
CLAIMS_ONLY = {"ask_review", "ask_reexamination"}
#: Only then is it open at all.
ON_OCCASION = BEFORE.keys()
#: Stages in which no unit has it: a clerk of a unit sees nothing of it.
NOT_GIVEN_OUT = {"registered", "objected", "guided", "transferred", "not_accepted", "no_longer"} | {
    "returned",
    "joined",
    "withdrawn",
}
SEEING = OFFICE | HEAD
SHUT = {403, 404}
STATES = [state.code for state in TABLE.states]


def _pairs() -> Iterator[tuple[str, str]]:
    """Each edge with the first state it leaves."""
    return ((e.action, e.sources[0]) for e in TABLE.edges if e.by == "person" and e.sources != ("",))


def test_every_edge_has_an_entry() -> None:
    assert {action for action, _ in _pairs()} == ROLES_OF.keys(), "say in ROLES_OF who may take a new edge"


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform, monkeypatch: pytest.MonkeyPatch) -> PetitionCast:
    """In a town that has switched on what is off by default (PET-14, PET-25)."""
    monkeypatch.setattr(guide, "simple_handling", lambda town_id: True)
    monkeypatch.setattr(guide, "above_decides", lambda town_id: True)
    return PetitionCast(app)


def _open(state: str, role: str) -> set[str]:
    return {
        edge.action
        for edge in TABLE.edges_from(state)
        if edge.by == "person" and edge.action not in ON_OCCASION and role in ROLES_OF[edge.action]
    }


@pytest.mark.parametrize("petition_class", ["claim", "suggestion"])
@pytest.mark.parametrize("state", STATES)
def test_every_role_at_every_stage(cast: PetitionCast, state: str, petition_class: str) -> None:
    petition_id = cast.petition_in(state)
    cast.set(petition_id, petition_class=petition_class, follow_up_open=False)
    seeing = SEEING | (UNIT if state not in NOT_GIVEN_OUT else set())
    for role in sorted(EVERYONE):
        answer = desk(cast.app, IN_SCOPE[role]).get(f"/staff/petitions/{petition_id}")
        if role not in seeing:
            assert answer.status_code in SHUT, role
            continue
        page: Any = answer.json
        assert {a["action"] for a in page["actions"]} == _open(state, role), role
    for role, who in OUT_OF_SCOPE.items():
        assert desk(cast.app, who).get(f"/staff/petitions/{petition_id}").status_code in SHUT, role


def _try(cast: PetitionCast, username: str, petition_id: int, action: str) -> int:
    """The status of that action, with nothing filled in."""
    body = {"version": cast.of(petition_id, "version")}
    path = f"/staff/petitions/{petition_id}/actions/{action}"
    return int(desk(cast.app, username).post(path, body, key=f"edge-{username}").status_code)


@pytest.mark.parametrize(("action", "state"), list(_pairs()))
def test_an_edge_is_taken_by_its_roles_only(cast: PetitionCast, action: str, state: str) -> None:
    allowed = ROLES_OF[action] - (UNIT if state in NOT_GIVEN_OUT else set())
    petition_id = cast.petition_in(state)
    cast.set(petition_id, **BEFORE.get(action, {}))
    version = cast.of(petition_id, "version")
    shut = {r: _try(cast, IN_SCOPE[r], petition_id, action) for r in sorted(EVERYONE - allowed)}
    shut |= {f"{r} elsewhere": _try(cast, who, petition_id, action) for r, who in OUT_OF_SCOPE.items()}
    assert {role: status for role, status in shut.items() if status not in SHUT} == {}
    assert cast.of(petition_id, "version") == version
    for role in sorted(allowed):
        cast.set(petition_id, **BEFORE.get(action, {}))
        assert _try(cast, IN_SCOPE[role], petition_id, action) in {200, 422}, role


@pytest.mark.parametrize("petition_class", ["claim", "suggestion"])
@pytest.mark.parametrize(("action", "state"), [p for p in _pairs() if not ROLES_OF[p[0]]])
def test_a_petitioners_edge_is_that_petitioners(
    cast: PetitionCast, action: str, state: str, petition_class: str
) -> None:
    """PET-11, PET-12: what is asked of the body above is asked about a claim."""
    state = {"rate_office": "accepted"}.get(action, state)
    petition_id = cast.petition_in(state)
    cast.set(petition_id, petition_class=petition_class)
    path, body = (
        f"/resident/petitions/{petition_id}/actions/{action}",
        {"version": cast.of(petition_id, "version")},
    )
    assert resident(cast.app, "zhao").post(path, body, key="edge").status_code == 404
    closed = petition_class == "suggestion" and action in CLAIMS_ONLY
    assert cast.resident("wang").post(path, body).status_code in ({403} if closed else {200, 422})
    offered = {
        a["action"] for a in cast.resident("wang").get(f"/resident/petitions/{petition_id}").json["actions"]
    }
    assert not (closed and action in offered)


def test_what_only_the_program_does_is_done_by_nobody_else(cast: PetitionCast) -> None:
    for edge in TABLE.edges:
        if edge.by == "system":
            petition_id = cast.petition_in(edge.sources[0])
            statuses = {role: _try(cast, who, petition_id, edge.action) for role, who in IN_SCOPE.items()}
            assert {r: s for r, s in statuses.items() if s not in SHUT} == {}, edge.action
