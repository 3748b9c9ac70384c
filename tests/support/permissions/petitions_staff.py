"""Routes of 信访直通车 for staff."""

from __future__ import annotations

from tests.factories import petitions
from tests.factories.identity import Caller, id_in, place_id, unit_id
from tests.factories.identity import resident as a_resident
from tests.support.permissions.petitions import VISIT
from tests.support.permissions.route import staff, town
from tests.support.permissions.scene import Scene

CONTENT = {"petition_clerk", "department_clerk", "leader"}
OFFICE = {"petition_clerk"}


def a_petition(scene: Scene, caller: Caller) -> dict[str, str]:
    """A petition of 东湾镇 that 城管所 has, and a step that says nothing."""
    place, unit = place_id(scene.app, "dongwan"), unit_id(scene.app, "urban")
    made = petitions.petition(scene.app, place, assignee_unit_id=unit, assignee_unit_name="城管所")
    return {"petition_id": str(made), "action": "note"}


def a_visit(scene: Scene, caller: Caller) -> str:
    """A visit to 东湾镇 that a resident has announced."""
    made = a_resident(scene.app, "zhao").post("/resident/petition-visits", VISIT, key=f"visit-{caller.id}")
    return id_in(made)


ROUTES = {
    "GET /api/v1/staff/petition-visits": staff(OFFICE),
    "GET /api/v1/staff/petition-visits/<visit_id>": staff(OFFICE, town(a_visit)),
    "POST /api/v1/staff/petition-visits/<visit_id>/decision": staff(
        OFFICE, town(a_visit), {"version": 1, "decision": "confirm"}
    ),
    "GET /api/v1/staff/petitions": staff(CONTENT),
    "POST /api/v1/staff/petitions": staff(OFFICE),
    "GET /api/v1/staff/petitions/calendar": staff({"petition_clerk", "leader"}),
    "GET /api/v1/staff/petitions/figures": staff({"petition_clerk", "leader"}),
    "GET /api/v1/staff/petitions/<petition_id>": staff(CONTENT, town(a_petition)),
    # The head signs and writes no note between colleagues.
    "POST /api/v1/staff/petitions/<petition_id>/actions/<action>": staff(
        CONTENT, town(a_petition), {"version": 1, "note": "已联系"}
    ),
    "POST /api/v1/staff/petitions/<petition_id>/contact": staff(
        {"petition_clerk", "department_clerk"}, town(a_petition), {"reason": "核实情况"}
    ),
    "POST /api/v1/staff/petitions/<petition_id>/links": staff(
        OFFICE, town(a_petition), {"code": "0000", "reason": "同一件事情"}
    ),
    "GET /api/v1/staff/petitions/<petition_id>/assignees": staff(OFFICE, town(a_petition)),
}
