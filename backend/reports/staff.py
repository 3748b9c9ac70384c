"""Routes of 随手拍 for staff: bringing matters in, supervision, call-backs."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.views import MethodView

from backend.cases.oversight_schemas import (
    CallBackPageSchema,
    CallBackQuerySchema,
    SupervisionPageSchema,
    SupervisionQuerySchema,
)
from backend.identity.guards import requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.limits import limit
from backend.places.queries import town_by_code
from backend.reports import intake, oversight, views
from backend.reports.schemas import (
    CursorSchema,
    IntakeReceiptSchema,
    IntakeSchema,
    MyReportsSchema,
    SimilarListSchema,
    SimilarQuerySchema,
)
from backend.reports.services import submission_of
from backend.reports.similar import Sought, similar

blueprint = Blueprint(
    "staff_reports",
    __name__,
    url_prefix="/api/v1/staff",
    guard=staff_guard,
    description="代登记、巡查上报、督办、回访",
)


@blueprint.route("/reports")
class Reports(MethodView):
    """What staff bring in."""

    @requires("case.intake")
    @blueprint.arguments(CursorSchema, location="query")
    @blueprint.response(200, MyReportsSchema)
    def get(self, wanted: dict[str, str]) -> dict[str, Any]:
        """What one brought in oneself, newest first."""
        return views.brought_in(g.actor, wanted.get("cursor"))

    @idempotent
    @requires("case.intake")
    @limit("30/minute", name="report.intake")
    @blueprint.arguments(IntakeSchema)
    @blueprint.response(201, IntakeReceiptSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Register for somebody else, report what a worker found, or settle it on the spot."""
        return views.intake_receipt(intake.take_in(g.actor, _intake(given)), g.actor)


@blueprint.route("/reports/similar")
@requires("case.intake")
@blueprint.arguments(SimilarQuerySchema, location="query")
@blueprint.response(200, SimilarListSchema)
def similar_reports(wanted: dict[str, Any]) -> dict[str, Any]:
    """What may be the same matter, before it is brought in twice."""
    town_id = _town(wanted.pop("town", None))
    return {"items": similar(g.actor, Sought(town_id=town_id, **wanted))}


@blueprint.route("/supervisions")
@requires("case.view", "case.handle")
@blueprint.arguments(SupervisionQuerySchema, location="query")
@blueprint.response(200, SupervisionPageSchema)
def supervisions(wanted: dict[str, Any]) -> dict[str, Any]:
    """Supervision of the cases in scope, newest first."""
    return oversight.supervisions(g.actor, wanted["state"], wanted["cursor"])


@blueprint.route("/call-backs")
@requires("case.call_back", "case.supervise")
@blueprint.arguments(CallBackQuerySchema, location="query")
@blueprint.response(200, CallBackPageSchema)
def list_call_backs(wanted: dict[str, Any]) -> dict[str, Any]:
    """Call-backs that are owed, soonest due first, or those that are over; with counts and §2.3's figures."""
    return oversight.list_call_backs(g.actor, wanted["state"], wanted["cursor"])


def _town(code: str | None) -> int:
    return town_by_code(code).id if code else int(g.actor.town_id)


def _intake(given: dict[str, Any]) -> intake.Intake:
    ordered = bool(given["upstream_body"] or given["external_number"] or given["upstream_due_on"])
    return intake.Intake(
        action=given["action"],
        channel=given["channel"],
        submission=submission_of(given, _town(given["town"])),
        upstream=intake.Upstream(given["upstream_body"], given["external_number"], given["upstream_due_on"])
        if ordered
        else None,
        note=given["note"],
        after_media_ids=tuple(given["after_media_ids"]),
    )
