"""States and edges of 问题回音壁, as data: of an entry, and of a follow-up question on it.

docs/states/wall_entry.md and docs/states/wall_follow_up.md are drawn from these tables. An entry is a copy that
one person wrote and another one approved (domain-rules §1.5); nothing of a case is shown by itself.
"""

from __future__ import annotations

from backend.workflow.table import ClockEffect, Edge, Field, Option, State, Table

DRAFTED, SUBMITTED, RETURNED = "drafted", "submitted", "returned"
PUBLISHED, UNPUBLISHED, DISCARDED = "published", "unpublished", "discarded"
#: the text may be changed here
WRITABLE = (DRAFTED, RETURNED)
#: has been on the wall: its page shows it, or the dated notes that say since when it is not
KNOWN_PUBLICLY = (PUBLISHED, UNPUBLISHED)

ASKED, ANSWERED = "asked", "answered"
REOPEN_ASKED, REOPENED, REOPEN_REFUSED, HIDDEN = "reopen_asked", "reopened", "reopen_refused", "hidden"
#: nobody has told the asker yet what becomes of it
UNANSWERED = (ASKED, REOPEN_ASKED)

APPROVE_CLOCK, REPLY_CLOCK = "approve", "reply"
NOTE_MOST = 500

UNPUBLISH_REASONS = (
    Option("mistake", "内容有误，需要更正"),
    Option("personal", "可能涉及个人信息"),
    Option("changed", "情况有了变化"),
    Option("other", "其他原因"),
)
REASON = Field("reason", "撤下的原因", "choice", options=UNPUBLISH_REASONS)


def _words(label: str, name: str = "note", *, required: bool = True) -> Field:
    return Field(name, label, "text", required=required, most=NOTE_MOST)


def _do(operation: str, *clocks: str) -> tuple[ClockEffect, ...]:
    return tuple(ClockEffect(operation, clock) for clock in clocks)  # type: ignore[arg-type]


ENTRY_STATES = (
    State(DRAFTED, "编写中", "new", "写好、隐去个人信息以后送审。", held_by="编写人"),
    State(SUBMITTED, "待审核", "check", "由编写人以外的人审核。", held_by="审核人"),
    State(RETURNED, "已退回修改", "wait", "按退回的意见修改以后再送审。", held_by="编写人"),
    State(PUBLISHED, "已公开", "done", "所有人都能看到，可以追问。", is_open=False),
    State(UNPUBLISHED, "已撤下", "wait", "已经从回音壁撤下，页面上写明了日期和原因。", is_open=False),
    State(DISCARDED, "不再编写", "wait", "这份草稿作废。", is_open=False, answer=False),
)

ENTRY_EDGES = (
    Edge("draft", "编写回音", ("",), DRAFTED, "person", "从已办结的事编写回音", "staff", rule="PI-06"),
    Edge(
        "submit", "送审", WRITABLE, SUBMITTED, "person", "送审", "staff",
        clocks=_do("start", APPROVE_CLOCK), tone="primary", rule="PI-06",
    ),
    Edge(
        "take_back", "撤回送审", (SUBMITTED,), DRAFTED, "person", "撤回送审", "staff",
        clocks=_do("stop", APPROVE_CLOCK),
    ),
    Edge(
        "approve", "审核通过并公开", (SUBMITTED,), PUBLISHED, "person", "在回音壁公开", "all",
        clocks=_do("stop", APPROVE_CLOCK), tone="primary", rule="PI-06",
    ),
    Edge(
        "return", "退回修改", (SUBMITTED,), RETURNED, "person", "退回修改", "staff",
        fields=(_words("要改什么"),), clocks=_do("stop", APPROVE_CLOCK), tone="danger",
    ),
    Edge(
        "discard", "作废", WRITABLE, DISCARDED, "person", "作废", "staff",
        fields=(_words("为什么作废", required=False),), tone="danger",
    ),
    Edge(
        "unpublish", "撤下", (PUBLISHED,), UNPUBLISHED, "person", "从回音壁撤下", "all",
        fields=(REASON, _words("向公众说明（可不填）", required=False)), tone="danger", rule="PI-06",
    ),
    Edge(
        "publish_again", "重新公开", (UNPUBLISHED,), PUBLISHED, "person", "重新公开", "all",
        fields=(_words("向公众说明（可不填）", required=False),), tone="primary",
    ),
    Edge("revise", "修改后再送审", (UNPUBLISHED,), DRAFTED, "person", "撤下后修改", "staff"),
    # The citizen's word stands above the office's: it needs nobody's decision (PIPL 15, PI-06).
    Edge(
        "consent_withdrawn", "当事人撤回同意", (PUBLISHED,), UNPUBLISHED, "system", "当事人撤回同意，撤下", "all",
        rule="PI-06",
    ),
    Edge(
        "consent_refused", "当事人不同意公开", (SUBMITTED,), RETURNED, "system", "当事人不同意公开，退回", "staff",
        clocks=_do("stop", APPROVE_CLOCK), rule="PI-06",
    ),
)  # fmt: skip

