"""Schemas of the side ways of a case."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField


class DetailSchema(Schema):
    """Something that was filled in with an action, under its label."""

    label = fields.String(required=True)
    value = fields.String(required=True)


class MarkSchema(Schema):
    """A mark in the queue beside the state."""

    code = fields.String(
        required=True, validate=validate.OneOf(["supervised", "pending", "returned", "suspended"])
    )
    label = fields.String(required=True)


class CaseCardSchema(Schema):
    """A case as small as it can be told apart by."""

    id = IdField(required=True)
    code_display = fields.String(required=True)
    title = fields.String(required=True)
    category_name = fields.String(required=True)
    place_label = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    created_at = TimeField(required=True)


class PendingRequestSchema(Schema):
    """A request for more time that waits for a decision."""

    kind = fields.String(required=True, validate=validate.OneOf(["extension", "suspension"]))
    until = fields.String(required=True, allow_none=True)
    by_name = fields.String(required=True)
    reason = fields.String(required=True)


class UpstreamSchema(Schema):
    """Whom beyond the town it was sent to, or who sent it, with the number there and the date they set."""

    body = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    due_on = fields.String(required=True, allow_none=True)


class StaffSidesSchema(Schema):
    """The side ways of a case, for staff."""

    return_count = fields.Integer(required=True)
    extension_count = fields.Integer(required=True)
    pending_request = fields.Nested(PendingRequestSchema, required=True, allow_none=True)
    suspended_until = fields.String(required=True, allow_none=True)
    merged_into = fields.Nested(CaseCardSchema, required=True, allow_none=True)
    merged_from = fields.List(fields.Nested(CaseCardSchema), required=True)
    upstream = fields.Nested(UpstreamSchema, required=True, allow_none=True)
    marks = fields.List(fields.Nested(MarkSchema), required=True)


class LeadStateSchema(Schema):
    """Where the case stands into which this one was merged."""

    state_label = fields.String(required=True)
    tone = fields.String(required=True)


class ResidentSidesSchema(Schema):
    """The side ways of a case, for the resident who brought it."""

    suspended_until = fields.String(required=True, allow_none=True)
    upstream_body = fields.String(required=True, allow_none=True)
    merged = fields.Nested(LeadStateSchema, required=True, allow_none=True)
    extended = fields.Boolean(required=True)
    supervision_open = fields.Boolean(required=True)
