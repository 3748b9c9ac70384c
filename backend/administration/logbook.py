"""The operation log in words: who did what to which record, field by field."""

from __future__ import annotations

from typing import Any

from backend.audit.models import AuditEntry

#: what the log calls a deed; one that is missing here is shown by its own name
WHATS: dict[str, str] = {
    "category.create": "新增类别",
    "category.change": "修改类别",
    "reply.create": "新增标准答复",
    "reply.change": "修改标准答复",
    "rule.create": "新增分流规则",
    "rule.change": "修改分流规则",
    "holidays.change": "修改放假安排",
    "announcement.create": "新建公告",
    "announcement.change": "修改公告",
    "sheet.export": "导出",
    "sheet.import": "导入",
    "sheet.fetch": "下载文件",
    "job.retry": "重试任务",
    "job.discard": "放弃任务",
    "case.contact.read": "查看群众联系方式",
    "petition.contact.read": "查看信访人联系方式",
    "petition.linked": "关联同一信访事项",
    "petition_visit.read": "查看走访预约",
    "petition_visit.confirm": "确认走访预约",
    "petition_visit.change": "更改走访预约",
    "petition_visit.cancel": "取消走访预约",
    "petition.urgent": "报告重大紧急信访事项",
    "petition.claimed": "认领信访事项",
    "petition.co_signed": "确认联名",
    "own_data_corrected": "更正本人信息",
    "vault.refused": "试图进入检举控告，被拒绝",
    "vault.open": "取出检举控告密文",
    "vault.file": "取出检举控告附件密文",
    "vault.read": "打开检举控告",
    "vault.transfer": "移送检举控告",
    "vault.answer": "答复检举控告",
    "vault.share": "重新加密检举控告",
    "vault.key_add": "新增检举控告公钥",
    "vault.key_confirm": "确认检举控告公钥",
    "vault.key_passphrase": "更换检举控告密钥口令",
    "vault.key_retire": "停用检举控告公钥",
    "petition_file.open": "查看信访附件",
    "petition_document.open": "查看信访文书",
    "petition_document.deliver": "登记信访文书送达",
    "petition_template.change": "修改信访文书模板",
    "login": "登录",
    "login_failed": "登录失败",
    "logout": "退出登录",
    "password_changed": "修改密码",
    "password_set": "设置密码",
    "password_reset": "重置密码",
    "person_added": "新增人员",
    "person_changed": "修改人员",
    "person_switched_off": "停用人员",
    "person_switched_on": "启用人员",
    "unit_made": "新增机构",
    "unit_changed": "修改机构",
    "place_changed": "修改地点",
    "boundary_replaced": "更换地点边界",
    "roles_changed": "修改担任的角色",
    "role_made": "新增角色",
    "role_changed": "修改角色",
    "binding_code_issued": "签发绑定码",
    "staff_bound": "绑定微信",
    "staff_unbound": "解除微信绑定",
}
SUBJECTS: dict[str, str] = {
    "category": "类别",
    "standard_reply": "标准答复",
    "routing_rule": "分流规则",
    "holiday_year": "放假安排",
    "announcement": "公告",
    "sheet": "表格",
    "outbox_job": "后台任务",
    "petition": "信访事项",
    "petition_template": "信访文书模板",
    "vault": "检举控告",
    "staff": "人员",
    "unit": "机构",
    "place": "地点",
    "role": "角色",
    "report": "诉求",
    "resident": "群众",
}


MORE: dict[str, str] = {
    "rows": "行数",
    "changed": "改动",
    "left_out": "没有写入",
    "direction": "方向",
    "filters": "条件",
    "moved": "重新计算的期限",
    "reason": "理由",
    "error": "原因",
    "role": "角色",
    "place": "范围",
    "locked": "已锁定",
}
_VALUES = {"import": "导入", "export": "导出"}


def what_label(what: str) -> str:
    """What the log calls a deed."""
    return WHATS.get(what, what)


def shown(entry: AuditEntry) -> dict[str, Any]:
    """An entry as the log's page shows it."""
    detail = entry.detail or {}
    name = str(detail.get("name") or "")
    kind = SUBJECTS.get(entry.subject_kind, entry.subject_kind)
    changes = [
        {"label": str(c["label"]), "old": _words(c.get("old")), "new": _words(c.get("new"))}
        for c in detail.get("changes", [])
    ]
    return {
        "id": entry.id,
        "at": entry.at,
        "who": entry.actor_name or "系统",
        "what": entry.what,
        "what_label": what_label(entry.what),
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "subject": f"{kind} {name}".strip(),
        "changes": [c for c in changes if c["old"] != c["new"]],
        "more": {
            MORE.get(key, key): _words(_VALUES.get(str(value), value)) or ""
            for key, value in detail.items()
            if key not in {"name", "changes"} and value not in (None, "", {})
        },
        "sealed": entry.seal_id is not None,
    }


def _words(value: Any) -> str | None:
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_words(one) or "" for one in value)
    if isinstance(value, dict):
        return "，".join(f"{k}={_words(v) or ''}" for k, v in value.items())
    return str(value)
