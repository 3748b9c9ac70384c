"""Routes of those who administer a town's units, people and roles."""

from __future__ import annotations

from typing import Any

from backend.kernel.clock import today
from tests.factories.identity import Caller, desk, place_id, unit_id
from tests.support.permissions.desk import a_colleague
from tests.support.permissions.route import EVERYONE, public, staff, town
from tests.support.permissions.scene import Scene

ADMINISTRATOR = {"administrator"}
HANDLERS = {"grid_worker", "department_clerk"}


def a_unit(scene: Scene, caller: Caller) -> str:
    """城管所."""
    return str(unit_id(scene.app, "urban"))


def a_role(scene: Scene, caller: Caller) -> str:
    """东湾镇's checkers."""
    found: Any = desk(scene.app, "guanli").get("/staff/roles").json
    return str(next(role["id"] for role in found["items"] if role["code"] == "checker"))


def somebody_switched_off(scene: Scene, caller: Caller) -> str:
    """Somebody of 东湾镇 who has left."""
    left = str(desk(scene.app, "cunzhang2").id)
    desk(scene.app, "guanli").post(f"/staff/people/{left}/switch-off")
    return left


def a_grid(scene: Scene, caller: Caller) -> str:
    """G01."""
    return str(place_id(scene.app, "G01"))


def a_session(scene: Scene, caller: Caller) -> str:
    """A desk of 东湾镇 that is signed in."""
    desk(scene.app, "fenliu2")
    found: Any = desk(scene.app, "guanli").get("/staff/sessions").json
    return str(next(row["id"] for row in found["items"] if row["username"] == "fenliu2"))


def a_stand_in(scene: Scene, caller: Caller) -> str:
    """Somebody of 东湾镇 is away today, and another does their tasks; the caller may end it."""
    there: Any = caller.get("/staff/stand-ins").json
    mine = [row["id"] for row in there["items"] if row["may_end"]]
    if mine:
        return str(mine[0])
    other, day = desk(scene.app, "chengguan2"), str(today())
    body = {"stand_in_id": str(other.id), "from_day": day, "to_day": day}
    if caller.id == desk(scene.app, "guanli").id:
        body["staff_id"] = str(desk(scene.app, "wangge3").id)
    made: Any = caller.post("/staff/stand-ins", body, key=f"stand-in-{caller.id}").json
    return str(made["id"])


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
    "POST /api/v1/staff/people/<staff_id>/second-factor/reset": staff(ADMINISTRATOR, town(a_colleague)),
    "POST /api/v1/staff/me/second-factor": staff(EVERYONE, body={"password": "wrong"}),
    "POST /api/v1/staff/me/second-factor/confirm": staff(EVERYONE),
    "POST /api/v1/staff/me/second-factor/off": staff(EVERYONE, body={"password": "wrong"}),
    "POST /api/v1/staff/session/second-factor": public({"ticket": "x", "code": "000000"}),
    "GET /api/v1/staff/stand-ins": staff(HANDLERS | ADMINISTRATOR),
    "POST /api/v1/staff/stand-ins": staff(HANDLERS | ADMINISTRATOR),
    "DELETE /api/v1/staff/stand-ins/<stand_in_id>": staff(HANDLERS | ADMINISTRATOR, town(a_stand_in)),
    "GET /api/v1/staff/duty": staff(HANDLERS | ADMINISTRATOR | {"dispatcher"}),
    "POST /api/v1/staff/duty": staff(ADMINISTRATOR),
    "GET /api/v1/staff/sessions": staff(ADMINISTRATOR),
    "DELETE /api/v1/staff/sessions/<session_id>": staff(ADMINISTRATOR, town(a_session)),
    "GET /api/v1/staff/login-log": staff(ADMINISTRATOR),
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
