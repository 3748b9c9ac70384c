"""How long each kind of record is kept, and what happens then (PI-08): one line a rule. Data only.

`code` names the rule in the deletion log; who finds and erases is wired by that code (ports.retains).
A rule without `after` is never run: the law asks for the record, or another timer (`timer`) does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """One kind of record: what of it, how long, what happens then, and where that comes from."""

    code: str
    kind: str
    what: str
    after: timedelta | None
    after_words: str
    happens: str
    source: str
    timer: str = ""


RULES: tuple[Rule, ...] = (
    Rule(
        "uploads", "media_file", "没有提交的照片和上传", 30 * DAY, "上传 30 天", "删除照片", "PI-08；PIPL 19"
    ),
    Rule(
        "location",
        "report",
        "准确位置、补充地址",
        90 * DAY,
        "办结 90 天",
        "位置换成所在网格中心，地址删除",
        "PI-08；PIPL 19、28",
    ),
    Rule("contact", "report", "联系人、联系电话", 365 * DAY, "办结 1 年", "删除", "PI-08；PIPL 19、47"),
    Rule("deliveries", "delivery", "微信消息的发送记录", 180 * DAY, "180 天", "删除", "PI-08；SEC-01"),
    Rule("inbox", "inbox_message", "“消息”里的内容", 730 * DAY, "2 年", "删除", "PI-08；PIPL 19"),
    Rule("opinions", "feedback", "给本程序提意见时留的联系方式", 365 * DAY, "1 年", "删除", "PI-08；PIPL 19"),
    Rule(
        "requests",
        "rights_request",
        "权利申请里写的内容",
        1095 * DAY,
        "答复 3 年",
        "删除文字",
        "PI-07；PI-09",
    ),
    Rule("readings", "case_reading", "谁打开过一件事", 1095 * DAY, "3 年", "删除", "SEC-01（不少于 6 个月）"),
    Rule("guardian_codes", "guardian_code", "监护人确认码", DAY, "过期 1 天", "删除", "PI-08"),
    Rule(
        "copies",
        "rights_copy",
        "您要的个人信息副本文件",
        timedelta(),
        "做好 24 小时",
        "删除文件",
        "PI-07；PIPL 19",
    ),
    Rule(
        "villagers",
        "villager",
        "没有通过或已停用的村民核实",
        365 * DAY,
        "1 年",
        "删除",
        "PI-08；PIPL 19",
    ),
    Rule(
        "petition_contacts",
        "petition_party",
        "信访人的电话、住址、身份证号",
        365 * DAY,
        "办结 1 年（待落实的除外）",
        "删除",
        "PI-08；PIPL 19、47",
    ),
    Rule(
        "petition_visits", "petition_visit", "走访预约", 90 * DAY, "预约日后 90 天", "删除", "PI-08；PIPL 19"
    ),
    Rule(
        "petition_readings",
        "petition_reading",
        "谁打开过一件信访事项",
        1095 * DAY,
        "3 年",
        "删除",
        "SEC-01（不少于 6 个月）",
    ),
    Rule(
        "petition_reasons",
        "petition_contact_reading",
        "为什么查看信访人联系方式",
        1095 * DAY,
        "3 年",
        "删除",
        "SEC-01（不少于 6 个月）",
    ),
    Rule(
        "petition_files",
        "petition_file",
        "没有提交的信访附件",
        None,
        "30 天，匿名的 24 小时",
        "删除文件",
        "PI-08；PIPL 19",
        timer="petition_files.purge",
    ),
    Rule(
        "petitions", "petition", "信访事项、办理经过和文书", None, "长期", "按档案要求保存", "档案法 13、14"
    ),
    Rule(
        "comments",
        "comment",
        "没有公开的发言（被隐藏的、本人撤回的）",
        365 * DAY,
        "隐藏后最多 1 年；撤回的，发言后最多 1 年；异议没有结果的除外",
        "删除文字、照片和是谁说的",
        "PI-08；PIPL 19",
    ),
    Rule(
        "comment_notes",
        "comment_hiding",
        "工作人员隐藏发言时写的说明",
        365 * DAY,
        "最多 1 年",
        "删除说明，公开的统计不变",
        "PI-08；PIPL 19",
    ),
    Rule(
        "comment_flags",
        "comment_flag",
        "谁举报过一条发言、写了什么",
        365 * DAY,
        "最后一次举报后最多 1 年",
        "删除，只留次数",
        "PI-08；PIPL 19",
    ),
    Rule(
        "consultation_seats",
        "consultation_meeting",
        "议事会议的席位预约",
        90 * DAY,
        "会议后 90 天",
        "删除，只留人数",
        "PI-08；PIPL 19",
    ),
    Rule(
        "neighbour_messages",
        "neighbour_thread",
        "邻里互助里互相发的消息",
        30 * DAY,
        "办妥、到期或撤下 30 天",
        "删除",
        "PI-08；PIPL 19",
    ),
    Rule(
        "neighbour_posts",
        "neighbour_post",
        "邻里互助的内容和照片",
        180 * DAY,
        "办妥、到期或撤下 180 天",
        "删除",
        "PI-08；PIPL 19",
    ),
    Rule(
        "help_requests",
        "help_request",
        "“我需要帮助”里写的内容、上门情况",
        90 * DAY,
        "结束后最多 90 天",
        "连同经过一起删除",
        "PI-08；PIPL 19、28",
    ),
    Rule(
        "care_visits", "care_visit", "走访的情况", 90 * DAY, "走访后最多 90 天", "删除", "PI-08；PIPL 19、28"
    ),
    Rule(
        "care_agreements",
        "care_agreement",
        "已经撤回的上门走访同意",
        90 * DAY,
        "撤回后最多 90 天",
        "连同走访一起删除",
        "PI-08；PIPL 15、19",
    ),
    Rule("logins", "login_entry", "登录日志", 365 * DAY, "1 年", "删除", "SEC-01（不少于 6 个月）"),
    Rule("sessions", "login_session", "登录状态", None, "失效即删", "删除", "PI-08", timer="sessions.purge"),
    Rule(
        "answers",
        "idempotency_key",
        "防重复提交的编号",
        None,
        "72 小时",
        "删除",
        "PI-08",
        timer="idempotency.forget",
    ),
    Rule("jobs", "outbox_job", "发出的任务", None, "完成 30 天", "删除", "PI-08", timer="outbox.prune"),
    Rule(
        "audit",
        "audit_entry",
        "操作留痕",
        None,
        "长期",
        "只保存，加封，不删",
        "SEC-01、SEC-03（不少于 6 个月）",
    ),
    Rule("matters", "case", "事情本身、办理经过和答复", None, "长期", "按档案要求保存", "档案法 13、14"),
)
