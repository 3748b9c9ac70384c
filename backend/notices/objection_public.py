"""Routes for everyone: what was asked about a notice, requests to publish, and which village is late (OPEN-08, OPEN-10).

All are kept before Flask (kernel/page_cache.py) and answer everybody alike.
"""

from __future__ import annotations

from typing import Any

from backend.identity.guards import public_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.kernel.page_cache import depend_on, public_page
from backend.notices import objection_source as sources
from backend.notices import objection_views, publishing_request_views, watch_pages
from backend.notices.objection_access import public_request
from backend.notices.objection_schemas import NoticeObjectionsSchema, ObjectionCursorSchema
from backend.notices.publishing import surrogate
from backend.notices.publishing_request_schemas import (
    PublishingRequestPageSchema,
    PublishingRequestQuerySchema,
    PublishingRequestSchema,
)
from backend.notices.watch_schemas import WatchQuerySchema, WatchSchema
from backend.places.queries import town_id_of

blueprint = Blueprint(
    "public_objections",
    __name__,
    url_prefix="/api/v1/public",
    guard=public_guard,
    description="三务公开：提问和异议、依申请公开、逾期公示",
)
#: of pages that had to be made: what is kept is not counted
RATE = "60/minute"


def _town(code: str) -> int:
    town_id = town_id_of(code)
    depend_on(surrogate(town_id))
    return town_id


@blueprint.get("/notices/<notice_id>/objections")
@public_page(query=ObjectionCursorSchema)
@limit(RATE, name="objections.list")
@blueprint.arguments(ObjectionCursorSchema, location="query")
@blueprint.response(200, NoticeObjectionsSchema)
def read_objections(wanted: dict[str, Any], notice_id: str) -> dict[str, Any]:
    """What villagers asked about a notice, with the answers; late ones say by how many days (OPEN-08)."""
    source = sources.public(parse_id(notice_id))
    depend_on(surrogate(source.town_id))
    return objection_views.of_notice(source, wanted["cursor"])


@blueprint.get("/notices/watch")
@public_page(query=WatchQuerySchema)
@limit(RATE, name="watch.read")
@blueprint.arguments(WatchQuerySchema, location="query")
@blueprint.response(200, WatchSchema)
def read_watch(wanted: dict[str, Any]) -> dict[str, Any]:
    """Which village is late with what, what the town ordered, and how every village keeps its dates (OPEN-04).

    `village` and `state` narrow what is late; the villages' counts stand on the first page.
    """
    return watch_pages.page(
        _town(wanted["town"]), village_id=wanted["village"], state=wanted["state"], cursor=wanted["cursor"]
    )


@blueprint.get("/publishing-requests")
@public_page(query=PublishingRequestQuerySchema)
@limit(RATE, name="requests.list")
@blueprint.arguments(PublishingRequestQuerySchema, location="query")
@blueprint.response(200, PublishingRequestPageSchema)
def list_requests(wanted: dict[str, Any]) -> dict[str, Any]:
    """The requests of a town or of one village, newest first, each with its counter (OPEN-03)."""
    town_id = _town(wanted["town"])
    return publishing_request_views.public_page(town_id, wanted["village"], wanted["cursor"])


@blueprint.get("/publishing-requests/<request_id>")
@public_page()
@limit(RATE, name="requests.read")
@blueprint.response(200, PublishingRequestSchema)
def read_request(request_id: str) -> dict[str, Any]:
    """One request: the counter, the answer or the reasons."""
    row = public_request(parse_id(request_id))
    depend_on(surrogate(row.town_id))
    return publishing_request_views.lines([row])[0]
