"""Routes of a person's own rights: see, copy, correct, ask, confirm a deed; the proof and the access log."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask.views import MethodView

from backend.cases.proof import ProofSchema
from backend.identity import minors
from backend.identity.guards import current_actor, resident_guard
from backend.kernel.http import Blueprint, json_response
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.kernel.schemas import ErrorSchema
from backend.places.queries import town_by_code
from backend.rights import copies, deeds, queries, schemas, services, transparency
from backend.rights.words import DEEDS

blueprint = Blueprint(
    "resident_rights",
    __name__,
    url_prefix="/api/v1/resident",
    guard=resident_guard,
    description="我的个人信息",
)


@blueprint.get("/rights")
@blueprint.response(200, schemas.RightsOverviewSchema)
def overview() -> dict[str, Any]:
    """What is kept of the person, why and how long (PI-01, PI-02)."""
    return queries.overview(current_actor())


@blueprint.get("/rights/data")
@blueprint.response(200, schemas.OwnDataSchema)
@limit("10/minute", name="rights.data")
def own_data() -> Response:
    """Everything kept of the person, as JSON, at once (PI-07)."""
    return json_response(copies.copy_now(current_actor()))


@blueprint.post("/rights/copies")
@idempotent
@limit("5/minute", name="rights.copy")
@blueprint.response(201, schemas.RightsCopySchema)
def order_copy() -> Any:
    """Have the copy made as a PDF."""
    return copies.order(current_actor())


@blueprint.get("/rights/copies/<copy_id>")
@blueprint.response(200, schemas.RightsCopySchema)
def copy_state(copy_id: str) -> Any:
    """How far one's own PDF is."""
    return copies.own_copy(current_actor(), parse_id(copy_id))


@blueprint.get("/rights/copies/<copy_id>/file")
@blueprint.response(200, content_type="application/pdf")
@blueprint.alt_response(409, schema=ErrorSchema)
def copy_file(copy_id: str) -> Response:
    """One's own PDF, for 24 hours."""
    answer = Response(copies.file_of(current_actor(), parse_id(copy_id)), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = "attachment; filename=own-data.pdf"
    return answer


@blueprint.patch("/rights/person")
@blueprint.arguments(schemas.RightsPersonChangeSchema)
@blueprint.response(200, schemas.RightsChangedSchema)
def correct_person(given: dict[str, Any]) -> dict[str, Any]:
    """Correct one's nickname or phone; empty removes it."""
    return {"changed": services.correct_account(current_actor(), given)}


@blueprint.post("/rights/corrections")
@idempotent
@limit("10/minute", name="rights.correct")
@blueprint.arguments(schemas.RightsCorrectionSchema)
@blueprint.response(201, schemas.RightsCorrectedSchema)
def correct_case(given: dict[str, Any]) -> dict[str, Any]:
    """Correct the contact of an own report; of a closed one it becomes a request."""
    case_id, why = given.pop("case_id"), given.pop("why")
    asked = services.correct_case(current_actor(), case_id, given, why)
    return {"done": asked is None, "request": None if asked is None else queries.request_view(asked)}


@blueprint.route("/rights/requests")
class Requests(MethodView):
    """What somebody has to decide."""

    @blueprint.response(200, schemas.OwnRequestsSchema)
    def get(self) -> dict[str, Any]:
        """One's own requests, newest first."""
        return {"items": queries.own_requests(current_actor().id)}

    @idempotent
    @limit("5/minute", name="rights.ask")
    @blueprint.arguments(schemas.RightsAskSchema)
    @blueprint.response(201, schemas.RightsRequestSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Hand in a request; answered within 15 working days."""
        town = town_by_code(given["town"])
        asked = services.ask(current_actor(), given["kind"], town.id, given["text"], given["case_id"])
        return queries.request_view(asked)


@blueprint.get("/rights/plan")
@blueprint.arguments(schemas.RightsPlanQuerySchema, location="query")
@blueprint.response(200, schemas.RightsPlanSchema)
def plan(wanted: dict[str, Any]) -> Any:
    """What a deed would erase and what the law keeps, before anything is done."""
    return deeds.plan(current_actor(), wanted["deed"], wanted["case_id"])


@blueprint.post("/rights/deeds")
@limit("10/minute", name="rights.deed")
@blueprint.arguments(schemas.RightsDeedSchema)
@blueprint.response(200, schemas.RightsDoneSchema)
def carry_out(given: dict[str, Any]) -> dict[str, Any]:
    """Do what was confirmed: withdraw, delete, close. Again is no error."""
    erased = deeds.carry_out(current_actor(), given["deed"], given["case_id"], given["confirm"])
    return {"deed": given["deed"], "sentence": DEEDS[given["deed"]].done, "erased": erased}


@blueprint.post("/rights/age")
@blueprint.arguments(schemas.AgeSchema)
@blueprint.response(200, schemas.StandingSchema)
def state_age(given: dict[str, int]) -> Any:
    """Say how old one is; below 14 a guardian has to agree first (PI-04)."""
    return minors.state_age(current_actor(), given["age"])


@blueprint.post("/rights/guardian/codes")
@limit("5/minute", name="guardian.code")
@blueprint.response(200, schemas.GuardianCodeSchema)
def issue_guardian_code() -> dict[str, Any]:
    """A one-time code for one's guardian; an earlier one no longer counts."""
    code, expires_at = minors.issue_code(current_actor())
    return {"code": code, "expires_at": expires_at}


@blueprint.post("/rights/guardian/consents")
@limit("5/minute", name="guardian.agree")
@blueprint.arguments(schemas.GuardianConsentSchema)
@blueprint.response(200, schemas.GuardianAgreedSchema)
def agree_as_guardian(given: dict[str, str]) -> dict[str, Any]:
    """Agree for the child behind a code."""
    minors.agree(current_actor(), given["code"])
    return {"wards": minors.wards(current_actor().id)}


@blueprint.get("/reports/<case_id>/proof")
@blueprint.response(200, ProofSchema)
def proof(case_id: str) -> dict[str, Any]:
    """The own case's chain of entries, to be checked on the phone."""
    return transparency.proof(current_actor(), parse_id(case_id))


@blueprint.get("/reports/<case_id>/access-log")
@blueprint.response(200, schemas.AccessLogSchema)
def access_log(case_id: str) -> dict[str, Any]:
    """Who opened the own case and when, by unit and role."""
    return transparency.access_log(current_actor(), parse_id(case_id))
