"""Routes of announcements: one's own, and those of who administers them."""

from __future__ import annotations

from typing import Any

from flask import g

from backend.announcements import policy, queries, schemas, services
from backend.identity.guards import requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import parse_id

blueprint = Blueprint(
    "staff_announcements", __name__, url_prefix="/api/v1/staff", guard=staff_guard, description="公告"
)
MANAGE = "settings.manage"


@blueprint.get("/announcements/mine")
@blueprint.response(200, schemas.MyAnnouncementsSchema)
def read_mine() -> dict[str, Any]:
    """What is announced to one, and how much of it one has not read."""
    items = queries.mine(g.actor)
    return {"items": items, "unread": sum(1 for item in items if item["read_at"] is None)}


@blueprint.post("/announcements/<announcement_id>/read")
@blueprint.response(204)
def note_read(announcement_id: str) -> None:
    """Say that one has read it; the first time counts."""
    services.read(g.actor, parse_id(announcement_id))


@blueprint.get("/announcements")
@requires(MANAGE)
@blueprint.response(200, schemas.AnnouncementsSchema)
def list_announcements() -> dict[str, Any]:
    """The town's announcements with how many have read each."""
    return {"items": queries.of_town(g.actor)}


@blueprint.post("/announcements")
@idempotent
@requires(MANAGE)
@blueprint.arguments(schemas.NewAnnouncementSchema)
@blueprint.response(201, schemas.AnnouncementSchema)
def draft(given: dict[str, Any]) -> dict[str, Any]:
    """Draft an announcement; nobody sees it yet."""
    policy.town_of(g.actor)
    return queries.one_of_town(services.draft(g.actor, given))


@blueprint.patch("/announcements/<announcement_id>")
@requires(MANAGE)
@blueprint.arguments(schemas.ChangedAnnouncementSchema)
@blueprint.response(200, schemas.AnnouncementSchema)
def change(given: dict[str, Any], announcement_id: str) -> dict[str, Any]:
    """Change a draft; 409 when it is published, or changed since `version`."""
    return queries.one_of_town(services.change(g.actor, parse_id(announcement_id), given))


@blueprint.post("/announcements/<announcement_id>/publish")
@requires(MANAGE)
@blueprint.arguments(schemas.SeenAnnouncementSchema)
@blueprint.response(200, schemas.AnnouncementSchema)
def publish(given: dict[str, Any], announcement_id: str) -> dict[str, Any]:
    """Show it to those it is for."""
    return queries.one_of_town(services.publish(g.actor, parse_id(announcement_id), given["version"]))


@blueprint.post("/announcements/<announcement_id>/withdraw")
@requires(MANAGE)
@blueprint.arguments(schemas.SeenAnnouncementSchema)
@blueprint.response(200, schemas.AnnouncementSchema)
def withdraw(given: dict[str, Any], announcement_id: str) -> dict[str, Any]:
    """Take it back."""
    return queries.one_of_town(services.withdraw(g.actor, parse_id(announcement_id), given["version"]))


@blueprint.get("/announcements/<announcement_id>/readers")
@requires(MANAGE)
@blueprint.response(200, schemas.ReadersSchema)
def readers(announcement_id: str) -> dict[str, Any]:
    """Who has read it and when, and who has not."""
    return queries.readers(g.actor, parse_id(announcement_id))
