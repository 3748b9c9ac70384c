"""How many villagers and representatives a village has, and how many of them can demand publication (OPEN-03)."""

from __future__ import annotations

from backend import audit
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Forbidden
from backend.notices import objection_policy as policy
from backend.notices import objection_source as sources
from backend.notices.publishing_request_models import VillageRoll
from backend.places.queries import get_place
from backend.villagers.queries import confirmed_count

ENTERED, ROLL = "entered", "roll"
FEWEST = 10


def needed_of(entitled: int, known_from: str = ENTERED) -> int:
    """A tenth of the villagers, rounded up; at least one (OPEN-03).

    While the village has entered no number, those who are confirmed are only some of them: then it takes ten.
    """
    return max(-(-entitled // 10), 1 if known_from == ENTERED else FEWEST)


def entitled_in(town_id: int, village_id: int) -> tuple[int, str]:
    """How many villagers there are, and how that is known: as the village entered it, else those confirmed."""
    entered = db.session.get(VillageRoll, village_id)
    if entered is not None:
        return entered.villagers, ENTERED
    return confirmed_count(town_id, village_id), ROLL


def representatives_needed(village_id: int) -> int | None:
    """A fifth of the villagers' representatives, rounded up (OPEN-03).

    None while the village has not entered how many it has: those who are known here are only some of them.
    """
    entered = db.session.get(VillageRoll, village_id)
    return None if entered is None or entered.representatives is None else -(-entered.representatives // 5)


def enter(actor: Actor, village_id: int, villagers: int, representatives: int | None = None) -> VillageRoll:
    """The village says how many villagers and, if given, representatives it has; later requests count by it.

    Raises NotFound, Forbidden.
    """
    village = get_place(village_id)
    if village.level != "village" or not policy.may_look(village.places, actor):
        raise sources.no_village()
    if not policy.answers_for({**village.places, "village": village.id}, actor):
        raise Forbidden
    row = db.session.get(VillageRoll, village_id)
    before = row.villagers if row is not None else None
    if row is None:
        row = VillageRoll(village_id=village_id, town_id=int(village.places["town"]))
        db.session.add(row)
    row.villagers, row.noted_by, row.noted_at = villagers, actor.id, now()
    if representatives is not None:
        row.representatives = representatives
    audit.record(
        actor,
        "village_roll.change",
        "place",
        village_id,
        {"from": before, "to": villagers, "representatives": row.representatives},
    )
    db.session.flush()
    return row
