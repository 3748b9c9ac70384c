"""Roles and what each may do. Permissions are code; who holds a role is data (staff_roles rows)."""

from __future__ import annotations

from dataclasses import dataclass

PERMISSIONS: dict[str, str] = {
    "case.view": "查看范围内的全部诉求",
    "case.accept": "受理",
    "case.dispatch": "分流",
    "case.handle": "办理交给自己或本单位的诉求",
    "case.check": "核查",
    "case.reopen": "决定是否重办",
    "case.note": "写内部备注",
    "case.contact": "查看联系方式（留痕）",
    "board.view": "查看数据看板",
    "message.view": "查看消息发送情况",
    "message.resend": "重新发送消息",
    "people.bind": "为工作人员签发绑定码",
    "feedback.view": "查看对本程序的意见",
}


@dataclass(frozen=True)
class Role:
    """A duty people hold: its code in data, its name on screen, what it may do."""

    code: str
    label: str
    permissions: frozenset[str]


def _role(code: str, label: str, permissions: str) -> Role:
    names = frozenset(permissions.split())
    unknown = names - PERMISSIONS.keys()
    if unknown:
        raise ValueError(f"role {code}: unknown permissions {sorted(unknown)}")
    return Role(code, label, names)


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _role(
            "dispatcher",
            "分流员",
            "case.view case.accept case.dispatch case.reopen case.note case.contact "
            "board.view message.view message.resend feedback.view",
        ),
        # Handlers see what is assigned to them, or to their unit, without case.view.
        _role("grid_worker", "网格员", "case.handle case.note case.contact"),
        _role("department_clerk", "站所办理人", "case.handle case.note case.contact"),
        _role("checker", "核查员", "case.view case.check case.note board.view"),
        _role("leader", "镇领导", "case.view case.reopen board.view case.note"),
        _role("village_head", "村级负责人", "case.view board.view"),
        # The one who administers accounts reads no case (least privilege, SEC-03).
        _role("administrator", "管理员", "people.bind message.view message.resend feedback.view"),
    )
}

PHONE_PERMISSIONS = frozenset({"case.handle", "case.note", "case.contact"})
"""What a WeChat login lends a bound worker: a phone is lost more easily than a desk."""


def permissions_of(role: str) -> frozenset[str]:
    """What the role may do at the desk; nothing for a role this version does not know."""
    known = ROLES.get(role)
    return known.permissions if known else frozenset()


def phone_permissions_of(role: str) -> frozenset[str]:
    """What the role may do from a phone: only roles that handle cases lend anything at all."""
    permissions = permissions_of(role)
    return permissions & PHONE_PERMISSIONS if "case.handle" in permissions else frozenset()
