"""信访直通车 as a kind of subject: what the engine is told of it."""

from __future__ import annotations

from backend.petitions import (
    above,
    access,
    adding,
    avoidance,
    effects,
    handling,
    more_time,
    opinion,
    policy,
    ratings,
    triage,
)
from backend.petitions.models import Petition
from backend.petitions.states import (
    HANDLE_CLOCK,
    INFORM_CLOCK,
    OBJECTION_CLOCK,
    REEXAMINATION_CLOCK,
    REEXAMINATION_WINDOW,
    REVIEW_CLOCK,
    REVIEW_WINDOW,
    TABLE,
)
from backend.workflow.kinds import Kind, register
from backend.workflow.table import Limit

# Imported for what they do at its edges (effects.py).
STEPS = (above, adding, avoidance, handling, more_time, opinion, ratings, triage)
#: PET-04, PET-05, PET-08, PET-11, PET-12; PET-24: only the citizen's own windows roll to a working day
LIMITS = {
    INFORM_CLOCK: Limit(15, "natural_day"),
    OBJECTION_CLOCK: Limit(5, "working_day"),
    HANDLE_CLOCK: Limit(60, "natural_day"),
    REVIEW_WINDOW: Limit(30, "rolled_day"),
    REVIEW_CLOCK: Limit(30, "natural_day"),
    REEXAMINATION_WINDOW: Limit(30, "rolled_day"),
    REEXAMINATION_CLOCK: Limit(30, "natural_day"),
}


def register_petitions() -> None:
    """Make 信访直通车 known; called once by the composition root."""
    register(
        Kind(
            table=TABLE,
            may=policy.may_take,
            demands=lambda petition, edge: edge.fields,
            limit=limit,
            load=access.load_locked,
            main_clock=HANDLE_CLOCK,
            on_ring=effects.on_ring,
            quiet=frozenset({REVIEW_WINDOW, REEXAMINATION_WINDOW}),
            inner=frozenset({OBJECTION_CLOCK}),
        )
    )


def limit(petition: Petition, clock: str) -> Limit:
    """How long a clock of a petition runs, by law."""
    return LIMITS[clock]
