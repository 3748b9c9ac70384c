"""Schemas of questions and objections to notices, and of reports about them."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.cases.action_schemas import ActionSchema
from backend.comments.services import TEXT_MOST
from backend.kernel.schemas import IdField, Schema
from backend.notices.objection_states import FORMS, NOTE_MOST, OBJECTION, REPLY_MOST
from backend.notices.objection_views import VIEWS
from backend.notices.objection_words import REPORT_REASONS


def words_field(most: int) -> fields.String:
    """Words that must be there, at most so many."""
    return fields.String(required=True, validate=validate.Length(1, most, error=f"请写 1 到 {most} 个字"))


class ObjectionCursorSchema(Schema):
    """Where a list goes on."""

    cursor = fields.String(load_default=None, validate=validate.Length(max=120))


class AskObjectionSchema(Schema):
    """A question or an objection, to the notice or to one line of its sheet."""

    kind = fields.String(
        load_default=OBJECTION, validate=validate.OneOf(tuple(FORMS), error="请选提问或异议")
    )
    line = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, 100_000))
    text = words_field(TEXT_MOST)


class NoticeObjectionSchema(Schema):
    """A question as everybody reads it; who asked is a village, never a name."""

    id = IdField(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(tuple(FORMS)))
    kind_label = fields.String(required=True)
    line = fields.Integer(required=True, allow_none=True)
    text = fields.String(required=True)
    author_label = fields.String(required=True)
    comment_id = IdField(required=True)
    seconds = fields.Integer(required=True)
    asked_on = fields.Date(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)
    days_late = fields.Integer(required=True)
    answer = fields.String(required=True)
    answered_unit = fields.String(required=True)
    answered_on = fields.Date(required=True, allow_none=True)
    escalated_on = fields.Date(required=True, allow_none=True)
    town_answered_on = fields.Date(required=True, allow_none=True)


class NoticeObjectionsSchema(Schema):
    """What was asked about a notice, and until when one may ask."""

    items = fields.List(fields.Nested(NoticeObjectionSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    count = fields.Integer(required=True)
    unanswered = fields.Integer(required=True)
    open_until = fields.Date(required=True)
    open = fields.Boolean(required=True)


class OwnObjectionSchema(NoticeObjectionSchema):
    """One's own question: why its words are not public yet, and what one may say of the answer."""

    version = fields.Integer(required=True)
    notice_id = IdField(required=True)
    comment_state = fields.String(required=True)
    comment_state_label = fields.String(required=True)
    held_reason = fields.String(required=True)
    case_id = IdField(required=True, allow_none=True)
    case_code = fields.String(required=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)


class ResidentObjectionsSchema(NoticeObjectionsSchema):
    """The same for a resident: also what they asked themselves, and whether they may ask."""

    mine = fields.List(fields.Nested(OwnObjectionSchema), required=True)
    may_ask = fields.Boolean(required=True)


class JudgeAnswerSchema(Schema):
    """What the asker says of the answer."""

    version = fields.Integer(required=True)
    note = fields.String(
        load_default="", validate=validate.Length(max=NOTE_MOST, error=f"最多 {NOTE_MOST} 个字")
    )


class StaffObjectionQuerySchema(ObjectionCursorSchema):
    """Which list."""

    view = fields.String(load_default="waiting", validate=validate.OneOf(VIEWS, error="没有这个列表"))


class StaffObjectionSchema(NoticeObjectionSchema):
    """A question at the desk; one that is not public yet has no words here."""

    version = fields.Integer(required=True)
    shown = fields.Boolean(required=True)
    notice_id = IdField(required=True)
    notice_title = fields.String(required=True)
    notice_period = fields.String(required=True)
    village_id = IdField(required=True, allow_none=True)
    village_name = fields.String(required=True)
    case_id = IdField(required=True, allow_none=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)


class ObjectionCountsSchema(Schema):
    """How many each list holds."""

    waiting = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    escalated = fields.Integer(required=True)
    all = fields.Integer(required=True)


class StaffObjectionsSchema(Schema):
    """A page of questions for the desk."""

    items = fields.List(fields.Nested(StaffObjectionSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    counts = fields.Nested(ObjectionCountsSchema, required=True)


class ObjectionActSchema(Schema):
    """What staff give with an action."""

    version = fields.Integer(required=True)
    reply = fields.String(validate=validate.Length(max=REPLY_MOST, error=f"最多 {REPLY_MOST} 个字"))


class NoticeReportSchema(Schema):
    """A report of late or false publication (OPEN-10): of a notice, or of what should be there."""

    reason = fields.String(
        required=True, validate=validate.OneOf(tuple(REPORT_REASONS), error="请选一个原因")
    )
    text = words_field(TEXT_MOST)
    notice_id = IdField(load_default=None, allow_none=True)
    category = fields.String(load_default="", validate=validate.Length(max=40))
    period = fields.String(load_default="", validate=validate.Length(max=12))


class NoticeReportedSchema(Schema):
    """The case it became; its progress is followed like that of any other."""

    id = IdField(required=True)
    case_id = IdField(required=True)
    case_code = fields.String(required=True)
