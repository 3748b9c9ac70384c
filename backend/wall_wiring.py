"""Part of the composition root: what the wall asks of reports, petitions and messages (backend/wall/ports.py)."""

from __future__ import annotations

from typing import Any

from backend.cases.access import load_locked
from backend.cases.models import Case
from backend.cases.parts import parts_by
from backend.identity import services as identity
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import shanghai
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.notifications import personal as inbox_lines
from backend.notifications import services as notifications
from backend.petitions import guide
from backend.petitions.access import get_petition_for
from backend.petitions.kind import LIMITS
from backend.petitions.models import Petition
from backend.petitions.resident_views import parties_of
from backend.petitions.states import ANSWERED_ONCE, HANDLE_CLOCK
from backend.reports import queries as reports
from backend.reports import services as report_services
from backend.reports.states import CLOSED
from backend.rights import ports as rights
from backend.wall import cards, follow_ups, personal, ports
from backend.wall.kind import register_wall
from backend.wall.ports import CONSENT, NEVER, Petitions, Source
from backend.wall.reading import register_reading


def wire() -> None:
    """Wire everything; safe to call for each application that is made."""
    register_wall()
    ports.uses_by(uses)
    ports.petitions_by(Petitions(petition_for_staff, petition_for_resident, petition_source))
    ports.reopen_by(ask_reopen)
    ports.tells_by(inbox_lines.tell)
    rights.holds(personal.copy)
    rights.lets_go(personal.let_go)
    notifications.also_look(follow_ups.look_at_entry)
    identity.on_merge(follow_ups.merge_resident)
    parts_by("wall_entry", cards.of_entry, _nothing_waits, _counts_nothing)
    parts_by("wall_follow_up", cards.of_follow_up, _nothing_waits, _counts_nothing)
    register_reading()


def _nothing_waits(actor: Actor) -> list[dict[str, Any]]:
    return []


def _counts_nothing(staff: Any) -> int:
    return 0


def uses(town_id: int) -> dict[str, str]:
    """Category code → whether its closed matters may be on the wall, as the town has it."""
    return {one.code: one.wall for one in reports.all_categories(town_id)}


def ask_reopen(case_id: int, words: str) -> bool:
    """File a request to re-open a closed report as the program; False when it is not closed, or only stored."""
    case: Case | None = load_locked(case_id)
    if case is None or case.state != CLOSED or case.stored_only_at is not None:
        return False
    report_services.act(case, "ask_reopen_in_public", SYSTEM, None, {"note": words})
    return True


def petition_for_staff(actor: Actor, petition_id: int) -> Source | None:
    """An answered petition that this member of the petition office may open; the reading is noted."""
    try:
        petition = get_petition_for(actor, petition_id)
    except NotFound:
        return None
    office = actor.may_on("petition.triage", petition.places, petition.assignee_unit_id)
    return _source(petition) if office and petition.state in ANSWERED_ONCE else None


def petition_for_resident(actor: Actor, petition_id: int) -> Source | None:
    """The petitioner's own petition."""
    petition = db.session.get(Petition, petition_id)
    own = petition is not None and petition.resident_id == actor.id
    return _source(petition) if petition is not None and own else None


def petition_source(petition_id: int) -> Source | None:
    """A petition as the program knows it: whose names may not be written."""
    petition = db.session.get(Petition, petition_id)
    return _source(petition) if petition is not None else None


def _source(petition: Petition) -> Source:
    """Nothing of what the petitioner wrote is suggested: the petition office writes the copy from nothing (§1.5)."""
    parties = parties_of(petition.id)
    answered = petition.delivered_on or shanghai(petition.closed_at or petition.updated_at).date()
    topic = guide.topic_label(petition.town_id, petition.topic)
    open_to_it = petition.state in ANSWERED_ONCE and not petition.anonymous and petition.resident_id
    return Source(
        kind=petition.kind,
        id=petition.id,
        code=petition.code,
        town_id=petition.town_id,
        places=petition.places,
        village_name="",
        place_label="",
        category_code=petition.topic,
        category_name=topic,
        unit_id=petition.assignee_unit_id,
        unit_name=petition.assignee_unit_name,
        received_on=petition.received_on,
        closed_on=answered,
        days_promised=LIMITS[HANDLE_CLOCK].amount,
        score=None,
        use=CONSENT if open_to_it else NEVER,
        resident_id=petition.resident_id,
        title=topic,
        matter="",
        done="",
        names=tuple(sorted({p.name for p in parties if p.name and len(p.name) > 1})),
        address=next((p.address for p in parties if p.address), ""),
    )
