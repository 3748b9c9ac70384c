"""Uploads as phones and the console send and see them."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField


class UploadRequest(Schema):
    """What the phone is about to send."""

    purpose = fields.String(required=True, validate=validate.Length(max=16))
    content_type = fields.String(required=True, validate=validate.Length(max=60))
    size = fields.Integer(required=True, metadata={"description": "bytes"})


class UploadTicketSchema(Schema):
    """One multipart POST: the fields first, then the file under `file_field`, last."""

    id = IdField()
    url = fields.String()
    method = fields.String()
    fields_ = fields.Dict(keys=fields.String(), values=fields.String(), data_key="fields")
    file_field = fields.String()
    expires_at = TimeField()


class PositionSchema(Schema):
    lon = fields.Float()
    lat = fields.Float()


class UploadedSchema(Schema):
    """A checked photo; the position is the camera's, in GCJ-02, offered and then forgotten."""

    id = IdField()
    url = fields.String()
    thumb_url = fields.String()
    width = fields.Integer()
    height = fields.Integer()
    position = fields.Nested(PositionSchema, allow_none=True)


class MediaCardSchema(Schema):
    """A photo of a case."""

    id = IdField()
    role = fields.String()
    url = fields.String()
    thumb_url = fields.String()
    width = fields.Integer()
    height = fields.Integer()
