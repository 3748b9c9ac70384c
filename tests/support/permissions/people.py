"""Routes of those who administer a town's units, people and roles."""

from __future__ import annotations

from typing import Any

from tests.factories.identity import Caller, desk, place_id, unit_id
from tests.support.permissions.desk import a_colleague
from tests.support.permissions.route import staff, town
from tests.support.permissions.scene import Scene

ADMINISTRATOR = {"administrator"}


def a_unit(scene: Scene, caller: Caller) -> str:
    """城管所."""
    return str(unit_id(scene.app, "urban"))


def a_role(scene: Scene, caller: Caller) -> str:
    """东湾镇's checkers."""
    found: Any = desk(scene.app, "guanli").get("/staff/roles").json
    return str(next(role["id"] for role in found["items"] if role["code"] == "checker"))


def somebody_switched_off(scene: Scene, caller: Caller) -> str:
    """Somebody of 东湾镇 who has left."""
    left = a_colleague(scene, caller)
    desk(scene.app, "guanli").post(f"/staff/people/{left}/switch-off")
    return left


def a_grid(scene: Scene, caller: Caller) -> str:
    """G01."""
    return str(place_id(scene.app, "G01"))


PERSON = {"name": "网格甲", "unit_id": "1"}
UNIT = {"name": "城管所", "kind": "department", "place_id": "1"}
ROLE = {"label": "核查员", "permissions": []}

ROUTES = {
    "POST /api/v1/staff/people": staff(ADMINISTRATOR),
    "PATCH /api/v1/staff/people/<staff_id>": staff(ADMINISTRATOR, town(a_colleague), PERSON),
    "POST /api/v1/staff/people/<staff_id>/switch-off": staff(ADMINISTRATOR, town(a_colleague)),
    "POST /api/v1/staff/people/<staff_id>/switch-on": staff(ADMINISTRATOR, town(somebody_switched_off)),
    "POST /api/v1/staff/people/<staff_id>/password": staff(ADMINISTRATOR, town(a_colleague)),
    "DELETE /api/v1/staff/people/<staff_id>/binding": staff(ADMINISTRATOR, town(a_colleague)),
    "GET /api/v1/staff/roles": staff(ADMINISTRATOR),
    "POST /api/v1/staff/roles": staff(ADMINISTRATOR),
    "PATCH /api/v1/staff/roles/<role_id>": staff(ADMINISTRATOR, town(a_role), ROLE),
    "GET /api/v1/staff/places": staff(ADMINISTRATOR),
    "PATCH /api/v1/staff/places/<place_id>": staff(ADMINISTRATOR, town(a_grid), {"name": "东头网格"}),
    "POST /api/v1/staff/places/<place_id>/boundary": staff(
        ADMINISTRATOR, town(a_grid), {"geojson": {"type": "Point"}, "crs": "gcj02"}
    ),
    "GET /api/v1/staff/units": staff(ADMINISTRATOR),
    "POST /api/v1/staff/units": staff(ADMINISTRATOR),
    "PATCH /api/v1/staff/units/<unit_id>": staff(ADMINISTRATOR, town(a_unit), UNIT),
}
