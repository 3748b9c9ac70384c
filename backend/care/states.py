"""States and edges of 我需要帮助, as data. docs/states/help_request.md is drawn from this table.

The words of a request and of a visit are on no row of the timeline: they stand encrypted in the request alone, and
are deleted with it.
"""

from __future__ import annotations

from backend.workflow.table import ClockEffect, Edge, Field, State, Table

ASKED, ASSIGNED, VISITED, CLOSED, CANCELLED = "asked", "assigned", "visited", "closed", "cancelled"
ENDED = (CLOSED, CANCELLED)
VISIT_CLOCK = "visit"
NOTE_MOST = 1000

WORKER = Field("staff_id", "请谁上门", "assignee")
VISIT_NOTE = Field("visit_note", "上门的情况（到期删除）", "text", most=NOTE_MOST)


def _do(operation: str, clock: str) -> tuple[ClockEffect, ...]:
    return (ClockEffect(operation, clock),)  # type: ignore[arg-type]


STATES = (
    State(ASKED, "等待安排", "new", "村里会安排人联系您、上门看望。", held_by="村里"),
    State(ASSIGNED, "已安排人", "run", "网格员会联系您，约好时间上门。"),
    State(VISITED, "已上门", "check", "如果没有别的需要，您可以结束；有的话请再提出。"),
    State(CLOSED, "已结束", "done", "内容到期以后会删除。", is_open=False),
    State(CANCELLED, "已取消", "wait", "您取消了这次请求，内容到期以后会删除。", is_open=False),
)

EDGES = (
    Edge(
        "ask", "请人上门", ("",), ASKED, "person", "您请人上门", "parties",
        clocks=_do("start", VISIT_CLOCK), tone="primary",
    ),
    Edge("assign_worker", "安排网格员", (ASKED,), ASSIGNED, "system", "安排了网格员", "parties"),
    Edge(
        "assign", "安排人上门", (ASKED, ASSIGNED), ASSIGNED, "person", "安排了人上门", "parties",
        fields=(WORKER,), tone="primary",
    ),
    Edge(
        "visit", "已经上门", (ASSIGNED,), VISITED, "person", "上门看望了", "parties",
        fields=(VISIT_NOTE,), clocks=_do("stop", VISIT_CLOCK), tone="primary",
    ),
    Edge("visit_again", "再上门一次", (VISITED,), VISITED, "person", "又上门看望了", "parties", fields=(VISIT_NOTE,)),
    Edge("close", "结束", (VISITED,), CLOSED, "person", "结束了", "parties", tone="primary"),
    Edge(
        "cancel", "取消", (ASKED, ASSIGNED), CANCELLED, "person", "您取消了", "parties",
        clocks=_do("stop", VISIT_CLOCK), tone="danger",
    ),
)  # fmt: skip

TABLE = Table(
    kind="help_request",
    label="我需要帮助",
    initial=ASKED,
    states=STATES,
    edges=EDGES,
    clock_labels={VISIT_CLOCK: "上门期限"},
)
