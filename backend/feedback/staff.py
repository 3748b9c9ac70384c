"""Route for staff: what people say of the program."""

from __future__ import annotations

from typing import Any

from backend.feedback import queries
from backend.feedback.schemas import CursorSchema, OpinionsSchema
from backend.identity.guards import requires, staff_guard
from backend.kernel.http import Blueprint

blueprint = Blueprint(
    "staff_feedback",
    __name__,
    url_prefix="/api/v1/staff",
    guard=staff_guard,
    description="群众对本程序的意见",
)


@blueprint.route("/feedback")
@requires("feedback.view")
@blueprint.arguments(CursorSchema, location="query")
@blueprint.response(200, OpinionsSchema)
def opinions(wanted: dict[str, str]) -> Any:
    """Opinions, newest first."""
    return queries.opinions(wanted.get("cursor"))
