"""Schemas of the figures: the board for staff, the town's month for everyone."""

from __future__ import annotations

from marshmallow import fields

from backend.kernel.schemas import Schema


class CountedSchema(Schema):
    """A percentage or a median with the number of cases behind it."""

    value = fields.Float(required=True, allow_none=True)
    n = fields.Integer(required=True)


class SatisfactionSchema(Schema):
    """Satisfaction with its n; silence is no reply, never "satisfied"."""

    percent = fields.Float(required=True, allow_none=True)
    n = fields.Integer(required=True)


class StateCountSchema(Schema):
    """Cases in one state."""

    state = fields.String(required=True)
    label = fields.String(required=True)
    n = fields.Integer(required=True)


class DayCountSchema(Schema):
    """Cases of one Shanghai day."""

    day = fields.String(required=True)
    received = fields.Integer(required=True)
    closed = fields.Integer(required=True)


class NamedCountSchema(Schema):
    """Cases under a name."""

    name = fields.String(required=True)
    n = fields.Integer(required=True)


class BoardQuerySchema(Schema):
    """The board's period, Shanghai dates, both included."""

    from_ = fields.Date(data_key="from")
    to = fields.Date()


class BoardSchema(Schema):
    """The first board of figures."""

    open = fields.Integer(required=True)
    due_today = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    submitted = fields.Integer(required=True)
    received = fields.Integer(required=True)
    closed_month = fields.Integer(required=True)
    median_days = fields.Nested(CountedSchema, required=True)
    satisfaction = fields.Nested(SatisfactionSchema, required=True)
    by_state = fields.List(fields.Nested(StateCountSchema), required=True)
    by_day = fields.List(fields.Nested(DayCountSchema), required=True)
    by_category = fields.List(fields.Nested(NamedCountSchema), required=True)
    by_village = fields.List(fields.Nested(NamedCountSchema), required=True)


class HomeSchema(Schema):
    """What the town did this month, for everyone."""

    month_from = fields.String(required=True)
    received = fields.Integer(required=True)
    closed = fields.Integer(required=True)
    median_days = fields.Float(required=True, allow_none=True)
    satisfied_percent = fields.Float(required=True, allow_none=True)
    rated = fields.Integer(required=True)
