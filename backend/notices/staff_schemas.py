"""Schemas of notices and committees for the desk."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from backend.cases.action_schemas import ActionSchema
from backend.kernel.schemas import IdField, Schema, TimeField
from backend.notices.categories import AUDIENCES
from backend.notices.queries import VIEWS
from backend.notices.schemas import (
    NoticeFileSchema,
    NoticeItemSchema,
    NoticeSignatureSchema,
    NoticeVersionSchema,
)
from backend.notices.states import OPINION_MOST

TITLE_MOST, BODY_MOST, REASON_MOST = 80, 20_000, 300
#: the multipart form with one file, for the API document
ONE_FILE: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        }
    },
}


class NoticeGivenSchema(Schema):
    """What the drafter writes; of a supplement `body`, `reason` and `sheet_id` alone."""

    title = fields.String(validate=validate.Length(1, TITLE_MOST, error=f"标题要写，最多 {TITLE_MOST} 个字"))
    body = fields.String(validate=validate.Length(max=BODY_MOST))
    category = fields.String(validate=validate.Length(1, 32))
    audience = fields.String(validate=validate.OneOf(AUDIENCES))
    period = fields.String(validate=validate.Length(max=8))
    sheet_id = IdField(allow_none=True)
    reason = fields.String(validate=validate.Length(max=REASON_MOST))


class NewNoticeSchema(NoticeGivenSchema):
    """A new notice of a village; without one of the town."""

    village_id = IdField(load_default=None, allow_none=True)
    title = fields.String(
        required=True, validate=validate.Length(1, TITLE_MOST, error=f"标题要写，最多 {TITLE_MOST} 个字")
    )
    category = fields.String(required=True, validate=validate.Length(1, 32))


class SavedNoticeSchema(NoticeGivenSchema):
    """What changes of a draft, and which version it was seen at."""

    version = fields.Integer(required=True)


class NoticeActSchema(Schema):
    """A step with the opinion that it asks for."""

    version = fields.Integer(required=True)
    note = fields.String(load_default="", validate=validate.Length(max=OPINION_MOST))


class NewSupplementSchema(Schema):
    """A correction: why, what is right, and the corrected sheet if there is one."""

    reason = fields.String(required=True, validate=validate.Length(1, REASON_MOST, error="请写明为什么补正"))
    body = fields.String(required=True, validate=validate.Length(1, BODY_MOST, error="请写补正的内容"))
    sheet_id = IdField(load_default=None, allow_none=True)


class StaffNoticesQuerySchema(Schema):
    """Which list: what waits for this person, drafts, on the way, published."""

    view = fields.String(load_default="todo", validate=validate.OneOf(VIEWS))
    village = IdField(load_default=None)
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


class StaffNoticeLineSchema(NoticeItemSchema):
    """A notice in the desk's list; `version` is the one to send with a change."""

    number = fields.Integer(required=True, allow_none=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    due_at = TimeField(required=True, allow_none=True)
    corrects_id = IdField(required=True, allow_none=True)
    created_at = TimeField(required=True)
    updated_at = TimeField(required=True)


class StaffNoticesSchema(Schema):
    """A page of the desk's list, the newest begun first."""

    items = fields.List(fields.Nested(StaffNoticeLineSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class StaffNoticeRowSchema(Schema):
    """A line of what happened."""

    at = TimeField(required=True)
    title = fields.String(required=True)
    actor_name = fields.String(required=True)
    unit_name = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)


class StaffNoticeSchema(StaffNoticeLineSchema):
    """One notice with everything the desk needs; `earlier`: signatures of rounds before it was returned."""

    body = fields.String(required=True)
    reason = fields.String(required=True)
    hash = fields.String(required=True)
    files = fields.List(fields.Nested(NoticeFileSchema), required=True)
    chain = fields.List(fields.Nested(NoticeSignatureSchema), required=True)
    earlier = fields.List(fields.Nested(NoticeSignatureSchema), required=True)
    versions = fields.List(fields.Nested(NoticeVersionSchema), required=True)
    reads = fields.Integer(required=True)
    writable = fields.Boolean(required=True)
    may_supplement = fields.Boolean(required=True)
    next_step = fields.String(required=True)
    timeline = fields.List(fields.Nested(StaffNoticeRowSchema), required=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)


class NewMemberSchema(Schema):
    """Somebody for a committee: an account, or a name; `kin`: said to be close kin of the village's committee."""

    village_id = IdField(required=True)
    staff_id = IdField(load_default=None, allow_none=True)
    name = fields.String(load_default="", validate=validate.Length(max=40))
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True)
    kin = fields.Boolean(required=True)


class CommitteeMemberSchema(Schema):
    """Who sits, from a day until a day."""

    id = IdField(required=True)
    village_id = IdField(required=True)
    staff_id = IdField(required=True, allow_none=True)
    name = fields.String(required=True)
    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True)


class CommitteeCandidateSchema(Schema):
    """An account that may review there."""

    staff_id = IdField(required=True)
    name = fields.String(required=True)


class CommitteeSchema(Schema):
    """A village's committee; `complete`: three to five sit."""

    village_id = IdField(required=True)
    village_name = fields.String(required=True)
    members = fields.List(fields.Nested(CommitteeMemberSchema), required=True)
    complete = fields.Boolean(required=True)
    may_change = fields.Boolean(required=True)
    candidates = fields.List(fields.Nested(CommitteeCandidateSchema), required=True)


class CommitteesSchema(Schema):
    """The committees in reach."""

    items = fields.List(fields.Nested(CommitteeSchema), required=True)
