"""Routes for residents: their own comments, and what they think of others'."""

from __future__ import annotations

from typing import Any

from backend.comments import queries, services
from backend.comments.schemas import (
    CommentCursor,
    FlaggedSchema,
    FlagSchema,
    MyMarksSchema,
    ObjectionSchema,
    OwnCommentPage,
    OwnCommentSchema,
    SecondedSchema,
    SubjectQuery,
)
from backend.identity.guards import current_actor, resident_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit

blueprint = Blueprint(
    "resident_comments", __name__, url_prefix="/api/v1/resident", guard=resident_guard, description="我的发言"
)


@blueprint.get("/comments")
@blueprint.arguments(CommentCursor, location="query")
@blueprint.response(200, OwnCommentPage)
def own_comments(query: dict[str, Any]) -> Any:
    """Everything one said in public, in every state, newest first."""
    return queries.own_page(current_actor().id, query["cursor"])


@blueprint.get("/comment-marks")
@blueprint.arguments(SubjectQuery, location="query")
@blueprint.response(200, MyMarksSchema)
def my_marks(query: dict[str, Any]) -> Any:
    """Which comments of a subject one wrote, seconded and flagged."""
    return queries.my_marks(current_actor().id, query["subject_kind"], query["subject_id"])


@blueprint.delete("/comments/<comment_id>")
@blueprint.response(200, OwnCommentSchema)
def withdraw(comment_id: str) -> Any:
    """Take back one's own comment."""
    actor = current_actor()
    return queries.own_cards([services.withdraw(actor, parse_id(comment_id))], actor.id)[0]


@blueprint.post("/comments/<comment_id>/flag")
@limit("10/minute", name="comment_flag")
@idempotent
@blueprint.arguments(FlagSchema)
@blueprint.response(201, FlaggedSchema)
def flag(given: dict[str, Any], comment_id: str) -> Any:
    """Say that a comment should not stand there; once."""
    row = services.flag(current_actor(), parse_id(comment_id), given["reason"], given["note"])
    return {"id": row.id, "flagged": True}


@blueprint.post("/comments/<comment_id>/objection")
@idempotent
@blueprint.arguments(ObjectionSchema)
@blueprint.response(201, OwnCommentSchema)
def objection(given: dict[str, Any], comment_id: str) -> Any:
    """Object to the hiding of one's own comment; once."""
    actor = current_actor()
    return queries.own_cards([services.object_to(actor, parse_id(comment_id), given["text"])], actor.id)[0]


@blueprint.post("/comments/<comment_id>/second")
@limit("60/minute", name="comment_second")
@idempotent
@blueprint.response(201, SecondedSchema)
def second(comment_id: str) -> Any:
    """Second somebody else's comment."""
    row = services.second(current_actor(), parse_id(comment_id))
    return {"id": row.id, "second_count": row.second_count, "seconded": True}


@blueprint.delete("/comments/<comment_id>/second")
@limit("60/minute", name="comment_second")
@blueprint.response(200, SecondedSchema)
def second_no_more(comment_id: str) -> Any:
    """Take one's second back; again changes nothing."""
    row = services.second_no_more(current_actor(), parse_id(comment_id))
    return {"id": row.id, "second_count": row.second_count, "seconded": False}
