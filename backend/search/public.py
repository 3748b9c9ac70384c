"""Routes for everyone: one box over everything public, a village's own page and its code, a feed.

All are kept before Flask (kernel/page_cache.py) and answer everybody alike.
"""

from __future__ import annotations

from typing import Any

from flask import Response

from backend.identity.guards import public_guard
from backend.integrations.wechat.protocol import WeChatError
from backend.kernel import atom
from backend.kernel.errors import Unavailable
from backend.kernel.http import Blueprint, json_response
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.kernel.openapi import said
from backend.kernel.page_cache import depend_on, public_page
from backend.places.queries import town_id_of
from backend.search import everything, feed, village_home
from backend.search.everything import Asked
from backend.search.schemas import FeedQuerySchema, FoundPageSchema, SearchQuerySchema, VillageHomeSchema
from backend.search.services import surrogate

blueprint = Blueprint(
    "public_search",
    __name__,
    url_prefix="/api/v1/public",
    guard=public_guard,
    description="搜索和村级主页：公开",
)
#: of pages that had to be made: what is kept is not counted
RATE = "60/minute"
PICTURE = said({"type": "string", "format": "binary"}, "image/png", "PNG")


@blueprint.get("/search")
@public_page(query=SearchQuerySchema)
@limit(RATE, name="search")
@blueprint.arguments(SearchQuerySchema, location="query")
@blueprint.doc(responses=said(FoundPageSchema))
def search(given: dict[str, Any]) -> Response:
    """Everything public that holds all the words, newest first; words of two characters work."""
    town_id = town_id_of(given["town"])
    depend_on(surrogate(town_id))
    found = everything.find(Asked(town_id, given["words"], given["kind"], given["village"]), given["cursor"])
    return json_response({"items": found.items, "next_cursor": found.next_cursor})


@blueprint.get("/villages/<village_id>/home")
@public_page()
@limit(RATE, name="search.village")
@blueprint.doc(responses=said(VillageHomeSchema))
def read_village(village_id: str) -> Response:
    """A village's own page: its money, what is new, what it owes."""
    card = village_home.village(parse_id(village_id))
    depend_on(surrogate(card.places["town"]))
    return json_response(village_home.home(card))


@blueprint.get("/villages/<village_id>/code.png")
@limit(RATE, name="search.code")
@blueprint.doc(responses=PICTURE)
def read_code(village_id: str) -> Response:
    """The mini-program code of a village's page, to print or to pass on."""
    card = village_home.village(parse_id(village_id))
    try:
        picture = village_home.code_picture(card)
    except WeChatError as error:
        raise Unavailable("code_later", "小程序码暂时取不到，请过一会儿再试。") from error
    return Response(picture, mimetype="image/png", headers={"Cache-Control": "public, max-age=86400"})


@blueprint.get("/news.atom")
@public_page(query=FeedQuerySchema)
@limit(RATE, name="search.feed")
@blueprint.arguments(FeedQuerySchema, location="query")
@blueprint.doc(responses=atom.ANSWER)
def read_feed(given: dict[str, Any]) -> Response:
    """The newest of everything public, of a kind or a village, for those who follow it without an account."""
    town_id = town_id_of(given["town"])
    depend_on(surrogate(town_id))
    made = feed.newest(town_id, given["kind"], given["village"])
    return Response(made, mimetype=atom.MIMETYPE)
