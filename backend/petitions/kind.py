"""信访直通车 as a kind of subject: what the engine is told of it."""

from __future__ import annotations

from collections.abc import Callable

from backend.kernel.actor import Actor
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
    simple,
    triage,
)
from backend.petitions.models import Petition
from backend.petitions.states import (
    ABOVE_CLOCK,
    HANDLE_CLOCK,
    INFORM_CLOCK,
    OBJECTION_CLOCK,
    REEXAMINATION_CLOCK,
    REEXAMINATION_WINDOW,
    REVIEW_CLOCK,
    REVIEW_WINDOW,
    SENDER_CLOCK,
    SIMPLE_CLOCK,
    TABLE,
)
from backend.workflow.kinds import Kind, register
from backend.workflow.table import Edge, Limit

# Imported for what they do at its edges (effects.py).
STEPS = (above, adding, avoidance, handling, joined, more_time, opinion, ratings, simple, triage)
#: the citizen's own; the others are duties
WINDOWS = frozenset({REVIEW_WINDOW, REEXAMINATION_WINDOW})
#: between bodies: never a promise to the petitioner
INNER = frozenset({OBJECTION_CLOCK, SENDER_CLOCK, ABOVE_CLOCK})
#: PET-04, PET-05, PET-08, PET-11, PET-12; PET-24 as it is unless the town says otherwise
LIMITS = {
    INFORM_CLOCK: Limit(15, "natural_day"),
    OBJECTION_CLOCK: Limit(5, "working_day"),
    HANDLE_CLOCK: Limit(60, "natural_day"),
    SIMPLE_CLOCK: Limit(10, "working_day"),
    ABOVE_CLOCK: Limit(3, "working_day"),
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
            may=may,
            demands=lambda petition, edge: edge.fields,
            limit=limit,
            load=access.load_locked,
            main_clock=HANDLE_CLOCK,
            on_ring=effects.on_ring,
            quiet=WINDOWS,
            inner=INNER,
        )
    )


#: actions that a town has only once it has switched them on (petitions.toml), and what says so
SWITCHED: dict[str, Callable[[int], bool]] = {
    "accept_simple": lambda town_id: guide.simple_handling(town_id),
    "above_accepts": lambda town_id: guide.above_decides(town_id),
}


def may(petition: Petition, edge: Edge, actor: Actor) -> bool:
    """The policy, and whether the town has this action at all (PET-14, PET-25)."""
    switch = SWITCHED.get(edge.action)
    return policy.may_take(petition, edge, actor) and (switch is None or switch(petition.town_id))


def limit(petition: Petition, clock: str) -> Limit | None:
    """How long a clock of a petition runs, by law; whether it ends on a day off is the town's to say (PET-24).

    None for the window of a suggestion: there is no review to ask for (PET-11, article 35); for the date of
    a sender who named none; and for the body above, where the town has not switched it on (PET-14).
    """
    if clock == ABOVE_CLOCK and not guide.above_decides(petition.town_id):
        return None
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
