"""Routes: stand-ins and duty. Beside staff.py, which is one's own account."""

from __future__ import annotations

from typing import Any

from backend.identity import desk_schemas, duty
from backend.identity.guards import current_actor, desk_only, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import parse_id

blueprint = Blueprint(
    "staff_duty",
    __name__,
    guard=staff_guard,
    url_prefix="/api/v1/staff",
    description="代班、值班",
)
HANDLING = ("case.handle", "people.manage")


@blueprint.get("/stand-ins")
@requires(*HANDLING)
@blueprint.response(200, desk_schemas.StandIns)
def list_stand_ins() -> dict[str, Any]:
    """One's own stand-ins, and those of people one manages."""
    return duty.stand_ins(current_actor())


@blueprint.post("/stand-ins")
@requires(*HANDLING)
@desk_only
@idempotent
@blueprint.arguments(desk_schemas.StandInNew)
@blueprint.response(201, desk_schemas.StandInRow)
def name_stand_in(given: dict[str, Any]) -> dict[str, Any]:
    """Name who does the tasks while somebody is away."""
    actor = current_actor()
    given["staff_id"] = given["staff_id"] or actor.id
    return duty.name_stand_in(actor, duty.StandInDraft(**given))


@blueprint.delete("/stand-ins/<stand_in_id>")
@requires(*HANDLING)
@desk_only
@blueprint.response(204)
def end_stand_in(stand_in_id: str) -> None:
    """End a stand-in now, or take back one that has not begun."""
    duty.end_stand_in(current_actor(), parse_id(stand_in_id))


@blueprint.get("/duty")
@requires("case.dispatch", *HANDLING)
@blueprint.arguments(desk_schemas.DutyQuery, location="query")
@blueprint.response(200, desk_schemas.DutyCalendar)
def read_duty(wanted: dict[str, Any]) -> dict[str, Any]:
    """Who is on duty on these days."""
    return duty.calendar(current_actor(), wanted["from_day"], wanted["to_day"], wanted["unit_id"])


@blueprint.post("/duty")
@requires("people.manage")
@desk_only
@blueprint.arguments(desk_schemas.DutyCell)
@blueprint.response(204)
def put_duty(given: dict[str, Any]) -> None:
    """Say who of a unit is on duty on a day or half of it; the same twice changes nothing."""
    duty.put_duty(current_actor(), given["unit_id"], given["day"], given["half"], given["staff_ids"])
