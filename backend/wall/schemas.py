"""Schemas of 问题回音壁 for residents and for staff; fields are listed, never "all"."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from backend.cases.action_schemas import ActionSchema
from backend.kernel.schemas import IdField, Schema, TimeField
from backend.media.schemas import MediaCardSchema
from backend.wall.consents import MESSAGE_MOST
from backend.wall.photos import MOST_BOXES, ROLES
from backend.wall.queries import VIEWS
from backend.wall.sources import TEXT_MOST, TITLE_MOST
from backend.wall.states import NOTE_MOST


def _text(most: int) -> fields.String:
    return fields.String(validate=validate.Length(max=most, error=f"最多 {most} 个字"))


class WallSourceSchema(Schema):
    """A case, or a petition: one of the two."""

    case_id = IdField()
    petition_id = IdField()

    @validates_schema
    def one_of_them(self, data: dict[str, Any], **_: Any) -> None:
        """Neither or both is no matter at all."""
        if ("case_id" in data) == ("petition_id" in data):
            raise ValidationError({"case_id": ["请指明是哪一件事"]})


def source_of(given: dict[str, Any]) -> tuple[str, int]:
    """(kind, id) of what a form names."""
    if "case_id" in given:
        return "report", int(given["case_id"])
    return "petition", int(given["petition_id"])


class WallDecisionSchema(WallSourceSchema):
    """The citizen's own word."""

    agree = fields.Boolean(required=True)


class WallConsentLineSchema(Schema):
    """What a resident was asked, or has said."""

    source_kind = fields.String(required=True)
    source_id = IdField(required=True)
    title = fields.String(required=True)
    received_on = fields.Date(required=True, allow_none=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    message = fields.String(required=True)
    asked_at = TimeField(required=True)
    decided_at = TimeField(required=True, allow_none=True)
    entry_id = IdField(required=True, allow_none=True)


class WallConsentLinesSchema(Schema):
    """All of them, newest first."""

    items = fields.List(fields.Nested(WallConsentLineSchema), required=True)


class WallConsentSchema(Schema):
    """How the word stands now."""

    state = fields.String(required=True)


class AskFollowUpSchema(Schema):
    """A follow-up question; its length is the comments' to judge."""

    text = fields.String(required=True, validate=validate.Length(min=1, error="请写您想追问的事"))
    photo_ids = fields.List(IdField(), load_default=list, validate=validate.Length(max=3))


class FollowUpReceiptSchema(Schema):
    """What the asker gets: whether it is public already, and by when it is answered."""

    id = IdField(required=True)
    comment_id = IdField(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    comment_state = fields.String(required=True)
    comment_state_label = fields.String(required=True)
    due_on = fields.Date(required=True, allow_none=True)


class FollowedSchema(Schema):
    """Whether one hears of an entry, and how many do."""

    followed = fields.Boolean(required=True)
    followers = fields.Integer(required=True)


class MyFollowUpSchema(Schema):
    """One's own question with what becomes of its words."""

    id = IdField(required=True)
    comment_id = IdField(required=True)
    text = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    comment_state = fields.String(required=True)
    comment_state_label = fields.String(required=True)
    held_reason = fields.String(required=True)


class MyWallEntrySchema(Schema):
    """What a public page cannot know: what is the viewer's own. The ids are of comments."""

    followed = fields.Boolean(required=True)
    mine = fields.List(IdField(), required=True)
    seconded = fields.List(IdField(), required=True)
    flagged = fields.List(IdField(), required=True)
    my_follow_ups = fields.List(fields.Nested(MyFollowUpSchema), required=True)


class WallCursorSchema(Schema):
    """A place in a list."""

    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=120))


class WallViewSchema(WallCursorSchema):
    """Which list of entries."""

    view = fields.String(load_default="drafts", validate=validate.OneOf(list(VIEWS)))


class FollowUpViewSchema(WallCursorSchema):
    """Which list of follow-ups."""

    view = fields.String(load_default="waiting", validate=validate.OneOf(["waiting", "all"]))


class WallCandidateSchema(Schema):
    """A closed matter that may become an entry; the title is covered where it holds personal data."""

    source_kind = fields.String(required=True)
    source_id = IdField(required=True)
    code_display = fields.String(required=True)
    title = fields.String(required=True)
    category_label = fields.String(required=True)
    village_name = fields.String(required=True)
    place_label = fields.String(required=True)
    unit_name = fields.String(required=True)
    received_on = fields.Date(required=True)
    closed_on = fields.Date(required=True)
    days_taken = fields.Integer(required=True)
    days_promised = fields.Integer(required=True, allow_none=True)
    score = fields.String(required=True, allow_none=True)
    score_label = fields.String(required=True)
    needs_consent = fields.Boolean(required=True)
    consent_state = fields.String(required=True)
    consent_label = fields.String(required=True)
    photo_count = fields.Integer(required=True)


