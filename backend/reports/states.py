"""States and edges of 随手拍, as data. docs/states/report.md is drawn from this table.

Order of the way: 上报 → 受理 → 分流 → 处置 → 核查 → 办结 → 评价 (GRID-09, GRID-10, HOT-01).
"""

from __future__ import annotations

from backend.workflow.table import ClockEffect, Edge, Field, Option, State, Table

SUBMITTED, ACCEPTED, DISPATCHED, HANDLING = "submitted", "accepted", "dispatched", "handling"
HANDLED, CLOSED, REOPEN_REQUESTED = "handled", "closed", "reopen_requested"
OPEN = (SUBMITTED, ACCEPTED, DISPATCHED, HANDLING, HANDLED, REOPEN_REQUESTED)

ACCEPT_CLOCK, ANSWER_CLOCK, REOPEN_CLOCK = "accept", "answer", "reopen"

NOTE = Field("note", "说明", "text", most=1000)
OPTIONAL_NOTE = Field("note", "说明", "text", required=False, most=1000)
PHOTOS = Field("media_ids", "照片", "photos", required=False, most=9)
ASSIGNEE = Field("unit_id", "交给谁办", "assignee")
OUTCOME = Field(
    "outcome", "办理结果", "choice",
    options=(
        Option("resolved", "已解决"), Option("explained", "已解释说明"),
        Option("partly", "部分解决"), Option("unsolvable", "暂无法解决"),
    ),
)
SCORE = Field(
    "score", "您满意吗", "rating",
    options=(
        Option("satisfied", "满意"), Option("basically", "基本满意"), Option("unsatisfied", "不满意"),
    ),
)

TABLE = Table(
    kind="report",
    label="随手拍",
    initial=SUBMITTED,
    clock_labels={ACCEPT_CLOCK: "受理时限", ANSWER_CLOCK: "答复时限", REOPEN_CLOCK: "重办决定时限"},
    states=(
        State(SUBMITTED, "待受理", "new", "镇里正在看您的上报，受理后会告诉您。"),
        State(ACCEPTED, "已受理", "new", "接下来会确定由谁来办。"),
        State(DISPATCHED, "待接单", "run", "已经交给办理人，等他接单。"),
        State(HANDLING, "办理中", "run", "办理人正在处理。处理完会由另一位工作人员核查，然后请您评价。"),
        State(HANDLED, "待核查", "check", "已经处理，正由另一位工作人员核查。"),
        State(CLOSED, "已办结", "done", "请您评价办得怎么样。不满意可以要求重办。", is_open=False),
        State(REOPEN_REQUESTED, "申请重办", "wait", "您要求重办，镇里会有人来决定，并把理由告诉您。"),
    ),
    edges=(
        Edge(
            "submit", "上报", ("",), SUBMITTED, "person", "已收到您的上报", "all",
            clocks=(ClockEffect("start", ACCEPT_CLOCK), ClockEffect("start", ANSWER_CLOCK)),
            rule="HOT-01",
        ),
        Edge(
            "accept_and_dispatch", "受理并分流", (SUBMITTED,), DISPATCHED, "person", "已受理，交给{unit}", "all",
            fields=(ASSIGNEE, OPTIONAL_NOTE), clocks=(ClockEffect("stop", ACCEPT_CLOCK),), tone="primary",
            note_to_citizen=False, rule="GRID-09",
        ),
        Edge(
            "accept", "只受理", (SUBMITTED,), ACCEPTED, "person", "已受理", "all",
            fields=(OPTIONAL_NOTE,), clocks=(ClockEffect("stop", ACCEPT_CLOCK),), note_to_citizen=False, rule="GRID-09",
        ),
        Edge(
            "dispatch", "分流", (ACCEPTED,), DISPATCHED, "person", "已交给{unit}", "all",
            fields=(ASSIGNEE, OPTIONAL_NOTE), tone="primary", note_to_citizen=False, rule="GRID-09",
        ),
        Edge("start", "接单", (DISPATCHED,), HANDLING, "person", "{unit}已接单，正在办理", "all", tone="primary"),
        Edge(
            "handle", "办好了", (HANDLING,), HANDLED, "person", "{unit}已处理，等待核查", "all",
            fields=(Field("note", "办理情况", "text", most=1000), PHOTOS), tone="primary", rule="GRID-12",
        ),
        Edge(
            "pass_check", "核查通过并答复", (HANDLED,), CLOSED, "person", "核查通过，已办结", "all",
            fields=(OUTCOME, Field("reply", "给居民的答复", "text", most=1000)),
            clocks=(ClockEffect("stop", ANSWER_CLOCK),), tone="primary", rule="GRID-10",
        ),
        Edge(
            "fail_check", "退回重办", (HANDLED,), HANDLING, "person", "核查没有通过，退回继续办理", "all",
            fields=(Field("note", "哪里没办好", "text", most=1000),), tone="danger", note_to_citizen=False, rule="HOT-09",
        ),
        Edge("rate", "评价", (CLOSED,), None, "person", "您做了评价", "parties", fields=(SCORE, Field("note", "想说的话", "text", required=False, most=500)), rule="HOT-01"),
        Edge(
            "dispute", "没办好，要求重办", (CLOSED,), REOPEN_REQUESTED, "person", "您要求重办", "parties",
            fields=(Field("note", "哪里没办好", "text", most=500), PHOTOS), tone="danger",
            clocks=(ClockEffect("start", REOPEN_CLOCK),), rule="HOT-09",
        ),
        Edge(
            "approve_reopen", "同意重办", (REOPEN_REQUESTED,), DISPATCHED, "person", "同意重办，已交给{unit}", "all",
            fields=(OPTIONAL_NOTE,), tone="primary",
            clocks=(ClockEffect("stop", REOPEN_CLOCK), ClockEffect("start", ANSWER_CLOCK)), rule="HOT-09",
        ),
        Edge(
            "refuse_reopen", "不予重办", (REOPEN_REQUESTED,), CLOSED, "person", "没有同意重办", "all",
            fields=(Field("note", "理由（居民会看到）", "text", most=1000),), tone="danger",
            clocks=(ClockEffect("stop", REOPEN_CLOCK),), rule="HOT-10",
        ),
        Edge(
            "supplement", "补充说明", (SUBMITTED, ACCEPTED, DISPATCHED, HANDLING, HANDLED), None, "person", "您补充了说明", "parties",
            fields=(Field("note", "补充说明", "text", most=500), PHOTOS),
        ),
        Edge(
            "note", "内部备注", (*OPEN, CLOSED), None, "person", "内部备注", "staff",
            fields=(Field("note", "内部备注", "text", most=1000),),
        ),
    ),
)
