"""States and edges of a request to publish something, as data (OPEN-03).

A tenth of the villagers together: the village publishes or refuses with its reason, within fifteen days; the town
looks at every refusal and orders publication or upholds it (OPEN-10). docs/states/publishing_request.md is drawn
from this table.
"""

from __future__ import annotations

from backend.workflow.table import ClockEffect, Edge, Field, State, Table

KIND = "publishing_request"
COLLECTING, REACHED, PUBLISHED, REFUSED = "collecting", "reached", "published", "refused"
ORDERED, UPHELD, LAPSED = "ordered", "refusal_upheld", "lapsed"
WITHDRAWN, HIDDEN = "withdrawn", "hidden"
#: the village owes an answer
WITH_VILLAGE = (REACHED, ORDERED)
COLLECT_CLOCK, ANSWER_CLOCK, TOWN_CLOCK = "collect", "answer", "town"
#: the people's own period: no duty of anybody
PERIODS = frozenset({COLLECT_CLOCK})

#: natural days: to be joined, for the village's answer, for the town's decision on a refusal (ours)
COLLECT_DAYS, ANSWER_DAYS, TOWN_DAYS = 90, 15, 15
REASON_MOST = 500


def _do(operation: str, *clocks: str) -> tuple[ClockEffect, ...]:
    return tuple(ClockEffect(operation, clock) for clock in clocks)  # type: ignore[arg-type]


def _reason(label: str) -> tuple[Field, ...]:
    return (Field("note", label, "text", most=REASON_MOST),)


STATES = (
    State(COLLECTING, "正在联名", "new", "满本村十分之一村民联名，村里15天内公开或说明理由。"),
    State(REACHED, "人数已够，等村里公开", "run", "村里15天内公开，或公开说明不公开的理由。", held_by="村里"),
    State(PUBLISHED, "已公开", "done", "要求公开的内容已经公开。", is_open=False),
    State(
        REFUSED,
        "村里说明不公开，镇里正在看",
        "check",
        "村里的理由已经公开，镇里正在看成不成立。",
        held_by="镇里",
    ),
    State(ORDERED, "镇里督促公开", "late", "镇里要求村里15天内公开。", held_by="村里"),
    State(
        UPHELD, "不公开的理由成立", "wait", "镇里看过，村里的理由成立，两边的理由都已公开。", is_open=False
    ),
    State(LAPSED, "联名期满", "wait", "90天内联名人数不够。可以重新提出。", is_open=False, answer=False),
    State(WITHDRAWN, "已撤回", "wait", "提出的人已经撤回。", is_open=False, answer=False),
    State(HIDDEN, "已隐藏", "wait", "这一条不再显示。", is_open=False, answer=False),
)

EDGES = (
    Edge(
        "ask", "要求公开", ("",), COLLECTING, "person", "有村民要求公开", "all",
        clocks=_do("start", COLLECT_CLOCK), tone="primary", rule="OPEN-03",
    ),
    Edge(
        "reach", "人数已够", (COLLECTING,), REACHED, "system", "联名的人数够了，请村里公开", "all",
        clocks=(*_do("stop", COLLECT_CLOCK), *_do("start", ANSWER_CLOCK)), rule="OPEN-03",
    ),
    Edge(
        "publish", "已公开，关联公开内容", (COLLECTING, REACHED, REFUSED, ORDERED), PUBLISHED, "person",
        "要求公开的内容已经公开", "all",
        clocks=_do("stop", COLLECT_CLOCK, ANSWER_CLOCK, TOWN_CLOCK), tone="primary", rule="OPEN-03",
    ),
    Edge(
        "refuse", "说明不公开的理由", (REACHED,), REFUSED, "person", "村里说明了不公开的理由", "all",
        fields=_reason("不公开的理由（会公开）"),
        clocks=(*_do("stop", ANSWER_CLOCK), *_do("start", TOWN_CLOCK)), tone="danger", rule="OPEN-03",
    ),
    Edge("overdue", "到期没有答复", WITH_VILLAGE, None, "system", "村里到期没有答复", "all", rule="OPEN-03"),
    Edge(
        "order", "督促公开", (REACHED, REFUSED), ORDERED, "person", "镇里督促公开", "all",
        fields=_reason("督促公开的理由（会公开）"),
        clocks=(*_do("stop", ANSWER_CLOCK, TOWN_CLOCK), *_do("start", ANSWER_CLOCK)), tone="primary", rule="OPEN-10",
    ),
    Edge(
        "uphold", "理由成立", (REFUSED,), UPHELD, "person", "镇里认为不公开的理由成立", "all",
        fields=_reason("为什么成立（会公开）"), clocks=_do("stop", TOWN_CLOCK), rule="OPEN-10",
    ),
    Edge(
        "withdraw", "撤回", (COLLECTING,), WITHDRAWN, "person", "提出的人撤回了", "parties",
        clocks=_do("stop", COLLECT_CLOCK), tone="danger",
    ),
    Edge(
        "lapse", "联名期满", (COLLECTING,), LAPSED, "system", "联名期满，人数不够", "all",
        clocks=_do("stop", COLLECT_CLOCK),
    ),
    Edge(
        "hide", "不再显示", (COLLECTING,), HIDDEN, "system", "不再显示", "staff", clocks=_do("stop", COLLECT_CLOCK),
    ),
    Edge(
        "show_again", "恢复显示", (HIDDEN,), COLLECTING, "system", "恢复显示", "staff",
        clocks=_do("start", COLLECT_CLOCK),
    ),
)  # fmt: skip

TABLE = Table(
    kind=KIND,
    label="依申请公开",
    initial=COLLECTING,
    states=STATES,
    edges=EDGES,
    clock_labels={COLLECT_CLOCK: "联名截止", ANSWER_CLOCK: "公开期限", TOWN_CLOCK: "镇里审查期限"},
)
