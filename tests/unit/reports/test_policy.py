"""Who may take which action of 随手拍: every role × every action, in scope, out of scope, assigned, handled."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from backend.identity.roles import ROLES, permissions_of, phone_permissions_of
from backend.kernel.actor import PUBLIC, SYSTEM, Actor, Grant
from backend.reports.policy import BY_RULE, RESIDENTS_OWN, may_take
from backend.reports.states import TABLE
from backend.workflow.table import Edge

EDGES = {edge.action: edge for edge in TABLE.edges if edge.action != "submit"}
ME, OURS, THEIRS = 5, 7, 8


@dataclass
class FakeCase:
    resident_id: int | None = 50
    assignee_staff_id: int | None = None
    assignee_unit_id: int | None = THEIRS
    handled_by: int | None = None
    rating: str | None = None
    state: str = "handling"
    contested: bool = False
    pending_request: str = ""
    pending_by: int | None = None
    returned_units: list[str] = field(default_factory=list)
    extension_count: int = 0
    suspension_count: int = 0
    supervision_open: bool = False
    places: dict[str, int | None] = field(default_factory=lambda: {"town": 1, "village": 10, "grid": 100})


FREE = FakeCase()
MINE = FakeCase(assignee_staff_id=ME)
OUR_UNITS = FakeCase(assignee_unit_id=OURS)
HANDLED_BY_ME = FakeCase(assignee_staff_id=ME, handled_by=ME)

# What each role may do to a case in its scope that is somebody else's.
_DESK = {"accept", "dispatch", "accept_and_dispatch", "refuse", "ask_citizen", "go_on", "transfer", "resume"}
_BEYOND = {"escalate", "upstream_answered", "upstream_returned", "merge", "split", "add_task"}
_REOPEN = {"approve_reopen", "refuse_reopen", "reopen"}
IN_SCOPE = {
    "dispatcher": {*_DESK, *_BEYOND, *_REOPEN, "register", "call_back", "note"},
    "grid_worker": {"register", "report_found", "settle_on_spot", "note"},
    "department_clerk": {"note"},
    "checker": {"pass_check", "fail_check", "call_back", "note"},
    "leader": {*_REOPEN, "supervise", "note"},
    "village_head": set(),
    "administrator": set(),
    "petition_clerk": set(),
    "vault_reader": set(),
    "village_clerk": set(),
    "village_supervisor": set(),
    "village_secretary": set(),
}
# What it adds to have the case assigned, wherever it lies: only those who handle.
ASSIGNED = {
    *("start", "handle", "return_to_desk", "transfer", "ask_extension", "ask_suspension"),
    *("ask_citizen", "go_on", "resume", "note"),
}
HANDLERS = {"grid_worker", "department_clerk"}


def staff(role: str, place: int = 1, phone: bool = False) -> Actor:
    permissions = phone_permissions_of(role) if phone else permissions_of(role)
    return Actor(
        kind="staff", id=ME, name="甲", town_id=1, unit_id=OURS, grants=(Grant(permissions, "town", place),)
    )


def allowed(case: FakeCase, actor: Actor) -> set[str]:
    return {action for action, edge in EDGES.items() if may_take(case, edge, actor)}


def test_every_role_stands_in_the_table() -> None:
    assert IN_SCOPE.keys() == ROLES.keys()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", EDGES)
def test_in_scope(role: str, action: str) -> None:
    assert may_take(FREE, EDGES[action], staff(role)) is (action in IN_SCOPE[role])


@pytest.mark.parametrize("role", ROLES)
def test_out_of_scope_nothing_is_allowed(role: str) -> None:
    assert allowed(FREE, staff(role, place=2)) == set()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("case", [MINE, OUR_UNITS], ids=["mine", "our unit's"])
def test_assigned_and_out_of_scope(role: str, case: FakeCase) -> None:
    assert allowed(case, staff(role, place=2)) == (ASSIGNED if role in HANDLERS else set())


@pytest.mark.parametrize("role", ROLES)
def test_a_colleagues_case_is_not_mine(role: str) -> None:
    colleagues = FakeCase(assignee_unit_id=OURS, assignee_staff_id=ME + 1)
    assert not {"start", "handle"} & allowed(colleagues, staff(role))


def test_nobody_checks_their_own_work() -> None:
    # GRID-10: one who holds both roles may check what others handled, never what they handled
    both = Actor(
        kind="staff",
        id=ME,
        name="甲",
        unit_id=OURS,
        grants=tuple(Grant(permissions_of(r), "town", 1) for r in ("checker", "department_clerk")),
    )
    assert {"pass_check", "fail_check"} <= allowed(FakeCase(handled_by=ME + 1), both)
    assert not {"pass_check", "fail_check"} & allowed(HANDLED_BY_ME, both)


@pytest.mark.parametrize("role", ROLES)
def test_a_phone_lends_less_than_the_desk(role: str) -> None:
    at_desk, on_phone = (allowed(MINE, staff(role, place=2, phone=phone)) for phone in (False, True))
    assert on_phone == (ASSIGNED if role in HANDLERS else set())
    assert on_phone <= at_desk


ALWAYS_OWN = {"dispute", "supplement", "answer_office", "withdraw"}


@pytest.mark.parametrize(
    ("case", "resident_id", "may"),
    [
        (FREE, 50, {*ALWAYS_OWN, "rate", "contest"}),
        (FakeCase(rating="satisfied"), 50, {*ALWAYS_OWN, "contest"}),  # a rating is given once
        (FakeCase(contested=True), 50, {*ALWAYS_OWN, "rate"}),  # and so is an objection (HOT-03)
        (FREE, 51, set()),
        (FakeCase(resident_id=None), 0, set()),
    ],
)
def test_residents(case: FakeCase, resident_id: int, may: set[str]) -> None:
    assert allowed(case, Actor(kind="resident", id=resident_id, name="居民")) == may


def test_staff_never_answer_for_the_resident() -> None:
    everything = frozenset().union(*(role.permissions for role in ROLES.values()))
    all_powerful = Actor(kind="staff", id=50, name="甲", unit_id=OURS, grants=(Grant(everything, "town", 1),))
    assert not RESIDENTS_OWN & allowed(FakeCase(resident_id=50), all_powerful)


DECISIONS = {
    "extension": {"approve_extension", "refuse_extension"},
    "suspension": {"approve_suspension", "refuse_suspension"},
}


@pytest.mark.parametrize("asked", DECISIONS)
def test_more_time_is_decided_by_a_leader_who_did_not_ask_for_it(asked: str) -> None:
    """HOT-08: approved by another person, and only what was asked for."""
    others = FakeCase(pending_request=asked, pending_by=ME + 1)
    everything = DECISIONS["extension"] | DECISIONS["suspension"]
    assert allowed(others, staff("leader")) & everything == DECISIONS[asked]
    for role in ROLES.keys() - {"leader"}:
        assert not allowed(others, staff(role)) & everything
    assert not allowed(FakeCase(pending_request=asked, pending_by=ME), staff("leader")) & everything
    assert not allowed(others, staff("leader", place=2)) & everything


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        # HOT-06: after a decision no further return by the same unit; another one may
        ({"returned_units": [str(OURS)]}, {"return_to_desk"}),
        ({"returned_units": [str(THEIRS)]}, set()),
        # HOT-08, §2.2: once, and one request at a time
        ({"extension_count": 1}, {"ask_extension"}),
        ({"suspension_count": 1}, {"ask_suspension"}),
        ({"pending_request": "extension"}, {"ask_extension", "ask_suspension"}),
    ],
)
def test_what_is_done_once(changes: dict[str, object], gone: set[str]) -> None:
    case = FakeCase(assignee_unit_id=OURS, assignee_staff_id=ME, **changes)  # type: ignore[arg-type]
    assert allowed(case, staff("department_clerk", place=2)) == ASSIGNED - gone


def test_a_supervision_is_answered_by_the_handler_and_lifted_by_a_leader() -> None:
    """HOT-11"""
    open_one = FakeCase(assignee_unit_id=OURS, supervision_open=True)
    assert allowed(open_one, staff("department_clerk", place=2)) == ASSIGNED | {"answer_supervision"}
    assert allowed(FakeCase(supervision_open=True), staff("leader")) == IN_SCOPE["leader"] | {
        "lift_supervision"
    }


def test_a_call_back_is_not_made_by_the_handler() -> None:
    """HOT-09"""
    assert "call_back" in allowed(FREE, staff("checker"))
    assert "call_back" not in allowed(FakeCase(handled_by=ME), staff("checker"))


def test_the_program_takes_only_what_a_rule_takes() -> None:
    by_clock = {"give_up_waiting", "remind_citizen", "suspension_over", "review_suspension"}
    by_event = {"lead_closed", "supervise_by_rule", "ask_reopen_in_public"}
    assert allowed(FREE, SYSTEM) == BY_RULE | by_clock | by_event
    assert allowed(FREE, PUBLIC) == set()


def test_an_action_nobody_wrote_a_rule_for_is_refused() -> None:
    unknown = Edge("burn", "", ("closed",), None, "person", "", "staff")
    everyone = [*(staff(role) for role in ROLES), SYSTEM, PUBLIC, Actor(kind="resident", id=50, name="")]
    assert not any(may_take(MINE, unknown, actor) for actor in everyone)
