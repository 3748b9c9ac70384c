"""Who acts, with which permissions, within which scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ActorKind = Literal["resident", "staff", "system", "public"]


@dataclass(frozen=True)
class Grant:
    """One role held within one place's subtree, and, if `unit_id` is set, for one unit's cases only.

    Permission and scope belong to the same grant: two roles never add up to one that is
    wider than each (the leak that every admin base has, chinese-peers §1.1).
    """

    permissions: frozenset[str]
    place_level: str
    place_id: int
    unit_id: int | None = None

    def covers(self, places: Mapping[str, int | None], unit_id: int | None) -> bool:
        """Whether something lying in `places` (level → place id) and held by `unit_id` is in scope."""
        if places.get(self.place_level) != self.place_id:
            return False
        return self.unit_id is None or self.unit_id == unit_id


@dataclass(frozen=True)
class Actor:
    """The person, or the program, on whose behalf something is done."""

    kind: ActorKind
    id: int
    name: str
    town_id: int | None = None
    unit_id: int | None = None
    unit_name: str = ""
    grants: tuple[Grant, ...] = field(default_factory=tuple)
    channel: str = ""
    session_id: int | None = None
    must: str = ""
    """What this person has to do before anything else: "password", "second_factor", or nothing."""
    stands_in_for: tuple[tuple[int, str], ...] = ()
    """(id, name) of those whose tasks this person does for the moment (代班)."""

    def may(self, permission: str) -> bool:
        """Whether any role gives the permission, wherever it reaches."""
        return any(permission in grant.permissions for grant in self.grants)

    def may_on(self, permission: str, places: Mapping[str, int | None], unit_id: int | None) -> bool:
        """Whether one and the same role gives the permission and reaches these places."""
        return any(permission in g.permissions and g.covers(places, unit_id) for g in self.grants)

    def stands_for(self, staff_id: int | None) -> str | None:
        """The name of that person when this one does their tasks for the moment; None otherwise."""
        return next((name for away, name in self.stands_in_for if away == staff_id), None)

    def grants_with(self, permission: str) -> tuple[Grant, ...]:
        """The roles that give the permission; a list is filtered by their scopes."""
        return tuple(g for g in self.grants if permission in g.permissions)


SYSTEM = Actor(kind="system", id=0, name="系统")
PUBLIC = Actor(kind="public", id=0, name="")
