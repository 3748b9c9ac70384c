"""Routes of 邻里互助 for everyone: what stands there now. Kept before Flask (ADR 0017)."""

from __future__ import annotations

from typing import Any

from backend.identity.guards import public_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.kernel.page_cache import depend_on, public_page
from backend.neighbours import queries, views
from backend.neighbours.access import get_public
from backend.neighbours.schemas import NeighbourPageSchema, NeighbourPostSchema, NeighbourQuerySchema
from backend.neighbours.services import surrogate

blueprint = Blueprint(
    "public_neighbours", __name__, url_prefix="/api/v1/public", guard=public_guard, description="邻里互助"
)
#: of pages that had to be made: what is kept is not counted
RATE = "60/minute"


@blueprint.get("/neighbours")
@public_page(query=NeighbourQuerySchema)
@limit(RATE, name="neighbours.list")
@blueprint.arguments(NeighbourQuerySchema, location="query")
@blueprint.response(200, NeighbourPageSchema)
def list_posts(wanted: dict[str, Any]) -> dict[str, Any]:
    """Offers and requests that stand there now, newest first."""
    town_id = queries.town_of(wanted["town"])
    depend_on(surrogate(town_id))
    page = queries.public_page_of(
        town_id, wanted["kind"], wanted["category"], wanted["village"], wanted["words"], wanted["cursor"]
    )
    return views.lines(page)


@blueprint.get("/neighbours/<post_id>")
@public_page()
@limit(RATE, name="neighbours.read")
@blueprint.response(200, NeighbourPostSchema)
def read_post(post_id: str) -> dict[str, Any]:
    """One post; who wrote it stands nowhere."""
    row = get_public(parse_id(post_id))
    depend_on(surrogate(row.town_id))
    return views.public_view(row)
