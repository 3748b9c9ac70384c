"""Part of the composition root: what objections, requests to publish and the watch ask of others."""

from __future__ import annotations

from typing import Any

from backend.cases.models import Case
from backend.cases.parts import parts_by
from backend.identity import services as identity
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.notices import (
    objection_cards,
    objection_personal,
    objection_public,
    objection_resident,
    objection_services,
    objection_staff,
    publishing_request_services,
    watch_queries,
    watch_services,
)
from backend.notices import objection_ports as ports
from backend.notices.objection_kind import register_objections
from backend.notices.objection_ports import Complaint, Filed
from backend.notifications import notices as staff_lines
from backend.notifications import services as notifications
from backend.outbox.timers import periodic
from backend.reports import services as reports
from backend.rights import ports as rights
from backend.search import village_home

#: of the API
BLUEPRINTS = (objection_public.blueprint, objection_resident.blueprint, objection_staff.blueprint)
DAY = 86400


def wire() -> None:
    """Wire everything; safe to call for each application that is made."""
    register_objections()
    ports.case_by(bring_case, code_of)
    village_home.owed_by(watch_queries.late_count)
    ports.tells_by(staff_lines.tell_staff)
    parts_by("notice_objection", objection_cards.of_objection, _nothing_waits, _counts_nothing)
    parts_by("publishing_request", objection_cards.of_request, _nothing_waits, _counts_nothing)
    rights.holds(objection_personal.copy)
    rights.lets_go(objection_personal.let_go)
    notifications.also_look(objection_services.look_at_entry)
    identity.on_merge(objection_services.merge_resident)
    identity.on_merge(publishing_request_services.merge_resident)
    # A day of timers begins at eight in the morning in Shanghai.
    periodic("notices.remind", DAY, watch_services.remind)


def _nothing_waits(actor: Actor) -> list[dict[str, Any]]:
    return []


def _counts_nothing(staff: Any) -> int:
    return 0


def bring_case(complaint: Complaint) -> Filed:
    """A case of the whole town, in the name of who says it; it lies in no village and is confidential (OPEN-10)."""
    submission = reports.Submission(
        town_id=complaint.town_id,
        text=complaint.text,
        category_code=None,
        lon=None,
        lat=None,
        place_id=complaint.town_id,
        address="",
        contact_name="",
        contact_phone="",
        confidential=True,
    )
    case = reports.submit(Actor(kind="resident", id=complaint.resident_id, name=""), submission)
    db.session.flush()
    return Filed(case.id, case.code)


def code_of(case_id: int) -> str:
    """The code of a case, for the person who brought it."""
    case = db.session.get(Case, case_id)
    return case.code if case is not None else ""