class WallCandidatesSchema(Schema):
    """A page of candidates."""

    items = fields.List(fields.Nested(WallCandidateSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class WallTextsSchema(Schema):
    """The texts of an entry."""

    title = _text(TITLE_MOST)
    matter = _text(TEXT_MOST)
    done = _text(TEXT_MOST)


class DraftWallEntrySchema(WallSourceSchema):
    """Begin an entry; without texts those that the matter suggests."""

    title = _text(TITLE_MOST)
    matter = _text(TEXT_MOST)
    done = _text(TEXT_MOST)


class SaveWallEntrySchema(WallTextsSchema):
    """What changes of a draft, and which version it was seen at."""

    version = fields.Integer(required=True)


class BoxSchema(Schema):
    """A rectangle in parts of width and height, from the upper left corner."""

    x = fields.Float(required=True, validate=validate.Range(0, 1))
    y = fields.Float(required=True, validate=validate.Range(0, 1))
    w = fields.Float(required=True, validate=validate.Range(0, 1, min_inclusive=False))
    h = fields.Float(required=True, validate=validate.Range(0, 1, min_inclusive=False))


class WallPhotoGivenSchema(Schema):
    """Which photo goes where, and what on it is pixelated."""

    media_id = IdField(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    boxes = fields.List(fields.Nested(BoxSchema), load_default=list, validate=validate.Length(max=MOST_BOXES))
    faces_checked = fields.Boolean(
        load_default=False,
        metadata={"description": "somebody looked: no face, plate or house number is left"},
    )


class WallActSchema(Schema):
    """What staff give with an action; what it demands stands in the table of states."""

    version = fields.Integer(required=True)
    note = fields.String(validate=validate.Length(max=NOTE_MOST))
    reason = fields.String(validate=validate.Length(max=16))
    photos_seen = fields.String(validate=validate.Length(max=8))


class FollowUpActSchema(Schema):
    """What staff give with an action on a follow-up."""

    version = fields.Integer(required=True)
    reply = fields.String(validate=validate.Length(max=NOTE_MOST))
    note = fields.String(validate=validate.Length(max=NOTE_MOST))


class AskConsentSchema(WallSourceSchema):
    """Ask the citizen."""

    message = fields.String(load_default="", validate=validate.Length(max=MESSAGE_MOST))


class WallLineSchema(Schema):
    """A line of a list of entries."""

    id = IdField(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    category_label = fields.String(required=True)
    village_name = fields.String(required=True)
    place_label = fields.String(required=True)
    unit_name = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    writer_name = fields.String(required=True)
    needs_consent = fields.Boolean(required=True)
    closed_on = fields.Date(required=True)
    created_at = TimeField(required=True)
    published_at = TimeField(required=True, allow_none=True)
    due_at = TimeField(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)
    follow_up_count = fields.Integer(required=True)
    unanswered_count = fields.Integer(required=True)
    followers = fields.Integer(required=True)


class WallLinesSchema(Schema):
    """A page of entries."""

    items = fields.List(fields.Nested(WallLineSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class WallMarkSchema(Schema):
    """A place that has to go before the text is kept."""

    field = fields.String(required=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    what = fields.String(required=True)
    label = fields.String(required=True)


class StaffWallPhotoSchema(Schema):
    """A public copy, and what was pixelated on it."""

    role = fields.String(required=True)
    media_id = IdField(required=True)
    url = fields.String(required=True)
    thumb_url = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    boxes = fields.List(fields.Nested(BoxSchema), required=True)
    faces_checked = fields.Boolean(required=True)


class SourcePhotoSchema(Schema):
    """A photo of the case, as it is."""

    media_id = IdField(required=True)
    role = fields.String(required=True)
    url = fields.String(required=True)
    thumb_url = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class WallNoteSchema(Schema):
    """Since when it is not on the wall, or is again."""

    on = fields.String(required=True)
    text = fields.String(required=True)


class WallTimelineSchema(Schema):
    """What happened to an entry."""

    at = TimeField(required=True)
    title = fields.String(required=True)
    actor_name = fields.String(required=True)
    unit_name = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)


class StaffFollowUpSchema(Schema):
    """A follow-up as the desk sees it; one that is not shown yet has no words here."""

    id = IdField(required=True)
    version = fields.Integer(required=True)
    entry_id = IdField(required=True)
    entry_title = fields.String(required=True)
    entry_code = fields.String(required=True)
    village_name = fields.String(required=True)
    unit_name = fields.String(required=True)
    source_kind = fields.String(required=True)
    source_id = IdField(required=True)
    text = fields.String(required=True)
    photos = fields.List(fields.Nested(MediaCardSchema), required=True)
    author_label = fields.String(required=True)
    seconds = fields.Integer(required=True)
    shown = fields.Boolean(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    asked_at = TimeField(required=True)
    asked_on = fields.String(required=True)
    due_at = TimeField(required=True, allow_none=True)
    days_waiting = fields.Integer(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)
    answer = fields.String(required=True)
    answered_unit = fields.String(required=True)
    answered_at = TimeField(required=True, allow_none=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)


class StaffFollowUpsSchema(Schema):
    """A page of follow-ups."""

    items = fields.List(fields.Nested(StaffFollowUpSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class StaffWallEntrySchema(WallLineSchema):
    """One entry beside the matter it was copied from."""

    version = fields.Integer(required=True)
    source_kind = fields.String(required=True)
    source_id = IdField(required=True, allow_none=True)
    matter = fields.String(required=True)
    done = fields.String(required=True)
    received_on = fields.Date(required=True)
    days_taken = fields.Integer(required=True)
    days_promised = fields.Integer(required=True, allow_none=True)
    on_time = fields.Boolean(required=True, allow_none=True)
    score = fields.String(required=True, allow_none=True)
    score_label = fields.String(required=True)
    approver_name = fields.String(required=True)
    writable = fields.Boolean(required=True)
    marks = fields.List(fields.Nested(WallMarkSchema), required=True)
    consent_state = fields.String(required=True)
    consent_label = fields.String(required=True)
    photos = fields.List(fields.Nested(StaffWallPhotoSchema), required=True)
    source_photos = fields.List(fields.Nested(SourcePhotoSchema), required=True)
    notes = fields.List(fields.Nested(WallNoteSchema), required=True)
    timeline = fields.List(fields.Nested(WallTimelineSchema), required=True)
    follow_ups = fields.List(fields.Nested(StaffFollowUpSchema), required=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)
