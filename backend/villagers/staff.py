"""Routes for whoever compares with the village's list."""

from __future__ import annotations

from typing import Any

from flask import g

from backend.identity.guards import requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.villagers import queries, schemas, services
from backend.villagers.policy import CONFIRM

blueprint = Blueprint(
    "staff_villagers", __name__, url_prefix="/api/v1/staff", guard=staff_guard, description="村民核实"
)


@blueprint.get("/villagers")
@requires(CONFIRM)
@blueprint.arguments(schemas.VillagersQuerySchema, location="query")
@blueprint.response(200, schemas.VillagersSchema)
def listed(wanted: dict[str, Any]) -> dict[str, Any]:
    """Those in one state, newest first."""
    return queries.of_desk(g.actor, wanted["state"], wanted["cursor"])


@blueprint.post("/villagers/<villager_id>/decision")
@requires(CONFIRM)
@blueprint.arguments(schemas.DecideVillagerSchema)
@blueprint.response(200, schemas.VillagerSchema)
def decide(given: dict[str, str], villager_id: str) -> dict[str, Any]:
    """Confirm, or refuse with the reason."""
    return queries.card(services.decide(g.actor, parse_id(villager_id), **given))


@blueprint.route("/villagers/<villager_id>/representative", methods=["PUT"])
@requires(CONFIRM)
@blueprint.arguments(schemas.RepresentativeSchema)
@blueprint.response(200, schemas.VillagerSchema)
def note_representative(given: dict[str, bool], villager_id: str) -> dict[str, Any]:
    """Say that a confirmed villager is a representative of the villagers (村民代表), or no more."""
    row = services.note_representative(g.actor, parse_id(villager_id), representative=given["representative"])
    return queries.card(row)
