"""Roles as data: what each role may do in one town, edited on screen. Flushes, never commits.

Its own file: roles.py says in code which permissions exist and how a town begins; this is what the
town makes of it. The guard reads these rows at every request, so a change holds at the next click.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from backend import audit
from backend.identity import policy
from backend.identity.desk_models import TownRole
from backend.identity.models import Staff, StaffRole
from backend.identity.roles import ADMINISTRATION, CASE_CONTENT, PERMISSIONS, ROLES
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import Forbidden, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.places.models import Town

GOVERNING = frozenset({"people.manage", "roles.manage"})
"""What somebody active must hold for the whole town, or nobody could mend anything any more."""

_CODE = re.compile(r"[a-z][a-z0-9_]{1,31}")


@dataclass(frozen=True)
class RoleDraft:
    """A role as somebody wants it to be."""

    label: str
    permissions: tuple[str, ...]
    totp_required: bool = False
    active: bool = True


def seed_roles(town_id: int) -> int:
    """Give a town the built-in roles that it lacks; those that it has stay as they are. How many."""
    there = set(db.session.scalars(select(TownRole.code).where(TownRole.town_id == town_id)))
    missing = [role for role in ROLES.values() if role.code not in there]
    for role in missing:
        db.session.add(
            TownRole(
                id=new_id(),
                town_id=town_id,
                code=role.code,
                label=role.label,
                permissions=sorted(role.permissions),
                built_in=True,
            )
        )
    db.session.flush()
    return len(missing)


def role_codes(town_id: int) -> set[str]:
    """The codes of a town's active roles."""
    return set(db.session.scalars(select(TownRole.code).where(TownRole.town_id == town_id, TownRole.active)))


def listed(actor: Actor) -> dict[str, Any]:
    """The town's roles, built-in ones first, with how many people hold each, and what may be granted."""
    town_id = actor.town_id or 0
    counted = (
        select(StaffRole.role, func.count(StaffRole.staff_id.distinct()).label("holders"))
        .join(Staff, Staff.id == StaffRole.staff_id)
        .where(Staff.town_id == town_id, Staff.active)
        .group_by(StaffRole.role)
    )
    held = {row.role: row.holders for row in db.session.execute(counted)}
    rows = db.session.scalars(
        select(TownRole).where(TownRole.town_id == town_id).order_by(TownRole.built_in.desc(), TownRole.id)
    )
    own = set(db.session.scalars(select(StaffRole.role).where(StaffRole.staff_id == actor.id)))
    return {
        "items": [_shown(row, held.get(row.code, 0), row.code in own) for row in rows],
        "permissions": [
            {"name": name, "label": label, "group": permission_group(name)}
            for name, label in PERMISSIONS.items()
        ],
        "may_edit": actor.may("roles.manage") and _governs_town(actor),
    }


def permission_group(name: str) -> str:
    """Under which heading a permission stands on screen."""
    if name in ADMINISTRATION:
        return "administration"
    return "cases" if name in CASE_CONTENT else "other"


def create_role(actor: Actor, code: str, draft: RoleDraft) -> dict[str, Any]:
    """A role of the town's own. Raises Invalid for a code or label in use or a mix that SEC-03 forbids."""
    town_id = _demand_town_scope(actor)
    if not _CODE.fullmatch(code):
        raise _bad("code", "代码用小写字母开头，只含小写字母、数字和下划线，2 到 32 个字符。")
    if code in ROLES or _by_code(town_id, code) is not None:
        raise _bad("code", "这个代码已经有角色在用，请换一个。", "role_exists")
    _demand_sound(town_id, draft, None)
    row = TownRole(id=new_id(), town_id=town_id, code=code, permissions=[], label=draft.label)
    db.session.add(row)
    _apply(row, draft)
    db.session.flush()
    audit.record(actor, "role_made", "role", row.id, {"code": code, "permissions": row.permissions})
    return _shown(row, 0, False)


def change_role(actor: Actor, role_id: int, draft: RoleDraft) -> dict[str, Any]:
    """Change a role; it holds for everyone at once.

    Raises NotFound; Forbidden when one would widen a role that one holds oneself; Invalid when
    afterwards nobody could manage people and roles any more.
    """
    town_id = _demand_town_scope(actor)
    row = db.session.get(TownRole, role_id)
    if row is None or row.town_id != town_id:
        raise NotFound
    _demand_sound(town_id, draft, row.id)
    _demand_not_own_widening(actor, row, draft)
    before = set(row.permissions)
    _apply(row, draft)
    db.session.flush()
    demand_governable(town_id)
    audit.record(
        actor,
        "role_changed",
        "role",
        row.id,
        {
            "code": row.code,
            "given": sorted(set(row.permissions) - before),
            "taken": sorted(before - set(row.permissions)),
            "active": row.active,
            "totp_required": row.totp_required,
        },
    )
    holders = db.session.scalar(
        select(func.count(StaffRole.staff_id.distinct()))
        .join(Staff, Staff.id == StaffRole.staff_id)
        .where(Staff.town_id == town_id, Staff.active, StaffRole.role == row.code)
    )
    return _shown(row, holders or 0, _holds(actor, row.code))


