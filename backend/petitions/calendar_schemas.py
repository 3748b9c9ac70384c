"""The legal calendar and the month's figures as they are shown."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema


class LegalDutySchema(Schema):
    """A duty with its last day."""

    id = IdField(required=True)
    code_display = fields.String(required=True)
    title = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    unit_name = fields.String(required=True, allow_none=True)
    clock = fields.String(required=True)
    label = fields.String(required=True)
    due_on = fields.Date(required=True)
    days_late = fields.Integer(required=True)
    still_open = fields.Boolean(required=True)


class LegalCalendarSchema(Schema):
    """What is due within seven days, and what was breached within ninety."""

    today = fields.Date(required=True)
    due = fields.List(fields.Nested(LegalDutySchema), required=True)
    breached = fields.List(fields.Nested(LegalDutySchema), required=True)


class PetitionMonthSchema(Schema):
    """Which month (Shanghai)."""

    month = fields.String(
        required=True, validate=validate.Regexp(r"^\d{4}-\d{2}$", error="应为 2026-03 这样")
    )


class PetitionCountSchema(Schema):
    """A word and how often."""

    label = fields.String(required=True)
    count = fields.Integer(required=True)


class PetitionShareSchema(Schema):
    """How many of the duties due in the month were done in time; `percent` is null without any."""

    timely = fields.Integer(required=True)
    n = fields.Integer(required=True)
    percent = fields.Float(required=True, allow_none=True)


class PetitionSatisfactionSchema(Schema):
    """The ratings given in the month."""

    object = fields.String(required=True, validate=validate.OneOf(["office", "unit"]))
    label = fields.String(required=True)
    satisfied = fields.Integer(required=True)
    basically = fields.Integer(required=True)
    unsatisfied = fields.Integer(required=True)
    n = fields.Integer(required=True)
    percent = fields.Float(required=True, allow_none=True)


class PetitionFiguresSchema(Schema):
    """A month of the town as a whole: no figure of a village, a unit or a person (§8.1)."""

    month = fields.String(required=True)
    registered = fields.Integer(required=True)
    by_channel = fields.List(fields.Nested(PetitionCountSchema), required=True)
    by_class = fields.List(fields.Nested(PetitionCountSchema), required=True)
    informed = fields.Nested(PetitionShareSchema, required=True)
    answered = fields.Nested(PetitionShareSchema, required=True)
    satisfaction = fields.List(fields.Nested(PetitionSatisfactionSchema), required=True)
