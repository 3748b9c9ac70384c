"""Staff as those see them who administer accounts: within the places their role reaches.

Beside queries.py, which serves other features and knows no viewer; here every read has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, func, or_, select

from backend.identity import policy
from backend.identity.desk_models import RecoveryCode, TownRole
from backend.identity.models import OrgUnit, Staff, StaffBinding, StaffRole
from backend.kernel.actor import Actor
from backend.kernel.crypto import mask_phone
from backend.kernel.db import db
from backend.kernel.errors import Forbidden, NotFound
from backend.places.models import LEVELS, Place

SEEING = ("people.manage", "people.bind")
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
    active: bool
    phone: str | None
    totp_since: datetime | None
    last_login_at: datetime | None
    has_password: bool
    places: Mapping[str, int | None]


_PERSON: Any = (
    select(
        Staff.id,
        Staff.name,
        Staff.username,
        Staff.town_id,
        Staff.unit_id,
        Staff.active,
        Staff.phone,
        Staff.totp_since,
        Staff.last_login_at,
        Staff.password_hash.is_not(None).label("has_password"),
        OrgUnit.name.label("unit_name"),
        StaffBinding.id.label("binding_id"),
        *(getattr(Place, f"{level}_id").label(level) for level in LEVELS),
    )
    .join(OrgUnit, OrgUnit.id == Staff.unit_id)
    .join(Place, Place.id == _SEAT)
    .outerjoin(StaffBinding, StaffBinding.staff_id == Staff.id)
)


def ids_of(place: Place) -> dict[str, int | None]:
    """Level → id of a place and of those that it lies in."""
    return {level: getattr(place, f"{level}_id") for level in LEVELS}


def find(staff_id: int, *, also_inactive: bool = False) -> Person | None:
    """A member of staff, with no viewer: for those who check policy themselves."""
    statement = _PERSON.where(Staff.id == staff_id)
    row = db.session.execute(statement if also_inactive else statement.where(Staff.active)).one_or_none()
    return None if row is None else _person(row)


def managed(actor: Actor, staff_id: int) -> Person:
    """The person, whom the actor may manage. NotFound out of reach, as for one who does not exist.

    Forbidden for somebody whose own roles reach further than the actor's: who could reset their
    password would have their roles (RuoYi#328).
    """
    person = find(staff_id, also_inactive=True)
    if person is None or not actor.may_on("people.manage", person.places, person.unit_id):
        raise NotFound
    if staff_id != actor.id and not reaches_roles_of(actor, "people.manage", staff_id):
        raise Forbidden("reaches_further", "这个人担任的角色范围比您管理的范围大，请由上一级管理员来改。")
    return person


def reaches_roles_of(actor: Actor, permission: str, staff_id: int) -> bool:
    """Whether all that somebody holds lies within one grant of the actor's with `permission`."""
    rows = db.session.execute(
        select(Place, StaffRole.unit_id)
        .join(StaffRole, StaffRole.place_id == Place.id)
        .where(StaffRole.staff_id == staff_id)
    ).all()
    return all(policy.covers(actor, permission, ids_of(place), unit_id) for place, unit_id in rows)


def visible(actor: Actor, *, also_inactive: bool = False) -> list[dict[str, Any]]:
    """The staff whom the actor may administer in some way, by unit, with their roles.

    Whoever only binds phones sees nobody that has left.
    """
    reach = in_reach(actor, *SEEING)
    statement = _PERSON.where(reach)
    if not (also_inactive and actor.may("people.manage")):
        statement = statement.where(Staff.active)
    rows = db.session.execute(statement.order_by(Staff.active.desc(), OrgUnit.code, Staff.id)).all()
    held = roles_with_places(row.id for row in rows)
    return [_shown(actor, person, held.get(person.id, [])) for person in map(_person, rows)]


def shown(actor: Actor, staff_id: int) -> dict[str, Any]:
    """One person as the list shows them; for after a change."""
    person = managed(actor, staff_id)
    return _shown(actor, person, roles_with_places([staff_id]).get(staff_id, []))


def _shown(actor: Actor, person: Person, roles: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "username": person.username,
        "unit_id": person.unit_id,
        "unit_name": person.unit_name,
        "phone_masked": mask_phone(person.phone) if person.phone else None,
        "roles": roles,
        "bound": person.bound,
        "active": person.active,
        "has_password": person.has_password,
        "second_factor": person.totp_since is not None,
        "last_login_at": person.last_login_at,
        "manageable": actor.may_on("people.manage", person.places, person.unit_id),
        "own": person.id == actor.id,
    }


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
        "second_factor": person.totp_since is not None,
        "spare_codes": _spare_left(person) if person.totp_since is not None else 0,
        "ended_elsewhere": False,
        "must": actor.must or None,
    }


def _spare_left(person: Person) -> int:
    unused = select(func.count()).select_from(RecoveryCode)
    unused = unused.where(RecoveryCode.staff_id == person.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


def roles_with_places(staff_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Staff id → their roles as {role, label, place, unit}, in the order they were given."""
    wanted = set(staff_ids)
    held: dict[int, list[dict[str, Any]]] = {}
    if not wanted:
        return held
    rows = db.session.execute(
        select(
            StaffRole.staff_id,
            StaffRole.role,
            StaffRole.place_id,
            Place.name.label("place_name"),
            StaffRole.unit_id,
            OrgUnit.name.label("unit_name"),
            TownRole.label,
        )
        .join(Staff, Staff.id == StaffRole.staff_id)
        .join(Place, Place.id == StaffRole.place_id)
        .outerjoin(OrgUnit, OrgUnit.id == StaffRole.unit_id)
        .outerjoin(TownRole, and_(TownRole.town_id == Staff.town_id, TownRole.code == StaffRole.role))
        .where(StaffRole.staff_id.in_(wanted))
        .order_by(StaffRole.id)
    )
    for row in rows:
        held.setdefault(row.staff_id, []).append(
            {
                "role": row.role,
                "label": row.label or row.role,
                "place_id": row.place_id,
                "place_name": row.place_name,
                "unit_id": row.unit_id,
                "unit_name": row.unit_name,
            }
        )
    return held


def in_reach(actor: Actor, *permissions: str) -> ColumnElement[bool]:
    """The condition, over Place (where somebody sits) and Staff, that one of these grants reaches them."""
    grants = {grant for permission in permissions for grant in actor.grants_with(permission)}
    scopes = [_scope(g.place_level, g.place_id, g.unit_id) for g in grants]
    return or_(*scopes) if scopes else false()


def seat() -> Any:
    """Where a member of staff belongs, for joining Place: their unit's place, else the town."""
    return _SEAT


def seat_of_unit() -> Any:
    """Where a unit belongs, for joining Place: its own place, else the town."""
    return func.coalesce(OrgUnit.place_id, OrgUnit.town_id)


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
        active=row.active,
        phone=row.phone,
        totp_since=row.totp_since,
        last_login_at=row.last_login_at,
        has_password=row.has_password,
        places={level: getattr(row, level) for level in LEVELS},
    )
