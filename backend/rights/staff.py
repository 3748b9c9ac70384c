"""Routes for staff: requests about personal data, to be answered within 15 working days."""

from __future__ import annotations

from typing import Any

from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.rights import queries, schemas, services

blueprint = Blueprint(
    "staff_rights",
    __name__,
    url_prefix="/api/v1/staff",
    guard=staff_guard,
    description="个人信息权利申请",
)


@blueprint.get("/rights/requests")
@requires("rights.answer")
@blueprint.arguments(schemas.RightsRequestQuerySchema, location="query")
@blueprint.response(200, schemas.RightsRequestPageSchema)
def requests(wanted: dict[str, Any]) -> dict[str, Any]:
    """The town's requests, newest first."""
    return queries.town_requests(current_actor(), wanted["state"], wanted.get("cursor"))


@blueprint.post("/rights/requests/<request_id>/answer")
@requires("rights.answer")
@blueprint.arguments(schemas.RightsAnswerSchema)
@blueprint.response(200, schemas.RightsRequestSchema)
def answer(given: dict[str, Any], request_id: str) -> dict[str, Any]:
    """Answer a request, with the reason; the person finds it in their messages."""
    version, granted, text = (given.pop(name) for name in ("version", "granted", "answer"))
    row = services.answer(current_actor(), parse_id(request_id), version, granted, text, given)
    return queries.request_view(row)
