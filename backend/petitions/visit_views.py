"""How an announced visit is shown: to the resident in full, in the office's list masked, opened in clear."""

from __future__ import annotations

from typing import Any

from backend.kernel.actor import Actor
from backend.kernel.clock import today
from backend.kernel.crypto import mask_name, mask_phone
from backend.petitions import guide, visits
from backend.petitions.taking_in import MOST_REPRESENTATIVES
from backend.petitions.visit_models import PetitionVisit
from backend.places.queries import town_by_code

LABELS = {visits.ASKED: "等镇信访办确认", visits.CONFIRMED: "已确认", visits.CANCELLED: "已取消"}
TONES = {visits.ASKED: "new", visits.CONFIRMED: "done", visits.CANCELLED: "wait"}


def times(town_code: str) -> dict[str, Any]:
    """What can be chosen; without a day where the town takes no appointments."""
    town = town_by_code(town_code)
    page = guide.page_of(town.code)
    return {
        "office_name": page.office_name,
        "address": page.address,
        "hours": page.hours,
        "slots": list(page.visit_slots),
        "days": visits.days(town.id),
        "most_representatives": MOST_REPRESENTATIVES,
    }


def own(visit: PetitionVisit) -> dict[str, Any]:
    """One's own visit."""
    page = guide.page_of_town(visit.town_id)
    return _core(visit) | {
        "matter": visit.matter or "",
        "representatives": visits.names_of(visit),
        "answer": visit.answer or "",
        "office_name": page.office_name if page else visits.town_name(visit),
        "address": page.address if page else "",
        "can_cancel": _ahead(visit),
    }


def mine(actor: Actor) -> dict[str, Any]:
    """One's own visits."""
    return {"items": [own(visit) for visit in visits.of_resident(actor)]}


def line(visit: PetitionVisit) -> dict[str, Any]:
    """In the office's list: when, how many, what it is about in one word; who, masked."""
    return _core(visit) | {
        "version": visit.version,
        "name_masked": mask_name(visit.name) if visit.name else "",
        "phone_masked": mask_phone(visit.phone) if visit.phone else "",
        "can_decide": _ahead(visit),
    }


def opened(visit: PetitionVisit) -> dict[str, Any]:
    """In clear, for the office; whoever returns this has noted the reading."""
    return line(visit) | {
        "name": visit.name or "",
        "phone": visit.phone or "",
        "matter": visit.matter or "",
        "representatives": visits.names_of(visit),
        "answer": visit.answer or "",
        "slots": list(guide.visit_slots(visit.town_id)),
        "days": visits.days(visit.town_id),
    }


def _ahead(visit: PetitionVisit) -> bool:
    return visit.state in visits.OPEN and visit.visit_on >= today()


def _core(visit: PetitionVisit) -> dict[str, Any]:
    over = visit.visit_on < today() and visit.state in visits.OPEN
    label = "已过" if over else LABELS[visit.state]
    if visit.cancelled_by == "office":
        label = "镇信访办已取消"
    return {
        "id": visit.id,
        "state": visit.state,
        "state_label": label,
        "tone": "wait" if over else TONES[visit.state],
        "visit_on": visit.visit_on,
        "slot": visit.slot,
        "topic_label": guide.topic_label(visit.town_id, visit.topic),
        "people": visit.people,
    }
