"""What staff see of a case's supervision, call-backs and child tasks, and the lists of them."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.cases.action_schemas import ActionSchema
from backend.kernel.schemas import IdField, Schema, TimeField


class SupervisionBriefSchema(Schema):
    """Whether a case is supervised; `due_at` is the date of the answer that is still owed."""

    open = fields.Boolean(required=True)
    count = fields.Integer(required=True)
    due_at = TimeField(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)


class SupervisionSchema(Schema):
    """One supervision: why, by whom (null: by rule), and what was answered."""

    id = IdField(required=True)
    cause = fields.String(required=True)
    cause_label = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)
    raised_by_name = fields.String(required=True, allow_none=True)
    raised_at = TimeField(required=True)
    due_at = TimeField(required=True)
    overdue = fields.Boolean(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    answer = fields.String(required=True, allow_none=True)
    answered_by_name = fields.String(required=True, allow_none=True)
    ended_at = TimeField(required=True, allow_none=True)


class CallBackSchema(Schema):
    """One call-back: why it is owed, until when, what was found out."""

    id = IdField(required=True)
    reason = fields.String(required=True)
    reason_label = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    due_at = TimeField(required=True)
    overdue = fields.Boolean(required=True)
    tries = fields.Integer(required=True)
    way_label = fields.String(required=True)
    solved = fields.Boolean(required=True, allow_none=True)
    satisfaction_label = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)
    done_by_name = fields.String(required=True, allow_none=True)
    done_at = TimeField(required=True, allow_none=True)


class CaseTaskSchema(Schema):
    """A child task as its case's page shows it; `note` is what was done, or why it was given back."""

    id = IdField(required=True)
    unit_name = fields.String(required=True)
    staff_name = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    until = fields.Date(required=True)
    overdue = fields.Boolean(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)


class _OfCaseSchema(Schema):
    """The case that a line of a list is about."""

    case_id = IdField(required=True)
    code_display = fields.String(required=True)
    title = fields.String(required=True)
    place_label = fields.String(required=True)
    unit_name = fields.String(required=True)
    case_state_label = fields.String(required=True)


class SupervisionLineSchema(SupervisionSchema, _OfCaseSchema):
    """A line of the list of supervision."""


class SupervisionPageSchema(Schema):
    """A page of it, newest first."""

    items = fields.List(fields.Nested(SupervisionLineSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class SupervisionQuerySchema(Schema):
    """Which supervision."""

    state = fields.String(load_default="open", validate=validate.OneOf(["open", "answered", "all"]))
    cursor = fields.String(load_default=None, validate=validate.Length(max=120))


class CallBackLineSchema(CallBackSchema, _OfCaseSchema):
    """A line of the list of call-backs."""


class CallBackCountsSchema(Schema):
    """How many are owed, and how many of these are late."""

    open = fields.Integer(required=True)
    overdue = fields.Integer(required=True)


class CallBackFiguresSchema(Schema):
    """The last 30 days, by those who were reached; null where there is nobody to count."""

    valid = fields.Integer(required=True)
    solved_rate = fields.Float(required=True, allow_none=True)
    satisfied_rate = fields.Float(required=True, allow_none=True)


class CallBackPageSchema(Schema):
    """A page of call-backs: owed ones soonest due first, others newest first."""

    items = fields.List(fields.Nested(CallBackLineSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    counts = fields.Nested(CallBackCountsSchema, required=True)
    figures = fields.Nested(CallBackFiguresSchema, required=True)


class CallBackQuerySchema(Schema):
    """Which call-backs."""

    state = fields.String(load_default="open", validate=validate.OneOf(["open", "done"]))
    cursor = fields.String(load_default=None, validate=validate.Length(max=120))
