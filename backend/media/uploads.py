"""The upload routes, one implementation for residents and staff.

Media stands beside identity, not above it: the guard is handed in by app.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g

from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.media import queries, services
from backend.media.models import MediaFile
from backend.media.schemas import UploadedSchema, UploadRequest, UploadTicketSchema


def upload_routes(name: str, url_prefix: str, description: str, guard: Callable[[], None]) -> Blueprint:
    """POST /uploads, POST /uploads/<id>/complete, DELETE /uploads/<id> behind a guard."""
    blueprint = Blueprint(name, __name__, guard=guard, url_prefix=url_prefix, description=description)

    @blueprint.post("/uploads")
    @idempotent
    @limit("60/minute", name="uploads")
    @blueprint.arguments(UploadRequest)
    @blueprint.response(201, UploadTicketSchema)
    def open_upload(data: dict[str, Any]) -> dict[str, Any]:
        """A ticket for one photo."""
        return _ticket(services.open_ticket(g.actor, **data))

    @blueprint.post("/uploads/<media_id>/complete")
    @limit("60/minute", name="uploads_complete")
    @blueprint.response(200, UploadedSchema)
    def complete_upload(media_id: str) -> dict[str, Any]:
        """The photo is sent: check it and keep it."""
        return _uploaded(services.complete(g.actor, parse_id(media_id)))

    @blueprint.delete("/uploads/<media_id>")
    @blueprint.response(204)
    def remove_upload(media_id: str) -> None:
        """Take the photo back."""
        services.remove(g.actor, parse_id(media_id))

    return blueprint


def _ticket(opened: services.OpenedTicket) -> dict[str, Any]:
    ticket = opened.ticket
    return {
        "id": opened.id,
        "url": ticket.url,
        "method": ticket.method,
        "fields_": ticket.fields,
        "file_field": ticket.file_field,
        "expires_at": ticket.expires_at,
    }


def _uploaded(row: MediaFile) -> dict[str, Any]:
    position = None if row.lon is None else {"lon": row.lon, "lat": row.lat}
    shown = queries.card(row)
    return {
        "id": shown.id,
        "url": shown.url,
        "thumb_url": shown.thumb_url,
        "width": shown.width,
        "height": shown.height,
        "position": position,
    }
