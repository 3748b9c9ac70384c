"""Schemas of what people say in public: for everybody, for its author, for moderators."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.comments.queries import ORDERS
from backend.comments.services import ANSWER_MOST, PHOTOS_MOST, TEXT_MOST
from backend.comments.states import KINDS, REASONS, STANCES, STATES
from backend.kernel.schemas import IdField, Schema, TimeField
from backend.media.schemas import MediaCardSchema

_REASON = validate.OneOf(tuple(REASONS), error="请选一个理由")


class PostCommentSchema(Schema):
    """What a resident says."""

    kind = fields.String(
        load_default="comment", validate=validate.OneOf(("comment", "question"), error="没有这一种")
    )
    stance = fields.String(load_default="", validate=validate.OneOf(tuple(STANCES), error="没有这一项"))
    text = fields.String(
        required=True, validate=validate.Length(1, TEXT_MOST, error=f"请写 1 到 {TEXT_MOST} 个字")
    )
    photo_ids = fields.List(
        IdField(),
        load_default=list,
        validate=validate.Length(max=PHOTOS_MOST, error=f"照片最多 {PHOTOS_MOST} 张"),
    )


class CommentQuery(Schema):
    """Which comments, in which order."""

    kind = fields.String(load_default="", validate=validate.OneOf(("", *KINDS), error="没有这一种"))
    order = fields.String(load_default="newest", validate=validate.OneOf(ORDERS, error="没有这种顺序"))
    cursor = fields.String(load_default=None, validate=validate.Length(max=120))


class CommentSchema(Schema):
    """A comment as everybody reads it. `author_label` is a village or 网友, never a name."""

    id = IdField(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(tuple(KINDS)))
    kind_label = fields.String(required=True)
    stance = fields.String(required=True)
    stance_label = fields.String(required=True)
    text = fields.String(required=True)
    author_label = fields.String(required=True)
    created_at = TimeField(required=True)
    photos = fields.List(fields.Nested(MediaCardSchema), required=True)
    answer = fields.String(required=True)
    answered_unit = fields.String(required=True)
    answered_at = TimeField(required=True, allow_none=True)
    second_count = fields.Integer(required=True)
    seconded = fields.Boolean(required=True)
    mine = fields.Boolean(required=True)
    state = fields.String(required=True, validate=validate.OneOf(tuple(STATES)))
    state_label = fields.String(required=True)
    tone = fields.String(required=True)


class CommentPage(Schema):
    """A page of comments."""

    items = fields.List(fields.Nested(CommentSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class CommentMarkSchema(Schema):
    """A place in the text: characters `start` to before `end`."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    what = fields.String(required=True)
    label = fields.String(required=True)


class OwnCommentSchema(CommentSchema):
    """A comment for its author: why it waits or was hidden, and what may be done."""

    subject_kind = fields.String(required=True)
    subject_id = IdField(required=True)
    subject_title = fields.String(required=True)
    held_reason = fields.String(required=True)
    marks = fields.List(fields.Nested(CommentMarkSchema), required=True)
    hidden_reason = fields.String(required=True)
    hidden_note = fields.String(required=True)
    hidden_at = TimeField(required=True, allow_none=True)
    may_object = fields.Boolean(required=True)
    objected_at = TimeField(required=True, allow_none=True)
    objection_label = fields.String(required=True)


class OwnCommentPage(Schema):
    """A page of what somebody said."""

    items = fields.List(fields.Nested(OwnCommentSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class CommentCursor(Schema):
    """Where a list goes on."""

    cursor = fields.String(load_default=None, validate=validate.Length(max=120))


class SubjectQuery(Schema):
    """What is commented on."""

    subject_kind = fields.String(required=True, validate=validate.Length(1, 24))
    subject_id = IdField(required=True)


class MyMarksSchema(Schema):
    """Which comments of a subject somebody wrote, seconded, flagged: for a page that everybody is given alike."""

    mine = fields.List(IdField(), required=True)
    seconded = fields.List(IdField(), required=True)
    flagged = fields.List(IdField(), required=True)


class FlagSchema(Schema):
    """Why it should not stand there."""

    reason = fields.String(required=True, validate=_REASON)
    note = fields.String(load_default="", validate=validate.Length(max=200, error="说明最多 200 个字"))


class ObjectionSchema(Schema):
    """Why it should be shown."""

    text = fields.String(required=True, validate=validate.Length(1, 500, error="请写 1 到 500 个字"))


class SecondedSchema(Schema):
    """How many second it now."""

    id = IdField(required=True)
    second_count = fields.Integer(required=True)
    seconded = fields.Boolean(required=True)


class FlaggedSchema(Schema):
    """It was noted."""

    id = IdField(required=True)
    flagged = fields.Boolean(required=True)


class HideSchema(Schema):
    """Why a moderator hides it."""

    reason = fields.String(required=True, validate=_REASON)
    note = fields.String(load_default="", validate=validate.Length(max=200, error="说明最多 200 个字"))


class ShowSchema(Schema):
    """What a moderator says about showing it."""

    note = fields.String(load_default="", validate=validate.Length(max=200, error="说明最多 200 个字"))


class AnswerSchema(Schema):
    """The office's answer in public."""

    answer = fields.String(
        required=True, validate=validate.Length(1, ANSWER_MOST, error=f"请写 1 到 {ANSWER_MOST} 个字")
    )


class StaffCommentQuery(CommentCursor):
    """Which comments of a subject."""

    subject_kind = fields.String(required=True, validate=validate.Length(1, 24))
    subject_id = IdField(required=True)
    state = fields.String(load_default="", validate=validate.OneOf(("", *STATES), error="没有这种状态"))


class StaffCommentSchema(CommentSchema):
    """A comment for staff: also what is not shown, and why."""

    held_reason = fields.String(required=True)
    hidden_reason = fields.String(required=True)
    hidden_note = fields.String(required=True)
    flag_count = fields.Integer(required=True)


class StaffCommentPage(Schema):
    """A page of comments for staff."""

    items = fields.List(fields.Nested(StaffCommentSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class LogQuery(Schema):
    """Which town."""

    town = fields.String(required=True, validate=validate.Length(1, 32))


class LogLineSchema(Schema):
    """How much was hidden in one month for one reason."""

    month = fields.String(required=True, metadata={"description": "2026-03, in Shanghai"})
    reason = fields.String(required=True)
    label = fields.String(required=True)
    hidden = fields.Integer(required=True)
    by_platform = fields.Integer(required=True)
    objected = fields.Integer(required=True)
    restored = fields.Integer(required=True)


class HidingReasonSchema(Schema):
    """A reason that can be given."""

    code = fields.String(required=True)
    label = fields.String(required=True)


class LogSchema(Schema):
    """What was hidden, in numbers, and the reasons there are."""

    items = fields.List(fields.Nested(LogLineSchema), required=True)
    reasons = fields.List(fields.Nested(HidingReasonSchema), required=True)
