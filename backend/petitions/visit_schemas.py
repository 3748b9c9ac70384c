"""Announced visits as they are sent and shown (PET-18)."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema
from backend.petitions.schemas import phone_number, words
from backend.petitions.visits import DECISIONS


class VisitTownSchema(Schema):
    """Which town is visited."""

    town = fields.String(required=True, validate=validate.Length(1, 32))


class VisitTimesSchema(Schema):
    """What can be chosen; no day where the town takes no appointments online."""

    office_name = fields.String(required=True)
    address = fields.String(required=True)
    hours = fields.String(required=True)
    slots = fields.List(fields.String(), required=True)
    days = fields.List(fields.Date(), required=True)
    most_representatives = fields.Integer(required=True)


class AskVisitSchema(Schema):
    """A visit as a resident announces it; `representatives`: everybody who comes for others, by name."""

    town = fields.String(required=True, validate=validate.Length(1, 32))
    visit_on = fields.Date(required=True)
    slot = fields.String(required=True, validate=validate.Length(1, 16))
    topic = fields.String(required=True, validate=validate.Length(1, 32, error="请选择是哪方面的事"))
    matter = words(500)
    name = words(40, "请写您的姓名")
    phone = phone_number(required=True)
    representatives = fields.List(
        words(40, "请写代表的姓名"), load_default=list, validate=validate.Length(max=50)
    )


class VisitSchema(Schema):
    """What everybody who may see a visit sees."""

    id = IdField(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["asked", "confirmed", "cancelled"]))
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    visit_on = fields.Date(required=True)
    slot = fields.String(required=True)
    topic_label = fields.String(required=True)
    people = fields.Integer(required=True)


class MyVisitSchema(VisitSchema):
    """One's own visit."""

    matter = fields.String(required=True)
    representatives = fields.List(fields.String(), required=True)
    answer = fields.String(required=True)
    office_name = fields.String(required=True)
    address = fields.String(required=True)
    can_cancel = fields.Boolean(required=True)


class MyVisitsSchema(Schema):
    """One's own visits, the latest day first."""

    items = fields.List(fields.Nested(MyVisitSchema), required=True)


class DeskVisitsQuerySchema(Schema):
    """Those to come, or those of the last thirty days."""

    view = fields.String(load_default="coming", validate=validate.OneOf(["coming", "past"]))


class DeskVisitSchema(VisitSchema):
    """A line of the office's list; persons masked."""

    version = fields.Integer(required=True)
    name_masked = fields.String(required=True)
    phone_masked = fields.String(required=True)
    can_decide = fields.Boolean(required=True)


class DeskVisitsSchema(Schema):
    """The visits of the town, by day."""

    items = fields.List(fields.Nested(DeskVisitSchema), required=True)


class OpenedVisitSchema(DeskVisitSchema):
    """A visit in clear, for the office."""

    name = fields.String(required=True)
    phone = fields.String(required=True)
    matter = fields.String(required=True)
    representatives = fields.List(fields.String(), required=True)
    answer = fields.String(required=True)
    slots = fields.List(fields.String(), required=True)
    days = fields.List(fields.Date(), required=True)


class DecideVisitSchema(Schema):
    """What the office decides; `visit_on` and `slot` with a change, `answer` (the resident reads it) with a refusal."""

    version = fields.Integer(required=True)
    decision = fields.String(required=True, validate=validate.OneOf(DECISIONS))
    visit_on = fields.Date(load_default=None, allow_none=True)
    slot = fields.String(load_default="", validate=validate.Length(max=16))
    answer = words(200)
