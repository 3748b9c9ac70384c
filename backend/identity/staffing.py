"""Staff accounts: units and people as config gives them, password login, lock-out, password change.

Beside services.py, which is the residents' side; both end in sessions.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from backend import audit
from backend.identity import passwords, policy, sessions
from backend.identity.models import LoginFailure, OrgUnit, Staff, StaffRole
from backend.identity.town_roles import role_codes
from backend.kernel.actor import PUBLIC, SYSTEM, Actor
from backend.kernel.clock import now
from backend.kernel.crypto import blind_index
from backend.kernel.db import db, outside_transaction
from backend.kernel.errors import Invalid, NotFound, TooMany, Unauthorized
from backend.places.files.model import StaffLine, UnitLine

RoleAt = tuple[str, int, int | None]
"""(role code, place id, unit id or None): a role held within a place, for one unit only or for all."""


@dataclass(frozen=True)
class SignedIn:
    """A fresh desk session; the token goes into the cookie and nowhere else."""

    actor: Actor
    token: str
    expires_at: datetime


def create_unit(
    town_id: int,
    code: str,
    name: str,
    kind: str,
    place_id: int | None = None,
    parent_id: int | None = None,
    phone: str | None = None,
) -> OrgUnit:
    """The unit with this code in this town, made or brought up to date; safe to run again."""
    unit = db.session.execute(
        select(OrgUnit).where(OrgUnit.town_id == town_id, OrgUnit.code == code)
    ).scalar_one_or_none()
    if unit is None:
        unit = OrgUnit(town_id=town_id, code=code)
        db.session.add(unit)
    unit.name, unit.kind, unit.place_id, unit.parent_id = name, kind, place_id, parent_id
    unit.phone, unit.active = phone, True
    db.session.flush()
    return unit


def save_units(town_id: int, lines: Iterable[UnitLine], places: Mapping[str, int]) -> dict[str, int]:
    """Make the town's units what units.csv says (`places`: code → id); returns unit code → id.

    A unit that is no longer in the file is switched off, never deleted: old cases name it.
    """
    given = list(lines)
    made = {
        line.code: create_unit(
            town_id,
            line.code,
            line.name,
            line.kind,
            places.get(line.place_code, town_id),
            None,
            line.phone or None,
        )
        for line in given
    }
    for line in given:  # a parent may stand below its child in the file
        made[line.code].parent_id = made[line.parent_code].id if line.parent_code else None
    for unit in db.session.execute(select(OrgUnit).where(OrgUnit.town_id == town_id)).scalars():
        unit.active = unit.code in made
    db.session.flush()
    return {code: unit.id for code, unit in made.items()}


def save_staff(
    town_id: int, lines: Iterable[StaffLine], places: Mapping[str, int], units: Mapping[str, int]
) -> dict[str, int]:
    """Make the accounts of staff.csv, without passwords; returns user name → id.

    A department's clerk handles the own unit's cases only; every other role is bounded by its place.
    Accounts that are not in the file are left alone: they may have been made by `flask staff create`.
    """
    saved = {}
    for line in lines:
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
    staff = _by_username(username)
    if staff is None:
        staff = Staff(town_id=town_id, username=username, name=name, unit_id=unit_id)
        db.session.add(staff)
    elif staff.town_id != town_id:
        raise Invalid("username_taken", "这个用户名已被其他乡镇使用。", fields={"username": ["已被使用"]})
    if staff.name != name:
        staff.name = name
    staff.unit_id, staff.active = unit_id, True
    if staff.password_hash is None and (password or password_hash):
        _store(staff, password_hash or passwords.hash_password(password or ""))
    db.session.flush()
    _hold(staff, list(roles))
    return staff


def _hold(staff: Staff, roles: list[RoleAt]) -> None:
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
            audit.record(SYSTEM, "role_taken", "staff", staff.id, {"role": key[0], "place": str(key[1])})
    for role, place_id, unit_id in dict.fromkeys(roles):
        if (role, place_id, unit_id) not in held:
            db.session.add(StaffRole(staff_id=staff.id, role=role, place_id=place_id, unit_id=unit_id))
            audit.record(SYSTEM, "role_given", "staff", staff.id, {"role": role, "place": str(place_id)})
    db.session.flush()


def set_password(username: str, password: str) -> None:
    """Set someone's password from the command line; ends their sessions. Raises NotFound, Invalid."""
    staff = _by_username(policy.normal_username(username))
    if staff is None:
        raise NotFound("no_such_staff", "没有这个用户名。")
    _demand_good(password, staff.username, "password")
    _store(staff, passwords.hash_password(password))
    sessions.revoke_staff(staff.id)
    audit.record(SYSTEM, "password_set", "staff", staff.id)
    db.session.flush()


