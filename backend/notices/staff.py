"""Routes of 三务公开 for those who draft, review, confirm and publish, and of the supervision committees."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.views import MethodView

from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.errors import Invalid
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent, idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.notices import committees, files, policy, queries, services, views
from backend.notices.access import get_notice_for
from backend.notices.staff_schemas import (
    ONE_FILE,
    CommitteeMemberSchema,
    CommitteesSchema,
    NewMemberSchema,
    NewNoticeSchema,
    NewSupplementSchema,
    NoticeActSchema,
    SavedNoticeSchema,
    StaffNoticeSchema,
    StaffNoticesQuerySchema,
    StaffNoticesSchema,
)

blueprint = Blueprint(
    "staff_notices",
    __name__,
    url_prefix="/api/v1/staff",
    guard=staff_guard,
    description="三务公开：拟定、审查、确定、发布",
)


@blueprint.route("/notices")
class Notices(MethodView):
    """The desk's lists, and a new draft."""

    @requires(*policy.DESK)
    @blueprint.arguments(StaffNoticesQuerySchema, location="query")
    @blueprint.response(200, StaffNoticesSchema)
    def get(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """What waits for this person, drafts, what is on its way, what was published; the newest begun first."""
        found = queries.of_desk(current_actor(), wanted["view"], wanted["village"], wanted["cursor"])
        return {"items": views.desk_lines(found.items), "next_cursor": found.next_cursor}

    @requires(policy.DRAFT)
    @idempotent
    @limit("60/minute", name="notices.draft")
    @blueprint.arguments(NewNoticeSchema)
    @blueprint.response(201, StaffNoticeSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Begin a notice; 422 with `details.marks` when a text holds somebody's numbers."""
        actor = current_actor()
        return views.desk_page(services.draft(actor, given), actor)


@blueprint.route("/notices/<notice_id>")
class OneNotice(MethodView):
    """One notice."""

    @requires(*policy.DESK)
    @blueprint.response(200, StaffNoticeSchema)
    def get(self, notice_id: str) -> dict[str, Any]:
        """The notice with its files, signatures, history and the actions open now."""
        actor = current_actor()
        return views.desk_page(get_notice_for(actor, parse_id(notice_id)), actor)

    @requires(policy.DRAFT)
    @limit("60/minute", name="notices.save")
    @blueprint.arguments(SavedNoticeSchema)
    @blueprint.response(200, StaffNoticeSchema)
    def patch(self, given: dict[str, Any], notice_id: str) -> dict[str, Any]:
        """Change a draft; 409 when it was changed since `version`, or is no draft any more."""
        actor = current_actor()
        version = given.pop("version")
        return views.desk_page(services.save(actor, parse_id(notice_id), version, given), actor)


@blueprint.route("/notices/<notice_id>/attachments", methods=["POST"])
@requires(policy.DRAFT)
@limit("30/minute", name="notices.file")
@blueprint.doc(requestBody=ONE_FILE)
@blueprint.response(201, StaffNoticeSchema)
def add_file(notice_id: str) -> dict[str, Any]:
    """Keep a PDF, an .xlsx or a photo with a draft; 422 says what is wrong with it, a table's cells by name."""
    actor = current_actor()
    wanted = get_notice_for(actor, parse_id(notice_id)).id
    sent = request.files.get("file")
    if sent is None:
        raise Invalid("file_missing", "请选择一个文件。", fields={"file": ["请选择一个文件。"]})
    return views.desk_page(files.add(actor, wanted, sent.filename or "", sent.read()), actor)


@blueprint.route("/notices/<notice_id>/attachments/<file_id>", methods=["DELETE"])
@requires(policy.DRAFT)
@blueprint.response(200, StaffNoticeSchema)
def remove_file(notice_id: str, file_id: str) -> dict[str, Any]:
    """Take a file out of a draft."""
    actor = current_actor()
    return views.desk_page(files.remove(actor, parse_id(notice_id), parse_id(file_id)), actor)


@blueprint.route("/notices/<notice_id>/actions/<action>", methods=["POST"])
@requires(*policy.DESK)
@idempotent_when_keyed
@blueprint.arguments(NoticeActSchema)
@blueprint.response(200, StaffNoticeSchema)
@limit("60/minute", name="notices.act")
def act(given: dict[str, Any], notice_id: str, action: str) -> dict[str, Any]:
    """Submit, agree, object, confirm, return, publish, withdraw; 403 for who has signed already (OPEN-07)."""
    actor = current_actor()
    notice = services.act(actor, parse_id(notice_id), action, given.pop("version"), given)
    return views.desk_page(notice, actor)


@blueprint.route("/notices/<notice_id>/supplements", methods=["POST"])
@requires(policy.DRAFT)
@idempotent
@limit("30/minute", name="notices.supplement")
@blueprint.arguments(NewSupplementSchema)
@blueprint.response(201, StaffNoticeSchema)
def add_supplement(given: dict[str, Any], notice_id: str) -> dict[str, Any]:
    """Begin a correction of what stands published; it is signed like the notice itself (OPEN-05)."""
    actor = current_actor()
    return views.desk_page(services.supplement(actor, parse_id(notice_id), **given), actor)


@blueprint.route("/committees")
class Committees(MethodView):
    """The supervision committees of the villages (OPEN-09)."""

    @requires(*policy.DESK)
    @blueprint.response(200, CommitteesSchema)
    def get(self) -> dict[str, Any]:
        """Who sits in the villages in reach."""
        return committees.overview(current_actor())

    @requires(policy.WATCH)
    @idempotent
    @limit("30/minute", name="notices.committee")
    @blueprint.arguments(NewMemberSchema)
    @blueprint.response(201, CommitteeMemberSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Enter somebody; 409 for a role that excludes, 422 for close kin."""
        return committees.line(committees.add(current_actor(), given))


@blueprint.route("/committees/<member_id>", methods=["DELETE"])
@requires(policy.WATCH)
@blueprint.response(200, CommitteeMemberSchema)
def end_member(member_id: str) -> dict[str, Any]:
    """Somebody sits no longer from today on."""
    return committees.line(committees.end(current_actor(), parse_id(member_id)))
