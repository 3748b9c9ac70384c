"""The actions that a viewer may take, as every kind of subject offers them."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import Schema


class OptionSchema(Schema):
    """One choice of a field."""

    value = fields.String(required=True)
    label = fields.String(required=True)


class ActionFieldSchema(Schema):
    """Something an action demands or takes."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    kind = fields.String(
        required=True,
        validate=validate.OneOf(["text", "line", "choice", "photos", "assignee", "rating", "date", "case"]),
    )
    required = fields.Boolean(required=True)
    max = fields.Integer(required=True, allow_none=True)
    options = fields.List(fields.Nested(OptionSchema), required=True)
    value = fields.String(required=True, allow_none=True)


class ActionSchema(Schema):
    """An action that this viewer may take now."""

    action = fields.String(required=True)
    label = fields.String(required=True)
    tone = fields.String(required=True, validate=validate.OneOf(["primary", "danger", "plain"]))
    fields_ = fields.List(
        fields.Nested(ActionFieldSchema), required=True, data_key="fields", attribute="fields"
    )
