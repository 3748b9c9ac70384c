"""Staff as those see them who administer accounts: within the places their role reaches.

Beside queries.py, which serves other features and knows no viewer; here every read has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from backend.identity.desk_models import TownRole
from backend.identity.models import OrgUnit, Staff, StaffBinding, StaffRole
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.places.models import LEVELS, Place

_SEAT = func.coalesce(OrgUnit.place_id, Staff.town_id)
"""Where a member of staff belongs: their unit's place, or the town when the unit has none."""


@dataclass(frozen=True)
class Person:
    """A member of staff with the places (level → id) that decide who may administer them."""

    id: int
    name: str
    username: str
    town_id: int
    unit_id: int
    unit_name: str
    bound: bool
    places: Mapping[str, int | None]


_PERSON = (
    select(
        Staff.id,
        Staff.name,
        Staff.username,
        Staff.town_id,
        Staff.unit_id,
        OrgUnit.name.label("unit_name"),
        StaffBinding.id.label("binding_id"),
        *(getattr(Place, f"{level}_id").label(level) for level in LEVELS),
    )
    .join(OrgUnit, OrgUnit.id == Staff.unit_id)
    .join(Place, Place.id == _SEAT)
    .outerjoin(StaffBinding, StaffBinding.staff_id == Staff.id)
    .where(Staff.active)
)


def find(staff_id: int) -> Person | None:
    """An active member of staff, with no viewer: for those who check policy themselves."""
    row = db.session.execute(_PERSON.where(Staff.id == staff_id)).one_or_none()
    return None if row is None else _person(row)


def visible(actor: Actor) -> list[dict[str, Any]]:
    """The staff whom the actor may administer (people.bind in scope), by unit, with their roles."""
    scopes = [_scope(g.place_level, g.place_id, g.unit_id) for g in actor.grants_with("people.bind")]
    if not scopes:
        return []
    rows = db.session.execute(_PERSON.where(or_(*scopes)).order_by(OrgUnit.code, Staff.id)).all()
    held = roles_with_places(row.id for row in rows)
    return [
        {
            "id": person.id,
            "name": person.name,
            "unit_name": person.unit_name,
            "roles": held.get(person.id, []),
            "bound": person.bound,
        }
        for person in map(_person, rows)
    ]


def account(actor: Actor) -> dict[str, Any]:
    """The `Staff` answer: who is at the desk, and what they may do from where they are."""
    person = find(actor.id)
    if person is None:
        raise NotFound
    town = db.session.get_one(Place, person.town_id)
    return {
        "id": person.id,
        "name": person.name,
        "username": person.username,
        "unit_name": person.unit_name,
        "town": {"id": town.id, "code": town.code, "name": town.name},
        "roles": roles_with_places([person.id]).get(person.id, []),
        "permissions": sorted({p for grant in actor.grants for p in grant.permissions}),
        "bound": person.bound,
    }


def roles_with_places(staff_ids: Iterable[int]) -> dict[int, list[dict[str, str]]]:
    """Staff id → their roles as {role, label, place_name}, in the order they were given."""
    wanted = set(staff_ids)
    held: dict[int, list[dict[str, str]]] = {}
    if not wanted:
        return held
    rows = db.session.execute(
        select(StaffRole.staff_id, StaffRole.role, Place.name, TownRole.label)
        .join(Staff, Staff.id == StaffRole.staff_id)
        .join(Place, Place.id == StaffRole.place_id)
        .outerjoin(TownRole, (TownRole.town_id == Staff.town_id) & (TownRole.code == StaffRole.role))
        .where(StaffRole.staff_id.in_(wanted))
        .order_by(StaffRole.id)
    )
    for staff_id, role, place_name, label in rows:
        shown = {"role": role, "label": label or role, "place_name": place_name}
        held.setdefault(staff_id, []).append(shown)
    return held


def _scope(level: str, place_id: int, unit_id: int | None) -> ColumnElement[bool]:
    inside = getattr(Place, f"{level}_id") == place_id
    return inside if unit_id is None else and_(inside, Staff.unit_id == unit_id)


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        username=row.username,
        town_id=row.town_id,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        bound=row.binding_id is not None,
        places={level: getattr(row, level) for level in LEVELS},
    )
