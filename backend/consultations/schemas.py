"""What everybody and residents send and read of 有事好商量; fields are listed, never "all"."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.cases.schemas import PhotoSchema
from backend.comments.schemas import MyMarksSchema, OwnCommentSchema, PostCommentSchema
from backend.consultations.words import STAGES
from backend.kernel.schemas import IdField, Schema, TimeField

TITLE_MOST, BODY_MOST, ASKED_MOST, REASON_MOST = 60, 4000, 2000, 500


def cursor_field() -> fields.String:
    """Where a list goes on."""
    return fields.String(load_default=None, allow_none=True, validate=validate.Length(max=120))


def written(most: int, ask: str, *, least: int = 1) -> fields.String:
    """A text that is demanded."""
    return fields.String(
        required=True, validate=validate.Length(least, most, error=f"{ask}（{least} 到 {most} 个字）")
    )


class ConsultationQuerySchema(Schema):
    """Which topics are asked for. `stage`: empty for all."""

    town = fields.String(required=True, validate=validate.Length(1, 32))
    village = IdField(load_default=None, allow_none=True)
    stage = fields.String(load_default="", validate=validate.OneOf(("", *STAGES), error="没有这个阶段"))
    cursor = cursor_field()


class ConsultationCursorSchema(Schema):
    """Where a list goes on."""

    cursor = cursor_field()


class ConsultationLineSchema(Schema):
    """A line of a list. `days_left`: 0 on the last day; null while nobody can speak."""

    id = IdField(required=True)
    code_display = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    stage = fields.String(required=True)
    stage_label = fields.String(required=True)
    village_name = fields.String(required=True, allow_none=True)
    origin = fields.String(required=True)
    origin_label = fields.String(required=True)
    major = fields.Boolean(required=True)
    opens_on = fields.Date(required=True, allow_none=True)
    closes_on = fields.Date(required=True, allow_none=True)
    days_left = fields.Integer(required=True, allow_none=True)
    comment_count = fields.Integer(required=True)
    participants = fields.Integer(required=True)
    cover = fields.String(required=True, allow_none=True)


class ConsultationPageSchema(Schema):
    """A page of topics."""

    items = fields.List(fields.Nested(ConsultationLineSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ConsultationVersionSchema(Schema):
    """The text under one number, with the reason why it followed the one before."""

    number = fields.Integer(required=True)
    made_on = fields.Date(required=True)
    reason = fields.String(required=True)
    title = fields.String(required=True)
    body = fields.String(required=True)
    asked = fields.String(required=True)


class ConsultationMeetingSchema(Schema):
    """A meeting (CON-01): what is published before it (CON-11), and what came of it."""

    id = IdField(required=True)
    form = fields.String(required=True)
    form_label = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    at = TimeField(required=True)
    place = fields.String(required=True)
    agenda = fields.String(required=True)
    materials = fields.String(required=True)
    chosen_how = fields.String(required=True)
    invited = fields.List(fields.String(), required=True)
    seats = fields.Integer(required=True)
    seats_taken = fields.Integer(required=True)
    minutes = fields.String(required=True)
    expected = fields.Integer(required=True, allow_none=True)
    attended = fields.Integer(required=True, allow_none=True)
    attendance = fields.String(required=True)


class ConsultationGroupSchema(Schema):
    """Comments that say the same, and what became of them (CON-09)."""

    id = IdField(required=True)
    title = fields.String(required=True)
    decision = fields.String(required=True)
    decision_label = fields.String(required=True)
    reason = fields.String(required=True)
    comment_count = fields.Integer(required=True)


class ConsultationProgressSchema(Schema):
    """A dated entry of how far it has been carried out."""

    on = fields.Date(required=True)
    text = fields.String(required=True)
    photos = fields.List(fields.Nested(PhotoSchema), required=True)


class ConsultationResolutionSchema(Schema):
    """One of the four deliberations of 四议两公开, with its quorum in words (CON-06)."""

    step = fields.String(required=True)
    step_label = fields.String(required=True)
    form_label = fields.String(required=True)
    held_on = fields.Date(required=True)
    entitled = fields.Integer(required=True)
    present = fields.Integer(required=True)
    agreed = fields.Integer(required=True)
    passed = fields.Boolean(required=True)
    quorum_words = fields.String(required=True)
    note = fields.String(required=True)


class ConsultationRatingSchema(Schema):
    """How it was looked back at: 1 to 5; no average of fewer than `least`."""

    n = fields.Integer(required=True)
    average = fields.Float(required=True, allow_none=True)
    least = fields.Integer(required=True)


class ConsultationEntrySchema(Schema):
    """A line of what happened."""

    at = TimeField(required=True)
    title = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)


class ConsultationDateSchema(Schema):
    """A promise as a date."""

    clock = fields.String(required=True)
    label = fields.String(required=True)
    due_on = fields.Date(required=True)
    state = fields.String(required=True)
    overdue = fields.Boolean(required=True)


class ConsultationBaseSchema(ConsultationLineSchema):
    """A topic as everybody reads it, but for its timeline."""

    next_step = fields.String(required=True)
    body = fields.String(required=True)
    asked = fields.String(required=True)
    who_may = fields.String(required=True)
    use_of_result = fields.String(required=True)
    track = fields.String(required=True)
    track_label = fields.String(required=True)
    shorter_reason = fields.String(required=True)
    proposed_reason = fields.String(required=True)
    screened_reason = fields.String(required=True)
    text_version = fields.Integer(required=True)
    versions = fields.List(fields.Nested(ConsultationVersionSchema), required=True)
    meeting = fields.Nested(ConsultationMeetingSchema, required=True, allow_none=True)
    meetings = fields.List(fields.Nested(ConsultationMeetingSchema), required=True)
    poll_id = IdField(required=True, allow_none=True)
    notice = fields.String(required=True)
    statement_count = fields.Integer(required=True)
    groups = fields.List(fields.Nested(ConsultationGroupSchema), required=True)
    conclusion = fields.String(required=True)
    concluded_on = fields.Date(required=True, allow_none=True)
    published_on = fields.Date(required=True, allow_none=True)
    published_until = fields.Date(required=True, allow_none=True)
    unit_name = fields.String(required=True, allow_none=True)
    carry_out_until = fields.Date(required=True, allow_none=True)
    carried_out_on = fields.Date(required=True, allow_none=True)
    rating_until = fields.Date(required=True, allow_none=True)
    progress = fields.List(fields.Nested(ConsultationProgressSchema), required=True)
    resolutions = fields.List(fields.Nested(ConsultationResolutionSchema), required=True)
    rating = fields.Nested(ConsultationRatingSchema, required=True, allow_none=True)
    dates = fields.List(fields.Nested(ConsultationDateSchema), required=True)


class ConsultationSchema(ConsultationBaseSchema):
    """A topic as everybody reads it."""

    timeline = fields.List(fields.Nested(ConsultationEntrySchema), required=True)


class ProposeSchema(Schema):
    """What a resident proposes. `village_id` null: a matter of the whole town."""

    town = fields.String(required=True, validate=validate.Length(1, 32))
    village_id = IdField(load_default=None, allow_none=True)
    title = written(TITLE_MOST, "请写一个题目", least=4)
    body = written(BODY_MOST, "请写清楚是什么事", least=10)
    reason = fields.String(load_default="", validate=validate.Length(max=REASON_MOST))


class ProposedSchema(Schema):
    """What becomes of a proposal, and by when (Shanghai date)."""

    id = IdField(required=True)
    code_display = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    next_step = fields.String(required=True)
    screen_by = fields.Date(required=True)


class SpeakSchema(PostCommentSchema):
    """What a resident says, to which number of the text."""

    text_version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1))


class WithdrawProposalSchema(Schema):
    """Why a proposal is taken back, if one likes to say so."""

    note = fields.String(load_default="", validate=validate.Length(max=1000))


class RateConsultationSchema(Schema):
    """A look back: 1 to 5, and words for those who organise."""

    score = fields.Integer(required=True, validate=validate.Range(1, 5))
    note = fields.String(load_default="", validate=validate.Length(max=500))


class VoteStandingSchema(Schema):
    """Whether one may vote in the poll; never whether one has."""

    poll_id = IdField(required=True)
    may_vote = fields.Boolean(required=True)
    why_not = fields.String(required=True)


class MyConsultationSchema(Schema):
    """What a public page cannot know of the one who reads it."""

    followed = fields.Boolean(required=True)
    seat = fields.Boolean(required=True)
    rated = fields.Boolean(required=True)
    score = fields.Integer(required=True, allow_none=True)
    may_rate = fields.Boolean(required=True)
    may_speak = fields.Boolean(required=True)
    may_withdraw = fields.Boolean(required=True)
    poll = fields.Nested(VoteStandingSchema, required=True, allow_none=True)
    marks = fields.Nested(MyMarksSchema, required=True)
    my_comments = fields.List(fields.Nested(OwnCommentSchema), required=True)
