"""Route for everyone: how much of what people said was hidden, and why."""

from __future__ import annotations

from typing import Any

from backend.comments import moderators
from backend.comments.schemas import LogQuery, LogSchema
from backend.comments.states import REASONS
from backend.identity.guards import public_guard
from backend.kernel.http import Blueprint
from backend.places import queries as places

blueprint = Blueprint(
    "public_comments", __name__, url_prefix="/api/v1/public", guard=public_guard, description="公开发言"
)


@blueprint.get("/comments/log")
@blueprint.arguments(LogQuery, location="query")
@blueprint.response(200, LogSchema)
def log(query: dict[str, str]) -> Any:
    """What was hidden in a town, in numbers by month and reason."""
    reasons = [{"code": code, "label": label} for code, label in REASONS.items()]
    return {"items": moderators.log(places.town_id_of(query["town"])), "reasons": reasons}
