"""Routes of 问题回音壁 for everyone: found by village, category, unit, month and words; feed and open data.

All are kept before Flask (kernel/page_cache.py) and answer everybody alike.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response

from backend.identity.guards import public_guard
from backend.kernel import atom
from backend.kernel.http import Blueprint, json_response
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.kernel.openapi import said
from backend.kernel.page_cache import depend_on, public_page
from backend.places.schemas import TownQuery
from backend.wall import feeds, public_pages
from backend.wall import public_queries as wall
from backend.wall.public_schemas import (
    OpenWallQuerySchema,
    OpenWallSchema,
    PublicWallCursorSchema,
    PublicWallEntrySchema,
    PublicWallFilterSchema,
    PublicWallFiltersSchema,
    PublicWallFollowUpsSchema,
    PublicWallListSchema,
    PublicWallMapQuerySchema,
    PublicWallMapSchema,
    PublicWallQuerySchema,
)
from backend.wall.states import PUBLISHED

blueprint = Blueprint(
    "public_wall",
    __name__,
    url_prefix="/api/v1/public",
    guard=public_guard,
    description="问题回音壁：公开阅读、订阅、开放数据",
)
#: of pages that had to be made: what is kept is not counted
RATE = "60/minute"


def _wanted(given: dict[str, Any]) -> wall.Wanted:
    town = wall.town(given["town"])
    depend_on(wall.surrogate(town.id))
    return wall.wanted(town.id, given)


@blueprint.get("/wall")
@public_page(query=PublicWallQuerySchema)
@limit(RATE, name="wall.list")
@blueprint.arguments(PublicWallQuerySchema, location="query")
@blueprint.doc(responses=said(PublicWallListSchema))
def read_list(given: dict[str, Any]) -> Response:
    """A page of what became of things: newest, most followed, or longest unanswered first."""
    found = wall.page(_wanted(given), given["order"], given["cursor"])
    return json_response({"items": found.items, "next_cursor": found.next_cursor})


@blueprint.get("/wall/map")
@public_page(query=PublicWallMapQuerySchema)
@limit(RATE, name="wall.map")
@blueprint.arguments(PublicWallMapQuerySchema, location="query")
@blueprint.doc(responses=said(PublicWallMapSchema))
def read_map(given: dict[str, Any]) -> Response:
    """How much was done where: counts at the centres of micro-grids, grids or villages."""
    return json_response({"items": public_pages.on_map(_wanted(given))})


@blueprint.get("/wall/filters")
@public_page(query=TownQuery)
@limit(RATE, name="wall.filters")
@blueprint.arguments(TownQuery, location="query")
@blueprint.response(200, PublicWallFiltersSchema)
def read_filters(given: dict[str, Any]) -> dict[str, Any]:
    """The villages, categories, units and months of which something stands on the wall."""
    return public_pages.filters(_wanted(given).town_id)


@blueprint.get("/wall/<entry_id>")
@public_page()
@limit(RATE, name="wall.entry")
@blueprint.doc(responses=said(PublicWallEntrySchema))
def read_entry(entry_id: str) -> Response:
    """An entry with its follow-up questions; of one that was taken down the dated notes."""
    row = wall.known(entry_id=parse_id(entry_id))
    depend_on(wall.surrogate(row.town_id))
    return json_response(public_pages.entry(row))


@blueprint.get("/wall/<entry_id>/follow-ups")
@public_page(query=PublicWallCursorSchema)
@limit(RATE, name="wall.follow_ups")
@blueprint.arguments(PublicWallCursorSchema, location="query")
@blueprint.doc(responses=said(PublicWallFollowUpsSchema))
def read_follow_ups(given: dict[str, Any], entry_id: str) -> Response:
    """Further follow-up questions of an entry."""
    row = wall.known(entry_id=parse_id(entry_id))
    depend_on(wall.surrogate(row.town_id))
    if row.state != PUBLISHED:
        raise wall.MISSING
    found = public_pages.follow_ups(row.id, given["cursor"])
    return json_response({"items": found.items, "next_cursor": found.next_cursor})


@blueprint.get("/wall.atom")
@public_page(query=PublicWallFilterSchema)
@limit(RATE, name="wall.feed")
@blueprint.arguments(PublicWallFilterSchema, location="query")
@blueprint.doc(responses=atom.ANSWER)
def read_feed(given: dict[str, Any]) -> Response:
    """The newest fifty as an Atom feed, by the filters of the list."""
    of = _wanted(given)
    query = urlencode(sorted((name, str(value)) for name, value in given.items() if value))
    made = feeds.of_list(wall.town(given["town"]), query, wall.entries(of, None, feeds.FEED_MOST).items)
    return Response(made, mimetype=atom.MIMETYPE)


@blueprint.get("/wall/<entry_id>/atom")
@public_page()
@limit(RATE, name="wall.feed")
@blueprint.doc(responses=atom.ANSWER)
def read_entry_feed(entry_id: str) -> Response:
    """An entry and its follow-up questions as an Atom feed."""
    row = wall.known(entry_id=parse_id(entry_id))
    depend_on(wall.surrogate(row.town_id))
    if row.state != PUBLISHED:
        raise wall.MISSING
    return Response(feeds.of_entry(row, public_pages.follow_ups(row.id, None).items), mimetype=atom.MIMETYPE)


@blueprint.get("/wall.json")
@public_page(query=OpenWallQuerySchema)
@limit(RATE, name="wall.open")
@blueprint.arguments(OpenWallQuerySchema, location="query")
@blueprint.doc(responses=said(OpenWallSchema))
def read_open_data(given: dict[str, Any]) -> Response:
    """The wall as open data, without persons."""
    return json_response(public_pages.open_data(_wanted(given), given["cursor"]))
