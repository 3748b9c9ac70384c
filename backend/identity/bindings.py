"""A grid worker's WeChat and staff account, joined once by a one-time code.

Its own file: staff issue codes, residents redeem them, and neither side's services own both.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import IntegrityError

from backend import audit
from backend.identity import people, policy
from backend.identity.models import BindingCode, Resident, Staff, StaffBinding
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.crypto import blind_index, blind_indexes
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from backend.kernel.ids import CODE_ALPHABET, read_code

BAD_CODE = "绑定码不对或已过期。请核对，或向管理员要一个新的。"


@dataclass(frozen=True)
class IssuedCode:
    """A one-time code, shown this once; good until `expires_at` (aware UTC)."""

    code: str
    expires_at: datetime


def issue_code(actor: Actor, staff_id: int) -> IssuedCode:
    """A new code for a member of staff; codes issued for them before stop working.

    For oneself, or with people.bind in scope; NotFound otherwise, as for someone who does not exist.
    """
    person = people.find(staff_id)
    if person is None or not policy.may_issue_code(actor, staff_id, person.places, person.unit_id):
        raise NotFound
    if staff_id != actor.id and not people.reaches_roles_of(actor, "people.bind", staff_id):
        raise Forbidden("reaches_further", "这个人担任的角色范围比您管理的范围大，请由上一级管理员来操作。")
    # Several codes at once would be several chances for whoever guesses.
    db.session.execute(
        delete(BindingCode).where(BindingCode.staff_id == staff_id, BindingCode.used_at.is_(None))
    )
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(policy.CODE_LENGTH))
    expires_at = now() + policy.CODE_LIFE
    db.session.add(
        BindingCode(code_hash=_index(code), staff_id=staff_id, issued_by=actor.id, expires_at=expires_at)
    )
    audit.record(actor, "binding_code_issued", "staff", staff_id)
    db.session.flush()
    return IssuedCode(code, expires_at)


def bind(actor: Actor, typed: str) -> int:
    """Redeem a code: this resident's WeChat is that member of staff from now on. Returns the staff id.

    A worker with a new phone or WeChat gets a new code, and the old binding ends. Raises Invalid for
    a bad code, TooMany after five of them, Conflict when this WeChat is somebody else's already.
    """
    resident = db.session.get_one(Resident, actor.id, with_for_update=True)
    if policy.is_locked(resident.binding_locked_until, now()):
        wait = policy.seconds_until(resident.binding_locked_until, now())
        raise TooMany("too_many_codes", "试错的次数太多了，请 15 分钟后再试。", retry_after=wait)
    code = _usable(typed)
    if code is None:
        _count_failure(resident)
        raise Invalid("bad_code", BAD_CODE, fields={"code": [BAD_CODE]}, keeps_changes=True)
    _replace_binding(actor, resident, code.staff_id)
    code.used_at = now()
    resident.binding_failures, resident.binding_locked_until = 0, None
    db.session.flush()
    return code.staff_id


def unbind(actor: Actor, staff_id: int) -> bool:
    """End a member of staff's binding; returns whether there was one."""
    binding = _binding(StaffBinding.staff_id == staff_id)
    if binding is None:
        return False
    db.session.delete(binding)
    audit.record(actor, "staff_unbound", "staff", staff_id)
    db.session.flush()
    return True


def _usable(typed: str) -> BindingCode | None:
    plain = read_code(typed)
    if len(plain) != policy.CODE_LENGTH:
        return None
    return db.session.execute(
        select(BindingCode)
        .join(Staff, Staff.id == BindingCode.staff_id)
        .where(
            BindingCode.code_hash.in_(blind_indexes("binding_code", plain)),
            BindingCode.used_at.is_(None),
            BindingCode.expires_at > now(),
            Staff.active,
        )
        .with_for_update(of=BindingCode)
    ).scalar_one_or_none()


def _count_failure(resident: Resident) -> None:
    ended = resident.binding_locked_until is not None  # a lock that still held was refused above
    resident.binding_failures = 1 if ended else resident.binding_failures + 1
    locked = resident.binding_failures >= policy.CODE_TRIES
    resident.binding_locked_until = now() + policy.CODE_LOCK if locked else None


def _replace_binding(actor: Actor, resident: Resident, staff_id: int) -> None:
    mine = _binding(StaffBinding.resident_id == resident.id)
    if mine is not None and mine.staff_id == staff_id:
        return
    if mine is not None:
        raise Conflict("bound_to_another", "这个微信已绑定另一位工作人员，请联系管理员。")
    theirs = _binding(StaffBinding.staff_id == staff_id)
    if theirs is not None:
        db.session.delete(theirs)
        db.session.flush()
    try:
        with db.session.begin_nested():
            db.session.add(StaffBinding(staff_id=staff_id, resident_id=resident.id))
    except IntegrityError as error:
        raise Conflict("bound_meanwhile", "刚刚有人绑定了这个账号，请刷新后再看。") from error
    audit.record(actor, "staff_bound", "staff", staff_id, {"replaced": theirs is not None})


def _binding(condition: ColumnElement[bool]) -> StaffBinding | None:
    return db.session.execute(select(StaffBinding).where(condition).with_for_update()).scalar_one_or_none()


def _index(code: str) -> str:
    # Keyed: eight characters could be tried out against a plain hash.
    return blind_index("binding_code", code)
