"""Routes for whoever runs the vote in the village hall."""

from __future__ import annotations

from typing import Any

from flask import g

from backend.identity.guards import requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.polls import offline, queries, schemas
from backend.polls.access import get_poll_for
from backend.polls.policy import PERMISSIONS

blueprint = Blueprint(
    "staff_polls", __name__, url_prefix="/api/v1/staff", guard=staff_guard, description="意见投票"
)


@blueprint.get("/polls/<poll_id>")
@requires(*PERMISSIONS)
@blueprint.response(200, schemas.DeskPollSchema)
def poll(poll_id: str) -> dict[str, Any]:
    """The poll, and how far the offline ballots are."""
    return queries.desk_view(g.actor, get_poll_for(g.actor, parse_id(poll_id)))


@blueprint.post("/polls/<poll_id>/offline")
@requires(*PERMISSIONS)
@blueprint.arguments(schemas.OfflineSchema)
@blueprint.response(200, schemas.DeskPollSchema)
def enter(given: dict[str, Any], poll_id: str) -> dict[str, Any]:
    """One person's count of the ballots on paper; two have to enter the same."""
    entered = offline.enter(g.actor, parse_id(poll_id), given["round"], given["counts"], given["papers"])
    return queries.desk_view(g.actor, entered)


@blueprint.post("/polls/<poll_id>/paper-voters")
@requires(*PERMISSIONS)
@blueprint.arguments(schemas.PaperVoterSchema)
@blueprint.response(204)
def mark(given: dict[str, int], poll_id: str) -> None:
    """A villager votes on paper and gets none on the phone."""
    offline.mark_voter(g.actor, parse_id(poll_id), given["villager_id"])
