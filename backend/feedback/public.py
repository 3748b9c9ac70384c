"""Route for everyone: 给本程序提意见."""

from __future__ import annotations

from typing import Any

from backend.feedback import services
from backend.feedback.schemas import GivenSchema, GiveSchema
from backend.identity.guards import public_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.limits import limit

blueprint = Blueprint(
    "public_feedback", __name__, url_prefix="/api/v1/public", guard=public_guard, description="给本程序提意见"
)


@blueprint.route("/feedback", methods=["POST"])
@limit("2/minute", name="feedback")
@idempotent
@blueprint.arguments(GiveSchema)
@blueprint.response(201, GivenSchema)
def give(given: dict[str, Any]) -> Any:
    """Say what is good or bad about the program itself."""
    return services.give(**given)
