"""Routes of 我需要帮助 for residents: ask for a visit, agree to visits, take it back."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.views import MethodView

from backend.care import agreements, queries, services, views
from backend.care.access import get_request_for
from backend.care.schemas import (
    ActOnHelpSchema,
    AgreeToVisitsSchema,
    AskForHelpSchema,
    CareAgreementListSchema,
    CareAgreementSchema,
    CareCursorSchema,
    HelpFormSchema,
    HelpPageSchema,
    HelpRequestSchema,
)
from backend.identity.guards import resident_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent, idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.places.queries import town_id_of

blueprint = Blueprint(
    "resident_care",
    __name__,
    url_prefix="/api/v1/resident",
    guard=resident_guard,
    description="我需要帮助",
)


@blueprint.get("/help-form")
@blueprint.response(200, HelpFormSchema)
def help_form() -> dict[str, Any]:
    """What the form offers, and how long what is written is kept."""
    return views.form()


@blueprint.route("/help-requests")
class HelpRequests(MethodView):
    """One's own requests."""

    @blueprint.arguments(CareCursorSchema, location="query")
    @blueprint.response(200, HelpPageSchema)
    def get(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Newest first, until they are deleted."""
        return views.own_page(queries.own_requests(g.actor.id, wanted["cursor"]), g.actor)

    @idempotent
    @limit("6/hour", name="care.ask")
    @blueprint.arguments(AskForHelpSchema)
    @blueprint.response(201, HelpRequestSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Ask for a visit, for oneself or for the family."""
        asking = services.Asking(
            town_id=town_id_of(given["town"]),
            village_id=given["village_id"],
            for_whom=given["for_whom"],
            reason=given["reason"],
            place=given["place"],
            text=given["text"],
            phone=given["phone"],
        )
        return views.own_view(services.ask(g.actor, asking), g.actor)


@blueprint.get("/help-requests/<request_id>")
@blueprint.response(200, HelpRequestSchema)
def read_request(request_id: str) -> dict[str, Any]:
    """One's own request, with what was written down on the visit."""
    return views.own_view(get_request_for(g.actor, parse_id(request_id)), g.actor)


@blueprint.post("/help-requests/<request_id>/actions/<action>")
@idempotent_when_keyed
@limit("30/minute", name="care.own_act")
@blueprint.arguments(ActOnHelpSchema)
@blueprint.response(200, HelpRequestSchema)
def act(given: dict[str, Any], request_id: str, action: str) -> dict[str, Any]:
    """cancel before somebody came, close afterwards; 409 when it has changed since `version`."""
    row = services.act(g.actor, parse_id(request_id), action, given["version"], {})
    return views.own_view(row, g.actor)


@blueprint.route("/care-agreements")
class CareAgreements(MethodView):
    """One's own word that somebody may come by."""

    @blueprint.response(200, CareAgreementListSchema)
    def get(self) -> dict[str, Any]:
        """All of them, with the visits planned and made."""
        return {"items": views.own_agreements(queries.own_agreements(g.actor.id))}

    @idempotent
    @limit("6/hour", name="care.agree")
    @blueprint.arguments(AgreeToVisitsSchema)
    @blueprint.response(201, CareAgreementSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Agree to visits; taken back at any moment."""
        terms = agreements.Terms(
            town_id=town_id_of(given["town"]),
            village_id=given["village_id"],
            rhythm=given["rhythm"],
            place=given["place"],
            phone=given["phone"],
        )
        return views.own_agreements([agreements.agree(g.actor, terms)])[0]


@blueprint.post("/care-agreements/<agreement_id>/revocation")
@idempotent_when_keyed
@blueprint.response(200, CareAgreementSchema)
def revoke(agreement_id: str) -> dict[str, Any]:
    """Take it back: every visit ahead is cancelled at once. Again changes nothing."""
    return views.own_agreements([agreements.revoke_own(g.actor, parse_id(agreement_id))])[0]
