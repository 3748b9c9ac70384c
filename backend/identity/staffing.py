"""Staff accounts: as config gives them, as commands make them, and as they are kept on screen.

Beside services.py, which is the residents' side. Units stand in units.py, logging in in login.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend import audit
from backend.identity import passwords, people, policy, sessions
from backend.identity.models import OrgUnit, Staff, StaffRole
from backend.identity.town_roles import demand_governable, lock_town, role_codes
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now
from backend.kernel.crypto import blind_index, blind_indexes, mask_name, mask_phone
from backend.kernel.db import db
from backend.kernel.errors import Forbidden, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.places.files.model import StaffLine
from backend.places.models import Place

RoleAt = tuple[str, int, int | None]
"""(role code, place id, unit id or None): a role held within a place, for one unit only or for all."""


def save_staff(
    town_id: int, lines: Iterable[StaffLine], places: Mapping[str, int], units: Mapping[str, int]
) -> dict[str, int]:
    """Make the accounts of staff.csv, without passwords; returns user name → id.

    A department's clerk handles the own unit's cases only; every other role is bounded by its place.
    Accounts that are not in the file are left alone: they may have been made by `flask staff create`.
    So are accounts that were edited on screen: a load must not give back a role that was taken.
    """
    saved = {}
    for line in lines:
        known = by_username(line.username)
        if known is not None and known.town_id == town_id and known.edited_at is not None:
            saved[line.username] = known.id
            continue
        unit_id, place_id = units[line.unit_code], places.get(line.place_code, town_id)
        roles = [(role, place_id, unit_id if role == "department_clerk" else None) for role in line.roles]
        saved[line.username] = create_staff(town_id, line.username, line.name, unit_id, None, roles).id
    return saved


def create_staff(
    town_id: int,
    username: str,
    name: str,
    unit_id: int,
    password: str | None = None,
    roles: Iterable[RoleAt] = (),
    *,
    password_hash: str | None = None,
) -> Staff:
    """The member of staff with this user name, made or brought up to date; safe to run again.

    `roles` replaces what they held. A password is only set on an account that has none, so that a
    second load does not undo a change; `password_hash` spares a loader the same hash a hundred times.
    Raises Invalid for a bad user name, an unknown role, or a user name of another town.
    """
    username = policy.normal_username(username)
    fault = policy.username_fault(username)
    if fault:
        raise Invalid("bad_username", fault, fields={"username": [fault]})
    staff = by_username(username)
    if staff is None:
        staff = Staff(town_id=town_id, username=username, name=name, unit_id=unit_id)
        db.session.add(staff)
    elif staff.town_id != town_id:
        raise Invalid("username_taken", "这个用户名已被其他乡镇使用。", fields={"username": ["已被使用"]})
    if staff.name != name:
        staff.name = name
    staff.unit_id, staff.active = unit_id, True
    if staff.password_hash is None and (password or password_hash):
        store_password(staff, password_hash or passwords.hash_password(password or ""))
    db.session.flush()
    _hold(SYSTEM, staff, list(roles))
    return staff


def _hold(actor: Actor, staff: Staff, roles: Sequence[RoleAt]) -> None:
    """Let somebody hold exactly these roles; each that is given or taken is on record."""
    there = role_codes(staff.town_id) if roles else set()
    unknown = [role for role, _, _ in roles if role not in there]
    if unknown:
        raise Invalid("unknown_role", f"没有这个角色：{unknown[0]}", fields={"roles": ["没有这个角色"]})
    held = {
        (row.role, row.place_id, row.unit_id): row
        for row in db.session.execute(select(StaffRole).where(StaffRole.staff_id == staff.id)).scalars()
    }
    for key, row in held.items():
        if key not in roles:
            db.session.delete(row)
            audit.record(actor, "role_taken", "staff", staff.id, {"role": key[0], "place": str(key[1])})
    for role, place_id, unit_id in dict.fromkeys(roles):
        if (role, place_id, unit_id) not in held:
            db.session.add(StaffRole(staff_id=staff.id, role=role, place_id=place_id, unit_id=unit_id))
            audit.record(actor, "role_given", "staff", staff.id, {"role": role, "place": str(place_id)})
    db.session.flush()


def set_password(username: str, password: str) -> None:
    """Set someone's password from the command line; ends their sessions. Raises NotFound, Invalid."""
    staff = by_username(policy.normal_username(username))
    if staff is None:
        raise NotFound("no_such_staff", "没有这个用户名。")
    demand_good(password, staff, "password")
    store_password(staff, passwords.hash_password(password))
    sessions.revoke_staff(staff.id)
    audit.record(SYSTEM, "password_set", "staff", staff.id)
    db.session.flush()


