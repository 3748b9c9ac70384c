"""Routes for those who administer: roles, units, people. Beside staff.py, which is one's own account."""

from __future__ import annotations

from typing import Any

from backend.identity import (
    desk_schemas,
    people,
    schemas,
    second_factor,
    services,
    staff_accounts,
    staffing,
    town_roles,
    units,
)
from backend.identity.bindings import IssuedCode
from backend.identity.guards import current_actor, desk_only, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit

blueprint = Blueprint(
    "staff_people",
    __name__,
    guard=staff_guard,
    url_prefix="/api/v1/staff",
    description="机构、人员、角色",
)


@blueprint.get("/roles")
@requires("roles.manage", "people.manage")
@blueprint.response(200, desk_schemas.Roles)
def list_roles() -> dict[str, Any]:
    """The town's roles and what each may do."""
    return town_roles.listed(current_actor())


@blueprint.post("/roles")
@requires("roles.manage")
@desk_only
@idempotent
@blueprint.arguments(desk_schemas.RoleNew)
@blueprint.response(201, desk_schemas.RoleRow)
def create_role(given: dict[str, Any]) -> dict[str, Any]:
    """A role of the town's own."""
    return town_roles.create_role(current_actor(), given.pop("code"), _role(given))


@blueprint.patch("/roles/<role_id>")
@requires("roles.manage")
@desk_only
@blueprint.arguments(desk_schemas.RoleChange)
@blueprint.response(200, desk_schemas.RoleRow)
def change_role(given: dict[str, Any], role_id: str) -> dict[str, Any]:
    """Change what a role may do; it holds for everyone at once."""
    return town_roles.change_role(current_actor(), parse_id(role_id), _role(given))


@blueprint.get("/units")
@requires("people.manage")
@blueprint.response(200, desk_schemas.Units)
def list_units() -> dict[str, Any]:
    """The units in reach."""
    return units.tree(current_actor())


@blueprint.post("/units")
@requires("people.manage")
@desk_only
@idempotent
@blueprint.arguments(desk_schemas.UnitChange)
@blueprint.response(201, desk_schemas.UnitRow)
def add_unit(given: dict[str, Any]) -> dict[str, Any]:
    """A new unit."""
    return units.add_unit(current_actor(), units.UnitDraft(**given))


@blueprint.patch("/units/<unit_id>")
@requires("people.manage")
@desk_only
@blueprint.arguments(desk_schemas.UnitChange)
@blueprint.response(200, desk_schemas.UnitRow)
def change_unit(given: dict[str, Any], unit_id: str) -> dict[str, Any]:
    """Rename a unit, move it in the tree, switch it off or on."""
    return units.change_unit(current_actor(), parse_id(unit_id), units.UnitDraft(**given))


@blueprint.get("/people")
@requires(*people.SEEING)
@blueprint.arguments(desk_schemas.PeopleQuery, location="query")
@blueprint.response(200, desk_schemas.People)
def list_people(wanted: dict[str, bool]) -> dict[str, Any]:
    """The staff in scope, their roles, and whether they have bound a WeChat."""
    return {"items": people.visible(current_actor(), also_inactive=wanted["inactive"])}


@blueprint.post("/people")
@requires("people.manage")
@desk_only
@idempotent
@blueprint.arguments(desk_schemas.PersonNew)
@blueprint.response(201, desk_schemas.PersonRow)
def add_person(given: dict[str, Any]) -> dict[str, Any]:
    """A new person, without a password."""
    actor = current_actor()
    return people.shown(actor, staffing.put_person(actor, _person(given)))


@blueprint.patch("/people/<staff_id>")
@requires("people.manage")
@desk_only
@blueprint.arguments(desk_schemas.PersonChange)
@blueprint.response(200, desk_schemas.PersonRow)
def change_person(given: dict[str, Any], staff_id: str) -> dict[str, Any]:
    """Change a person's name, unit, phone, roles."""
    actor = current_actor()
    done = staffing.put_person(actor, _person({"username": "", **given}), staff_id=parse_id(staff_id))
    return people.shown(actor, done)


@blueprint.post("/people/<staff_id>/switch-off")
@requires("people.manage")
@desk_only
@blueprint.response(200, desk_schemas.PersonRow)
def switch_person_off(staff_id: str) -> dict[str, Any]:
    """Let somebody in no more; their sessions end at once, their WeChat is unbound."""
    staff_accounts.switch_off(current_actor(), parse_id(staff_id))
    return people.shown(current_actor(), parse_id(staff_id))


@blueprint.post("/people/<staff_id>/switch-on")
@requires("people.manage")
@desk_only
@blueprint.response(200, desk_schemas.PersonRow)
def switch_person_on(staff_id: str) -> dict[str, Any]:
    """Let somebody in again, once they have been given a new password."""
    staff_accounts.switch_on(current_actor(), parse_id(staff_id))
    return people.shown(current_actor(), parse_id(staff_id))


@blueprint.post("/people/<staff_id>/password")
@requires("people.manage")
@desk_only
@limit("30/minute")
@blueprint.response(200, desk_schemas.OneTimePassword)
def reset_password(staff_id: str) -> dict[str, str]:
    """A one-time password for somebody, shown this once."""
    return {"password": staff_accounts.reset_password(current_actor(), parse_id(staff_id))}


@blueprint.delete("/people/<staff_id>/binding")
@requires("people.manage")
@desk_only
@blueprint.response(204)
def unbind(staff_id: str) -> None:
    """Unbind somebody's WeChat."""
    staff_accounts.unbind(current_actor(), parse_id(staff_id))


@blueprint.post("/people/<staff_id>/second-factor/reset")
@requires("people.manage")
@desk_only
@blueprint.response(200, desk_schemas.PersonRow)
def reset_second_factor(staff_id: str) -> dict[str, Any]:
    """Drop somebody's second factor, for a phone that is lost."""
    second_factor.reset(current_actor(), parse_id(staff_id))
    return people.shown(current_actor(), parse_id(staff_id))


@blueprint.post("/people/<staff_id>/binding-code")
@requires("people.bind")
@desk_only
@limit("30/minute")
@blueprint.response(200, schemas.BindingCode)
def issue_code(staff_id: str) -> IssuedCode:
    """A one-time code for a member of staff in scope."""
    return services.issue_code(current_actor(), parse_id(staff_id))


def _role(given: dict[str, Any]) -> town_roles.RoleDraft:
    return town_roles.RoleDraft(**{**given, "permissions": tuple(given["permissions"])})


def _person(given: dict[str, Any]) -> staffing.PersonDraft:
    roles = given.get("roles")
    held = None if roles is None else [(r["role"], r["place_id"], r["unit_id"]) for r in roles]
    return staffing.PersonDraft(**{**given, "roles": held})
