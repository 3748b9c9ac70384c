"""Which permissions there are, and the roles with which a town begins.

What a role may do from then on is data (town_roles.py), and so is who holds it (staff_roles rows). So a
permission that is new here reaches the towns that are there already only by a revision of the schema.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    "case.supervise": "督办",
    "case.call_back": "回访",
    "case.extend": "批准延期和挂账",
    "case.intake": "代群众登记",
    "content.review": "审核群众发来的内容",
    "board.view": "查看数据看板",
    "message.view": "查看消息发送情况",
    "message.resend": "重新发送消息",
    "people.bind": "为工作人员签发绑定码",
    "feedback.view": "查看对本程序的意见",
    "rights.answer": "答复个人信息权利申请",
    "people.manage": "管理机构、人员、代班和值班",
    "roles.manage": "管理角色和权限",
    "places.manage": "管理地点和网格",
    "sessions.manage": "查看在线人员，强制下线",
    "log.view": "查看登录日志和操作日志",
    "settings.manage": "管理字典、规则和公告",
    "petition.triage": "信访登记、甄别、告知",
    "petition.handle": "办理交给自己或本单位的信访事项",
    "petition.approve": "签发信访处理意见，批准延期",
    "petition.figures": "查看信访法定期限日历和统计",
    "petition.templates": "修改信访文书模板",
    "vault.read": "阅读检举控告（持有密钥的人）",
    "consult.manage": "组织议事：议题、会议、结论、落实",
    "consult.approve": "审定议题，签发结论",
    "villager.confirm": "对照本村名册核实村民",
    "wall.write": "编写问题回音壁，公开答复追问",
    "wall.approve": "审核问题回音壁和月度公报",
    "notice.draft": "拟定三务公开事项和收支表",
    "notice.review": "审查公开事项并提出意见（村务监督委员会）",
    "notice.confirm": "联席会议确定公开事项",
    "notice.publish": "发布公开事项，答复异议",
    "notice.watch": "督促公开，受理对公开的申诉",
    "bulletin.write": "编发党的声音、办事指南和便民电话",
    "care.plan": "安排入户走访",
    "care.visit": "入户走访并记录",
}

_KNOWN = frozenset(PERMISSIONS)

ADMINISTRATION = frozenset(
    {
        "people.bind",
        "people.manage",
        "roles.manage",
        "places.manage",
        "sessions.manage",
        "log.view",
        "settings.manage",
    }
)
"""What governs accounts and settings. No role built in holds any of it beside case content (SEC-03)."""

CASE_CONTENT = frozenset(name for name in PERMISSIONS if name.startswith("case.")) | {"content.review"}
"""What opens the content of cases."""

PETITION_CONTENT = frozenset({"petition.triage", "petition.handle", "petition.approve", "vault.read"})
"""What opens the content of petitions; no administrator holds any of it."""


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
            "case.intake case.call_back content.review board.view message.view message.resend feedback.view rights.answer "
            "consult.manage wall.write notice.draft notice.publish notice.watch bulletin.write care.plan",
        ),
        # Handlers see what is assigned to them, or to their unit, without case.view.
        _role("grid_worker", "网格员", "case.handle case.note case.contact case.intake care.visit"),
        _role("department_clerk", "站所办理人", "case.handle case.note case.contact petition.handle"),
        _role("checker", "核查员", "case.view case.check case.note case.call_back board.view"),
        _role(
            "leader",
            "镇领导",
            "case.view case.reopen case.note case.supervise case.extend board.view petition.approve petition.figures "
            "consult.approve wall.approve notice.confirm notice.watch",
        ),
        _role(
            "village_head",
            "村级负责人",
            "case.view board.view consult.manage villager.confirm notice.publish care.plan",
        ),
        # Four people sign what a village publishes (OPEN-07): the clerk drafts, the committee reviews, the
        # joint meeting confirms, the head publishes.
        _role("village_clerk", "村文书", "notice.draft"),
        _role("village_supervisor", "村务监督委员会成员", "notice.review"),
        _role("village_secretary", "村党组织书记", "notice.confirm"),
        # The petition office: it registers everything and informs in writing (PET-01, PET-04).
        _role("petition_clerk", "信访专员", "petition.triage petition.figures petition.templates"),
        # Holds a key to what is sealed, and reads nothing else (§1.2 检举控告类).
        _role("vault_reader", "检举控告专办员", "vault.read"),
        # The one who administers accounts reads no case (least privilege, SEC-03).
        _role(
            "administrator",
            "管理员",
            "people.bind people.manage roles.manage places.manage sessions.manage log.view "
            "settings.manage message.view message.resend feedback.view",
        ),
    )
}

PHONE_PERMISSIONS = frozenset({"case.handle", "case.note", "case.contact", "case.intake", "care.visit"})
"""What a WeChat login lends a bound worker: a phone is lost more easily than a desk."""


def permissions_of(role: str) -> frozenset[str]:
    """What a built-in role may do at the desk to begin with; nothing for a role that is none."""
    built_in = ROLES.get(role)
    return built_in.permissions if built_in else frozenset()


def phone_permissions_of(role: str) -> frozenset[str]:
    """What a built-in role may do from a phone to begin with."""
    return lent_to_phone(permissions_of(role))


def known(permissions: Iterable[str]) -> frozenset[str]:
    """The permissions that this version knows: a row may name one of a newer or older version."""
    return _KNOWN.intersection(permissions)


def lent_to_phone(permissions: Iterable[str]) -> frozenset[str]:
    """What a role lends a phone: only roles that handle cases lend anything at all."""
    held = frozenset(permissions)
    return held & PHONE_PERMISSIONS if "case.handle" in held else frozenset()
