"""Schemas of child tasks; fields are listed, never "all"."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.cases.oversight_schemas import CaseTaskSchema
from backend.cases.schemas import CasePointSchema, PhotoSchema, StaffEntrySchema
from backend.kernel.schemas import IdField, Schema, TimeField


class ChildTaskSchema(CaseTaskSchema):
    """A child task for whoever does it; nothing of the citizen's contact."""

    case_id = IdField(required=True)
    code_display = fields.String(required=True)
    title = fields.String(required=True)
    category_name = fields.String(required=True)
    place_label = fields.String(required=True)
    case_text = fields.String(required=True)
    point = fields.Nested(CasePointSchema, required=True, allow_none=True)
    address = fields.String(required=True)
    due_at = TimeField(required=True, allow_none=True)
    due_text = fields.String(required=True)
    case_media = fields.List(fields.Nested(PhotoSchema), required=True)
    media = fields.List(fields.Nested(PhotoSchema), required=True)
    timeline = fields.List(fields.Nested(StaffEntrySchema), required=True)


class ChildTaskActSchema(Schema):
    """What staff give with an action on a child task."""

    version = fields.Integer(required=True)
    note = fields.String(validate=validate.Length(max=1000, error="最多 1000 个字"))
    unit_id = IdField()
    staff_id = IdField(allow_none=True)
    media_ids = fields.List(IdField(), validate=validate.Length(max=9, error="最多 9 张照片"))
