"""States and edges of child tasks, as data. docs/states/child_task.md is drawn from this table.

The citizen sees nothing of them: the case is one line to them (PET-06's 主办 and 协办).
"""

from __future__ import annotations

from backend.workflow.table import ClockEffect, Edge, Field, State, Table

ASSIGNED, HANDLING, RETURNED = "assigned", "handling", "returned"
DONE, CANCELLED = "done", "cancelled"
OPEN = (ASSIGNED, HANDLING, RETURNED)
TASK_CLOCK = "task"
_STOP = (ClockEffect("stop", TASK_CLOCK),)


def _words(label: str) -> Field:
    return Field("note", label, "text", most=1000)


TABLE = Table(
    kind="child_task",
    label="子任务",
    initial=ASSIGNED,
    states=(
        State(ASSIGNED, "待接单", "new", "等承办单位接单。"),
        State(HANDLING, "办理中", "run", "承办单位正在办。"),
        State(RETURNED, "已退回", "wait", "承办单位退回了，等分流员改派或取消。", held_by="分流员"),
        State(DONE, "已完成", "done", "这一部分已经办完。", is_open=False),
        State(CANCELLED, "已取消", "done", "这一部分不用办了。", is_open=False),
    ),
    edges=(
        Edge(
            "assign",
            "交办子任务",
            ("",),
            ASSIGNED,
            "person",
            "交给{unit}",
            "staff",
            clocks=(ClockEffect("start", TASK_CLOCK),),
            rule="PET-06",
        ),
        Edge("start", "接单", (ASSIGNED,), HANDLING, "person", "{unit}已接单", "staff", tone="primary"),
        Edge(
            "finish",
            "办好了",
            (HANDLING,),
            DONE,
            "person",
            "{unit}已办完",
            "staff",
            fields=(_words("做了什么"), Field("media_ids", "照片", "photos", required=False, most=9)),
            clocks=_STOP,
            tone="primary",
            rule="GRID-12",
        ),
        Edge(
            "return",
            "退回",
            (ASSIGNED, HANDLING),
            RETURNED,
            "person",
            "{unit}退回",
            "staff",
            fields=(_words("退回的理由"),),
            tone="danger",
            rule="HOT-06",
        ),
        # The clock runs on: to give a part to other hands gives nobody more time.
        Edge(
            "reassign",
            "改派",
            OPEN,
            ASSIGNED,
            "person",
            "改交给{unit}",
            "staff",
            fields=(
                Field("unit_id", "交给谁办", "assignee"),
                Field("note", "说明", "text", required=False, most=1000),
            ),
            tone="primary",
            rule="HOT-06",
        ),
        Edge(
            "cancel",
            "取消",
            OPEN,
            CANCELLED,
            "person",
            "已取消",
            "staff",
            fields=(_words("取消的理由"),),
            clocks=_STOP,
            tone="danger",
        ),
        Edge(
            "case_ended",
            "随诉求结束",
            OPEN,
            CANCELLED,
            "system",
            "诉求已结束，随之取消",
            "staff",
            clocks=_STOP,
        ),
    ),
    clock_labels={TASK_CLOCK: "子任务时限"},
)
