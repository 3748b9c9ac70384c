"""May I? By table: who brought it, who has it, who handled it, whose scope it lies in."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from backend.cases.policy import in_scope, is_assigned, is_own, may_see
from backend.kernel.actor import PUBLIC, SYSTEM, Actor, Grant

HERE = {"town": 1, "area": 2, "village": 10, "grid": 100, "micro_grid": None}
OURS, THEIRS = 7, 8


@dataclass
class FakeCase:
    resident_id: int | None = 50
    assignee_staff_id: int | None = None
    assignee_unit_id: int | None = None
    handled_by: int | None = None
    places: dict[str, int | None] = field(default_factory=lambda: dict(HERE))


def staff(permissions: str, level: str = "town", place: int = 1, unit: int | None = None) -> Actor:
    return Actor(
        kind="staff",
        id=5,
        name="甲",
        town_id=1,
        unit_id=OURS,
        grants=(Grant(frozenset(permissions.split()), level, place, unit),),
    )


def resident(resident_id: int) -> Actor:
    return Actor(kind="resident", id=resident_id, name="居民")


HANDLER = staff("case.handle")
VIEWER = staff("case.view")


@pytest.mark.parametrize(
    ("case", "actor", "seen"),
    [
        (FakeCase(), resident(50), True),
        (FakeCase(), resident(51), False),
        (FakeCase(resident_id=None), resident(0), False),
        # a member of staff with the resident's number is not the resident
        (FakeCase(resident_id=5), staff("case.note"), False),
        (FakeCase(), SYSTEM, True),
        (FakeCase(), PUBLIC, False),
        (FakeCase(), VIEWER, True),
        (FakeCase(), staff("case.view", "village", 10), True),
        (FakeCase(), staff("case.view", "village", 11), False),
        (FakeCase(), staff("case.view", "town", 2), False),
        (FakeCase(), staff("case.check case.note"), False),  # seeing is a permission of its own
        (FakeCase(), staff("case.view", unit=OURS), False),
        (FakeCase(assignee_unit_id=OURS), staff("case.view", unit=OURS), True),
        (FakeCase(assignee_unit_id=THEIRS), staff("case.view", unit=OURS), False),
        # handlers see what is theirs, without any scope
        (FakeCase(), HANDLER, False),
        (FakeCase(assignee_staff_id=5, assignee_unit_id=THEIRS), HANDLER, True),
        (FakeCase(assignee_staff_id=6, assignee_unit_id=OURS), HANDLER, False),
        (FakeCase(assignee_unit_id=OURS), HANDLER, True),
        (FakeCase(assignee_unit_id=THEIRS), HANDLER, False),
        (FakeCase(assignee_staff_id=5), staff("case.note"), False),  # assigned, but no longer a handler
        (FakeCase(handled_by=5), HANDLER, True),
        (FakeCase(handled_by=6), HANDLER, False),
    ],
)
def test_may_see(case: FakeCase, actor: Actor, seen: bool) -> None:
    assert may_see(case, actor) is seen


def test_a_unit_that_nobody_names_is_nobodys() -> None:
    homeless = Actor(kind="staff", id=5, name="甲", unit_id=None, grants=HANDLER.grants)
    assert not is_assigned(FakeCase(), homeless)


def test_only_a_resident_owns_and_only_staff_have_a_scope() -> None:
    assert is_own(FakeCase(), resident(50))
    assert not is_own(FakeCase(), SimpleNamespace(kind="staff", id=50))  # type: ignore[arg-type]
    pretender = Actor(kind="resident", id=50, name="居民", grants=VIEWER.grants)
    assert not in_scope(FakeCase(), pretender, "case.view")
