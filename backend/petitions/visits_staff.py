"""Routes of announced visits for the office (PET-18)."""

from __future__ import annotations

from typing import Any

from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.petitions import visit_views, visits
from backend.petitions.visit_schemas import (
    DecideVisitSchema,
    DeskVisitsQuerySchema,
    DeskVisitsSchema,
    OpenedVisitSchema,
)

blueprint = Blueprint(
    "staff_petition_visits",
    __name__,
    url_prefix="/api/v1/staff",
    guard=staff_guard,
    description="信访直通车：走访预约",
)


@blueprint.get("/petition-visits")
@requires("petition.triage")
@blueprint.arguments(DeskVisitsQuerySchema, location="query")
@blueprint.response(200, DeskVisitsSchema)
def read_visits(wanted: dict[str, str]) -> dict[str, Any]:
    """The visits of the town by day, persons masked; nobody's in particular (§8.1)."""
    found = visits.at_desk(current_actor(), past=wanted["view"] == "past")
    return {"items": [visit_views.line(visit) for visit in found]}


@blueprint.get("/petition-visits/<visit_id>")
@requires("petition.triage")
@blueprint.response(200, OpenedVisitSchema)
def read_visit(visit_id: str) -> dict[str, Any]:
    """One visit in clear; the reading is audited."""
    return visit_views.opened(visits.open_for(current_actor(), parse_id(visit_id)))


@blueprint.post("/petition-visits/<visit_id>/decision")
@idempotent_when_keyed
@requires("petition.triage")
@blueprint.arguments(DecideVisitSchema)
@blueprint.response(200, OpenedVisitSchema)
def decide(given: dict[str, Any], visit_id: str) -> dict[str, Any]:
    """Confirm it, give it another time, or cancel it with a reason; the resident is told."""
    return visit_views.opened(visits.decide(current_actor(), parse_id(visit_id), **given))
