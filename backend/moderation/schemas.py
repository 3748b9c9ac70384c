"""Schemas of content reviews."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField
from backend.media.schemas import MediaCardSchema
from backend.moderation.states import DECISIONS, NEEDS_PERSON, STATES


class ReviewQuery(Schema):
    """Which content to list."""

    state = fields.String(
        load_default=NEEDS_PERSON, validate=validate.OneOf(tuple(STATES), error="没有这种状态")
    )
    cursor = fields.String(load_default=None, validate=validate.Length(max=120))


class ReasonCountSchema(Schema):
    """How often a reason was given."""

    reason = fields.String(required=True)
    label = fields.String(required=True)
    count = fields.Integer(required=True)


class TextMarkSchema(Schema):
    """A place in a text: characters `start` to before `end`."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    what = fields.String(required=True)
    label = fields.String(required=True)


class ReviewAboutSchema(Schema):
    """What stands beside the words of something said in public."""

    title = fields.String(required=True, metadata={"description": "what is commented on"})
    kind_label = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    marks = fields.List(fields.Nested(TextMarkSchema), required=True)
    words = fields.List(fields.Nested(TextMarkSchema), required=True)
    flags = fields.List(fields.Nested(ReasonCountSchema), required=True)
    hidden_reason = fields.String(required=True)
    hidden_note = fields.String(required=True)
    hidden_by = fields.String(required=True, metadata={"description": "who hid it; empty for the platform"})
    objection = fields.String(required=True, metadata={"description": "the author's words; empty when none"})
    objection_open = fields.Boolean(
        required=True, metadata={"description": "another person than the one who hid it must decide"}
    )


class ReviewItem(Schema):
    """One text or photo that somebody posted."""

    id = IdField(required=True)
    subject_kind = fields.String(required=True)
    subject_label = fields.String(required=True)
    case_id = IdField(required=True, allow_none=True)
    case_code = fields.String(required=True, allow_none=True)
    place_label = fields.String(required=True)
    part = fields.String(required=True, metadata={"description": "text or photo"})
    part_label = fields.String(required=True)
    text = fields.String(required=True, allow_none=True, metadata={"description": "null when it was erased"})
    photo = fields.Nested(MediaCardSchema, required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(tuple(STATES)))
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    label = fields.String(required=True, metadata={"description": "what the platform suspects, in words"})
    why = fields.String(required=True)
    created_at = TimeField(required=True)
    decided_at = TimeField(required=True, allow_none=True)
    decided_by = fields.String(required=True)
    about = fields.Nested(
        ReviewAboutSchema, required=True, allow_none=True, metadata={"description": "null but for comments"}
    )


class ReviewPage(Schema):
    """A page of content."""

    items = fields.List(fields.Nested(ReviewItem), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    waiting = fields.Integer(required=True, metadata={"description": "how many wait for a person"})


class DecideSchema(Schema):
    """A person's decision; `state` is the one that the page showed."""

    decision = fields.String(
        required=True, validate=validate.OneOf(tuple(DECISIONS), error="请选通过或不宜公开")
    )
    state = fields.String(required=True, validate=validate.OneOf(tuple(STATES), error="没有这种状态"))
    reason_code = fields.String(
        load_default="",
        validate=validate.Length(max=12),
        metadata={"description": "for a comment: the reason that is counted in the public log"},
    )
    reason = fields.String(load_default="", validate=validate.Length(max=200, error="理由最多 200 个字"))
