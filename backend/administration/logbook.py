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
    "content_reviewed": "复核公开内容",
    "comment_answered": "公开答复群众",
    "comment_hidden": "隐藏发言",
    "comment_shown": "恢复显示发言",
    "comment_withdrawn": "撤回发言",
    "comment_objected": "对隐藏提出异议",
    "wall.consent.ask": "征求公开的同意",
    "wall.consent": "答复是否同意公开",
    "wall.draft": "编写回音",
    "wall.save": "修改回音",
    "wall.photo": "制作公开照片",
    "wall.photo.remove": "去掉公开照片",
    "wall.follow_up.answer": "公开答复追问",
    "wall.follow_up.ask_reopen": "由追问提出重办",
    "objection.answer": "公开答复对公开的异议",
    "publishing_request.publish": "回应公开申请：已公开",
    "publishing_request.refuse": "回应公开申请：不公开",
    "publishing_request.order": "对公开申请督促公开",
    "publishing_request.uphold": "认可不公开的理由",
    "notice_watch.order": "督促公开",
    "village_roll.change": "填报村民人数",
    "report_card_made": "计算月度公报",
    "report_card_published": "公布月度公报",
    "report_card_discarded": "撤销月度公报更正",
    "finance_sheet.begin": "新建收支表",
    "finance_sheet.save": "保存收支表",
    "finance_sheet.seal": "收支表定稿",
    "finance_sheet.unseal": "收支表退回填写",
    "finance_sheet.export": "导出收支表",
    "guide_written": "编写办事指南",
    "guide_changed": "修改办事指南",
    "phone_written": "登记便民电话",
    "phone_changed": "修改便民电话",
    "phone_deleted": "删除便民电话",
    "neighbour_post_shown": "恢复显示邻里互助",
    "neighbour_post_taken_down": "撤下邻里互助",
    "care.read": "查看上门请求",
    "care.assign": "安排人上门",
    "care.visit": "登记上门情况",
    "care.visit_again": "再次登记上门情况",
    "care.close": "结束上门请求",
    "care.cancel": "取消上门请求",
    "care_agreed": "同意上门走访",
    "care_paper_entered": "录入纸质的走访同意",
    "care_paper_confirmed": "核对纸质的走访同意",
    "care_assigned": "安排走访的人",
    "care_revoked": "撤回走访同意",
    "care_visit_visited": "登记走访",
    "care_visit_not_met": "登记走访没有遇到人",
    "notice.draft": "拟定公开事项",
    "notice.supplement": "拟定补正",
    "notice.save": "修改公开事项",
    "notice.file": "给公开事项加附件",
    "notice.file.remove": "去掉公开事项的附件",
    "committee.add": "登记监督委员会成员",
    "committee.end": "结束监督委员会成员任期",
    "article.draft": "写文章",
    "article.save": "修改文章",
    "article.file": "给文章加照片或录音",
    "article.file.remove": "去掉文章的照片或录音",
    "article_series.create": "新增文章栏目",
    "article_series.change": "修改文章栏目",
    "article_volume.ask": "制作年度合订本",
    "poll.offline_entered": "登记线下票",
    "poll.paper_voter": "登记线下投票的村民",
    "villager.ask": "申请村民核实",
    "villager.end": "结束村民核实",
    "villager.confirm": "核实村民",
    "villager.refuse": "村民核实未通过",
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
    "comment": "发言",
    "wall_entry": "回音",
    "wall_follow_up": "追问",
    "notice_objection": "对公开的异议",
    "publishing_request": "公开申请",
    "report_card": "月度公报",
    "consultation": "议题",
    "poll": "意见投票",
    "finance_sheet": "收支表",
    "villager": "村民核实",
    "notice": "三务公开",
    "committee": "监督委员会",
    "article": "文章",
    "article_series": "文章栏目",
    "article_volume": "年度合订本",
    "guide": "办事指南",
    "phone_entry": "便民电话",
    "neighbour_post": "邻里互助",
    "help_request": "上门请求",
    "care_agreement": "走访同意",
    "care_visit": "走访",
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
    "month": "月份",
    "village": "村",
    "lines": "笔数",
    "closing_fen": "月底结余（分）",
    "number": "第几稿",
    "source": "来自",
    "state": "状态",
    "what": "改动的项",
    "round": "第几轮",
    "poll_id": "投票编号",
    "part": "部分",
    "part_id": "内容编号",
    "media_id": "照片编号",
    "category": "类别",
    "period": "哪一期",
    "boxes": "遮挡处",
    "checked": "看过人脸",
    "from": "原来",
    "to": "改为",
}
_VALUES = {
    "import": "导入",
    "export": "导出",
    "title": "标题",
    "matter": "反映的问题",
    "done": "怎么办的",
    "before": "办理前",
    "after": "办理后",
    "text": "文字",
    "photo": "照片",
    "pending": "检查中",
    "passed": "可以公开",
    "refused": "不宜公开",
    "needs_person": "待人工复核",
    "given": "同意",
    "withdrawn": "撤回",
    "asked": "等答复",
}


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
            MORE.get(key, key): _words(_said(value)) or ""
            for key, value in detail.items()
            if key not in {"name", "changes"} and value not in (None, "", {})
        },
        "sealed": entry.seal_id is not None,
    }


def _said(value: Any) -> Any:
    """A code of ours in its words; `report:123` names a record by its kind."""
    if isinstance(value, list):
        return [_said(one) for one in value]
    kind, colon, number = str(value).partition(":")
    if colon and kind in SUBJECTS:
        return f"{SUBJECTS[kind]} {number}"
    return _VALUES.get(str(value), value) if isinstance(value, str) else value


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
