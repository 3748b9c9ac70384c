"""A notice as a kind of subject: what the engine is told of it."""

from __future__ import annotations

from backend.notices import access, categories, services, signing
from backend.notices.models import Notice
from backend.notices.states import DISPLAY_CLOCK, NOTICE_TABLE, REVIEW_CLOCK, REVIEW_DAYS, REVISE_DAYS
from backend.workflow.kinds import Kind, register
from backend.workflow.table import Edge, Field, Limit


def register_notices() -> None:
    """Make notices known; called once by the composition root."""
    register(
        Kind(
            table=NOTICE_TABLE,
            may=signing.may_take,
            demands=_as_the_table_says,
            limit=limit,
            load=access.load_notice,
            main_clock=REVIEW_CLOCK,
            on_ring=services.on_ring,
            quiet=frozenset({DISPLAY_CLOCK}),
        )
    )


def _as_the_table_says(notice: Notice, edge: Edge) -> tuple[Field, ...]:
    return edge.fields


def limit(notice: Notice, clock: str) -> Limit:
    """How long a clock runs, in natural days (OPEN-05, OPEN-08)."""
    if clock == DISPLAY_CLOCK:
        return Limit(categories.of_town(notice.town_id).display_days, "natural_day")
    return Limit(REVIEW_DAYS if clock == REVIEW_CLOCK else REVISE_DAYS, "natural_day")
