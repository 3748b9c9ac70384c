"""Schemas of the frequency watch: what is owed, what was ordered."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema
from backend.notices.objection_schemas import words_field
from backend.notices.watch_pages import LATE
from backend.places.schemas import TownQuery

NOTE_MOST = 300


class WatchQuerySchema(TownQuery):
    """Of which town or which of its villages, and whether only what is not there, or only what came late."""

    village = IdField(load_default=None)
    state = fields.String(load_default="", validate=validate.OneOf(("", *LATE), error="没有这一种"))
    cursor = fields.String(load_default=None, validate=validate.Length(max=160))


class OwedSchema(Schema):
    """One thing that one village owes for one period, with the latest order of the town."""

    village_id = IdField(required=True)
    village_name = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    category = fields.String(required=True)
    category_label = fields.String(required=True)
    period = fields.String(required=True)
    period_label = fields.String(required=True)
    due_on = fields.Date(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    days_late = fields.Integer(required=True)
    notice_id = IdField(required=True, allow_none=True)
    published_on = fields.Date(required=True, allow_none=True)
    ordered_on = fields.Date(required=True, allow_none=True)
    order_note = fields.String(required=True)


class WatchedVillageSchema(Schema):
    """How a village keeps its dates: of what was expected, how much came in time, late, or not at all."""

    village_id = IdField(required=True)
    village_name = fields.String(required=True)
    expected = fields.Integer(required=True)
    on_time = fields.Integer(required=True)
    late = fields.Integer(required=True)
    missing = fields.Integer(required=True)


class WatchSchema(Schema):
    """A page of what is late; `count` is of all pages, `villages` of the first page only."""

    as_of = fields.Date(required=True)
    items = fields.List(fields.Nested(OwedSchema), required=True)
    count = fields.Integer(required=True)
    villages = fields.List(fields.Nested(WatchedVillageSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class WatchOrderLineSchema(Schema):
    """One order of the town."""

    on = fields.Date(required=True)
    note = fields.String(required=True)
    unit = fields.String(required=True)


class StaffOwedSchema(OwedSchema):
    """The same at the desk: when it was reminded of, reports of villagers, every order."""

    reminded_on = fields.Date(required=True, allow_none=True)
    reports = fields.Integer(required=True)
    orders = fields.List(fields.Nested(WatchOrderLineSchema), required=True)
    may_order = fields.Boolean(required=True)


class StaffWatchSchema(Schema):
    """What the villages in reach owe."""

    as_of = fields.Date(required=True)
    items = fields.List(fields.Nested(StaffOwedSchema), required=True)


class WatchOrderSchema(Schema):
    """督促公开 of one thing owed."""

    village_id = IdField(required=True)
    category = fields.String(required=True, validate=validate.Length(1, 40))
    period = fields.String(required=True, validate=validate.Length(1, 12))
    note = words_field(NOTE_MOST)


class WatchOrderedSchema(Schema):
    """The order as it stands in public."""

    id = IdField(required=True)
    village_id = IdField(required=True)
    category = fields.String(required=True)
    period = fields.String(required=True)
    note = fields.String(required=True)
    ordered_on = fields.Date(required=True)