ENTRY_TABLE = Table(
    kind="wall_entry",
    label="问题回音壁",
    initial=DRAFTED,
    states=ENTRY_STATES,
    edges=ENTRY_EDGES,
    clock_labels={APPROVE_CLOCK: "审核时限"},
)

FOLLOW_UP_STATES = (
    State(ASKED, "等待答复", "new", "镇里会在5个工作日内公开答复；到期没有答复，自动作为重办申请提出。"),
    State(ANSWERED, "已答复", "done", "已经公开答复。", is_open=False),
    State(
        REOPEN_ASKED, "已申请重办", "check", "已经作为重办申请提出，等待决定。", held_by="镇里决定重办的人"
    ),
    State(REOPENED, "重新办理中", "run", "同意重办，办好以后在这里答复。"),
    State(REOPEN_REFUSED, "未同意重办", "done", "没有同意重办，理由已经公开。", is_open=False),
    State(HIDDEN, "已隐藏", "wait", "这条追问不再显示。", is_open=False, answer=False),
)

FOLLOW_UP_EDGES = (
    Edge(
        "ask", "追问", ("",), ASKED, "person", "有人追问", "all",
        clocks=_do("start", REPLY_CLOCK), tone="primary", rule="HOT-14",
    ),
    Edge(
        "answer", "公开答复", (ASKED, REOPENED), ANSWERED, "person", "{unit}公开答复", "all",
        fields=(_words("公开的答复", "reply"),), clocks=_do("stop", REPLY_CLOCK), tone="primary", rule="HOT-14",
    ),
    Edge(
        "ask_reopen", "提出重办", (ASKED,), REOPEN_ASKED, "person", "作为重办申请提出", "all",
        fields=(_words("为什么要重办", required=False),), rule="HOT-09",
    ),
    Edge(
        "overdue_reopen", "到期未答复，提出重办", (ASKED,), REOPEN_ASKED, "system", "到期没有答复，作为重办申请提出", "all",
        rule="HOT-09",
    ),
    Edge(
        "reopened", "同意重办", (REOPEN_ASKED,), REOPENED, "system", "同意重办", "all",
        clocks=_do("stop", REPLY_CLOCK), rule="HOT-09",
    ),
    Edge(
        "reopen_refused", "不予重办", (REOPEN_ASKED,), REOPEN_REFUSED, "system", "没有同意重办", "all",
        clocks=_do("stop", REPLY_CLOCK), rule="HOT-10",
    ),
    Edge(
        "hide", "不再显示", (ASKED, ANSWERED, REOPEN_ASKED, REOPENED, REOPEN_REFUSED), HIDDEN, "system",
        "不再显示", "staff", clocks=_do("stop", REPLY_CLOCK),
    ),
    Edge(
        "show_again", "恢复显示", (HIDDEN,), ASKED, "system", "恢复显示", "staff",
        clocks=_do("start", REPLY_CLOCK),
    ),
    Edge("show_answered", "恢复显示", (HIDDEN,), ANSWERED, "system", "恢复显示", "staff"),
)  # fmt: skip

FOLLOW_UP_TABLE = Table(
    kind="wall_follow_up",
    label="回音壁追问",
    initial=ASKED,
    states=FOLLOW_UP_STATES,
    edges=FOLLOW_UP_EDGES,
    clock_labels={REPLY_CLOCK: "追问答复时限"},
)
