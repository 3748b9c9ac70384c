"""Routes of 随手拍 for residents: submit, follow, rate, dispute, add."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.views import MethodView

from backend.cases import services as cases
from backend.cases import views as case_views
from backend.cases.access import get_case_for
from backend.identity.guards import resident_guard
from backend.identity.minors import demand_guardian
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.places.queries import town_id_of
from backend.reports import claiming, services, views
from backend.reports.schemas import (
    ClaimSchema,
    CursorSchema,
    MyReportsSchema,
    ReceiptSchema,
    ResidentActSchema,
    ResidentCaseSchema,
    SubmitSchema,
)

blueprint = Blueprint(
    "resident_reports", __name__, url_prefix="/api/v1/resident", guard=resident_guard, description="随手拍"
)


@blueprint.route("/reports")
class Reports(MethodView):
    """The resident's reports."""

    @blueprint.arguments(CursorSchema, location="query")
    @blueprint.response(200, MyReportsSchema)
    def get(self, wanted: dict[str, str]) -> dict[str, Any]:
        """One's own reports, newest first."""
        return views.my_reports(g.actor, wanted.get("cursor"))

    @idempotent
    @limit("6/minute", name="report.submit")
    @blueprint.arguments(SubmitSchema)
    @blueprint.response(201, ReceiptSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Bring a report; the receipt has the look-up code and its QR."""
        demand_guardian(g.actor.id)
        submission = services.submission_of(given, town_id_of(given["town"]))
        return views.receipt(services.submit(g.actor, submission))


@blueprint.route("/reports/claim", methods=["POST"])
@blueprint.arguments(ClaimSchema)
@blueprint.response(200, ResidentCaseSchema)
@limit("10/hour", name="report.claim")
def claim(given: dict[str, str]) -> dict[str, Any]:
    """Take over what staff registered for oneself, by the look-up code and the phone that was given then."""
    return case_views.resident_view(claiming.claim(g.actor, given["code"], given["phone"]), g.actor)


@blueprint.route("/reports/<case_id>")
class OneReport(MethodView):
    """One report."""

    @blueprint.response(200, ResidentCaseSchema)
    def get(self, case_id: str) -> dict[str, Any]:
        """A report with its way so far, who has it, and what the resident may do now."""
        return case_views.resident_view(get_case_for(g.actor, parse_id(case_id)), g.actor)


@blueprint.route("/reports/<case_id>/actions/<action>", methods=["POST"])
@blueprint.arguments(ResidentActSchema)
@blueprint.response(200, ResidentCaseSchema)
@limit("10/minute", name="report.act")
def act(given: dict[str, Any], case_id: str, action: str) -> dict[str, Any]:
    """Rate, dispute, or add to a report; 409 when it has changed since `version`."""
    if "comment" in given:
        given["note"] = given.pop("comment")
    case = cases.act(g.actor, parse_id(case_id), action, given.pop("version"), given)
    return case_views.resident_view(case, g.actor)
