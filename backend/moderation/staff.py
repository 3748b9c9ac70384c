"""Routes for those who decide what may be shown in public."""

from __future__ import annotations

from typing import Any

from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.moderation import queries, services
from backend.moderation.schemas import DecideSchema, ReviewItem, ReviewPage, ReviewQuery

blueprint = Blueprint(
    "staff_moderation", __name__, url_prefix="/api/v1/staff", guard=staff_guard, description="内容复核"
)


@blueprint.get("/content-reviews")
@requires(queries.PERMISSION)
@blueprint.arguments(ReviewQuery, location="query")
@blueprint.response(200, ReviewPage)
def reviews(query: dict[str, Any]) -> Any:
    """What people posted, by state, newest first."""
    actor = current_actor()
    page = queries.reviews(actor, query["state"], query["cursor"])
    return {
        "items": page.items,
        "next_cursor": page.next_cursor,
        "waiting": queries.counts(actor)["needs_person"],
    }


@blueprint.post("/content-reviews/<review_id>/decide")
@requires(queries.PERMISSION)
@blueprint.arguments(DecideSchema)
@blueprint.response(200, ReviewItem)
def decide(given: dict[str, Any], review_id: str) -> Any:
    """Whether one text or photo may be shown in public."""
    row = services.decide(
        current_actor(),
        parse_id(review_id),
        given["decision"],
        given["state"],
        given["reason"],
        given["reason_code"],
    )
    return queries.item(row)
