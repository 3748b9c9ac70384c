"""Routes of 问题回音壁 for staff: candidates, entries and their photos, consent, follow-ups."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent, idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.wall import consents, follow_ups, photos, services, views
from backend.wall.access import get_entry_for
from backend.wall.schemas import (
    AskConsentSchema,
    DraftWallEntrySchema,
    FollowUpActSchema,
    FollowUpViewSchema,
    SaveWallEntrySchema,
    StaffFollowUpSchema,
    StaffFollowUpsSchema,
    StaffWallEntrySchema,
    WallActSchema,
    WallCandidatesSchema,
    WallConsentSchema,
    WallCursorSchema,
    WallLinesSchema,
    WallPhotoGivenSchema,
    WallViewSchema,
    source_of,
)

blueprint = Blueprint(
    "staff_wall",
    __name__,
    url_prefix="/api/v1/staff",
    guard=staff_guard,
    description="问题回音壁：编写、审核、答复追问",
)
#: a petition's entry is written by the petition office
WRITES = ("wall.write", "petition.triage")
DESK = (*WRITES, "wall.approve")


@blueprint.route("/wall/candidates")
@requires("wall.write")
@blueprint.arguments(WallCursorSchema, location="query")
@blueprint.response(200, WallCandidatesSchema)
def candidates(wanted: dict[str, Any]) -> dict[str, Any]:
    """Closed cases from which this person may write an entry, newest first."""
    return views.candidates(current_actor(), wanted["cursor"])


@blueprint.route("/wall")
class Entries(MethodView):
    """The lists, and a new draft."""

    @requires(*DESK)
    @blueprint.arguments(WallViewSchema, location="query")
    @blueprint.response(200, WallLinesSchema)
    def get(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Drafts, what waits for approval, what was published, or one's own; newest first."""
        return views.entries(current_actor(), wanted["view"], wanted["cursor"])

    @requires(*WRITES)
    @idempotent
    @limit("60/minute", name="wall.draft")
    @blueprint.arguments(DraftWallEntrySchema)
    @blueprint.response(201, StaffWallEntrySchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Begin an entry as a copy of a closed matter."""
        actor = current_actor()
        return views.entry_view(services.draft(actor, *source_of(given), given), actor)


@blueprint.route("/wall/<entry_id>")
class OneEntry(MethodView):
    """One entry."""

    @requires(*DESK)
    @blueprint.response(200, StaffWallEntrySchema)
    def get(self, entry_id: str) -> dict[str, Any]:
        """The entry, what would be marked in it, and the actions open to the viewer."""
        actor = current_actor()
        return views.entry_view(get_entry_for(actor, parse_id(entry_id)), actor)

    @requires(*WRITES)
    @limit("60/minute", name="wall.save")
    @blueprint.arguments(SaveWallEntrySchema)
    @blueprint.response(200, StaffWallEntrySchema)
    def patch(self, given: dict[str, Any], entry_id: str) -> dict[str, Any]:
        """Change the texts; 422 with `details.marks` when they hold personal data, 409 when changed meanwhile."""
        actor = current_actor()
        return views.entry_view(services.save(actor, parse_id(entry_id), given.pop("version"), given), actor)


@blueprint.route("/wall/<entry_id>/photos", methods=["POST"])
@requires(*WRITES)
@limit("30/minute", name="wall.photo")
@blueprint.arguments(WallPhotoGivenSchema)
@blueprint.response(200, StaffWallEntrySchema)
def add_photo(given: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """Make the public copy of one of the case's photos, pixelated where boxes were drawn; again replaces it."""
    actor = current_actor()
    entry = photos.add(
        actor, parse_id(entry_id), given["media_id"], given["role"], given["boxes"], given["faces_checked"]
    )
    return views.entry_view(entry, actor)


@blueprint.route("/wall/<entry_id>/photos/<role>", methods=["DELETE"])
@requires(*WRITES)
@blueprint.response(200, StaffWallEntrySchema)
def remove_photo(entry_id: str, role: str) -> dict[str, Any]:
    """Take a photo out of a draft; the original stays where it is."""
    actor = current_actor()
    return views.entry_view(photos.remove(actor, parse_id(entry_id), role), actor)


@blueprint.route("/wall/<entry_id>/actions/<action>", methods=["POST"])
@requires(*DESK)
@idempotent_when_keyed
@blueprint.arguments(WallActSchema)
@blueprint.response(200, StaffWallEntrySchema)
@limit("60/minute", name="wall.act")
def act(given: dict[str, Any], entry_id: str, action: str) -> dict[str, Any]:
    """Take an action that the table allows; 409 when the entry has changed since `version`."""
    actor = current_actor()
    entry = services.act(actor, parse_id(entry_id), action, given.pop("version"), given)
    return views.entry_view(entry, actor)


@blueprint.route("/wall-consents", methods=["POST"])
@requires(*WRITES)
@idempotent_when_keyed
@limit("30/minute", name="wall.consent.ask")
@blueprint.arguments(AskConsentSchema)
@blueprint.response(200, WallConsentSchema)
def ask_consent(given: dict[str, Any]) -> dict[str, Any]:
    """Ask the citizen whether the matter may be shown."""
    row = consents.ask(current_actor(), *source_of(given), given["message"])
    return {"state": row.state}


@blueprint.route("/wall-follow-ups")
@requires("wall.write")
@blueprint.arguments(FollowUpViewSchema, location="query")
@blueprint.response(200, StaffFollowUpsSchema)
def list_follow_ups(wanted: dict[str, Any]) -> dict[str, Any]:
    """The follow-ups that this person answers, newest first."""
    return views.follow_ups(current_actor(), wanted["view"], wanted["cursor"])


@blueprint.route("/wall-follow-ups/<follow_up_id>/actions/<action>", methods=["POST"])
@requires("wall.write")
@idempotent_when_keyed
@blueprint.arguments(FollowUpActSchema)
@blueprint.response(200, StaffFollowUpSchema)
@limit("60/minute", name="wall.follow_up")
def act_on_follow_up(given: dict[str, Any], follow_up_id: str, action: str) -> dict[str, Any]:
    """Answer in public, or hand the question on as a request to re-open."""
    actor = current_actor()
    row = follow_ups.act(actor, parse_id(follow_up_id), action, given.pop("version"), given)
    return views.of_follow_up(actor, row)
