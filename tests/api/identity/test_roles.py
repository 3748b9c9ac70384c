"""Roles as data: seeded, edited on screen, holding at once; nobody widens their own (RuoYi#328)."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.identity import staffing
from backend.identity.desk_models import TownRole
from backend.identity.models import Staff
from backend.identity.roles import ROLES
from backend.identity.town_roles import seed_roles
from backend.kernel.db import run_unit
from tests.factories.identity import Caller, desk, place_id, unit_id

OWN = {"code": "window", "label": "窗口值班", "permissions": ["case.view", "case.intake"]}


def _roles(caller: Caller) -> dict[str, dict[str, Any]]:
    answer = caller.get("/staff/roles")
    assert answer.status_code == 200, answer.json
    return {role["code"]: role for role in answer.json["items"]}


def _change(caller: Caller, code: str, **changes: Any):
    role = _roles(caller)[code]
    body = {name: role[name] for name in ("label", "permissions", "totp_required", "active")} | changes
    return caller.patch(f"/staff/roles/{role['id']}", body)


def give(app: Flask, username: str, *roles: tuple[str, int, int | None], town: str = "dongwan") -> None:
    """Let a member of staff hold exactly these roles, as a command would."""

    def unit() -> None:
        found = staffing.by_username(username)
        assert found is not None
        staffing.create_staff(found.town_id, username, found.name, found.unit_id, None, roles)

    with app.app_context():
        run_unit(unit)


def test_a_town_begins_with_the_built_in_roles(app: Flask) -> None:
    found = _roles(desk(app, "guanli"))
    assert found.keys() == ROLES.keys()
    for code, role in found.items():
        assert set(role["permissions"]) == ROLES[code].permissions
        assert role["built_in"]
    assert found["department_clerk"]["holders"] == 2
    assert found["administrator"]["own"]


def test_a_second_load_leaves_an_edited_role(app: Flask, db_session: Session) -> None:
    assert _change(desk(app, "guanli"), "checker", label="回访员").status_code == 200
    town = place_id(app, "dongwan")
    assert run_unit(lambda: seed_roles(town)) == 0
    assert _roles(desk(app, "guanli"))["checker"]["label"] == "回访员"


def test_a_permission_taken_from_a_role_is_gone_at_the_next_call(app: Flask) -> None:
    checker = desk(app, "hecha")
    assert checker.get("/staff/board").status_code == 200
    kept = sorted(ROLES["checker"].permissions - {"board.view"})
    assert _change(desk(app, "guanli"), "checker", permissions=kept).status_code == 200
    assert checker.get("/staff/board").status_code == 403


def test_a_role_switched_off_gives_nothing(app: Flask) -> None:
    checker = desk(app, "hecha")
    assert _change(desk(app, "guanli"), "checker", active=False).status_code == 200
    assert checker.get("/staff/board").status_code == 403
    assert checker.get("/staff/me").json["permissions"] == []


def test_a_role_of_ones_own_town(app: Flask, db_session: Session) -> None:
    answer = desk(app, "guanli").post("/staff/roles", OWN, key="r1")
    assert answer.status_code == 201, answer.json
    assert (answer.json["built_in"], answer.json["holders"]) == (False, 0)
    give(app, "cunzhang1", ("window", place_id(app, "V01"), None))
    assert set(desk(app, "cunzhang1").get("/staff/me").json["permissions"]) == {"case.view", "case.intake"}
    made = select(AuditEntry).where(AuditEntry.what == "role_made")
    assert db_session.execute(made).scalar_one().detail["permissions"] == ["case.intake", "case.view"]


def test_the_other_town_does_not_know_it(app: Flask) -> None:
    made = desk(app, "guanli").post("/staff/roles", OWN, key="r1").json["id"]
    other = desk(app, "xguanli")
    assert "window" not in _roles(other)
    body = {"label": "窗口", "permissions": []}
    assert other.patch(f"/staff/roles/{made}", body).status_code == 404


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"code": "checker"}, "role_exists", "code"),
        ({"code": "Ä b"}, "invalid", "code"),
        ({"label": "核查员"}, "role_exists", "label"),
        ({"permissions": ["case.everything"]}, "invalid", "permissions"),
        ({"permissions": ["case.view", "people.manage"]}, "role_mixed", "permissions"),
    ],
)
def test_roles_that_are_refused(app: Flask, changes: dict[str, Any], code: str, field: str) -> None:
    answer = desk(app, "guanli").post("/staff/roles", OWN | changes, key="r1")
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert field in answer.json["fields"]


def test_nobody_widens_a_role_that_they_hold(app: Flask) -> None:
    wider = sorted(ROLES["administrator"].permissions | {"board.view"})
    answer = _change(desk(app, "guanli"), "administrator", permissions=wider)
    assert (answer.status_code, answer.json["code"]) == (403, "own_role")


def test_who_governs_a_village_does_not_write_the_towns_roles(app: Flask) -> None:
    give(app, "cunzhang1", ("administrator", place_id(app, "V01"), None))
    village = desk(app, "cunzhang1")
    assert village.get("/staff/roles").json["may_edit"] is False
    assert _change(village, "checker", label="我的").json["code"] == "town_scope_needed"
    give(app, "cunzhang2", ("administrator", place_id(app, "dongwan"), unit_id(app, "v02")))
    assert _change(desk(app, "cunzhang2"), "checker", label="我的").json["code"] == "town_scope_needed"


@pytest.mark.parametrize("changes", [{"active": False}, {"permissions": ["people.manage"]}])
def test_a_role_that_would_lock_everyone_out(
    app: Flask, db_session: Session, changes: dict[str, Any]
) -> None:
    answer = _change(desk(app, "guanli"), "administrator", **changes)
    assert (answer.status_code, answer.json["code"]) == (422, "locks_everyone_out")
    assert "没有人能管理" in answer.json["message"]
    role = select(TownRole).where(
        TownRole.code == "administrator", TownRole.town_id == place_id(app, "dongwan")
    )
    assert db_session.execute(role).scalar_one().active


def test_it_is_allowed_while_somebody_else_still_governs(app: Flask, db_session: Session) -> None:
    caller = desk(app, "guanli")
    governing = {"code": "office", "label": "综合办", "permissions": ["people.manage", "roles.manage"]}
    assert caller.post("/staff/roles", governing, key="r1").status_code == 201
    give(app, "lingdao", ("office", place_id(app, "dongwan"), None))
    assert _change(caller, "administrator", active=False).status_code == 200
    assert caller.get("/staff/roles").status_code == 403
    leader = db_session.execute(select(Staff).where(Staff.username == "lingdao")).scalar_one()
    assert leader.active
