"""Who may take which action of 随手拍: every role × every action, in scope, out of scope, assigned, handled."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from backend.identity.roles import ROLES, permissions_of, phone_permissions_of
from backend.kernel.actor import PUBLIC, SYSTEM, Actor, Grant
from backend.reports.policy import may_take
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
    places: dict[str, int | None] = field(default_factory=lambda: {"town": 1, "village": 10, "grid": 100})


FREE = FakeCase()
MINE = FakeCase(assignee_staff_id=ME)
OUR_UNITS = FakeCase(assignee_unit_id=OURS)
HANDLED_BY_ME = FakeCase(assignee_staff_id=ME, handled_by=ME)

# What each role may do to a case in its scope that is somebody else's.
IN_SCOPE = {
    "dispatcher": {"accept", "dispatch", "accept_and_dispatch", "approve_reopen", "refuse_reopen", "note"},
    "grid_worker": {"note"},
    "department_clerk": {"note"},
    "checker": {"pass_check", "fail_check", "note"},
    "leader": {"approve_reopen", "refuse_reopen", "note"},
    "village_head": set(),
    "administrator": set(),
}
# What it adds to have the case assigned, wherever it lies: only those who handle.
ASSIGNED = {"start", "handle", "note"}
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
    at_desk, on_phone = allowed(MINE, staff(role)), allowed(MINE, staff(role, phone=True))
    assert on_phone == (ASSIGNED if role in HANDLERS else set())
    assert on_phone <= at_desk


@pytest.mark.parametrize(
    ("case", "resident_id", "may"),
    [
        (FREE, 50, {"rate", "dispute", "supplement"}),
        (FakeCase(rating="satisfied"), 50, {"dispute", "supplement"}),  # a rating is given once
        (FREE, 51, set()),
        (FakeCase(resident_id=None), 0, set()),
    ],
)
def test_residents(case: FakeCase, resident_id: int, may: set[str]) -> None:
    assert allowed(case, Actor(kind="resident", id=resident_id, name="居民")) == may


def test_staff_never_answer_for_the_resident() -> None:
    everything = frozenset().union(*(role.permissions for role in ROLES.values()))
    all_powerful = Actor(kind="staff", id=50, name="甲", unit_id=OURS, grants=(Grant(everything, "town", 1),))
    assert not {"rate", "dispute", "supplement"} & allowed(FakeCase(resident_id=50), all_powerful)


def test_the_program_takes_only_what_a_rule_takes() -> None:
    assert allowed(FREE, SYSTEM) == {"accept", "dispatch", "accept_and_dispatch"}
    assert allowed(FREE, PUBLIC) == set()


def test_an_action_nobody_wrote_a_rule_for_is_refused() -> None:
    unknown = Edge("burn", "", ("closed",), None, "person", "", "staff")
    everyone = [*(staff(role) for role in ROLES), SYSTEM, PUBLIC, Actor(kind="resident", id=50, name="")]
    assert not any(may_take(MINE, unknown, actor) for actor in everyone)
