"""Files and written documents of petitions as they are sent and shown."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from backend.kernel.schemas import IdField, Schema

BINARY = {"type": "string", "format": "binary"}
#: the multipart form with one file, for the API document
ONE_FILE: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {"type": "object", "required": ["file"], "properties": {"file": BINARY}}
        }
    },
}


class PetitionFileSchema(Schema):
    """A file that was sent; `size` in bytes, of the cleaned file."""

    id = IdField(required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
