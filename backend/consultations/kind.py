"""有事好商量 as a kind of subject: what the engine is told of it."""

from __future__ import annotations

from backend.consultations import (
    access,
    carrying,
    concluding,
    effects,
    meetings,
    opening,
    policy,
    resolutions,
    texts,
)
from backend.consultations.models import Consultation
from backend.consultations.periods import (
    CARRY_DAYS,
    CONCLUDE_DAYS,
    PUBLICATION_DAYS,
    RATING_DAYS,
    SCREEN_DAYS,
    usual_days,
)
from backend.consultations.states import (
    CARRY_CLOCK,
    COLLECT_CLOCK,
    CONCLUDE_CLOCK,
    PERIODS,
    PUBLICATION_CLOCK,
    RATING_CLOCK,
    SCREEN_CLOCK,
    TABLE,
)
from backend.workflow.kinds import Kind, register
from backend.workflow.table import Limit

# Imported for what they do at its edges (effects.py).
STEPS = (carrying, concluding, meetings, opening, resolutions, texts)
DAYS = {
    SCREEN_CLOCK: SCREEN_DAYS,
    CONCLUDE_CLOCK: CONCLUDE_DAYS,
    PUBLICATION_CLOCK: PUBLICATION_DAYS,
    CARRY_CLOCK: CARRY_DAYS,
    RATING_CLOCK: RATING_DAYS,
}


def register_consultations() -> None:
    """Make 有事好商量 known; called once by the composition root."""
    register(
        Kind(
            table=TABLE,
            may=policy.may_take,
            demands=lambda topic, edge: edge.fields,
            limit=limit,
            load=access.load_locked,
            main_clock=CARRY_CLOCK,
            on_ring=effects.on_ring,
            quiet=PERIODS,
        )
    )


def limit(topic: Consultation, clock: str) -> Limit:
    """How long a clock of a topic runs, in natural days (CON-03, CON-08)."""
    days = usual_days(major=topic.major) if clock == COLLECT_CLOCK else DAYS[clock]
    return Limit(days, "natural_day")
