"""Files and written documents of petitions as they are sent and shown."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField
from backend.petitions.templates import BODY_MOST, HEADING_MOST
from backend.petitions.uploads import PDF, PHOTO
from backend.petitions.words import DELIVERY_WAYS, SIGNED, STANCES

BINARY = {"type": "string", "format": "binary"}
#: a file that was sent comes back as what it is: a photo, or a PDF
PHOTO_OR_PDF: dict[str, Any] = {
    "200": {"description": "OK", "content": {kind: {"schema": BINARY} for kind in (PHOTO, PDF)}}
}
#: the multipart form with one file, for the API document
ONE_FILE: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": BINARY, "name": {"type": "string"}},
            }
        }
    },
}


class PetitionFileSchema(Schema):
    """A file that was sent; `size` in bytes, of the cleaned file."""

    id = IdField(required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)


class DeliverySchema(Schema):
    """How a notice was delivered (§1.3); the stance may be left out."""

    way = fields.String(required=True, validate=validate.OneOf(list(DELIVERY_WAYS)))
    delivered_on = fields.Date(required=True)
    signed = fields.String(required=True, validate=validate.OneOf(list(SIGNED)))
    stance = fields.String(load_default="", validate=validate.OneOf(["", *STANCES]))


class DeliveredSchema(Schema):
    """A document with its delivery."""

    id = IdField(required=True)
    number = fields.String(required=True)
    delivered_on = fields.Date(required=True)
    way = fields.String(required=True)
    signed = fields.String(required=True)
    stance = fields.String(required=True)


class TemplatePlaceSchema(Schema):
    """A name that may stand in a text as {{ name }}."""

    name = fields.String(required=True)
    meaning = fields.String(required=True)
    required = fields.Boolean(required=True)


class PetitionTemplateSchema(Schema):
    """The text of one kind of document; `version` 0 while the town has none of its own."""

    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    heading = fields.String(required=True)
    body = fields.String(required=True)
    version = fields.Integer(required=True)
    edited_at = TimeField(required=True, allow_none=True)
    default_heading = fields.String(required=True)
    default_body = fields.String(required=True)
    places = fields.List(fields.Nested(TemplatePlaceSchema), required=True)


class PetitionTemplatesSchema(Schema):
    """Every kind of document."""

    items = fields.List(fields.Nested(PetitionTemplateSchema), required=True)


class PetitionTemplatePreviewSchema(Schema):
    """A text to be looked at as a page."""

    heading = fields.String(required=True, validate=validate.Length(min=1, max=HEADING_MOST))
    body = fields.String(required=True, validate=validate.Length(min=1, max=BODY_MOST))


class PetitionTemplateChangeSchema(Schema):
    """A text as the town wants it; `version` is the one that was seen."""

    version = fields.Integer(required=True)
    heading = fields.String(required=True, validate=validate.Length(min=1, max=HEADING_MOST))
    body = fields.String(required=True, validate=validate.Length(min=1, max=BODY_MOST))
