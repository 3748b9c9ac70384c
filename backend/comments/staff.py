"""Routes for moderators where a comment stands, and for who answers. The queue itself is moderation's."""

from __future__ import annotations

from typing import Any

from backend.comments import queries, services
from backend.comments.schemas import (
    AnswerSchema,
    HideSchema,
    ShowSchema,
    StaffCommentPage,
    StaffCommentQuery,
    StaffCommentSchema,
)
from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id

blueprint = Blueprint(
    "staff_comments", __name__, url_prefix="/api/v1/staff", guard=staff_guard, description="公开发言"
)


@blueprint.get("/comments")
@requires(queries.PERMISSION)
@blueprint.arguments(StaffCommentQuery, location="query")
@blueprint.response(200, StaffCommentPage)
def comments(query: dict[str, Any]) -> Any:
    """What was said about one thing, in every state, newest first."""
    return queries.for_staff(current_actor(), **query)


@blueprint.post("/comments/<comment_id>/hide")
@requires(queries.PERMISSION)
@blueprint.arguments(HideSchema)
@blueprint.response(200, StaffCommentSchema)
def hide(given: dict[str, Any], comment_id: str) -> Any:
    """Hide a comment; its author is told why, and may object once."""
    row = services.hide(current_actor(), parse_id(comment_id), given["reason"], given["note"])
    return queries.staff_cards([row])[0]


@blueprint.post("/comments/<comment_id>/show")
@requires(queries.PERMISSION)
@blueprint.arguments(ShowSchema)
@blueprint.response(200, StaffCommentSchema)
def show(given: dict[str, Any], comment_id: str) -> Any:
    """Let a comment be shown, or shown again."""
    return queries.staff_cards([services.show(current_actor(), parse_id(comment_id), given["note"])])[0]


@blueprint.post("/comments/<comment_id>/answer")
@requires("consult.manage", "wall.write")
@blueprint.arguments(AnswerSchema)
@blueprint.response(200, StaffCommentSchema)
def answer(given: dict[str, Any], comment_id: str) -> Any:
    """Answer a question in public."""
    actor = current_actor()
    row = queries.get_to_answer(actor, parse_id(comment_id))
    return queries.staff_cards([services.answer(actor, row.id, given["answer"], actor.unit_name)])[0]
