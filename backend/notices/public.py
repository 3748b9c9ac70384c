"""Routes of 三务公开 for everyone; kept before Flask (kernel/page_cache.py), the same for everybody."""

from __future__ import annotations

from typing import Any

from flask import Response

from backend.identity.guards import public_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.kernel.openapi import said
from backend.kernel.page_cache import depend_on, public_page
from backend.notices import queries, reading, views
from backend.notices.access import get_public
from backend.notices.models import Notice
from backend.notices.publishing import surrogate
from backend.notices.schemas import (
    NoticeCategoriesSchema,
    NoticePageSchema,
    NoticesQuerySchema,
    NoticesSchema,
)
from backend.places.schemas import TownQuery

blueprint = Blueprint(
    "public_notices",
    __name__,
    url_prefix="/api/v1/public",
    guard=public_guard,
    description="三务公开：党务、村务、财务",
)
#: of pages that had to be made: what is kept is not counted
RATE = "60/minute"


def _known(notice_id: str) -> Notice:
    row = get_public(parse_id(notice_id))
    depend_on(surrogate(row.town_id))
    return row


@blueprint.get("/notices")
@public_page(query=NoticesQuerySchema)
@limit(RATE, name="notices.list")
@blueprint.arguments(NoticesQuerySchema, location="query")
@blueprint.response(200, NoticesSchema)
def read_list(given: dict[str, Any]) -> dict[str, Any]:
    """A page of what was published for everybody, newest first."""
    town = queries.town(given["town"])
    depend_on(surrogate(town.id))
    found = queries.published(queries.wanted(town.id, given), given["cursor"])
    return {"items": views.lines(found.items), "next_cursor": found.next_cursor}


@blueprint.get("/notices/categories")
@public_page(query=TownQuery)
@limit(RATE, name="notices.categories")
@blueprint.arguments(TownQuery, location="query")
@blueprint.response(200, NoticeCategoriesSchema)
def read_categories(given: dict[str, Any]) -> dict[str, Any]:
    """What a town publishes, how often and for whom (OPEN-04)."""
    town = queries.town(given["town"])
    depend_on(surrogate(town.id))
    return {"items": views.category_lines(town.id)}


@blueprint.get("/notices/<notice_id>")
@public_page()
@limit(RATE, name="notices.page")
@blueprint.response(200, NoticePageSchema)
def read_notice(notice_id: str) -> dict[str, Any]:
    """A notice with who signed it, its files, and every version with its hash; 404 for what is a village's own."""
    return views.page(_known(notice_id))


@blueprint.get("/notices/<notice_id>/versions/<int:number>")
@public_page()
@limit(RATE, name="notices.version")
@blueprint.doc(responses=said({"type": "object"}))
def read_version(notice_id: str, number: int) -> Response:
    """The canonical text of a version, byte for byte: its SHA-256 is the hash that the page shows (OPEN-05)."""
    return Response(views.canonical(_known(notice_id), number), mimetype="application/json")


@blueprint.route("/notices/<notice_id>/read", methods=["POST"])
@limit(RATE, name="notices.read")
@blueprint.response(204)
def count_reading(notice_id: str) -> None:
    """One more reading. Nothing of the reader is kept."""
    reading.count(get_public(parse_id(notice_id)))
