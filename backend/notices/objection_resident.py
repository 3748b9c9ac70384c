"""Routes for villagers: ask and object, say whether one is satisfied, demand publication together, report (OPEN-03,
OPEN-08, OPEN-10)."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.views import MethodView

from backend.identity.guards import resident_guard
from backend.identity.minors import demand_guardian
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent, idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.notices import objection_services, objection_views, publishing_request_services
from backend.notices import objection_source as sources
from backend.notices import publishing_request_views as request_views
from backend.notices.objection_access import public_request, request_for
from backend.notices.objection_schemas import (
    AskObjectionSchema,
    JudgeAnswerSchema,
    NoticeReportedSchema,
    NoticeReportSchema,
    ObjectionCursorSchema,
    OwnObjectionSchema,
    ResidentObjectionsSchema,
)
from backend.notices.publishing_request_schemas import (
    AskPublishingRequestSchema,
    OwnPublishingRequestPageSchema,
    OwnPublishingRequestSchema,
    WithdrawRequestSchema,
)

blueprint = Blueprint(
    "resident_objections",
    __name__,
    url_prefix="/api/v1/resident",
    guard=resident_guard,
    description="三务公开：提问和异议、依申请公开、举报",
)


@blueprint.route("/notices/<notice_id>/objections")
class Objections(MethodView):
    """What was asked about a notice that this person may read."""

    @blueprint.arguments(ObjectionCursorSchema, location="query")
    @blueprint.response(200, ResidentObjectionsSchema)
    def get(self, wanted: dict[str, Any], notice_id: str) -> dict[str, Any]:
        """What everybody reads, and one's own in every state. 404 for what is not for this person."""
        source = sources.readable(g.actor, parse_id(notice_id))
        page = objection_views.of_notice(source, wanted["cursor"])
        return page | {
            "mine": objection_views.mine(g.actor, source),
            "may_ask": page["open"]
            and objection_services.is_villager(g.actor, source.town_id, source.village_id),
        }

    @idempotent
    @limit("6/minute", name="objection.ask")
    @blueprint.arguments(AskObjectionSchema)
    @blueprint.response(201, OwnObjectionSchema)
    def post(self, given: dict[str, Any], notice_id: str) -> dict[str, Any]:
        """Ask or object, within fifteen days; public once it has passed the checks, answered in five days (OPEN-08)."""
        row = objection_services.ask(
            g.actor, parse_id(notice_id), given["kind"], given["line"], given["text"]
        )
        return objection_views.own_line(row, g.actor)


@blueprint.post("/objections/<objection_id>/actions/<action>")
@idempotent_when_keyed
@limit("10/minute", name="objection.judge")
@blueprint.arguments(JudgeAnswerSchema)
@blueprint.response(200, OwnObjectionSchema)
def judge(given: dict[str, Any], objection_id: str, action: str) -> dict[str, Any]:
    """`satisfied`, or `unsatisfied`: it becomes a case of the town, also when no answer came in time (OPEN-08)."""
    row = objection_services.act(g.actor, parse_id(objection_id), action, given.pop("version"), given)
    return objection_views.own_line(row, g.actor)


@blueprint.post("/notice-reports")
@idempotent
@limit("6/hour", name="notice.report")
@blueprint.arguments(NoticeReportSchema)
@blueprint.response(201, NoticeReportedSchema)
def report(given: dict[str, Any]) -> dict[str, Any]:
    """Report late or false publication of the own village to the town (OPEN-10); the village does not read it."""
    demand_guardian(g.actor.id)
    row, code = objection_services.report(g.actor, **given)
    return {"id": row.id, "case_id": row.case_id, "case_code": code}


@blueprint.route("/publishing-requests")
class Requests(MethodView):
    """What villagers demand to be published."""

    @blueprint.arguments(ObjectionCursorSchema, location="query")
    @blueprint.response(200, OwnPublishingRequestPageSchema)
    def get(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """The requests of one's own village, with whether one has joined."""
        return request_views.for_resident(g.actor, wanted["cursor"])

    @idempotent
    @limit("6/hour", name="request.ask")
    @blueprint.arguments(AskPublishingRequestSchema)
    @blueprint.response(201, OwnPublishingRequestSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Demand that the own village publish something; others may join once the words have passed (OPEN-03)."""
        row = publishing_request_services.ask(g.actor, given["village_id"], given["category"], given["text"])
        return request_views.own_lines([row], g.actor)[0]


@blueprint.get("/publishing-requests/<request_id>")
@blueprint.response(200, OwnPublishingRequestSchema)
def read_request(request_id: str) -> dict[str, Any]:
    """One request that everybody may read, with one's own part in it."""
    return request_views.own_lines([public_request(parse_id(request_id))], g.actor)[0]


@blueprint.route("/publishing-requests/<request_id>/join")
class Join(MethodView):
    """Stand behind a request, or no more."""

    @idempotent_when_keyed
    @limit("30/minute", name="request.join")
    @blueprint.response(200, OwnPublishingRequestSchema)
    def post(self, request_id: str) -> dict[str, Any]:
        """Join; again changes nothing. 403 for who is no confirmed villager there."""
        row = publishing_request_services.join(g.actor, parse_id(request_id))
        return request_views.own_lines([row], g.actor)[0]

    @limit("30/minute", name="request.leave")
    @blueprint.response(200, OwnPublishingRequestSchema)
    def delete(self, request_id: str) -> dict[str, Any]:
        """Take one's name back while it is being joined."""
        row = publishing_request_services.leave(g.actor, parse_id(request_id))
        return request_views.own_lines([row], g.actor)[0]


@blueprint.post("/publishing-requests/<request_id>/withdrawal")
@idempotent_when_keyed
@limit("10/minute", name="request.withdraw")
@blueprint.arguments(WithdrawRequestSchema)
@blueprint.response(200, OwnPublishingRequestSchema)
def withdraw(given: dict[str, Any], request_id: str) -> dict[str, Any]:
    """Withdraw one's own request while nobody else has joined. 404 for another person's."""
    row = request_for(g.actor, parse_id(request_id))
    publishing_request_services.act(g.actor, row.id, "withdraw", given["version"], {})
    return request_views.own_lines([row], g.actor)[0]
