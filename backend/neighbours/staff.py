"""Routes of 邻里互助 for moderators: what stands there, taken down with a reason, put back."""

from __future__ import annotations

from typing import Any

from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.errors import NotFound
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.neighbours import policy, queries, services, views
from backend.neighbours.access import get_for_staff
from backend.neighbours.schemas import (
    NeighbourJudgePostSchema,
    StaffNeighbourPageSchema,
    StaffNeighbourQuerySchema,
    StaffNeighbourSchema,
)

blueprint = Blueprint(
    "staff_neighbours",
    __name__,
    url_prefix="/api/v1/staff",
    guard=staff_guard,
    description="邻里互助：查看、撤下",
)
ACTIONS = {"show": True, "take_down": False}


@blueprint.get("/neighbours")
@requires(policy.REVIEW)
@blueprint.arguments(StaffNeighbourQuerySchema, location="query")
@blueprint.response(200, StaffNeighbourPageSchema)
def list_posts(wanted: dict[str, Any]) -> dict[str, Any]:
    """The posts of the actor's towns, newest first; no author."""
    return views.staff_page(queries.of_desk(current_actor(), wanted["view"], wanted["cursor"]))


@blueprint.get("/neighbours/<post_id>")
@requires(policy.REVIEW)
@blueprint.response(200, StaffNeighbourSchema)
def read_post(post_id: str) -> dict[str, Any]:
    """One post with its flags."""
    return views.staff_view(get_for_staff(current_actor(), parse_id(post_id)))


@blueprint.post("/neighbours/<post_id>/actions/<action>")
@idempotent_when_keyed
@requires(policy.REVIEW)
@limit("60/minute", name="neighbours.judge")
@blueprint.arguments(NeighbourJudgePostSchema)
@blueprint.response(200, StaffNeighbourSchema)
def act(given: dict[str, str], post_id: str, action: str) -> dict[str, Any]:
    """take_down with a reason that its author reads, or show."""
    post = get_for_staff(current_actor(), parse_id(post_id))
    if action not in ACTIONS:
        raise NotFound
    row = services.judge(
        current_actor(), post.id, shown=ACTIONS[action], reason=given["reason"], note=given["note"]
    )
    return views.staff_view(row)
