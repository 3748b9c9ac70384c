"""Schemas of 问题回音壁 for everyone. Nothing in them is a person's."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema
from backend.places.schemas import TownQuery

MONTH = r"20\d\d-(0[1-9]|1[0-2])"
ORDERS = ("newest", "followed", "waiting")
WORDS_MOST = 40


class PublicWallFilterSchema(TownQuery):
    """Which entries: of a village, a category, a unit, a month (of their publication), holding words."""

    village = IdField(load_default=None)
    category = fields.String(load_default="", validate=validate.Length(max=32))
    unit = IdField(load_default=None)
    month = fields.String(
        load_default="", validate=validate.Regexp(rf"^({MONTH})?$", error="月份写成 2026-03 这样")
    )
    words = fields.String(load_default="", validate=validate.Length(max=WORDS_MOST))


class PublicWallQuerySchema(PublicWallFilterSchema):
    """A page of the wall: newest first, the most followed first, or the longest unanswered first."""

    order = fields.String(load_default="newest", validate=validate.OneOf(ORDERS))
    cursor = fields.String(load_default=None, validate=validate.Length(max=200))


class PublicWallMapQuerySchema(TownQuery):
    """The map of a month, or of the last twelve."""

    month = fields.String(
        load_default="", validate=validate.Regexp(rf"^({MONTH})?$", error="月份写成 2026-03 这样")
    )


class PublicWallCursorSchema(Schema):
    """The way to a further page."""

    cursor = fields.String(load_default=None, validate=validate.Length(max=200))


class PublicWallPhotoSchema(Schema):
    """The public copy of a photo; its address opens it for an hour at least."""

    url = fields.String(required=True)
    thumb_url = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class PublicWallItemSchema(Schema):
    """An entry as a line of the wall. Days are calendar days from receipt; dates are Shanghai's."""

    id = IdField(required=True)
    code = fields.String(required=True)
    title = fields.String(required=True)
    category_code = fields.String(required=True)
    category_label = fields.String(required=True)
    village_name = fields.String(required=True)
    place_label = fields.String(required=True)
    unit_name = fields.String(required=True)
    closed_on = fields.Date(required=True)
    days_taken = fields.Integer(required=True)
    days_promised = fields.Integer(required=True, allow_none=True)
    on_time = fields.Boolean(required=True, allow_none=True)
    score = fields.String(required=True, allow_none=True)
    score_label = fields.String(required=True)
    before_photo = fields.Nested(PublicWallPhotoSchema, required=True, allow_none=True)
    after_photo = fields.Nested(PublicWallPhotoSchema, required=True, allow_none=True)
    follow_up_count = fields.Integer(required=True)
    unanswered_count = fields.Integer(required=True)
    longest_waiting_days = fields.Integer(required=True, allow_none=True)
    followers = fields.Integer(required=True)
    published_on = fields.Date(required=True)


class PublicWallListSchema(Schema):
    """A page of the wall."""

    items = fields.List(fields.Nested(PublicWallItemSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class PublicWallFollowUpSchema(Schema):
    """A follow-up question. `comment_id` is what a neighbour seconds; `days_waiting` is null once answered.

    `mine` is always false here: this answer is the same for everybody.
    """

    id = IdField(required=True)
    comment_id = IdField(required=True)
    text = fields.String(required=True)
    photos = fields.List(fields.Nested(PublicWallPhotoSchema), required=True)
    author_label = fields.String(required=True)
    asked_on = fields.Date(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    days_waiting = fields.Integer(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)
    answer = fields.String(required=True)
    answered_unit = fields.String(required=True)
    answered_on = fields.Date(required=True, allow_none=True)
    seconds = fields.Integer(required=True)
    mine = fields.Boolean(required=True)


class PublicWallFollowUpsSchema(Schema):
    """A page of follow-up questions, newest first."""

    items = fields.List(fields.Nested(PublicWallFollowUpSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class PublicWallNoteSchema(Schema):
    """Since when it was not on the wall, or was again, and why."""

    on = fields.Date(required=True)
    text = fields.String(required=True)


class PublicWallEntrySchema(PublicWallItemSchema):
    """The page of an entry. One that was taken down keeps its code and its dated notes, and no word of its own."""

    state = fields.String(required=True)
    state_label = fields.String(required=True)
    matter = fields.String(required=True)
    done = fields.String(required=True)
    received_on = fields.Date(required=True)
    follow_ups = fields.List(fields.Nested(PublicWallFollowUpSchema), required=True)
    follow_ups_cursor = fields.String(required=True, allow_none=True)
    notes = fields.List(fields.Nested(PublicWallNoteSchema), required=True)
    share_picture = fields.String(required=True)
    share_url = fields.String(required=True)


class PublicWallSpotSchema(Schema):
    """A place with entries: its centre in GCJ-02, never the place of a single matter."""

    place_id = IdField(required=True)
    level = fields.String(required=True)
    name = fields.String(required=True)
    lon = fields.Float(required=True)
    lat = fields.Float(required=True)
    entries = fields.Integer(required=True)
    unanswered = fields.Integer(required=True)


class PublicWallMapSchema(Schema):
    """Where things were done."""

    items = fields.List(fields.Nested(PublicWallSpotSchema), required=True)


class PublicWallNamedSchema(Schema):
    """A value of a filter with its name."""

    value = fields.String(required=True)
    label = fields.String(required=True)


class PublicWallFiltersSchema(Schema):
    """What the wall can be filtered by: what stands on it now."""

    villages = fields.List(fields.Nested(PublicWallNamedSchema), required=True)
    categories = fields.List(fields.Nested(PublicWallNamedSchema), required=True)
    units = fields.List(fields.Nested(PublicWallNamedSchema), required=True)
    months = fields.List(fields.String(), required=True)


class OpenWallEntrySchema(Schema):
    """An entry as open data: no person, no photo, no question of anybody's."""

    code = fields.String(required=True)
    url = fields.String(required=True)
    title = fields.String(required=True)
    matter = fields.String(required=True)
    done = fields.String(required=True)
    category_code = fields.String(required=True)
    category = fields.String(required=True)
    village = fields.String(required=True)
    unit = fields.String(required=True)
    received_on = fields.Date(required=True)
    closed_on = fields.Date(required=True)
    published_on = fields.Date(required=True)
    days_taken = fields.Integer(required=True)
    days_promised = fields.Integer(required=True, allow_none=True)
    on_time = fields.Boolean(required=True, allow_none=True)
    score = fields.String(required=True, allow_none=True)
    follow_ups = fields.Integer(required=True)
    unanswered = fields.Integer(required=True)


class OpenWallQuerySchema(PublicWallFilterSchema):
    """Open data by the same filters, page after page."""

    cursor = fields.String(load_default=None, validate=validate.Length(max=200))


class OpenWallSchema(Schema):
    """Open data of the wall, two hundred entries a page, newest first."""

    town = fields.String(required=True)
    note = fields.String(required=True)
    items = fields.List(fields.Nested(OpenWallEntrySchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
