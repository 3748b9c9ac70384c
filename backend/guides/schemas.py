"""What everybody reads of 办事指南 and 便民电话, and what the town writes."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema
from backend.places.schemas import TownQuery

SHOWN, HIDDEN = "shown", "hidden"
STATES = {SHOWN: "已公开", HIDDEN: "未公开"}
#: a mobile number, a number with its area code, a service number (400-…), a short number (12345)
PHONE = r"^(1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,5})?|400-?\d{3}-?\d{4}|\d{3,8})$"


def _text(most: int, *, required: bool = False) -> fields.String:
    if required:
        return fields.String(
            required=True, validate=validate.Length(1, most, error=f"请填写（最多 {most} 个字）")
        )
    return fields.String(load_default="", validate=validate.Length(max=most, error=f"最多 {most} 个字"))


def _phone() -> fields.String:
    return fields.String(required=True, validate=validate.Regexp(PHONE, error="电话号码不对"))


class GuideQuerySchema(TownQuery):
    """Which guides: of a group, holding words."""

    words = fields.String(load_default="", validate=validate.Length(max=40))
    group = fields.String(load_default="", validate=validate.Length(max=20))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=120))


class GuideMaterialSchema(Schema):
    """One thing to bring. `copies`: how many; 0: to be shown only."""

    name = _text(60, required=True)
    note = _text(120)
    copies = fields.Integer(load_default=1, validate=validate.Range(0, 20))


class GuidePhoneSchema(Schema):
    """Whom to call about it."""

    name = _text(40, required=True)
    phone = _phone()


class GuideItemSchema(Schema):
    """A guide as a line of the list."""

    id = IdField(required=True)
    title = fields.String(required=True)
    group = fields.String(required=True)
    who = fields.String(required=True)
    takes = fields.String(required=True)
    updated_on = fields.Date(required=True)


class GuidePageSchema(Schema):
    """A page of guides, and every group there is."""

    items = fields.List(fields.Nested(GuideItemSchema), required=True)
    groups = fields.List(fields.String(), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class GuideSchema(GuideItemSchema):
    """A guide with all that a person needs."""

    materials = fields.List(fields.Nested(GuideMaterialSchema), required=True)
    steps = fields.List(fields.String(), required=True)
    place = fields.String(required=True)
    hours = fields.String(required=True)
    phones = fields.List(fields.Nested(GuidePhoneSchema), required=True)
    fee = fields.String(required=True)
    basis = fields.String(required=True)


class PhoneEntrySchema(Schema):
    """A number with its hours; without a village it is the whole town's."""

    id = IdField(required=True)
    group = fields.String(required=True)
    name = fields.String(required=True)
    phone = fields.String(required=True)
    hours = fields.String(required=True)
    note = fields.String(required=True)
    village_id = IdField(required=True, allow_none=True)
    village_name = fields.String(required=True, allow_none=True)


class PhoneListSchema(Schema):
    """All numbers of a town, in its own order."""

    items = fields.List(fields.Nested(PhoneEntrySchema), required=True)


class StaffGuideQuerySchema(Schema):
    """The desk's list."""

    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=120))


class WriteGuideSchema(Schema):
    """A guide as the town writes it. Of a new one no version is known."""

    version = fields.Integer(load_default=None, allow_none=True)
    state = fields.String(load_default=SHOWN, validate=validate.OneOf(list(STATES)))
    title = _text(60, required=True)
    group = _text(20, required=True)
    who = _text(300)
    materials = fields.List(
        fields.Nested(GuideMaterialSchema), load_default=list, validate=validate.Length(max=30)
    )
    steps = fields.List(_text(300, required=True), load_default=list, validate=validate.Length(max=20))
    place = _text(120)
    hours = _text(120)
    phones = fields.List(fields.Nested(GuidePhoneSchema), load_default=list, validate=validate.Length(max=5))
    takes = _text(60)
    fee = _text(120)
    basis = _text(2000)


class StaffGuideSchema(GuideSchema):
    """A guide as the desk sees it."""

    state = fields.String(required=True)
    state_label = fields.String(required=True)
    version = fields.Integer(required=True)


class StaffGuidePageSchema(Schema):
    """A page of the desk's list."""

    items = fields.List(fields.Nested(StaffGuideSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class WritePhoneSchema(Schema):
    """A number as the town writes it."""

    version = fields.Integer(load_default=None, allow_none=True)
    group = _text(20, required=True)
    name = _text(40, required=True)
    phone = _phone()
    hours = _text(60)
    note = _text(120)
    village_id = IdField(load_default=None, allow_none=True)
    order = fields.Integer(load_default=0, validate=validate.Range(0, 9999))


class StaffPhoneSchema(PhoneEntrySchema):
    """A number as the desk sees it."""

    order = fields.Integer(required=True)
    version = fields.Integer(required=True)


class StaffPhoneListSchema(Schema):
    """All numbers of a town."""

    items = fields.List(fields.Nested(StaffPhoneSchema), required=True)
