"""Schemas of the system's page and of the operation log."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField


class FactSchema(Schema):
    """A figure beside a check."""

    label = fields.String(required=True)
    value = fields.String(required=True)


class CheckSchema(Schema):
    """One thing to know, and what to do about it."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    level = fields.String(required=True, validate=validate.OneOf(["act", "watch", "fine"]))
    sentence = fields.String(required=True)
    advice = fields.String(required=True)
    facts = fields.List(fields.Nested(FactSchema), required=True)


class PeriodicSchema(Schema):
    """Work that comes back."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    every_seconds = fields.Integer(required=True)
    done_at = TimeField(required=True, allow_none=True)
    took_ms = fields.Integer(required=True, allow_none=True)
    next_at = TimeField(required=True, allow_none=True)
    failed = fields.Boolean(required=True)
    failure = fields.String(required=True, allow_none=True)


class RestingSchema(Schema):
    """A job that came to rest undone; its payload is nobody's business."""

    id = IdField(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    attempts = fields.Integer(required=True)
    error = fields.String(required=True, allow_none=True)
    created_at = TimeField(required=True)
    finished_at = TimeField(required=True, allow_none=True)
    is_message = fields.Boolean(required=True)


class SystemSchema(Schema):
    """The state of the system."""

    checks = fields.List(fields.Nested(CheckSchema), required=True)
    jobs = fields.List(fields.Nested(PeriodicSchema), required=True)
    resting = fields.List(fields.Nested(RestingSchema), required=True)
    at = TimeField(required=True)


class ReasonSchema(Schema):
    """Why."""

    reason = fields.String(required=True, validate=validate.Length(2, 200, error="请写明理由，2 到 200 个字"))


class LogQuerySchema(Schema):
    """The log's filters; dates are Shanghai's, `to` included."""

    what = fields.String(validate=validate.Length(max=64))
    actor_id = IdField()
    subject_kind = fields.String(validate=validate.Length(max=32))
    subject_id = IdField()
    from_ = fields.Date(data_key="from")
    to = fields.Date()
    cursor = fields.String(validate=validate.Length(max=120))


class LogChangeSchema(Schema):
    """One field, old and new."""

    label = fields.String(required=True)
    old = fields.String(required=True, allow_none=True)
    new = fields.String(required=True, allow_none=True)


class LogEntrySchema(Schema):
    """One deed."""

    id = IdField(required=True)
    at = TimeField(required=True)
    who = fields.String(required=True)
    what = fields.String(required=True)
    what_label = fields.String(required=True)
    subject_kind = fields.String(required=True)
    subject_id = IdField(required=True, allow_none=True)
    subject = fields.String(required=True)
    changes = fields.List(fields.Nested(LogChangeSchema), required=True)
    more = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    sealed = fields.Boolean(required=True)


class LogPageSchema(Schema):
    """A page of the log."""

    items = fields.List(fields.Nested(LogEntrySchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class LogOptionSchema(Schema):
    """One choice of the log's filters."""

    value = fields.String(required=True)
    label = fields.String(required=True)


class SealsSchema(Schema):
    """How far the seals reach."""

    seals = fields.Integer(required=True)
    last_at = TimeField(required=True, allow_none=True)
    head = fields.String(required=True, allow_none=True)
    unsealed = fields.Integer(required=True)
    oldest_unsealed_at = TimeField(required=True, allow_none=True)
    late = fields.Boolean(required=True)


class LogChoicesSchema(Schema):
    """What the log can be filtered by, and how far its seals reach."""

    whats = fields.List(fields.Nested(LogOptionSchema), required=True)
    people = fields.List(fields.Nested(LogOptionSchema), required=True)
    subjects = fields.List(fields.Nested(LogOptionSchema), required=True)
    seals = fields.Nested(SealsSchema, required=True)
