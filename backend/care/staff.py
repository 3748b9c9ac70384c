"""Routes of care for staff: who plans in a village, and who goes there."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from backend.care import agreements, policy, queries, services, views
from backend.care.access import get_agreement_for, get_request_for, get_visit_for
from backend.care.schemas import (
    ActOnAgreementSchema,
    CareCursorSchema,
    CareVisitListSchema,
    CareVisitQuerySchema,
    CareVisitSchema,
    EnterPaperSchema,
    RecordVisitSchema,
    StaffActOnHelpSchema,
    StaffAgreementPageSchema,
    StaffAgreementSchema,
    StaffHelpPageSchema,
    StaffHelpQuerySchema,
    StaffHelpSchema,
)
from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent, idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit

blueprint = Blueprint(
    "staff_care", __name__, url_prefix="/api/v1/staff", guard=staff_guard, description="入户走访"
)


@blueprint.get("/help-requests")
@requires(policy.PLAN, policy.VISIT)
@blueprint.arguments(StaffHelpQuerySchema, location="query")
@blueprint.response(200, StaffHelpPageSchema)
def list_requests(wanted: dict[str, Any]) -> dict[str, Any]:
    """What is to be done where one plans, or by oneself; neither why nor who."""
    actor = current_actor()
    return views.staff_page(queries.of_desk(actor, wanted["view"], wanted["cursor"]), actor)


@blueprint.get("/help-requests/<request_id>")
@requires(policy.PLAN, policy.VISIT)
@blueprint.response(200, StaffHelpSchema)
def read_request(request_id: str) -> dict[str, Any]:
    """One request; that it was opened is noted."""
    actor = current_actor()
    return views.staff_view(get_request_for(actor, parse_id(request_id)), actor)


@blueprint.post("/help-requests/<request_id>/actions/<action>")
@idempotent_when_keyed
@requires(policy.PLAN, policy.VISIT)
@limit("60/minute", name="care.act")
@blueprint.arguments(StaffActOnHelpSchema)
@blueprint.response(200, StaffHelpSchema)
def act(given: dict[str, Any], request_id: str, action: str) -> dict[str, Any]:
    """assign, visit, visit_again, close; 409 when it has changed since `version`."""
    actor, version = current_actor(), given.pop("version")
    return views.staff_view(services.act(actor, parse_id(request_id), action, version, given), actor)


@blueprint.get("/care-visits")
@requires(policy.VISIT)
@blueprint.arguments(CareVisitQuerySchema, location="query")
@blueprint.response(200, CareVisitListSchema)
def list_visits(wanted: dict[str, Any]) -> dict[str, Any]:
    """One's own visits: due by today, ahead, done. Nobody reads another worker's."""
    return {"items": views.visits(queries.own_visits(current_actor(), wanted["view"]))}


@blueprint.get("/care-visits/<visit_id>")
@requires(policy.VISIT)
@blueprint.response(200, CareVisitSchema)
def read_visit(visit_id: str) -> dict[str, Any]:
    """One's own visit."""
    return views.visits([get_visit_for(current_actor(), parse_id(visit_id))])[0]


@blueprint.post("/care-visits/<visit_id>/results/<result>")
@idempotent_when_keyed
@requires(policy.VISIT)
@limit("60/minute", name="care.record")
@blueprint.arguments(RecordVisitSchema)
@blueprint.response(200, CareVisitSchema)
def record(given: dict[str, Any], visit_id: str, result: str) -> dict[str, Any]:
    """visited or not_met; 409 when the household has taken its word back."""
    actor, wanted = current_actor(), parse_id(visit_id)
    agreements.record(actor, wanted, result, given["version"], given["note"])
    return views.visits([get_visit_for(actor, wanted)])[0]


@blueprint.route("/care-agreements")
class Agreements(MethodView):
    """Agreements where one plans."""

    @requires(policy.PLAN)
    @blueprint.arguments(CareCursorSchema, location="query")
    @blueprint.response(200, StaffAgreementPageSchema)
    def get(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Newest first; no note of any visit."""
        actor = current_actor()
        return views.staff_agreements(queries.agreements_of(actor, wanted["cursor"]), actor)

    @idempotent
    @requires(policy.PLAN)
    @limit("30/minute", name="care.paper")
    @blueprint.arguments(EnterPaperSchema)
    @blueprint.response(201, StaffAgreementSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Enter what a household signed on paper; nothing is planned until another person confirms it."""
        actor = current_actor()
        terms = agreements.Terms(town_id=int(actor.town_id or 0), **given)
        return views.staff_agreement(agreements.enter_paper(actor, terms), actor)


@blueprint.get("/care-agreements/<agreement_id>")
@requires(policy.PLAN)
@blueprint.response(200, StaffAgreementSchema)
def read_agreement(agreement_id: str) -> dict[str, Any]:
    """One agreement."""
    actor = current_actor()
    return views.staff_agreement(get_agreement_for(actor, parse_id(agreement_id)), actor)


@blueprint.post("/care-agreements/<agreement_id>/actions/<action>")
@idempotent_when_keyed
@requires(policy.PLAN)
@limit("60/minute", name="care.agreement_act")
@blueprint.arguments(ActOnAgreementSchema)
@blueprint.response(200, StaffAgreementSchema)
def act_on_agreement(given: dict[str, Any], agreement_id: str, action: str) -> dict[str, Any]:
    """confirm, assign, revoke on the household's word."""
    actor, version = current_actor(), given.pop("version")
    row = agreements.act(actor, parse_id(agreement_id), action, version, given)
    return views.staff_agreement(row, actor)
