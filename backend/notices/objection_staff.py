"""Routes for staff: answer questions in public, answer requests to publish, watch what is owed and order it."""

from __future__ import annotations

from typing import Any

from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent, idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.notices import objection_policy as policy
from backend.notices import (
    objection_services,
    objection_views,
    publishing_request_rolls,
    publishing_request_services,
    watch_queries,
    watch_services,
)
from backend.notices import publishing_request_views as request_views
from backend.notices.objection_schemas import (
    ObjectionActSchema,
    StaffObjectionQuerySchema,
    StaffObjectionSchema,
    StaffObjectionsSchema,
)
from backend.notices.publishing_request_schemas import (
    EnterRollSchema,
    PublishingRequestActSchema,
    StaffPublishingRequestPageSchema,
    StaffPublishingRequestQuerySchema,
    StaffPublishingRequestSchema,
    VillageRollsSchema,
)
from backend.notices.watch_schemas import StaffWatchSchema, WatchOrderedSchema, WatchOrderSchema

blueprint = Blueprint(
    "staff_objections",
    __name__,
    url_prefix="/api/v1/staff",
    guard=staff_guard,
    description="三务公开：答复异议、依申请公开、频次督促",
)


@blueprint.get("/objections")
@requires(*policy.LOOKERS)
@blueprint.arguments(StaffObjectionQuerySchema, location="query")
@blueprint.response(200, StaffObjectionsSchema)
def list_objections(wanted: dict[str, Any]) -> dict[str, Any]:
    """The questions about notices of the villages, or the town, in reach; newest first."""
    return objection_views.for_desk(current_actor(), wanted["view"], wanted["cursor"])


@blueprint.post("/objections/<objection_id>/actions/<action>")
@requires(*policy.LOOKERS)
@idempotent_when_keyed
@limit("60/minute", name="objection.act")
@blueprint.arguments(ObjectionActSchema)
@blueprint.response(200, StaffObjectionSchema)
def act_on_objection(given: dict[str, Any], objection_id: str, action: str) -> dict[str, Any]:
    """Answer in public (OPEN-08); 409 when it has changed since `version`."""
    actor = current_actor()
    row = objection_services.act(actor, parse_id(objection_id), action, given.pop("version"), given)
    return objection_views.desk_lines([row], actor)[0]


@blueprint.get("/publishing-requests")
@requires(*policy.LOOKERS)
@blueprint.arguments(StaffPublishingRequestQuerySchema, location="query")
@blueprint.response(200, StaffPublishingRequestPageSchema)
def list_requests(wanted: dict[str, Any]) -> dict[str, Any]:
    """The requests to publish in reach; newest first."""
    return request_views.for_desk(current_actor(), wanted["view"], wanted["cursor"])


@blueprint.post("/publishing-requests/<request_id>/actions/<action>")
@requires(*policy.LOOKERS)
@idempotent_when_keyed
@limit("60/minute", name="request.act")
@blueprint.arguments(PublishingRequestActSchema)
@blueprint.response(200, StaffPublishingRequestSchema)
def act_on_request(given: dict[str, Any], request_id: str, action: str) -> dict[str, Any]:
    """Publish (with `notice_id`), refuse with a public reason, order, uphold (OPEN-03, OPEN-10)."""
    actor, version, notice_id = current_actor(), given.pop("version"), given.pop("notice_id")
    row = publishing_request_services.act(actor, parse_id(request_id), action, version, given, notice_id)
    return request_views.desk_lines([row], actor)[0]


@blueprint.get("/village-rolls")
@requires(*policy.LOOKERS)
@blueprint.response(200, VillageRollsSchema)
def list_rolls() -> dict[str, Any]:
    """How many villagers each village has entered."""
    return {"items": request_views.rolls(current_actor())}


@blueprint.route("/village-rolls/<village_id>", methods=["PUT"])
@requires(policy.PUBLISH)
@limit("30/minute", name="roll.enter")
@blueprint.arguments(EnterRollSchema)
@blueprint.response(200, VillageRollsSchema)
def enter_roll(given: dict[str, Any], village_id: str) -> dict[str, Any]:
    """Say how many villagers and representatives the own village has: a tenth, or a fifth, can demand (OPEN-03)."""
    publishing_request_rolls.enter(current_actor(), parse_id(village_id), **given)
    return {"items": request_views.rolls(current_actor())}


@blueprint.get("/notices/watch")
@requires(*policy.DEBTORS)
@blueprint.response(200, StaffWatchSchema)
def read_watch() -> dict[str, Any]:
    """What the villages in reach owe, the latest first (OPEN-04)."""
    return watch_queries.for_desk(current_actor())


@blueprint.post("/notices/watch/orders")
@idempotent
@requires(policy.WATCH)
@limit("60/minute", name="watch.order")
@blueprint.arguments(WatchOrderSchema)
@blueprint.response(201, WatchOrderedSchema)
def order(given: dict[str, Any]) -> Any:
    """督促公开: order a village to publish what is late; dated and public (OPEN-10)."""
    return watch_services.order(current_actor(), **given)
