"""States and edges of 信访直通车, as data. docs/states/petition.md is drawn from this table.

已登记 → 程序性告知 → 办理中 → 意见待审 → 待送达 → 已答复 → [复查] → [复核] → 归档 (domain-rules §1.3).
Everything is registered: no edge refuses before 已登记 (PET-01). A denunciation is never in this table;
it lies sealed elsewhere (§1.2 检举控告类).
"""

from __future__ import annotations

from backend.petitions.fields import (
    ASSIGNEE,
    BRANCH,
    CALL_BACK,
    DELIVERY,
    OPINION,
    OPTIONAL_NOTE,
    RATING,
    SAME_MATTER,
    THEIR_NUMBER,
    UNTIL,
    WHERE,
    words,
)
from backend.workflow.table import ClockEffect, Edge, Field, State, Table

REGISTERED, OBJECTED, ACCEPTED, HANDLING = "registered", "objected", "accepted", "handling"
OPINION_DRAFTED, OPINION_APPROVED, ANSWERED = "opinion_drafted", "opinion_approved", "answered"
REVIEWING, REVIEWED = "reviewing", "reviewed"
REEXAMINING, HEARING, FINAL = "reexamining", "hearing", "final"
GUIDED, TRANSFERRED, NOT_ACCEPTED, NO_LONGER = "guided", "transferred", "not_accepted", "no_longer"
RETURNED, JOINED, WITHDRAWN, SETTLED, ARCHIVED = "returned", "joined", "withdrawn", "settled", "archived"

IN_HAND = (ACCEPTED, HANDLING)
#: until the office has informed the petitioner in writing
UNINFORMED = (REGISTERED, OBJECTED)
OPEN = (*UNINFORMED, *IN_HAND, OPINION_DRAFTED, OPINION_APPROVED, REVIEWING, REEXAMINING, HEARING)
ENDED_BY_NOTICE = (GUIDED, TRANSFERRED, NOT_ACCEPTED, NO_LONGER)
ENDED = (ANSWERED, REVIEWED, FINAL, *ENDED_BY_NOTICE, RETURNED, JOINED, WITHDRAWN, SETTLED, ARCHIVED)
#: an opinion has been delivered
ANSWERED_ONCE = (ANSWERED, REVIEWING, REVIEWED, REEXAMINING, HEARING, FINAL, ARCHIVED)

INFORM_CLOCK, OBJECTION_CLOCK, HANDLE_CLOCK = "inform", "objection", "handle"
#: PET-25 and PET-14, where the town has switched them on
SIMPLE_CLOCK, ABOVE_CLOCK = "simple", "above_acceptance"
#: the day by which the body that sent it wants to hear (PET-03, PET-05)
SENDER_CLOCK = "sender"
REVIEW_WINDOW, REVIEW_CLOCK = "review_window", "review"
REEXAMINATION_WINDOW, REEXAMINATION_CLOCK = "reexamination_window", "reexamination"


def _do(operation: str, *clocks: str) -> tuple[ClockEffect, ...]:
    return tuple(ClockEffect(operation, clock) for clock in clocks)  # type: ignore[arg-type]


_INFORMED = _do("stop", INFORM_CLOCK, OBJECTION_CLOCK)
_ENDED_HERE = (*_INFORMED, *_do("stop", SENDER_CLOCK))
_STOP_ALL = _do("stop", INFORM_CLOCK, OBJECTION_CLOCK, HANDLE_CLOCK, SIMPLE_CLOCK, SENDER_CLOCK)

