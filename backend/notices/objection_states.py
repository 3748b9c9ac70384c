"""States and edges of a question or objection to a notice, as data (OPEN-08).

Answered in public within five natural days. Whoever is not satisfied, or gets no answer in time, goes up to the
town: it becomes a case there. docs/states/notice_objection.md is drawn from this table.
"""

from __future__ import annotations

from backend.workflow.table import ClockEffect, Edge, Field, State, Table

KIND = "notice_objection"
ASKED, ANSWERED, SATISFIED = "asked", "answered", "satisfied"
UNSATISFIED, ESCALATED, TOWN_ANSWERED, HIDDEN = "unsatisfied", "escalated", "town_answered", "hidden"
#: nobody has told the asker anything yet
UNANSWERED = (ASKED,)
#: its end is the village's: what is hidden from here comes back to where it was
WITH_VILLAGE = (ASKED, ANSWERED)
ANSWER_CLOCK = "answer"

QUESTION, OBJECTION = "question", "objection"
FORMS = {QUESTION: "提问", OBJECTION: "异议"}

#: natural days (OPEN-08): to answer, and – longer than the law's five – to ask after publication
ANSWER_DAYS, OPEN_DAYS = 5, 15
REPLY_MOST, NOTE_MOST = 1000, 500


def _do(operation: str, *clocks: str) -> tuple[ClockEffect, ...]:
    return tuple(ClockEffect(operation, clock) for clock in clocks)  # type: ignore[arg-type]


STATES = (
    State(ASKED, "等待答复", "new", "5天内公开答复；到期没有答复，您可以直接向镇里反映。", held_by="发布人"),
    State(
        ANSWERED, "已答复", "done", "已经公开答复；不满意可以说明，由镇里作为一件诉求来办。", is_open=False
    ),
    State(SATISFIED, "已答复，本人满意", "done", "已经公开答复，提出的人表示满意。", is_open=False),
    State(UNSATISFIED, "不满意，正转镇里", "check", "正在转给镇里。", held_by="镇里"),
    State(
        ESCALATED, "已转镇里办理", "run", "镇里已作为一件诉求来办，办到哪一步您会收到消息。", held_by="镇里"
    ),
    State(TOWN_ANSWERED, "镇里已办结", "done", "镇里已经办结并答复提出的人。", is_open=False),
    State(HIDDEN, "已隐藏", "wait", "这一条不再显示。", is_open=False, answer=False),
)

EDGES = (
    Edge(
        "ask", "提问或提出异议", ("",), ASKED, "person", "有人对公开的内容提问或提出异议", "all",
        clocks=_do("start", ANSWER_CLOCK), tone="primary", rule="OPEN-08",
    ),
    Edge(
        "answer", "公开答复", (ASKED,), ANSWERED, "person", "{unit}公开答复", "all",
        fields=(Field("reply", "公开的答复", "text", most=REPLY_MOST),),
        clocks=_do("stop", ANSWER_CLOCK), tone="primary", rule="OPEN-08",
    ),
    Edge("overdue", "到期没有答复", (ASKED,), None, "system", "到期没有答复", "all", rule="OPEN-08"),
    Edge("satisfied", "满意", (ANSWERED,), SATISFIED, "person", "提出的人表示满意", "all", rule="OPEN-08"),
    Edge(
        "unsatisfied", "不满意，请镇里来办", (ASKED, ANSWERED), UNSATISFIED, "person",
        "提出的人不满意，请镇里来办", "parties",
        fields=(Field("note", "为什么不满意", "text", required=False, most=NOTE_MOST),),
        clocks=_do("stop", ANSWER_CLOCK), tone="danger", rule="OPEN-08",
    ),
    Edge(
        "escalate", "转镇里办理", (UNSATISFIED,), ESCALATED, "system", "已转镇里作为一件诉求办理", "all",
        rule="OPEN-08",
    ),
    Edge(
        "town_answered", "镇里办结", (ESCALATED,), TOWN_ANSWERED, "system", "镇里已经办结", "all", rule="OPEN-08",
    ),
    Edge(
        "hide", "不再显示", WITH_VILLAGE, HIDDEN, "system", "不再显示", "staff", clocks=_do("stop", ANSWER_CLOCK),
    ),
    Edge(
        "show_again", "恢复显示", (HIDDEN,), ASKED, "system", "恢复显示", "staff", clocks=_do("start", ANSWER_CLOCK),
    ),
    Edge("show_answered", "恢复显示", (HIDDEN,), ANSWERED, "system", "恢复显示", "staff"),
)  # fmt: skip

TABLE = Table(
    kind=KIND,
    label="对公开的提问和异议",
    initial=ASKED,
    states=STATES,
    edges=EDGES,
    clock_labels={ANSWER_CLOCK: "异议答复期限"},
)
