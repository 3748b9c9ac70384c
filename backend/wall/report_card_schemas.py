"""Schemas of the town's report card."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField


class ReportFigureSchema(Schema):
    """A figure. `words` is what is shown; value and n are null where there were fewer than ten ("不足10件")."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    value = fields.Float(required=True, allow_none=True)
    n = fields.Integer(required=True, allow_none=True)
    words = fields.String(required=True)


class ReportVillageSchema(Schema):
    """The figures of a village; villages stand in the town's own order."""

    village_id = IdField(required=True)
    village_name = fields.String(required=True)
    figures = fields.List(fields.Nested(ReportFigureSchema), required=True)


class ReportCardLineSchema(Schema):
    """A published card in the list."""

    id = IdField(required=True)
    month = fields.String(required=True)
    title = fields.String(required=True)
    published_at = TimeField(required=True)
    figures = fields.List(fields.Nested(ReportFigureSchema), required=True)
    correction_count = fields.Integer(required=True)


class ReportCardsSchema(Schema):
    """The published cards, newest first."""

    items = fields.List(fields.Nested(ReportCardLineSchema), required=True)


class ReportCorrectionSchema(Schema):
    """A correction: when, why, and the figures as they are now known."""

    published_at = TimeField(required=True)
    reason = fields.String(required=True)
    figures = fields.List(fields.Nested(ReportFigureSchema), required=True)
    villages = fields.List(fields.Nested(ReportVillageSchema), required=True)


class ReportCardSchema(ReportCardLineSchema):
    """A card as it was published, and its corrections."""

    villages = fields.List(fields.Nested(ReportVillageSchema), required=True)
    corrections = fields.List(fields.Nested(ReportCorrectionSchema), required=True)


class StaffReportCardSchema(Schema):
    """A card or a correction for staff; `actions`: publish, remake, discard, correct."""

    id = IdField(required=True)
    month = fields.String(required=True)
    title = fields.String(required=True)
    number = fields.Integer(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    version = fields.Integer(required=True)
    reason = fields.String(required=True)
    made_by = fields.String(required=True)
    made_at = TimeField(required=True)
    published_by = fields.String(required=True)
    published_at = TimeField(required=True, allow_none=True)
    figures = fields.List(fields.Nested(ReportFigureSchema), required=True)
    villages = fields.List(fields.Nested(ReportVillageSchema), required=True)
    actions = fields.List(fields.String(), required=True)


class StaffReportCardsSchema(Schema):
    """All cards, newest month first."""

    items = fields.List(fields.Nested(StaffReportCardSchema), required=True)


class SeenReportCardSchema(Schema):
    """The version that was looked at."""

    version = fields.Integer(required=True, validate=validate.Range(1, 10_000))


class NewReportCorrectionSchema(Schema):
    """Why it is corrected."""

    reason = fields.String(required=True, validate=validate.Length(1, 300))