STATES = (
    State(REGISTERED, "已登记", "new", "镇信访办已经登记，15天内书面告诉您由谁办、怎么办。"),
    State(OBJECTED, "已提出异议", "wait", "镇里认为不属于本镇职权，正在等转送单位答复。", held_by="转送单位"),
    State(ACCEPTED, "已受理", "run", "已经受理并交给责任单位，60天内书面答复您。"),
    State(HANDLING, "办理中", "run", "责任单位正在调查核实。"),
    State(OPINION_DRAFTED, "意见待审", "check", "处理意见正由单位负责人审核。", held_by="单位负责人"),
    State(OPINION_APPROVED, "待送达", "check", "处理意见书已经作出，正在送给您。"),
    State(ANSWERED, "已答复", "done", "不服处理意见的，可以在期限内申请复查。", is_open=False),
    State(REVIEWING, "复查中", "run", "上一级机关正在复查，30天内书面答复。", held_by="复查机关"),
    State(REVIEWED, "复查已答复", "done", "不服复查意见的，可以在期限内申请复核。", is_open=False),
    State(REEXAMINING, "复核中", "run", "再上一级机关正在复核，30天内提出意见。", held_by="复核机关"),
    State(
        HEARING,
        "听证中",
        "wait",
        "复核机关正在听证，听证的时间不计入期限。",
        held_by="复核机关",
        stands_still=True,
    ),
    State(FINAL, "复核终结", "done", "复核意见是最后的意见。生活有困难，仍可以找镇里帮助。", is_open=False),
    State(GUIDED, "已导入法定途径", "done", "请按告知书写明的途径办理。", is_open=False, answer=False),
    State(TRANSFERRED, "已转送", "done", "已转给有权处理的机关，由那里答复您。", is_open=False, answer=False),
    State(NOT_ACCEPTED, "不予受理", "wait", "告知书写明了理由和应当找的地方。", is_open=False, answer=False),
    State(NO_LONGER, "不再受理", "wait", "同一事实和理由已经复核终结。", is_open=False, answer=False),
    State(RETURNED, "已退回转送单位", "wait", "转送单位同意收回，由那里办理。", is_open=False, answer=False),
    State(
        JOINED, "并入同一事项", "wait", "与正在办理的同一事项合并，一起答复。", is_open=False, answer=False
    ),
    State(WITHDRAWN, "已撤回", "wait", "您已经撤回。需要时可以重新提出。", is_open=False, answer=False),
    State(SETTLED, "已和解", "done", "双方已经达成书面协议。", is_open=False),
    State(ARCHIVED, "已归档", "done", "申请复查、复核的期限已过，材料已经归档。", is_open=False),
)

_INTAKE = (
    Edge(
        "file", "提交", ("",), REGISTERED, "person", "您提交了信访事项，已登记", "parties",
        clocks=_do("start", INFORM_CLOCK), tone="primary", rule="PET-01",
    ),
    Edge(
        "register", "登记", ("",), REGISTERED, "person", "来信、来访或来电，已登记", "parties",
        clocks=_do("start", INFORM_CLOCK), tone="primary", rule="PET-01",
    ),
    Edge(
        "receive", "登记转来的信访件", ("",), REGISTERED, "person", "上级转来，已登记", "parties",
        clocks=_do("start", INFORM_CLOCK, OBJECTION_CLOCK, SENDER_CLOCK), tone="primary", rule="PET-05",
    ),
)  # fmt: skip

