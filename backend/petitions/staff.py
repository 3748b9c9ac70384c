"""Routes of 信访直通车 for staff: the queue, a petition and its actions, the legal calendar."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent, idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.petitions import avoidance, calendar, handling, id_numbers, services, triage, views
from backend.petitions.access import get_petition_for
from backend.petitions.calendar_schemas import LegalCalendarSchema, PetitionFiguresSchema, PetitionMonthSchema
from backend.petitions.filing import Matter, Party
from backend.petitions.staff_schemas import (
    ClearPartiesSchema,
    PetitionActSchema,
    PetitionAssigneesQuerySchema,
    PetitionAssigneesSchema,
    PetitionContactRequestSchema,
    PetitionLinkRequestSchema,
    PetitionPageSchema,
    PetitionQueueQuerySchema,
    StaffPetitionSchema,
    TakeInPetitionSchema,
)
from backend.petitions.taking_in import Intake, take_in
from backend.places.queries import town_by_code

blueprint = Blueprint(
    "staff_petitions",
    __name__,
    url_prefix="/api/v1/staff",
    guard=staff_guard,
    description="信访直通车：登记、甄别、办理、送达",
)
#: whoever may have a petition open; which one is decided where it is loaded
CONTENT = ("petition.triage", "petition.handle", "petition.approve")


@blueprint.route("/petitions")
class Petitions(MethodView):
    """The queue, and what is written down at the desk."""

    @requires(*CONTENT)
    @blueprint.arguments(PetitionQueueQuerySchema, location="query")
    @blueprint.response(200, PetitionPageSchema)
    def get(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """The petitions of the office, the head or the handler who asks, newest first; nobody else's."""
        return views.queue(current_actor(), wanted["view"], wanted["cursor"])

    @idempotent
    @requires("petition.triage")
    @limit("60/minute", name="petition.take_in")
    @blueprint.arguments(TakeInPetitionSchema)
    @blueprint.response(201, StaffPetitionSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Register a visit, a letter, a call, or what another body sent; nothing is refused before (PET-01)."""
        actor = current_actor()
        return views.staff_view(take_in(actor, _intake(given)), actor)


@blueprint.route("/petitions/calendar")
@requires("petition.figures")
@blueprint.response(200, LegalCalendarSchema)
def legal_calendar() -> dict[str, Any]:
    """What is due this week by law, and what was breached."""
    return calendar.legal_calendar(current_actor())


@blueprint.route("/petitions/figures")
@requires("petition.figures")
@blueprint.arguments(PetitionMonthSchema, location="query")
@blueprint.response(200, PetitionFiguresSchema)
def figures(wanted: dict[str, str]) -> dict[str, Any]:
    """A month's figures of the town as a whole."""
    return calendar.month_figures(current_actor(), wanted["month"])


@blueprint.route("/petitions/<petition_id>")
class OnePetition(MethodView):
    """One petition."""

    @requires(*CONTENT)
    @blueprint.response(200, StaffPetitionSchema)
    def get(self, petition_id: str) -> dict[str, Any]:
        """A petition with its dates, documents and the actions open to the viewer; the reading is noted."""
        actor = current_actor()
        return views.staff_view(get_petition_for(actor, parse_id(petition_id)), actor)


@blueprint.route("/petitions/<petition_id>/actions/<action>", methods=["POST"])
@idempotent_when_keyed
@requires(*CONTENT)
@blueprint.arguments(PetitionActSchema)
@blueprint.response(200, StaffPetitionSchema)
@limit("60/minute", name="petition.act")
def act(given: dict[str, Any], petition_id: str, action: str) -> dict[str, Any]:
    """Take an action that the table allows; 409 when the petition has changed since `version`."""
    actor = current_actor()
    petition = services.act_on(actor, parse_id(petition_id), action, given.pop("version"), given)
    return views.staff_view(petition, actor)


@blueprint.route("/petitions/<petition_id>/contact", methods=["POST"])
@requires("petition.triage", "petition.handle")
@blueprint.arguments(PetitionContactRequestSchema)
@blueprint.response(200, ClearPartiesSchema)
@limit("30/minute", name="petition.contact")
def contact(given: dict[str, Any], petition_id: str) -> dict[str, Any]:
    """The persons of one petition in clear, with a reason; audited."""
    return {"items": handling.read_parties(current_actor(), parse_id(petition_id), given["reason"])}


@blueprint.route("/petitions/<petition_id>/links", methods=["POST"])
@idempotent_when_keyed
@requires("petition.triage")
@blueprint.arguments(PetitionLinkRequestSchema)
@blueprint.response(200, StaffPetitionSchema)
@limit("30/minute", name="petition.link")
def link(given: dict[str, Any], petition_id: str) -> dict[str, Any]:
    """Say that an earlier petition is about the same matter, and why; audited."""
    actor = current_actor()
    petition = triage.link(actor, parse_id(petition_id), given["code"], given["reason"])
    return views.staff_view(petition, actor)


@blueprint.route("/petitions/<petition_id>/assignees")
@requires("petition.triage")
@blueprint.arguments(PetitionAssigneesQuerySchema, location="query")
@blueprint.response(200, PetitionAssigneesSchema)
def assignees(wanted: dict[str, Any], petition_id: str) -> dict[str, Any]:
    """Who can be given the petition, without those who have to keep out of it (PET-15)."""
    petition = get_petition_for(current_actor(), parse_id(petition_id))
    return avoidance.choices(petition, wanted["action"])


def _intake(given: dict[str, Any]) -> Intake:
    code = given["town"]
    matter = Matter(
        town_id=town_by_code(code).id if code else int(current_actor().town_id or 0),
        topic=given["topic"],
        claim=given["claim"],
        facts=given["facts"],
        reasons=given["reasons"],
        file_ids=tuple(given["file_ids"]),
    )
    return Intake(
        action=given["action"],
        channel=given["channel"],
        matter=matter,
        received_on=given["received_on"],
        parties=tuple(
            Party(**{**party, "id_number": id_numbers.tidy(party["id_number"])}) for party in given["parties"]
        ),
        anonymous=given["anonymous"],
        sender_body=given["sender_body"],
        sender_number=given["sender_number"],
        sender_due_on=given["sender_due_on"],
    )
