"""Which role may take which edge of the table of reports, in and out of scope.

The list says it once more beside the policy, in roles instead of permissions: the case lies in V01 and,
once given out, is chengguan's. Nothing is filled in: whoever may take an edge gets past the door (200,
or 422 for what is missing), everyone else gets 403, or 404 where they may not even see the case.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from backend.reports.states import TABLE
from tests.factories.cases import WAY, Cast
from tests.factories.identity import desk, resident
from tests.fakes.platform import RecordingPlatform
from tests.support.permissions.route import EVERYONE
from tests.support.permissions.scene import IN_SCOPE, OUT_OF_SCOPE

DESK, CLERK, CHECKER, LEADER = ({role} for role in ("dispatcher", "department_clerk", "checker", "leader"))
RESIDENT: set[str] = set()  # who brought it, and nobody at any desk
ROLES_OF: dict[str, set[str]] = {
    "accept": DESK,
    "accept_and_dispatch": DESK,
    "dispatch": DESK,
    "refuse": DESK,
    "escalate": DESK,
    "upstream_answered": DESK,
    "upstream_returned": DESK,
    "merge": DESK,
    "split": DESK,
    "add_task": DESK,
    "start": CLERK,
    "handle": CLERK,
    "return_to_desk": CLERK,
    "ask_extension": CLERK,
    "ask_suspension": CLERK,
    "answer_supervision": CLERK,
    "ask_citizen": DESK | CLERK,
    "go_on": DESK | CLERK,
    "resume": DESK | CLERK,
    "transfer": DESK | CLERK,
    "note": DESK | CLERK | CHECKER | LEADER,
    "pass_check": CHECKER,
    "fail_check": CHECKER,
    "call_back": DESK | CHECKER,
    "approve_reopen": DESK | LEADER,
    "refuse_reopen": DESK | LEADER,
    "reopen": DESK | LEADER,
    "approve_extension": LEADER,
    "refuse_extension": LEADER,
    "approve_suspension": LEADER,
    "refuse_suspension": LEADER,
    "supervise": LEADER,
    "lift_supervision": LEADER,
    **dict.fromkeys(("rate", "dispute", "supplement", "answer_office", "withdraw", "contest"), RESIDENT),
}
#: What must have happened before, beside the state.
EXTENSION = {"pending_request": "extension", "pending_until": date(2026, 3, 18)}
SUSPENSION = {"pending_request": "suspension", "pending_until": date(2026, 6, 18)}
BEFORE: dict[str, dict[str, Any]] = {
    "approve_extension": EXTENSION,
    "refuse_extension": EXTENSION,
    "approve_suspension": SUSPENSION,
    "refuse_suspension": SUSPENSION,
    "answer_supervision": {"supervision_open": True},
    "lift_supervision": {"supervision_open": True},
}
#: States in which nobody handles it yet: a clerk sees nothing of it.
NOT_GIVEN_OUT = {"submitted", "accepted", "desk_asked", "escalated", "not_accepted", "withdrawn", "merged"}
SHUT = {403, 404}


def _pairs() -> Iterator[tuple[str, str]]:
    """Each edge with the first state it leaves: who may take it does not depend on the state."""
    return ((e.action, e.sources[0]) for e in TABLE.edges if e.by == "person" and e.sources != ("",))


def test_every_edge_has_an_entry() -> None:
    taken = {action for action, _ in _pairs()}
    assert taken == ROLES_OF.keys(), "say in ROLES_OF who may take a new edge"
    assert {state.code for state in TABLE.states} <= WAY.keys(), "tests/factories/cases.py brings cases there"


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> Cast:
    made = Cast(app)
    made.bring_to("submitted", who="li")  # what "merged" merges into
    return made


def _try(cast: Cast, username: str, case_id: int, action: str) -> int:
    """The status of that action, with nothing filled in."""
    body = {"version": cast.version(case_id)}
    path = f"/staff/cases/{case_id}/actions/{action}"
    return int(desk(cast.app, username).post(path, body, key=f"edge-{username}").status_code)


@pytest.mark.parametrize(("action", "state"), list(_pairs()))
def test_an_edge_is_taken_by_its_roles_only(cast: Cast, action: str, state: str) -> None:
    allowed = ROLES_OF[action] - (CLERK if state in NOT_GIVEN_OUT else set())
    case_id = cast.bring_to(state)
    cast.change(case_id, **BEFORE.get(action, {}))
    version = cast.version(case_id)
    shut = {role: _try(cast, IN_SCOPE[role], case_id, action) for role in sorted(EVERYONE - allowed)}
    shut |= {f"{role} elsewhere": _try(cast, who, case_id, action) for role, who in OUT_OF_SCOPE.items()}
    assert {role: status for role, status in shut.items() if status not in SHUT} == {}
    assert cast.version(case_id) == version
    for role in sorted(allowed):
        theirs = case_id if cast.version(case_id) == version else cast.bring_to(state)
        cast.change(theirs, **BEFORE.get(action, {}))
        assert _try(cast, IN_SCOPE[role], theirs, action) in {200, 422}, role


@pytest.mark.parametrize(("action", "state"), [p for p in _pairs() if not ROLES_OF[p[0]]])
def test_a_residents_edge_is_that_residents(cast: Cast, action: str, state: str) -> None:
    case_id = cast.bring_to(state)
    path, body = f"/resident/reports/{case_id}/actions/{action}", {"version": cast.version(case_id)}
    assert resident(cast.app, "zhao").post(path, body, key="edge").status_code == 404
    assert cast.resident("wang").post(path, body).status_code in {200, 422}


def test_what_only_the_program_does_is_done_by_nobody_else(cast: Cast) -> None:
    for edge in TABLE.edges:
        if edge.by == "system":
            case_id = cast.bring_to(edge.sources[0])
            statuses = {role: _try(cast, who, case_id, edge.action) for role, who in IN_SCOPE.items()}
            assert {r: s for r, s in statuses.items() if s not in SHUT} == {}, edge.action
