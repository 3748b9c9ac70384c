"""信访直通车 as a kind of subject: what the engine is told of it."""

from __future__ import annotations

from backend.petitions import (
    above,
    access,
    adding,
    avoidance,
    effects,
    guide,
    handling,
    joined,
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
    SENDER_CLOCK,
    TABLE,
)
from backend.workflow.kinds import Kind, register
from backend.workflow.table import Limit

# Imported for what they do at its edges (effects.py).
STEPS = (above, adding, avoidance, handling, joined, more_time, opinion, ratings, triage)
#: the citizen's own; the others are duties
WINDOWS = frozenset({REVIEW_WINDOW, REEXAMINATION_WINDOW})
#: between bodies: never a promise to the petitioner
INNER = frozenset({OBJECTION_CLOCK, SENDER_CLOCK})
#: PET-04, PET-05, PET-08, PET-11, PET-12; PET-24 as it is unless the town says otherwise
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
            quiet=WINDOWS,
            inner=INNER,
        )
    )


def limit(petition: Petition, clock: str) -> Limit | None:
    """How long a clock of a petition runs, by law; whether it ends on a day off is the town's to say (PET-24).

    None for the window of a suggestion: there is no review to ask for (PET-11, article 35); and for the
    date of a sender who named none.
    """
    if clock == SENDER_CLOCK:
        return _named_by_sender(petition)
    if clock in WINDOWS and petition.petition_class == policy.SUGGESTION:
        return None
    by_law = LIMITS[clock]
    if by_law.unit == "working_day":
        return by_law
    rolls = guide.rolls(petition.town_id, window=clock in WINDOWS)
    return Limit(by_law.amount, "rolled_day" if rolls else "natural_day")


def _named_by_sender(petition: Petition) -> Limit | None:
    if petition.sender_due_on is None:
        return None
    return Limit((petition.sender_due_on - petition.received_on).days, "natural_day")
