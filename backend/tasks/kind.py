"""Child tasks as a kind of subject: what the engine and the core are told of them."""

from __future__ import annotations

from backend.cases.parts import parts_by
from backend.kernel.clock import shanghai
from backend.tasks import policy, queries
from backend.tasks.models import ChildTask
from backend.tasks.states import TABLE, TASK_CLOCK
from backend.workflow.kinds import Kind, register
from backend.workflow.table import Limit


def register_tasks() -> None:
    """Make child tasks known; called once by the composition root."""
    register(
        Kind(
            table=TABLE,
            may=policy.may_take,
            demands=lambda task, edge: edge.fields,
            limit=limit,
            load=queries.load_locked,
            main_clock=TASK_CLOCK,
        )
    )
    parts_by(TABLE.kind, queries.card, queries.waiting, queries.waiting_count)


def limit(task: ChildTask, clock: str) -> Limit:
    """Until the end of the day that was set for it (PET-24: the day itself counts)."""
    return Limit((task.until - shanghai(task.created_at).date()).days, "natural_day")
