"""Routes for everybody: look at a poll, and put a ballot into the box. Nobody is asked who they are.

The ballot's address takes no login: one that comes with it is refused, so that a mistaken page shows at once.
"""

from __future__ import annotations

from typing import Any

from flask import request

from backend.identity.guards import public_guard
from backend.kernel.errors import Invalid
from backend.kernel.http import Blueprint, leaves_no_line
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit_unnamed
from backend.polls import queries, schemas, services
from backend.polls.access import get_public_poll

blueprint = Blueprint(
    "public_polls", __name__, url_prefix="/api/v1/public", guard=public_guard, description="意见投票"
)
NAMELESS = "投票时不能带登录信息，这样谁也不知道票是谁投的。请更新页面后再投，您的选票还在。"


@blueprint.get("/polls/<poll_id>")
@blueprint.response(200, schemas.PollSchema)
def poll(poll_id: str) -> dict[str, Any]:
    """Question, options, key, times, turnout; the result once it is counted."""
    return queries.public_view(get_public_poll(parse_id(poll_id)))


@blueprint.post("/polls/<poll_id>/ballots")
@leaves_no_line
@limit_unnamed("3000/minute", name="ballots")
@blueprint.arguments(schemas.BallotSchema)
@blueprint.response(200, schemas.CastSchema)
def cast(given: dict[str, str], poll_id: str) -> dict[str, str]:
    """Vote, or vote anew with the same token until the poll closes."""
    if "Authorization" in request.headers:
        raise Invalid("ballot_with_name", NAMELESS)
    token, signature = bytes.fromhex(given["token"]), int(given["signature"], 16)
    services.cast(parse_id(poll_id), token, signature, given["option"])
    return {"option": given["option"]}
