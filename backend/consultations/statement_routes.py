"""Routes of statements and the common ground, for everybody and for residents.

A vote takes no Idempotency-Key: the hash of its body would tell what was said, and saying it twice changes nothing.
"""

from __future__ import annotations

from typing import Any

from backend.comments import queries as comments
from backend.comments.schemas import CommentCursor, OwnCommentSchema
from backend.comments.states import STATEMENT
from backend.consultations import common_ground, statements
from backend.consultations.access import get_public
from backend.consultations.statement_schemas import (
    CommonGroundSchema,
    StatementHandSchema,
    StatementPageSchema,
    StatementTextSchema,
    StatementVotedSchema,
    StatementVoteSchema,
)
from backend.consultations.states import TABLE
from backend.identity.guards import current_actor, public_guard, resident_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit

public_blueprint = Blueprint(
    "public_statements", __name__, url_prefix="/api/v1/public", guard=public_guard, description="看见共识"
)
resident_blueprint = Blueprint(
    "resident_statements",
    __name__,
    url_prefix="/api/v1/resident",
    guard=resident_guard,
    description="看见共识",
)
BLUEPRINTS = (public_blueprint, resident_blueprint)


@public_blueprint.get("/consultations/<topic_id>/statements")
@public_blueprint.arguments(CommentCursor, location="query")
@public_blueprint.response(200, StatementPageSchema)
def read_statements(query: dict[str, Any], topic_id: str) -> Any:
    """The statements of a topic, newest first; what people think of them stands in the common ground."""
    topic = get_public(parse_id(topic_id))
    page = comments.shown(TABLE.kind, topic.id, kinds=[STATEMENT], cursor=query["cursor"])
    told = statements.participants(topic.id)
    return {"items": page.items, "next_cursor": page.next_cursor, "participants": told}


@public_blueprint.get("/consultations/<topic_id>/common-ground")
@public_blueprint.response(200, CommonGroundSchema)
def read_common_ground(topic_id: str) -> Any:
    """What most groups share and what divides, from 20 participants on; nobody's own position."""
    return common_ground.public_view(parse_id(topic_id))


@resident_blueprint.get("/consultations/<topic_id>/statements")
@resident_blueprint.response(200, StatementHandSchema)
def next_statements(topic_id: str) -> Any:
    """The statements that one has not spoken of yet."""
    return statements.hand(current_actor(), parse_id(topic_id))


@resident_blueprint.post("/consultations/<topic_id>/statements")
@limit("6/minute", name="statement_propose")
@idempotent
@resident_blueprint.arguments(StatementTextSchema)
@resident_blueprint.response(201, OwnCommentSchema)
def propose(given: dict[str, str], topic_id: str) -> Any:
    """Put a statement before the others; shown when it has passed the checks."""
    actor = current_actor()
    return comments.own_cards([statements.propose(actor, parse_id(topic_id), given["text"])], actor.id)[0]


@resident_blueprint.post("/statements/<statement_id>/vote")
@limit("120/minute", name="statement_vote")
@resident_blueprint.arguments(StatementVoteSchema)
@resident_blueprint.response(200, StatementVotedSchema)
def vote(given: dict[str, str], statement_id: str) -> Any:
    """Agree, disagree or pass; changeable while the topic takes opinions."""
    return {"voted": True, "left": statements.vote(current_actor(), parse_id(statement_id), given["value"])}
