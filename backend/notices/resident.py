"""Routes of 三务公开 for residents: what everybody reads, and what is for their own village alone (OPEN-17)."""

from __future__ import annotations

from typing import Any

from flask import g

from backend.identity.guards import resident_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.notices import queries, views
from backend.notices.access import get_readable, home_of
from backend.notices.schemas import NoticePageSchema, NoticesQuerySchema, NoticesSchema

blueprint = Blueprint(
    "resident_notices",
    __name__,
    url_prefix="/api/v1/resident",
    guard=resident_guard,
    description="三务公开：本村可见",
)


@blueprint.route("/notices")
@blueprint.arguments(NoticesQuerySchema, location="query")
@blueprint.response(200, NoticesSchema)
def read_list(given: dict[str, Any]) -> dict[str, Any]:
    """A page of what was published for everybody or for the village that has confirmed this resident."""
    of = queries.wanted(queries.town(given["town"]).id, given)
    found = queries.published(of, given["cursor"], home_of(g.actor))
    return {"items": views.lines(found.items), "next_cursor": found.next_cursor}


@blueprint.route("/notices/<notice_id>")
@blueprint.response(200, NoticePageSchema)
def read_notice(notice_id: str) -> dict[str, Any]:
    """A notice that this resident may read; 404 for another village's own."""
    return views.page(get_readable(g.actor, parse_id(notice_id)))