@dataclass(frozen=True)
class PersonDraft:
    """A person as somebody wants them to be; `phone` or `roles` None leaves what is there."""

    username: str
    name: str
    unit_id: int
    phone: str | None = None
    roles: Sequence[RoleAt] | None = None


def put_person(
    actor: Actor, draft: PersonDraft, *, staff_id: int | None = None, may_exist: bool = False
) -> int:
    """Add a person, or change the one with `staff_id`; returns the id. An account begins without password.

    An import calls it for each row with `may_exist`: a user name that is there is brought up to date.
    Two rows with one user name are one person in two places: the caller of many refuses that.
    Raises Invalid with the fields at fault (username, name, unit_id, phone, roles); NotFound for a
    person out of reach; Forbidden for one whose roles reach further than the actor's, and for one's
    own roles: those are a second administrator's to change (SEC-03).
    """
    town_id = actor.town_id or 0
    lock_town(town_id)
    username = policy.normal_username(draft.username)
    staff = _found(actor, username, staff_id, may_exist)
    before = _fields(staff) if staff is not None else None
    unit = _demand_unit(actor, draft.unit_id)
    _demand_name(draft.name)
    if staff is None:
        staff = Staff(id=new_id(), town_id=town_id, username=username, active=True)
    elif staff.id == actor.id and staff.unit_id != unit.id:
        raise _bad("unit_id", "不能把自己调到别的单位，请另一位管理员来改。", "own_account")
    if draft.phone is not None:
        _keep_phone(staff, _demand_phone(actor, draft.phone, staff))
    staff.name, staff.unit_id, staff.edited_at = draft.name, unit.id, now()
    db.session.add(staff)
    db.session.flush()
    _change_roles(actor, staff, draft.roles)
    audit.record_change(
        actor,
        "person_changed" if before else "person_added",
        "staff",
        staff.id,
        before,
        _fields(staff),
        name=staff.username,
        labels={"name": "姓名", "unit": "单位", "phone": "手机"},
        personal={"name": mask_name, "phone": mask_phone},
    )
    return staff.id


def _found(actor: Actor, username: str, staff_id: int | None, may_exist: bool) -> Staff | None:
    """The account that is meant, within the actor's reach; None for one to be made."""
    if staff_id is not None:
        people.managed(actor, staff_id)
        meant = db.session.get_one(Staff, staff_id)
        if username and username != meant.username:
            raise _bad("username", "用户名定下后不能改。要换名字，请停用这个账号，另建一个。")
        return meant
    fault = policy.username_fault(username)
    if fault:
        raise _bad("username", fault, "bad_username")
    staff = by_username(username)
    if staff is None:
        return None
    if not may_exist or staff.town_id != actor.town_id:
        raise _bad("username", "这个用户名已经有人在用，请换一个。", "username_taken")
    people.managed(actor, staff.id)
    return staff


def _demand_unit(actor: Actor, unit_id: int) -> OrgUnit:
    unit = db.session.get(OrgUnit, unit_id)
    if unit is not None and unit.active and unit.town_id == actor.town_id:
        place = db.session.get_one(Place, unit.place_id or unit.town_id)
        if actor.may_on("people.manage", people.ids_of(place), unit.id):
            return unit
    raise _bad("unit_id", "这个单位不在您管理的范围内，或已停用，请重新选择。")


def _demand_name(name: str) -> None:
    if not 2 <= len(name) <= 30:
        raise _bad("name", "请填写姓名，2 到 30 个字。")


