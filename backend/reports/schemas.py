"""Schemas of 随手拍 for residents and for everyone; fields are listed, never "all"."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.cases.schemas import PHONE, CaseCoreSchema, CasePointSchema, PhotoSchema
from backend.cases.side_schemas import DetailSchema, ResidentSidesSchema
from backend.kernel.schemas import IdField, Schema, TimeField
from backend.reports.intake import ACTIONS, WORKER

TEXT_MOST = 500


class SubmitSchema(Schema):
    """A report as a resident fills it in."""

    town = fields.String(required=True, validate=validate.Length(1, 32))
    text = fields.String(
        required=True,
        validate=[
            validate.Length(min=1, error="请写一句话，说说是什么问题"),
            validate.Length(max=TEXT_MOST, error=f"最多 {TEXT_MOST} 个字，请写短一些"),
        ],
    )
    category_code = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=32))
    point = fields.Nested(CasePointSchema, load_default=None, allow_none=True)
    place_id = IdField(load_default=None, allow_none=True)
    address = fields.String(load_default="", validate=validate.Length(max=100, error="地点说明最多 100 个字"))
    media_ids = fields.List(
        IdField(), load_default=list, validate=validate.Length(max=9, error="最多 9 张照片，请去掉几张")
    )
    contact_name = fields.String(load_default="", validate=validate.Length(max=20, error="称呼最多 20 个字"))
    contact_phone = fields.String(
        load_default="",
        validate=validate.Regexp(rf"^$|{PHONE}", error="电话号码不对，请写手机号或带区号的座机"),
    )
    confidential = fields.Boolean(
        load_default=False, metadata={"description": "handlers do not see the contact (HOT-05)"}
    )


class ReceiptSchema(Schema):
    """What the resident gets for the report: the code, its QR, and what comes next."""

    id = IdField(required=True)
    code = fields.String(required=True)
    code_display = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    due_on = fields.String(required=True, allow_none=True)
    next_step = fields.String(required=True)
    lookup_url = fields.String(required=True)
    qr_svg = fields.String(required=True)
    place_label = fields.String(required=True)


class SimilarSchema(Schema):
    """A matter that may be the same one; `distance_m` is null without a pin on both."""

    id = IdField(required=True)
    code_display = fields.String(required=True)
    title = fields.String(required=True)
    state_label = fields.String(required=True)
    created_at = TimeField(required=True)
    distance_m = fields.Integer(required=True, allow_none=True)


class SimilarListSchema(Schema):
    """Up to five of them, nearest first."""

    items = fields.List(fields.Nested(SimilarSchema), required=True)


class SimilarQuerySchema(Schema):
    """What is being brought in."""

    category_code = fields.String(required=True, validate=validate.Length(1, 32))
    town = fields.String(validate=validate.Length(1, 32))
    lon = fields.Float(load_default=None, validate=validate.Range(-180, 180))
    lat = fields.Float(load_default=None, validate=validate.Range(-90, 90))
    place_id = IdField(load_default=None)


class IntakeSchema(SubmitSchema):
    """A matter as staff bring it in: for somebody else, or as a grid worker who saw it."""

    action = fields.String(required=True, validate=validate.OneOf(ACTIONS, error="不知道要做什么"))
    channel = fields.String(load_default=WORKER, validate=validate.Length(max=16))
    town = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 32))
    text = fields.String(
        load_default="", validate=validate.Length(max=TEXT_MOST, error=f"最多 {TEXT_MOST} 个字，请写短一些")
    )
    note = fields.String(load_default="", validate=validate.Length(max=500, error="最多 500 个字"))
    after_media_ids = fields.List(
        IdField(), load_default=list, validate=validate.Length(max=9, error="最多 9 张照片，请去掉几张")
    )
    upstream_body = fields.String(load_default="", validate=validate.Length(max=80, error="最多 80 个字"))
    external_number = fields.String(load_default="", validate=validate.Length(max=64, error="最多 64 个字"))
    upstream_due_on = fields.Date(load_default=None, allow_none=True)


class IntakeReceiptSchema(ReceiptSchema):
    """The slip to print or read out, and what may be the same matter."""

    similar = fields.List(fields.Nested(SimilarSchema), required=True)


class ClaimSchema(Schema):
    """The look-up code from the slip, and the phone number that was given with it."""

    code = fields.String(required=True, validate=validate.Length(1, 20))
    phone = fields.String(required=True, validate=validate.Length(1, 20))


class ResidentEntrySchema(Schema):
    """A line of the timeline for the resident."""

    id = IdField(required=True)
    at = TimeField(required=True)
    title = fields.String(required=True)
    who = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)
    details = fields.List(fields.Nested(DetailSchema), required=True)
    media = fields.List(fields.Nested(PhotoSchema), required=True)
    tone = fields.String(required=True)


class ResidentCaseSchema(CaseCoreSchema, ResidentSidesSchema):
    """A report for the resident who brought it."""

    timeline = fields.List(fields.Nested(ResidentEntrySchema), required=True)


class MyReportSchema(Schema):
    """A line of "my reports"."""

    id = IdField(required=True)
    code_display = fields.String(required=True)
    title = fields.String(required=True)
    category_name = fields.String(required=True)
    place_label = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    created_at = TimeField(required=True)
    due_at = TimeField(required=True, allow_none=True)
    due_text = fields.String(required=True)
    overdue = fields.Boolean(required=True)
    thumb_url = fields.String(required=True, allow_none=True)
    needs_rating = fields.Boolean(required=True)
    needs_answer = fields.Boolean(required=True)


class MyReportsSchema(Schema):
    """A page of "my reports"."""

    items = fields.List(fields.Nested(MyReportSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class CursorSchema(Schema):
    """Where a list goes on."""

    cursor = fields.String(validate=validate.Length(max=120))


class ResidentActSchema(Schema):
    """What a resident gives with an action."""

    version = fields.Integer(required=True)
    note = fields.String(validate=validate.Length(max=500, error="最多 500 个字"))
    comment = fields.String(validate=validate.Length(max=500, error="最多 500 个字"))
    score = fields.String(validate=validate.Length(max=16))
    media_ids = fields.List(IdField(), validate=validate.Length(max=9, error="最多 9 张照片"))


class EmergencySchema(Schema):
    """Whom to call first."""

    number = fields.String(required=True)
    words = fields.String(required=True)


class CategorySchema(Schema):
    """One item of the catalogue for the form."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    group_code = fields.String(required=True)
    group_name = fields.String(required=True)
    urgency = fields.String(required=True)
    keywords = fields.List(fields.String(), required=True)
    after_photo = fields.Boolean(required=True)
    after_photo_reason = fields.String(required=True)
    promise = fields.String(required=True)
    emergency = fields.Nested(EmergencySchema, required=True, allow_none=True)
    place_required = fields.Boolean(required=True)
    before_photo = fields.Boolean(required=True)
    before_photo_reason = fields.String(required=True)
    self_settle = fields.Boolean(required=True)


class CategoriesSchema(Schema):
    """The town's catalogue."""

    items = fields.List(fields.Nested(CategorySchema), required=True)
