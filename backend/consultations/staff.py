"""Routes of 有事好商量 for staff: bring, screen, open, meet, conclude, publish, carry out."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from backend.consultations import carrying, policy, proposing, queries, services, texts, views
from backend.consultations.access import get_consultation_for
from backend.consultations.staff_schemas import (
    BringSchema,
    CallMeetingSchema,
    CarryingUnitsSchema,
    ConsultationActSchema,
    CorrectTextSchema,
    GroupsSchema,
    RecordMeetingSchema,
    RecordResolutionSchema,
    ReportProgressSchema,
    StaffConsultationPageSchema,
    StaffConsultationQuerySchema,
    StaffConsultationSchema,
)
from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent, idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.places.queries import town_by_code

blueprint = Blueprint(
    "staff_consultations",
    __name__,
    url_prefix="/api/v1/staff",
    guard=staff_guard,
    description="有事好商量：审定、公开、会议、结论、公示、落实",
)
#: whoever may have a topic open; which one is decided where it is loaded
ANY = (policy.MANAGE, policy.APPROVE, policy.CARRY)


@blueprint.route("/consultations")
class Consultations(MethodView):
    """The desk's topics, and what a village or the town brings."""

    @requires(*ANY)
    @blueprint.arguments(StaffConsultationQuerySchema, location="query")
    @blueprint.response(200, StaffConsultationPageSchema)
    def get(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """The topics in the actor's reach, newest first, with the counts of every view."""
        actor = current_actor()
        page = queries.of_desk(actor, wanted["view"], wanted["cursor"])
        return views.lines(page, for_staff=True) | {"counts": queries.counts(actor)}

    @idempotent
    @requires(policy.MANAGE)
    @limit("30/minute", name="consultation.bring")
    @blueprint.arguments(BringSchema)
    @blueprint.response(201, StaffConsultationSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Bring a topic; somebody else screens it (CON-04). 403 for a place out of reach."""
        actor = current_actor()
        code = given["town"]
        draft = proposing.Draft(
            town_id=town_by_code(code).id if code else int(actor.town_id or 0),
            village_id=given["village_id"],
            title=given["title"],
            body=given["body"],
            asked=given["asked"],
            reason=given["reason"],
        )
        return views.staff_view(proposing.bring(actor, draft, given["origin"]), actor)


@blueprint.get("/consultations/<topic_id>")
@requires(*ANY)
@blueprint.response(200, StaffConsultationSchema)
def read_topic(topic_id: str) -> dict[str, Any]:
    """A topic with the actions open to the viewer; those with a form of their own have no fields."""
    actor = current_actor()
    return views.staff_view(get_consultation_for(actor, parse_id(topic_id)), actor)


@blueprint.post("/consultations/<topic_id>/actions/<action>")
@idempotent_when_keyed
@requires(*ANY)
@limit("60/minute", name="consultation.act")
@blueprint.arguments(ConsultationActSchema)
@blueprint.response(200, StaffConsultationSchema)
def act(given: dict[str, Any], topic_id: str, action: str) -> dict[str, Any]:
    """Take an action that the table allows; 409 when the topic has changed since `version`."""
    actor, version, poll = current_actor(), given.pop("version"), given.pop("poll")
    topic = services.act_on(actor, parse_id(topic_id), action, version, given, poll)
    return views.staff_view(topic, actor)


def _by_form(topic_id: str, action: str, given: dict[str, Any]) -> dict[str, Any]:
    actor = current_actor()
    topic = services.act_by_form(actor, parse_id(topic_id), action, given.pop("version"), given)
    return views.staff_view(topic, actor)


@blueprint.route("/consultations/<topic_id>/groups", methods=["PUT"])
@requires(policy.MANAGE)
@blueprint.arguments(GroupsSchema)
@blueprint.response(200, StaffConsultationSchema)
def put_groups(given: dict[str, Any], topic_id: str) -> dict[str, Any]:
    """Put every comment into a group, with what becomes of it and why (CON-09)."""
    return _by_form(topic_id, "group", given)


@blueprint.post("/consultations/<topic_id>/meeting")
@idempotent_when_keyed
@requires(policy.MANAGE)
@blueprint.arguments(CallMeetingSchema)
@blueprint.response(200, StaffConsultationSchema)
def call_meeting(given: dict[str, Any], topic_id: str) -> dict[str, Any]:
    """Call a meeting; a hearing a week ahead, with its materials and its list (CON-01, CON-11)."""
    return _by_form(topic_id, "call_meeting", given)


@blueprint.post("/consultations/<topic_id>/meeting/record")
@idempotent_when_keyed
@requires(policy.MANAGE)
@blueprint.arguments(RecordMeetingSchema)
@blueprint.response(200, StaffConsultationSchema)
def record_meeting(given: dict[str, Any], topic_id: str) -> dict[str, Any]:
    """Minutes and attendance of the meeting that was called."""
    return _by_form(topic_id, "record_meeting", given)


@blueprint.post("/consultations/<topic_id>/progress")
@idempotent_when_keyed
@requires(policy.MANAGE, policy.CARRY)
@blueprint.arguments(ReportProgressSchema)
@blueprint.response(200, StaffConsultationSchema)
def report_progress(given: dict[str, Any], topic_id: str) -> dict[str, Any]:
    """A dated entry of how far it has been carried out, with photos."""
    return _by_form(topic_id, "report_progress", given)


@blueprint.post("/consultations/<topic_id>/resolutions")
@idempotent_when_keyed
@requires(policy.MANAGE)
@blueprint.arguments(RecordResolutionSchema)
@blueprint.response(200, StaffConsultationSchema)
def record_resolution(given: dict[str, Any], topic_id: str) -> dict[str, Any]:
    """One deliberation of 四议两公开, with its quorum checked (CON-06)."""
    return _by_form(topic_id, "record_resolution", given)


@blueprint.post("/consultations/<topic_id>/corrections")
@idempotent_when_keyed
@requires(policy.MANAGE)
@blueprint.arguments(CorrectTextSchema)
@blueprint.response(200, StaffConsultationSchema)
def correct(given: dict[str, Any], topic_id: str) -> dict[str, Any]:
    """Change the text; once somebody has given an opinion it is a new dated version, with its reason."""
    topic = get_consultation_for(current_actor(), parse_id(topic_id))
    return _by_form(topic_id, texts.way_to_change(topic), given)


@blueprint.get("/consultations/<topic_id>/units")
@requires(policy.MANAGE)
@blueprint.response(200, CarryingUnitsSchema)
def units(topic_id: str) -> dict[str, Any]:
    """Whom it can be handed over to."""
    topic = get_consultation_for(current_actor(), parse_id(topic_id))
    return views.assignees(carrying.assignable(topic))
