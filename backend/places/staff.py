"""Routes of the tree of places for those who keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g

from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.places import editing
from backend.places.schemas import BoundaryChange, BoundaryKept, PlaceChange, PlaceRow, PlaceTree

Requires = Callable[..., Callable[[Any], Any]]
SEEING = (editing.PERMISSION, "people.manage")


def make_blueprint(guard: Callable[[], None], requires: Requires) -> Blueprint:
    """/api/v1/staff/places; app.py hands in the guard of staff and what asks for permissions."""
    blueprint = Blueprint(
        "staff_places", __name__, guard=guard, url_prefix="/api/v1/staff", description="地点与网格"
    )

    @blueprint.get("/places")
    @requires(*SEEING)
    @blueprint.response(200, PlaceTree)
    def list_places() -> dict[str, Any]:
        """The places in reach, from the top down; also for choosing how far a role reaches."""
        return {"items": editing.tree(g.actor, *SEEING)}

    @blueprint.patch("/places/<place_id>")
    @requires(editing.PERMISSION)
    @blueprint.arguments(PlaceChange)
    @blueprint.response(200, PlaceRow)
    def change_place(given: dict[str, Any], place_id: str) -> dict[str, Any]:
        """Rename a place, keep its public numbers, switch it off or on."""
        return editing.change(g.actor, parse_id(place_id), editing.PlaceDraft(**given))

    @blueprint.post("/places/<place_id>/boundary")
    @requires(editing.PERMISSION)
    @blueprint.arguments(BoundaryChange)
    @blueprint.response(200, BoundaryKept)
    def replace_boundary(given: dict[str, Any], place_id: str) -> dict[str, Any]:
        """Check another boundary and, unless only asked to check, keep it."""
        return editing.replace_boundary(
            g.actor, parse_id(place_id), given["geojson"], given["crs"], check_only=given["check_only"]
        )

    return blueprint
