"""What everybody, residents and moderators send and read of 邻里互助. Nobody's name or number is in any of it."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.comments.states import REASONS
from backend.kernel.schemas import IdField, Schema, TimeField
from backend.neighbours.states import CATEGORIES, DIRECTIONS
from backend.places.schemas import TownQuery

TITLE_MOST, TEXT_MOST, MESSAGE_MOST = 30, 500, 300
VIEWS = ("shown", "checking", "ended", "all")


def _cursor() -> fields.String:
    return fields.String(load_default=None, allow_none=True, validate=validate.Length(max=120))


def _text(most: int) -> fields.String:
    return fields.String(required=True, validate=validate.Length(1, most, error=f"请写 1 到 {most} 个字"))


class NeighbourQuerySchema(TownQuery):
    """Which posts: offers or requests, of a category, of a village, holding words."""

    kind = fields.String(load_default="", validate=validate.OneOf(("", *DIRECTIONS)))
    category = fields.String(load_default="", validate=validate.OneOf(("", *CATEGORIES)))
    village = IdField(load_default=None, allow_none=True)
    words = fields.String(load_default="", validate=validate.Length(max=40))
    cursor = _cursor()


class NeighbourCursorSchema(Schema):
    """Where a list goes on."""

    cursor = _cursor()


class NeighbourPhotoSchema(Schema):
    """A photo that has passed the checks; its address opens it for an hour at least."""

    url = fields.String(required=True)
    thumb_url = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class NeighbourItemSchema(Schema):
    """A post as a line of the list. Dates are Shanghai's."""

    id = IdField(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    category = fields.String(required=True)
    category_label = fields.String(required=True)
    title = fields.String(required=True)
    village_id = IdField(required=True, allow_none=True)
    village_name = fields.String(required=True)
    expires_on = fields.Date(required=True)
    shown_on = fields.Date(required=True, allow_none=True)
    photo = fields.Nested(NeighbourPhotoSchema, required=True, allow_none=True)


class NeighbourPageSchema(Schema):
    """A page of posts."""

    items = fields.List(fields.Nested(NeighbourItemSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class NeighbourPostSchema(NeighbourItemSchema):
    """A post as everybody reads it."""

    text = fields.String(required=True)
    photos = fields.List(fields.Nested(NeighbourPhotoSchema), required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)


class OwnNeighbourPostSchema(NeighbourPostSchema):
    """One's own post: where it stands, why it waits, and what one may do (codes of actions)."""

    tone = fields.String(required=True)
    version = fields.Integer(required=True)
    actions = fields.List(fields.String(), required=True)
    threads = fields.Integer(required=True)
    held_reason = fields.String(required=True)
    comment_id = IdField(required=True)
    renewed = fields.Boolean(required=True)


class OwnNeighbourPageSchema(Schema):
    """A page of one's own posts."""

    items = fields.List(fields.Nested(OwnNeighbourPostSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class NeighbourPutUpSchema(Schema):
    """What somebody puts up."""

    town = fields.String(required=True, validate=validate.Length(1, 32))
    kind = fields.String(required=True, validate=validate.OneOf(tuple(DIRECTIONS)))
    category = fields.String(required=True, validate=validate.OneOf(tuple(CATEGORIES)))
    title = _text(TITLE_MOST)
    text = _text(TEXT_MOST)
    village_id = IdField(required=True)
    expires_on = fields.Date(required=True)
    photo_ids = fields.List(IdField(), load_default=list, validate=validate.Length(max=3))


class NeighbourActOnPostSchema(Schema):
    """A step on one's own post. `expires_on` for prolonging; without it thirty days from today."""

    version = fields.Integer(required=True)
    expires_on = fields.Date(load_default=None, allow_none=True)


class NeighbourFlagPostSchema(Schema):
    """Why a post should not stand there."""

    reason = fields.String(required=True, validate=validate.OneOf(tuple(REASONS)))
    note = fields.String(load_default="", validate=validate.Length(max=200))


class NeighbourFlaggedPostSchema(Schema):
    """It was noted."""

    id = IdField(required=True)
    flagged = fields.Boolean(required=True)


class NeighbourWriteMessageSchema(Schema):
    """What one writes the other."""

    text = _text(MESSAGE_MOST)


class NeighbourAgreeSchema(Schema):
    """Whether numbers may be exchanged here, as far as one is concerned oneself."""

    agree = fields.Boolean(required=True)


class NeighbourThreadSchema(Schema):
    """A talk about a post. `with_label` never is a name."""

    id = IdField(required=True)
    post_id = IdField(required=True)
    post_title = fields.String(required=True)
    mine = fields.Boolean(required=True, metadata={"description": "whether the post is one's own"})
    with_label = fields.String(required=True)
    last = fields.String(required=True)
    last_at = TimeField(required=True)
    unread = fields.Integer(required=True)
    agreed = fields.Boolean(required=True, metadata={"description": "one's own word on exchanging numbers"})
    both_agreed = fields.Boolean(required=True)
    ended = fields.Boolean(required=True)
    delete_on = fields.Date(required=True, allow_none=True)


class NeighbourThreadPageSchema(Schema):
    """A page of talks."""

    items = fields.List(fields.Nested(NeighbourThreadSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class NeighbourMessageSchema(Schema):
    """One message."""

    id = IdField(required=True)
    mine = fields.Boolean(required=True)
    text = fields.String(required=True)
    sent_at = TimeField(required=True)


class NeighbourMessagePageSchema(Schema):
    """A page of messages, newest first, under their talk."""

    thread = fields.Nested(NeighbourThreadSchema, required=True)
    items = fields.List(fields.Nested(NeighbourMessageSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class StaffNeighbourQuerySchema(Schema):
    """The moderators' list."""

    view = fields.String(load_default="shown", validate=validate.OneOf(VIEWS))
    cursor = _cursor()


class StaffNeighbourSchema(NeighbourPostSchema):
    """A post as moderators see it: no author. `actions`: take_down, show."""

    version = fields.Integer(required=True)
    tone = fields.String(required=True)
    comment_id = IdField(required=True)
    comment_state = fields.String(required=True)
    comment_state_label = fields.String(required=True)
    held_reason = fields.String(required=True)
    hidden_reason = fields.String(required=True)
    flag_count = fields.Integer(required=True)
    actions = fields.List(fields.String(), required=True)


class StaffNeighbourPageSchema(Schema):
    """A page of the moderators' list."""

    items = fields.List(fields.Nested(StaffNeighbourSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class NeighbourJudgePostSchema(Schema):
    """Why it is taken down: a code that is counted in public, and a note that its author reads."""

    reason = fields.String(load_default="", validate=validate.OneOf(("", *REASONS)))
    note = fields.String(load_default="", validate=validate.Length(max=200))