def lock_town(town_id: int) -> None:
    """Let changes of who governs the town wait for each other: two administrators who switch each
    other off at the same moment would otherwise both succeed."""
    db.session.execute(select(Town.id).where(Town.id == town_id).with_for_update()).one()


def demand_governable(town_id: int) -> None:
    """Raise Invalid unless some active person holds, for the whole town, what governs people and roles."""
    rows = db.session.execute(
        select(StaffRole.staff_id, TownRole.permissions)
        .join(Staff, Staff.id == StaffRole.staff_id)
        .join(TownRole, (TownRole.code == StaffRole.role) & (TownRole.town_id == Staff.town_id))
        .where(
            Staff.town_id == town_id,
            Staff.active,
            TownRole.active,
            StaffRole.place_id == town_id,
            StaffRole.unit_id.is_(None),
        )
    ).all()
    held: dict[int, set[str]] = {}
    for staff_id, permissions in rows:
        held.setdefault(staff_id, set()).update(permissions)
    if not any(permissions >= GOVERNING for permissions in held.values()):
        sentence = "这样改了以后，全镇就没有人能管理人员和角色了。请先让另一个人担任管理员。"
        raise Invalid("locks_everyone_out", sentence, fields={"_": [sentence]})


def _demand_sound(town_id: int, draft: RoleDraft, role_id: int | None) -> None:
    if not draft.label:
        raise _bad("label", "请填写角色名称。")
    same = select(TownRole.id).where(TownRole.town_id == town_id, TownRole.label == draft.label)
    if any(found != role_id for found in db.session.scalars(same)):
        raise _bad("label", "已经有同名的角色，请换个名称。", "role_exists")
    unknown = set(draft.permissions) - PERMISSIONS.keys()
    if unknown:
        raise _bad("permissions", f"没有这项权限：{'、'.join(sorted(unknown))}")
    wanted = set(draft.permissions)
    if wanted & ADMINISTRATION and wanted & CASE_CONTENT:
        raise _bad(
            "permissions",
            "一个角色不能既管理账号和设置，又能看办诉求（最小授权）。请分成两个角色，由不同的人担任。",
            "role_mixed",
        )


def _demand_not_own_widening(actor: Actor, row: TownRole, draft: RoleDraft) -> None:
    if not _holds(actor, row.code):
        return
    if set(draft.permissions) - set(row.permissions):
        raise Forbidden("own_role", "您自己担任这个角色，不能给它增加权限。请另一位管理员来改。")
    if row.totp_required and not draft.totp_required:
        raise Forbidden("own_role", "您自己担任这个角色，不能取消它的动态验证码要求。请另一位管理员来改。")


def _demand_town_scope(actor: Actor) -> int:
    """Roles are the whole town's: who governs a village may not write them (RuoYi#328)."""
    if not _governs_town(actor):
        raise Forbidden("town_scope_needed", "角色是全镇共用的，要由管理全镇的管理员来改。")
    lock_town(actor.town_id or 0)
    return actor.town_id or 0


def _governs_town(actor: Actor) -> bool:
    return policy.covers(actor, "roles.manage", {"town": actor.town_id}, None)


def _holds(actor: Actor, code: str) -> bool:
    held = select(StaffRole.id).where(StaffRole.staff_id == actor.id, StaffRole.role == code).limit(1)
    return db.session.execute(held).first() is not None


def _apply(row: TownRole, draft: RoleDraft) -> None:
    row.label = draft.label
    row.permissions = sorted(set(draft.permissions))
    row.totp_required, row.active = draft.totp_required, draft.active


def _by_code(town_id: int, code: str) -> TownRole | None:
    return db.session.scalars(
        select(TownRole).where(TownRole.town_id == town_id, TownRole.code == code)
    ).one_or_none()


def labels(town_ids: Iterable[int]) -> dict[tuple[int, str], str]:
    """(town, role code) → label, switched-off roles too."""
    rows = db.session.execute(
        select(TownRole.town_id, TownRole.code, TownRole.label).where(TownRole.town_id.in_(set(town_ids)))
    )
    return {(town_id, code): label for town_id, code, label in rows}


def _shown(row: TownRole, held: int, own: bool) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "label": row.label,
        "permissions": row.permissions,
        "totp_required": row.totp_required,
        "built_in": row.built_in,
        "active": row.active,
        "holders": held,
        "own": own,
    }


def _bad(field: str, sentence: str, code: str = "invalid") -> Invalid:
    return Invalid(code, sentence, fields={field: [sentence]})
