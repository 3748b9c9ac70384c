"""Route for residents: the one step of a poll at which they say who they are."""

from __future__ import annotations

from flask import g

from backend.identity.guards import resident_guard
from backend.kernel.http import Blueprint, leaves_no_line
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.polls import schemas, services
from backend.polls.blind import BYTES

blueprint = Blueprint(
    "resident_polls", __name__, url_prefix="/api/v1/resident", guard=resident_guard, description="意见投票"
)


@blueprint.post("/polls/<poll_id>/paper")
@leaves_no_line
@limit("30/minute", name="poll.paper")
@blueprint.arguments(schemas.BlindedSchema)
@blueprint.response(200, schemas.PaperSchema)
def paper(given: dict[str, str], poll_id: str) -> dict[str, str]:
    """Have a blinded token signed: one for each verified villager; the same again gets the same."""
    signature = services.give_paper(g.actor, parse_id(poll_id), int(given["blinded"], 16))
    return {"signature": f"{signature:0{2 * BYTES}x}"}
