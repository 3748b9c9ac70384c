"""我需要帮助 as a kind of subject: what the engine is told of it."""

from __future__ import annotations

from backend.care import access, policy, services
from backend.care.models import HelpRequest
from backend.care.states import TABLE, VISIT_CLOCK
from backend.workflow.kinds import Kind, register
from backend.workflow.table import Edge, Field, Limit

#: ours: somebody comes within three days, weekends among them
VISIT_LIMIT = Limit(3, "natural_day")


def register_care() -> None:
    """Make it known; called once by the composition root."""
    register(
        Kind(
            table=TABLE,
            may=policy.may_take,
            demands=_as_the_table_says,
            limit=_limit,
            load=access.load_locked,
            main_clock=VISIT_CLOCK,
            on_ring=services.on_ring,
        )
    )


def _as_the_table_says(request: HelpRequest, edge: Edge) -> tuple[Field, ...]:
    return edge.fields


def _limit(request: HelpRequest, clock: str) -> Limit:
    return VISIT_LIMIT