_TRIAGE = (
    Edge(
        "accept", "受理并交办", (REGISTERED,), ACCEPTED, "person", "已受理，由{unit}办理", "parties",
        fields=(ASSIGNEE, OPTIONAL_NOTE),
        clocks=(*_INFORMED, *_do("start", HANDLE_CLOCK)), tone="primary", rule="PET-04",
    ),
    Edge(
        "accept_simple", "受理，简易办理", (REGISTERED,), ACCEPTED, "person", "已受理，按简易程序由{unit}办理", "parties",
        fields=(ASSIGNEE, OPTIONAL_NOTE),
        clocks=(*_INFORMED, *_do("start", SIMPLE_CLOCK)), rule="PET-25",
    ),
    Edge(
        "study", "作为意见建议研究", (REGISTERED,), ACCEPTED, "person", "作为意见建议，由{unit}研究", "parties",
        fields=(ASSIGNEE, OPTIONAL_NOTE),
        clocks=(*_INFORMED, *_do("start", HANDLE_CLOCK)), rule="PET-04",
    ),
    Edge(
        "guide", "导入法定途径", (REGISTERED,), GUIDED, "person", "应当通过法定途径处理，已书面告知", "parties",
        fields=(BRANCH, WHERE, words("告知的内容")), clocks=_ENDED_HERE, rule="PET-04",
    ),
    Edge(
        "transfer", "转送", (REGISTERED,), TRANSFERRED, "person", "已转送有权处理的机关", "parties",
        fields=(WHERE, words("转送的理由")), clocks=_ENDED_HERE, rule="PET-04",
    ),
    Edge(
        "refuse", "不予受理", (REGISTERED,), NOT_ACCEPTED, "person", "不予受理，已书面告知", "parties",
        fields=(WHERE, words("不予受理的理由")), clocks=_ENDED_HERE, tone="danger", rule="PET-04",
    ),
    Edge(
        "no_longer_accept", "不再受理", (REGISTERED,), NO_LONGER, "person", "同一事项已经终结，不再受理", "parties",
        fields=(SAME_MATTER, words("不再受理的理由")), clocks=_ENDED_HERE, tone="danger", rule="PET-13",
    ),
    Edge(
        "object", "提出异议", (REGISTERED,), OBJECTED, "person", "镇里向转送单位提出异议", "parties",
        fields=(words("详细理由"),), clocks=_do("stop", OBJECTION_CLOCK), rule="PET-05",
    ),
    Edge(
        "sender_agrees", "转送单位同意收回", (OBJECTED,), RETURNED, "person", "转送单位同意收回", "parties",
        fields=(OPTIONAL_NOTE,), clocks=_ENDED_HERE, rule="PET-05",
    ),
    Edge(
        "sender_declines", "转送单位不同意收回", (OBJECTED,), REGISTERED, "person", "转送单位不同意收回，由镇里办理", "parties",
        fields=(OPTIONAL_NOTE,), rule="PET-05",
    ),
    Edge(
        "join", "并入同一事项", (REGISTERED, *IN_HAND), JOINED, "person", "与正在办理的同一事项合并", "parties",
        fields=(SAME_MATTER, words("为什么是同一事项")), clocks=_STOP_ALL, rule="PET-07",
    ),
)  # fmt: skip

