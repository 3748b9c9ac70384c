"""Questions about notices and requests to publish as kinds of subjects: what the engine is told of them."""

from __future__ import annotations

from typing import Any

from backend.notices import objection_access as access
from backend.notices import objection_policy as policy
from backend.notices import objection_services, objection_states, publishing_request_services
from backend.notices import publishing_request_states as request_states
from backend.workflow.kinds import Kind, register
from backend.workflow.table import Edge, Field, Limit

_REQUEST_DAYS = {
    request_states.COLLECT_CLOCK: request_states.COLLECT_DAYS,
    request_states.ANSWER_CLOCK: request_states.ANSWER_DAYS,
    request_states.TOWN_CLOCK: request_states.TOWN_DAYS,
}


def register_objections() -> None:
    """Make both known; called once by the composition root."""
    register(
        Kind(
            table=objection_states.TABLE,
            may=policy.may_take_objection,
            demands=_as_the_table_says,
            limit=_answer_limit,
            load=access.load_objection,
            main_clock=objection_states.ANSWER_CLOCK,
            on_ring=objection_services.on_ring,
        )
    )
    register(
        Kind(
            table=request_states.TABLE,
            may=policy.may_take_request,
            demands=_as_the_table_says,
            limit=_request_limit,
            load=access.load_request,
            main_clock=request_states.ANSWER_CLOCK,
            on_ring=publishing_request_services.on_ring,
            quiet=request_states.PERIODS,
        )
    )
    objection_services.hear_of_comments()
    publishing_request_services.hear_of_comments()


def _as_the_table_says(row: Any, edge: Edge) -> tuple[Field, ...]:
    return edge.fields


def _answer_limit(row: Any, clock: str) -> Limit:
    """Five natural days (OPEN-08)."""
    return Limit(objection_states.ANSWER_DAYS, "natural_day")


def _request_limit(row: Any, clock: str) -> Limit:
    """Natural days; ours (OPEN-03 names none)."""
    return Limit(_REQUEST_DAYS[clock], "natural_day")
