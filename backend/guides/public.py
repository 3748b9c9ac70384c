"""Routes of 办事指南 and 便民电话 for everyone. All are kept before Flask and answer everybody alike (ADR 0017)."""

from __future__ import annotations

from typing import Any

from backend.guides import queries
from backend.guides.schemas import GuidePageSchema, GuideQuerySchema, GuideSchema, PhoneListSchema
from backend.identity.guards import public_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.kernel.page_cache import depend_on, public_page
from backend.places.schemas import TownQuery

blueprint = Blueprint(
    "public_guides",
    __name__,
    url_prefix="/api/v1/public",
    guard=public_guard,
    description="办事指南、便民电话",
)
#: of pages that had to be made: what is kept is not counted
RATE = "60/minute"


@blueprint.get("/guides")
@public_page(query=GuideQuerySchema)
@limit(RATE, name="guides.list")
@blueprint.arguments(GuideQuerySchema, location="query")
@blueprint.response(200, GuidePageSchema)
def list_guides(wanted: dict[str, Any]) -> dict[str, Any]:
    """The guides of a town, last updated first; `words` of two characters find what holds them."""
    town_id = queries.town_of(wanted["town"])
    depend_on(queries.surrogate(town_id))
    return queries.public_page_of(town_id, wanted["words"], wanted["group"], wanted["cursor"])


@blueprint.get("/guides/<guide_id>")
@public_page()
@limit(RATE, name="guides.read")
@blueprint.response(200, GuideSchema)
def read_guide(guide_id: str) -> dict[str, Any]:
    """What a person needs for one matter: materials, steps, place, hours, phones, time, fee, basis."""
    row = queries.get_public(parse_id(guide_id))
    depend_on(queries.surrogate(row.town_id))
    return queries.whole(row)


@blueprint.get("/phones")
@public_page(query=TownQuery)
@limit(RATE, name="guides.phones")
@blueprint.arguments(TownQuery, location="query")
@blueprint.response(200, PhoneListSchema)
def list_phones(wanted: dict[str, Any]) -> dict[str, Any]:
    """Every number of a town, in the town's own order."""
    town_id = queries.town_of(wanted["town"])
    depend_on(queries.surrogate(town_id))
    return {"items": queries.phones(town_id)}