def unlock(username: str) -> bool:
    """Forget the failed logins of a name; returns whether there were any."""
    index = _index(policy.normal_username(username))
    forgotten = db.session.execute(delete(LoginFailure).where(LoginFailure.username_index == index))
    return bool(forgotten.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it


def sign_in(username: str, password: str, replaced_token: str | None = None) -> SignedIn:
    """Open a desk session; the session the browser came with is ended (a new id at every login).

    An unknown name and a wrong password take the same time and get the same answer, and both count
    towards the same lock (SEC-04). Raises Unauthorized, or TooMany while the name is locked.
    """
    name = policy.normal_username(username)
    with passwords.gate():
        staff = _verified(name, password)
    if replaced_token:
        sessions.revoke_token(replaced_token)
    _forget_failures(name)
    opened = sessions.open_for_staff(staff.id)
    staff.last_login_at = now()
    actor = Actor(
        kind="staff",
        id=staff.id,
        name=staff.name,
        town_id=staff.town_id,
        unit_id=staff.unit_id,
        channel="console",
        session_id=opened.id,
    )
    audit.record(actor, "login", "staff", staff.id)
    db.session.flush()
    return SignedIn(actor, opened.token, opened.expires_at)


def change_password(actor: Actor, old: str, new: str) -> None:
    """Change one's own password; every other session of the account ends.

    Raises Invalid with the field at fault; a wrong old password counts as a failed login.
    """
    staff = db.session.get_one(Staff, actor.id)
    with passwords.gate():
        _demand_unlocked(staff.username)
        stored = staff.password_hash
        with outside_transaction():
            right = passwords.verify(stored, old)
        if not right:
            _count_failure(staff.username, staff)
            raise Invalid(
                "wrong_password", "原密码不对。", fields={"old": ["原密码不对"]}, keeps_changes=True
            )
    _demand_good(new, staff.username, "new")
    if old == new:
        raise Invalid("same_password", "新密码不能与原密码相同。", fields={"new": ["与原密码相同"]})
    _store(staff, passwords.hash_password(new))
    _forget_failures(staff.username)
    sessions.revoke_staff(staff.id, but=actor.session_id)
    audit.record(actor, "password_changed", "staff", staff.id)
    db.session.flush()


def _verified(name: str, password: str) -> Staff:
    """The member of staff, or a counted failure. Hashing happens with no transaction open."""
    _demand_unlocked(name)
    staff = _by_username(name)
    stored = staff.password_hash if staff is not None and staff.active else None
    with outside_transaction():
        right = passwords.verify(stored, password)
        fresh = passwords.hash_password(password) if right and stored and passwords.outdated(stored) else None
    if staff is None or not right:
        _count_failure(name, staff)
        raise Unauthorized("login_failed", "用户名或密码不对。", keeps_changes=True)
    if fresh:
        staff.password_hash = fresh  # the parameters have changed since it was made
    return staff


def _demand_unlocked(name: str) -> None:
    row = _failures(name)
    if row is not None and policy.is_locked(row.locked_until, now()):
        raise TooMany("locked", "登录失败的次数太多了，请 15 分钟后再试，或请管理员解锁。")


def _count_failure(name: str, staff: Staff | None) -> None:
    row = _failures(name, lock=True)
    if row is None:
        try:
            with db.session.begin_nested():
                row = LoginFailure(username_index=_index(name), failures=0, last_at=now())
                db.session.add(row)
        except IntegrityError:  # another failure of this name was a moment faster
            row = _failures(name, lock=True)
            if row is None:
                raise
    after = policy.after_failure(policy.Failures(row.failures, row.last_at, row.locked_until), now())
    row.failures, row.locked_until = after.count, after.locked_until
    row.last_at = after.last_at or now()
    # The name typed is not kept: people type their password there by mistake.
    subject = staff.id if staff is not None else None
    audit.record(PUBLIC, "login_failed", "staff", subject, {"locked": after.locked_until is not None})
    db.session.flush()


def _forget_failures(name: str) -> None:
    db.session.execute(delete(LoginFailure).where(LoginFailure.username_index == _index(name)))


def _failures(name: str, *, lock: bool = False) -> LoginFailure | None:
    query = select(LoginFailure).where(LoginFailure.username_index == _index(name))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.execute(query).scalar_one_or_none()


def _index(name: str) -> str:
    return blind_index("username", name)


def _by_username(username: str) -> Staff | None:
    return db.session.execute(select(Staff).where(Staff.username == username)).scalar_one_or_none()


def _store(staff: Staff, password_hash: str) -> None:
    staff.password_hash, staff.password_changed_at = password_hash, now()


def _demand_good(password: str, username: str, field: str) -> None:
    faults = policy.password_faults(password, username)
    if faults:
        raise Invalid("weak_password", faults[0], fields={field: faults})
