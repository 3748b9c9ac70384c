"""Routes for residents: ask once to be known as a villager, look, end it."""

from __future__ import annotations

from typing import Any

from flask import g

from backend.identity.guards import resident_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.limits import limit
from backend.villagers import queries, schemas, services

blueprint = Blueprint(
    "resident_villagers",
    __name__,
    url_prefix="/api/v1/resident",
    guard=resident_guard,
    description="村民核实",
)


@blueprint.get("/villager")
@blueprint.response(200, schemas.MyVillagerSchema)
def mine() -> dict[str, Any]:
    """One's own asking and what the village said."""
    return {"villager": queries.of_resident(g.actor.id)}


@blueprint.post("/villager")
@idempotent
@limit("6/minute", name="villager.ask")
@blueprint.arguments(schemas.AskVillagerSchema)
@blueprint.response(201, schemas.OwnVillagerSchema)
def ask(given: dict[str, Any]) -> dict[str, Any]:
    """Ask the village to confirm that one is on its list."""
    return queries.card(services.ask(g.actor, **given))


@blueprint.delete("/villager")
@blueprint.response(204)
def end() -> None:
    """Be known as a villager no more."""
    services.end_own(g.actor)
