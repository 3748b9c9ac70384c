"""Schemas of Excel in and out."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField


class SheetColumnSchema(Schema):
    """A column of a template."""

    title = fields.String(required=True)
    required = fields.Boolean(required=True)
    hint = fields.String(required=True)


class KindSchema(Schema):
    """A kind of sheet, and what one may do with it."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    may_import = fields.Boolean(required=True)
    may_export = fields.Boolean(required=True)
    whole = fields.Boolean(required=True, metadata={"description": "taken whole or not at all"})
    most = fields.Integer(required=True, metadata={"description": "rows that one sheet may have"})
    note = fields.String(required=True)
    columns = fields.List(fields.Nested(SheetColumnSchema), required=True)


class KindsSchema(Schema):
    """What one may import and export."""

    items = fields.List(fields.Nested(KindSchema), required=True)


class SheetFaultSchema(Schema):
    """What is wrong, and where."""

    row = fields.Integer(required=True, allow_none=True)
    column = fields.String(required=True, allow_none=True)
    sentence = fields.String(required=True)


class SheetSummarySchema(Schema):
    """What came of a job so far; what does not apply is left out."""

    rows = fields.Integer()
    wrong = fields.Integer()
    right = fields.Integer()
    changed = fields.Integer()
    size = fields.Integer(metadata={"description": "bytes"})
    sentence = fields.String()
    faults = fields.List(fields.Nested(SheetFaultSchema))


class JobSchema(Schema):
    """An import or export of one's own."""

    id = IdField(required=True)
    direction = fields.String(required=True, validate=validate.OneOf(["import", "export"]))
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    done = fields.Integer(required=True)
    total = fields.Integer(required=True)
    file_name = fields.String(required=True)
    summary = fields.Nested(SheetSummarySchema, required=True)
    created_at = TimeField(required=True)
    finished_at = TimeField(required=True, allow_none=True)
    expires_at = TimeField(required=True)
    has_file = fields.Boolean(required=True)
    may_confirm = fields.Boolean(required=True)


class JobsSchema(Schema):
    """One's own imports and exports."""

    items = fields.List(fields.Nested(JobSchema), required=True)


class FileNameSchema(Schema):
    """How the file is called on the sender's disk."""

    name = fields.String(load_default="表格.xlsx", validate=validate.Length(1, 120))


class ExportSchema(Schema):
    """The filters of an export, as the page's address has them."""

    filters = fields.Dict(
        keys=fields.String(validate=validate.Length(max=20)),
        values=fields.String(validate=validate.Length(max=64)),
        load_default=dict,
    )


class ConfirmSchema(Schema):
    """Whether only the rows that are right are wanted."""

    partial = fields.Boolean(load_default=False)  # type: ignore[assignment]  # a field of this name is what is sent
