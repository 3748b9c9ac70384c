"""Permission and scope come from the same role: two narrow ones never make a wide one."""

from __future__ import annotations

import pytest

from backend.kernel.actor import Actor, Grant

HERE = {"town": 1, "village": 10, "grid": 100}


def actor(*grants: Grant) -> Actor:
    return Actor(kind="staff", id=1, name="甲", grants=grants)


def grant(permissions: str, level: str, place_id: int, unit_id: int | None = None) -> Grant:
    return Grant(frozenset(permissions.split()), level, place_id, unit_id)


@pytest.mark.parametrize(
    ("grants", "unit_id", "allowed"),
    [
        ([grant("see", "town", 1)], None, True),
        ([grant("see", "village", 10)], None, True),
        ([grant("see", "village", 11)], None, False),
        ([grant("see", "area", 10)], None, False),  # it lies in no area that we know
        ([grant("act", "town", 1)], None, False),
        ([], None, False),
        ([grant("see", "town", 1, 7)], 7, True),
        ([grant("see", "town", 1, 7)], 8, False),
        ([grant("see", "town", 1, 7)], None, False),
        # the permission from one role, the reach from another: no
        ([grant("act", "town", 1), grant("see", "village", 11)], None, False),
        ([grant("see", "village", 11), grant("see", "grid", 100)], None, True),
    ],
)
def test_scope(grants: list[Grant], unit_id: int | None, allowed: bool) -> None:
    assert actor(*grants).may_on("see", HERE, unit_id) is allowed


def test_a_place_that_is_unknown_is_in_nobodys_scope() -> None:
    assert not actor(grant("see", "village", 10)).may_on("see", {"town": 1, "village": None}, None)


def test_grants_with_a_permission() -> None:
    wide, narrow = grant("see act", "town", 1), grant("see", "village", 10)
    assert actor(wide, narrow).grants_with("act") == (wide,)
    assert actor(wide, narrow).may("see")
    assert not actor(narrow).may("act")
