"""Routes of 党的声音传万家 for everyone; kept before Flask (kernel/page_cache.py), the same for everybody."""

from __future__ import annotations

from typing import Any

from backend.bulletin import queries, views
from backend.bulletin.schemas import (
    ArchiveSchema,
    ArticleSchema,
    ArticlesQuerySchema,
    ArticlesSchema,
    SeriesListSchema,
    VolumesSchema,
)
from backend.bulletin.shown import surrogate
from backend.identity.guards import public_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.kernel.page_cache import depend_on, public_page
from backend.places.schemas import TownQuery

blueprint = Blueprint(
    "public_bulletin",
    __name__,
    url_prefix="/api/v1/public",
    guard=public_guard,
    description="党的声音传万家：文章、录音、年度合订本",
)
#: of pages that had to be made: what is kept is not counted
RATE = "60/minute"


def _town(code: str) -> Any:
    town = queries.town(code)
    depend_on(surrogate(town.id))
    return town


@blueprint.get("/articles")
@public_page(query=ArticlesQuerySchema)
@limit(RATE, name="bulletin.list")
@blueprint.arguments(ArticlesQuerySchema, location="query")
@blueprint.response(200, ArticlesSchema)
def read_list(given: dict[str, Any]) -> dict[str, Any]:
    """A page of articles, newest first; of a village: also what is for the whole town."""
    found = queries.public(queries.wanted(_town(given["town"]).id, given), given["cursor"])
    return {"items": views.lines(found.items), "next_cursor": found.next_cursor}


@blueprint.get("/articles/archive")
@public_page(query=TownQuery)
@limit(RATE, name="bulletin.archive")
@blueprint.arguments(TownQuery, location="query")
@blueprint.response(200, ArchiveSchema)
def read_archive(given: dict[str, Any]) -> dict[str, Any]:
    """The months that have articles, and how many."""
    return {"items": queries.archive(_town(given["town"]).id)}


@blueprint.get("/articles/<article_id>")
@public_page()
@limit(RATE, name="bulletin.article")
@blueprint.response(200, ArticleSchema)
def read_article(article_id: str) -> dict[str, Any]:
    """An article; of one that was withdrawn its title and the dated notes."""
    row = queries.known(parse_id(article_id))
    depend_on(surrogate(row.town_id))
    return views.public_page(row)


@blueprint.get("/series")
@public_page(query=TownQuery)
@limit(RATE, name="bulletin.series")
@blueprint.arguments(TownQuery, location="query")
@blueprint.response(200, SeriesListSchema)
def read_series(given: dict[str, Any]) -> dict[str, Any]:
    """The series of a town in their order."""
    return {"items": views.series_lines(_town(given["town"]).id, all_of_them=False)}


@blueprint.get("/volumes")
@public_page(query=TownQuery)
@limit(RATE, name="bulletin.volumes")
@blueprint.arguments(TownQuery, location="query")
@blueprint.response(200, VolumesSchema)
def read_volumes(given: dict[str, Any]) -> dict[str, Any]:
    """The years that are bound as PDF, newest first."""
    return {"items": views.volume_lines(queries.volumes(_town(given["town"]).id, ready=True))}
