"""Schemas of opinions on the program."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField


class GiveSchema(Schema):
    """An opinion as somebody gives it."""

    text = fields.String(required=True, validate=validate.Length(1, 1000, error="请写 1 到 1000 个字"))
    page = fields.String(load_default="", validate=validate.Length(max=200))
    contact = fields.String(load_default="", validate=validate.Length(max=60, error="联系方式最多 60 个字"))


class GivenSchema(Schema):
    """It was taken in."""

    id = IdField(required=True)


class OpinionSchema(Schema):
    """An opinion for staff."""

    id = IdField(required=True)
    text = fields.String(required=True)
    page = fields.String(required=True)
    contact = fields.String(required=True, allow_none=True)
    created_at = TimeField(required=True)


class OpinionsSchema(Schema):
    """A page of opinions."""

    items = fields.List(fields.Nested(OpinionSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class CursorSchema(Schema):
    """Where a list goes on."""

    cursor = fields.String(validate=validate.Length(max=120))