def _demand_phone(actor: Actor, typed: str, staff: Staff) -> str:
    """The phone as digits; nobody active has the same: a person is in one place only."""
    phone = typed.replace(" ", "").replace("-", "")
    if not phone:
        return ""
    if not policy.PHONE.fullmatch(phone):
        raise _bad("phone", "请填写 11 位手机号码。")
    taken = select(Staff.id).where(Staff.phone_index.in_(blind_indexes("staff_phone", phone)))
    other_id = db.session.scalar(taken.where(Staff.id != staff.id))
    if other_id is None:
        return phone
    other = people.find(other_id)
    seen = other is not None and actor.may_on("people.manage", other.places, other.unit_id)
    where = (
        f"{other.unit_name}的{other.name}({other.username})"
        if seen and other is not None
        else "别处的一个账号"
    )
    raise _bad("phone", f"这个手机号已经登记给{where}，一个人只能有一个账号。", "person_twice")


def _keep_phone(staff: Staff, phone: str) -> None:
    staff.phone = phone or None
    staff.phone_index = blind_index("staff_phone", phone) if phone and staff.active else None


def _change_roles(actor: Actor, staff: Staff, roles: Sequence[RoleAt] | None) -> None:
    if roles is None:
        return
    held = {
        (row.role, row.place_id, row.unit_id)
        for row in db.session.scalars(select(StaffRole).where(StaffRole.staff_id == staff.id))
    }
    if set(roles) == held and len(roles) == len(held):
        return
    if staff.id == actor.id:
        raise Forbidden("own_roles", "不能改自己的角色和范围，请另一位管理员来改。")
    if len(set(roles)) != len(roles):
        raise _bad("roles", "同一个角色在同一个范围里写了两次，请删掉一个。", "role_twice")
    for role, place_id, unit_id in set(roles) - held:
        _demand_grantable(actor, role, place_id, unit_id)
    _hold(actor, staff, roles)
    demand_governable(staff.town_id)


def _demand_grantable(actor: Actor, role: str, place_id: int, unit_id: int | None) -> None:
    """An administrator grants any role of the town, but only within their own scope (RuoYi#328)."""
    place = db.session.get(Place, place_id)
    unit = db.session.get(OrgUnit, unit_id) if unit_id is not None else None
    known = place is not None and place.town_id == actor.town_id
    if unit_id is not None:
        known = known and unit is not None and unit.town_id == actor.town_id
    if not known or place is None:
        raise _bad("roles", "没有这个地点或单位，请重新选择角色的范围。")
    if not policy.covers(actor, "people.manage", people.ids_of(place), unit_id):
        raise _bad("roles", f"“{place.name}”超出了您管理的范围，不能授予。", "scope_too_wide")
    if role not in role_codes(actor.town_id or 0):
        raise _bad("roles", f"没有这个角色，或已停用：{role}", "unknown_role")


def _fields(staff: Staff) -> dict[str, Any]:
    unit = db.session.get_one(OrgUnit, staff.unit_id)
    return {"name": staff.name, "unit": unit.name, "phone": staff.phone}


def _bad(field: str, sentence: str, code: str = "invalid") -> Invalid:
    return Invalid(code, sentence, fields={field: [sentence]})


def by_username(username: str) -> Staff | None:
    """The account behind a user name in lower case, active or not."""
    return db.session.execute(select(Staff).where(Staff.username == username)).scalar_one_or_none()


def store_password(staff: Staff, password_hash: str) -> None:
    """Keep a new hash."""
    staff.password_hash, staff.password_changed_at = password_hash, now()


def demand_good(password: str, staff: Staff, field: str) -> None:
    """Raise Invalid for a password that will not do; `field` is where it was typed.

    The person's own name, unit and town are the first words that a guesser tries.
    """
    unit, town = db.session.get_one(OrgUnit, staff.unit_id), db.session.get_one(Place, staff.town_id)
    words = [staff.name, unit.name, town.name, town.code, *([staff.phone] if staff.phone else [])]
    faults = policy.password_faults(password, staff.username, words)
    if faults:
        raise Invalid("weak_password", faults[0], fields={field: faults})