_HANDLING = (
    Edge("start", "开始办理", (ACCEPTED,), HANDLING, "person", "{unit}开始办理", "parties", tone="primary"),
    Edge(
        "reassign", "改交其他单位", IN_HAND, ACCEPTED, "person", "改由{unit}办理", "parties",
        fields=(ASSIGNEE, words("改交的理由")), rule="PET-06",
    ),
    Edge(
        "add_unit", "请单位协办", IN_HAND, None, "person", "请{unit}协助办理", "staff",
        fields=(ASSIGNEE, OPTIONAL_NOTE), rule="PET-06",
    ),
    Edge(
        "to_ordinary", "转为普通程序", IN_HAND, None, "person", "情况复杂，转为普通程序办理", "parties",
        fields=(words("为什么不能简易办理"),),
        clocks=(*_do("stop", SIMPLE_CLOCK), *_do("start", HANDLE_CLOCK)), rule="PET-25",
    ),
    Edge(
        "ask_extension", "申请延期", IN_HAND, None, "person", "申请延长办理期限", "staff",
        fields=(UNTIL, words("延期的理由")), rule="PET-09",
    ),
    Edge(
        "approve_extension", "批准延期", IN_HAND, None, "person", "单位负责人批准延长办理期限", "parties",
        fields=(words("告诉信访人的延期理由"),), tone="primary", rule="PET-09",
    ),
    Edge(
        "refuse_extension", "不批准延期", IN_HAND, None, "person", "不批准延期", "staff",
        fields=(OPTIONAL_NOTE,), rule="PET-09",
    ),
    Edge(
        "hold_hearing", "举行听证", (HANDLING,), None, "person", "就这件事举行听证", "parties",
        fields=(Field("until", "听证日期", "date"), words("时间、地点和参加人")), rule="PET-16",
    ),
    Edge(
        "agree_mediation", "双方同意调解", (HANDLING,), None, "person", "双方同意调解，移交调解", "parties",
        fields=(words("双方怎样表示同意"),), rule="PET-17",
    ),
    Edge(
        "settle", "达成书面协议", (HANDLING,), SETTLED, "person", "双方达成书面协议", "parties",
        fields=(words("协议内容", most=2000),), clocks=_STOP_ALL, rule="PET-17",
    ),
    Edge(
        "draft_opinion", "提出处理意见", (HANDLING,), OPINION_DRAFTED, "person", "提出处理意见，等单位负责人审核", "staff",
        fields=OPINION, tone="primary", rule="PET-10",
    ),
    Edge(
        "send_back", "退回修改", (OPINION_DRAFTED,), HANDLING, "person", "处理意见退回修改", "staff",
        fields=(words("要改什么"),), rule="PET-10",
    ),
    Edge(
        "approve_opinion", "签发处理意见书", (OPINION_DRAFTED,), OPINION_APPROVED, "person", "处理意见书已签发", "parties",
        tone="primary", rule="PET-10",
    ),
    Edge(
        "deliver", "登记送达", (OPINION_APPROVED,), ANSWERED, "person", "处理意见书已送达", "parties",
        fields=DELIVERY, clocks=(*_STOP_ALL, *_do("start", REVIEW_WINDOW)), tone="primary", rule="PET-11",
    ),
)  # fmt: skip

_ABOVE = (
    Edge(
        "ask_review", "申请复查", (ANSWERED,), REVIEWING, "person", "申请复查", "parties",
        fields=(words("不服的理由", most=2000),),
        clocks=(*_do("stop", REVIEW_WINDOW), *_do("start", REVIEW_CLOCK, ABOVE_CLOCK)), rule="PET-11",
    ),
    Edge(
        "above_accepts", "登记上级机关受理", (REVIEWING, REEXAMINING), None, "person", "上级机关已经受理", "parties",
        fields=(Field("body", "受理的机关", "line", most=80), OPTIONAL_NOTE),
        clocks=_do("stop", ABOVE_CLOCK), rule="PET-14",
    ),
    Edge(
        "record_review", "登记复查意见", (REVIEWING,), REVIEWED, "person", "复查机关作出复查意见", "parties",
        fields=(
            Field("body", "复查机关", "line", most=80),
            THEIR_NUMBER,
            words("复查意见", most=4000),
            Field("delivered_on", "送达日期", "date"),
        ),
        clocks=(*_do("stop", REVIEW_CLOCK, ABOVE_CLOCK), *_do("start", REEXAMINATION_WINDOW)), tone="primary", rule="PET-11",
    ),
    Edge(
        "ask_reexamination", "申请复核", (REVIEWED,), REEXAMINING, "person", "申请复核", "parties",
        fields=(words("不服的理由", most=2000),),
        clocks=(*_do("stop", REEXAMINATION_WINDOW), *_do("start", REEXAMINATION_CLOCK, ABOVE_CLOCK)), rule="PET-12",
    ),
    Edge(
        "begin_hearing", "复核听证开始", (REEXAMINING,), HEARING, "person", "复核机关开始听证", "parties",
        fields=(OPTIONAL_NOTE,), clocks=_do("pause", REEXAMINATION_CLOCK), rule="PET-12",
    ),
    Edge(
        "end_hearing", "复核听证结束", (HEARING,), REEXAMINING, "person", "听证结束，继续复核", "parties",
        fields=(OPTIONAL_NOTE,), clocks=_do("resume", REEXAMINATION_CLOCK), rule="PET-12",
    ),
    Edge(
        "record_reexamination", "登记复核意见", (REEXAMINING,), FINAL, "person", "复核机关作出复核意见", "parties",
        fields=(
            Field("body", "复核机关", "line", most=80),
            THEIR_NUMBER,
            words("复核意见", most=4000),
            Field("delivered_on", "送达日期", "date"),
        ),
        clocks=_do("stop", REEXAMINATION_CLOCK, ABOVE_CLOCK), tone="primary", rule="PET-12",
    ),
    Edge(
        "window_over", "期限已过", (ANSWERED, REVIEWED), ARCHIVED, "system", "申请复查、复核的期限已过，归档", "parties",
        clocks=_do("stop", REVIEW_WINDOW, REEXAMINATION_WINDOW), rule="PET-11",
    ),
    Edge(
        "answer_joined", "一并答复", (JOINED,), None, "system", "合并办理的同一事项已经答复", "parties", rule="PET-07",
    ),
)  # fmt: skip

