"""What the routes take and answer."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField
from backend.notifications.models import STATES


class CursorQuery(Schema):
    cursor = fields.String(load_default=None, validate=validate.Length(max=200))


class InboxItem(Schema):
    id = IdField(required=True)
    at = TimeField(required=True, attribute="created_at")
    title = fields.String(required=True)
    text = fields.String(required=True)
    page = fields.String(required=True, metadata={"description": "path in the mini-program, and behind /m/"})
    read = fields.Function(lambda row: row.read_at is not None, metadata={"type": "boolean"})


class InboxPage(Schema):
    items = fields.List(fields.Nested(InboxItem), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ReadRequest(Schema):
    ids = fields.List(
        IdField(),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=200),
        metadata={"description": "null: all"},
    )


class ReadAnswer(Schema):
    unread = fields.Integer(required=True)


class Subscription(Schema):
    template = fields.String(required=True)
    template_id = fields.String(required=True)
    title = fields.String(required=True)
    remaining = fields.Integer(required=True)


class Subscriptions(Schema):
    items = fields.List(fields.Nested(Subscription), required=True)
    ask = fields.List(fields.String(), required=True, metadata={"description": "at most three template ids"})


class MessageQuery(CursorQuery):
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))


class MessageItem(Schema):
    id = IdField(required=True)
    at = TimeField(required=True)
    to_masked = fields.String(required=True)
    channel = fields.String(required=True)
    channel_label = fields.String(required=True)
    template = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    error = fields.String(required=True, allow_none=True)
    attempts = fields.Integer(required=True)
    case_id = IdField(required=True)
    case_code = fields.String(required=True)
    can_resend = fields.Boolean(required=True)


class MessagePage(Schema):
    items = fields.List(fields.Nested(MessageItem), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
