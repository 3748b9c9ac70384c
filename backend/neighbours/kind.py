"""邻里互助 as a kind of subject: what the engine is told of it."""

from __future__ import annotations

from backend.neighbours import access, policy, services
from backend.neighbours.models import NeighbourPost
from backend.neighbours.states import TABLE
from backend.workflow.kinds import Kind, register
from backend.workflow.table import Edge, Field


def register_neighbours() -> None:
    """Make it known; called once by the composition root."""
    register(
        Kind(
            table=TABLE,
            may=policy.may_take,
            demands=_as_the_table_says,
            limit=_no_limit,
            load=access.load_locked,
            main_clock="",
        )
    )
    services.hear_of_comments()


def _as_the_table_says(post: NeighbourPost, edge: Edge) -> tuple[Field, ...]:
    return edge.fields


def _no_limit(post: NeighbourPost, clock: str) -> None:
    """Nobody owes anything: what is past its day is ended by services.expire_due()."""