_PETITIONERS = (
    Edge(
        "supplement", "补充材料", OPEN, None, "person", "补充了材料", "parties",
        fields=(words("补充说明"), Field("media_ids", "附件", "photos", required=False, most=9)),
    ),
    Edge(
        "withdraw", "撤回", (REGISTERED, *IN_HAND), WITHDRAWN, "person", "撤回了信访事项", "parties",
        fields=(OPTIONAL_NOTE,), clocks=_STOP_ALL, tone="danger",
    ),
    Edge(
        "ask_avoidance", "申请回避", OPEN, None, "person", "申请工作人员回避", "parties",
        fields=(words("请谁回避，为什么"),), rule="PET-15",
    ),
    Edge(
        "rate_office", "评价信访办", (*IN_HAND, OPINION_DRAFTED, OPINION_APPROVED, *ENDED_BY_NOTICE, *ANSWERED_ONCE),
        None, "person", "评价了镇信访办", "parties", fields=RATING,
    ),
    Edge(
        "rate_unit", "评价责任单位", ANSWERED_ONCE, None, "person", "评价了责任单位", "parties", fields=RATING,
    ),
)  # fmt: skip

_BESIDE = (
    Edge("note", "内部备注", OPEN, None, "person", "内部备注", "staff", fields=(words("内部备注"),)),
    Edge(
        "report_urgent", "报告重大紧急", OPEN, None, "person", "作为重大紧急事项立即报告", "staff",
        fields=(Field("body", "报告给谁", "line", most=80), words("情况")), tone="danger", rule="PET-22",
    ),
    Edge(
        "exclude_person", "决定回避", OPEN, None, "person", "工作人员回避", "staff",
        fields=(Field("unit_id", "谁回避", "assignee"), words("理由")), rule="PET-15",
    ),
    Edge(
        "carry_out", "登记落实情况", ANSWERED_ONCE, None, "person", "登记了处理意见的落实情况", "parties",
        fields=(words("落实了什么"),), rule="PET-10",
    ),
    Edge(
        "call_back", "登记回访", ANSWERED_ONCE, None, "person", "回访", "staff", fields=CALL_BACK,
    ),
)  # fmt: skip

TABLE = Table(
    kind="petition",
    label="信访直通车",
    initial=REGISTERED,
    states=STATES,
    edges=(*_INTAKE, *_TRIAGE, *_HANDLING, *_ABOVE, *_PETITIONERS, *_BESIDE),
    clock_labels={
        INFORM_CLOCK: "告知期限",
        OBJECTION_CLOCK: "异议期限",
        HANDLE_CLOCK: "办理期限",
        SIMPLE_CLOCK: "简易办理期限",
        ABOVE_CLOCK: "上级机关受理期限",
        SENDER_CLOCK: "转送单位要求反馈的期限",
        REVIEW_WINDOW: "申请复查期限",
        REVIEW_CLOCK: "复查期限",
        REEXAMINATION_WINDOW: "申请复核期限",
        REEXAMINATION_CLOCK: "复核期限",
    },
)
