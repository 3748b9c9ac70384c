"""问题回音壁 and its follow-ups as kinds of subjects: what the engine is told of them."""

from __future__ import annotations

from backend.wall import access, follow_ups, policy, services
from backend.wall.models import WallEntry, WallFollowUp
from backend.wall.states import APPROVE_CLOCK, ENTRY_TABLE, FOLLOW_UP_TABLE, REPLY_CLOCK
from backend.workflow.kinds import Kind, register
from backend.workflow.table import Edge, Field, Limit

#: ours; a follow-up is answered like a complaint (domain-rules §2.2: 5 working days)
APPROVE_LIMIT = Limit(3, "working_day")
REPLY_LIMIT = Limit(5, "working_day")


def register_wall() -> None:
    """Make the wall known; called once by the composition root."""
    register(
        Kind(
            table=ENTRY_TABLE,
            may=policy.may_take,
            demands=services.demands,
            limit=_approve_limit,
            load=access.load_entry,
            main_clock=APPROVE_CLOCK,
        )
    )
    register(
        Kind(
            table=FOLLOW_UP_TABLE,
            may=policy.may_take_follow_up,
            demands=_as_the_table_says,
            limit=_reply_limit,
            load=access.load_follow_up,
            main_clock=REPLY_CLOCK,
            on_ring=follow_ups.on_ring,
        )
    )
    follow_ups.hear_of_comments()


def _as_the_table_says(follow_up: WallFollowUp, edge: Edge) -> tuple[Field, ...]:
    return edge.fields


def _approve_limit(entry: WallEntry, clock: str) -> Limit:
    return APPROVE_LIMIT


def _reply_limit(follow_up: WallFollowUp, clock: str) -> Limit:
    return REPLY_LIMIT
