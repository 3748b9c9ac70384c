"""People on screen: who may be made, changed, switched off by whom (chinese-peers §1.1: RuoYi#328)."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.identity.models import LoginSession, Staff, StaffBinding
from tests.conftest import load_town
from tests.factories.identity import Caller, desk, place_id, unit_id, visitor, worker

from tests.api.identity.test_roles import give  # isort: skip

CONSOLE = {"X-Requested-With": "console"}


def _people(caller: Caller, query: str = "") -> dict[str, dict[str, Any]]:
    answer = caller.get(f"/staff/people{query}")
    assert answer.status_code == 200, answer.json
    return {person["username"]: person for person in answer.json["items"]}


def _new(app: Flask, **changes: Any) -> dict[str, Any]:
    held = [
        {
            "role": "department_clerk",
            "place_id": str(place_id(app, "dongwan")),
            "unit_id": str(unit_id(app, "urban")),
        }
    ]
    plain = {
        "username": "xinren",
        "name": "新来的",
        "unit_id": str(unit_id(app, "urban")),
        "phone": "139 0000 0001",
    }
    return plain | {"roles": held} | changes


def _add(app: Flask, caller: Caller | None = None, **changes: Any):
    return (caller or desk(app, "guanli")).post(
        "/staff/people", _new(app, **changes), key=f"p-{changes}"[:60]
    )


def _change(caller: Caller, username: str, **changes: Any):
    person = _people(caller, "?inactive=1")[username]
    body = {"name": person["name"], "unit_id": person["unit_id"]} | changes
    return caller.patch(f"/staff/people/{person['id']}", body)


def _role(app: Flask, role: str, place: str, unit: str | None = None) -> dict[str, Any]:
    return {
        "role": role,
        "place_id": str(place_id(app, place)),
        "unit_id": str(unit_id(app, unit)) if unit else None,
    }


def _sign_in(app: Flask, username: str, password: str):
    caller = visitor(app)
    caller.headers.update(CONSOLE)
    answer = caller.post("/staff/session", {"username": username, "password": password})
    return caller, answer


def test_a_new_person(app: Flask, db_session: Session) -> None:
    answer = _add(app)
    assert answer.status_code == 201, answer.json
    assert answer.json["phone_masked"] == "139****0001"
    assert [r["label"] for r in answer.json["roles"]] == ["站所办理人"]
    assert answer.json["has_password"] is False
    row = db_session.execute(select(Staff).where(Staff.username == "xinren")).scalar_one()
    assert row.phone == "13900000001"
    kept = db_session.execute(select(AuditEntry).where(AuditEntry.what == "person_added")).scalar_one()
    assert "13900000001" not in str(kept.detail)
    assert "新来的" not in str(kept.detail)


def test_a_one_time_password_opens_only_the_change_of_it(app: Flask) -> None:
    person = _add(app).json["id"]
    given = desk(app, "guanli").post(f"/staff/people/{person}/password").json["password"]
    caller, answer = _sign_in(app, "xinren", given)
    assert (answer.status_code, answer.json["must"]) == (200, "password")
    refused = caller.get("/staff/queue")
    assert (refused.status_code, refused.json["code"]) == (403, "password_due")
    assert caller.get("/staff/me").json["must"] == "password"
    changed = caller.post("/staff/me/password", {"old": given, "new": "石榴花开的季节又到了"})
    assert changed.status_code == 204, changed.json
    assert caller.get("/staff/me").json["must"] is None
    assert caller.get("/staff/queue").status_code == 200


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"username": "fenliu"}, "username_taken", "username"),
        ({"username": "xfenliu"}, "username_taken", "username"),
        ({"username": "新人"}, "bad_username", "username"),
        ({"name": "新"}, "invalid", "name"),
        ({"phone": "12345"}, "invalid", "phone"),
        ({"unit_id": "123"}, "invalid", "unit_id"),
    ],
)
def test_people_who_are_refused(app: Flask, changes: dict[str, Any], code: str, field: str) -> None:
    answer = _add(app, **changes)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert field in answer.json["fields"]


def test_nobody_is_in_two_places_at_once(app: Flask) -> None:
    assert _add(app).status_code == 201
    again = _add(app, username="xinren2", unit_id=str(unit_id(app, "v01")), roles=[])
    assert (again.status_code, again.json["code"]) == (422, "person_twice")
    assert "城管所的新来的(xinren)" in again.json["message"]


def test_who_it_is_in_another_town_is_not_told(app: Flask) -> None:
    assert _add(app).status_code == 201
    body = _new(app, username="xinren2", roles=[], unit_id=str(unit_id(app, "hall", "xiwan")))
    answer = desk(app, "xguanli").post("/staff/people", body, key="p")
    assert answer.json["code"] == "person_twice"
    assert "新来的" not in answer.json["message"]


def test_the_same_role_in_the_same_scope_twice(app: Flask) -> None:
    twice = [_role(app, "checker", "dongwan")] * 2
    assert _add(app, roles=twice).json["code"] == "role_twice"
    apart = [_role(app, "checker", "V01"), _role(app, "checker", "V02")]
    assert _add(app, username="xinren3", phone="", roles=apart).status_code == 201


def test_moving_to_another_unit_and_role_at_once(app: Flask) -> None:
    clerk = desk(app, "chengguan")
    assert clerk.get("/staff/tasks").status_code == 200
    answer = _change(
        desk(app, "guanli"),
        "chengguan",
        unit_id=str(unit_id(app, "hall")),
        roles=[_role(app, "checker", "dongwan")],
    )
    assert answer.status_code == 200, answer.json
    assert clerk.get("/staff/tasks").status_code == 403
    assert clerk.get("/staff/me").json["unit_name"] == "镇便民服务中心"


def test_a_load_does_not_give_back_a_role_that_was_taken(app: Flask) -> None:
    assert _change(desk(app, "guanli"), "lingdao", roles=[]).status_code == 200
    load_town(app)
    assert _people(desk(app, "guanli"))["lingdao"]["roles"] == []


def test_what_is_not_said_stays(app: Flask) -> None:
    assert _add(app).status_code == 201
    assert _change(desk(app, "guanli"), "xinren", name="新名字").json["phone_masked"] == "139****0001"
    assert len(_people(desk(app, "guanli"))["xinren"]["roles"]) == 1


# --- nobody hands on more than they have ------------------------------------------------------------
@pytest.fixture
def village(app: Flask) -> Caller:
    """Who governs 湾头村 and nothing else."""
    give(app, "cunzhang1", ("administrator", place_id(app, "V01"), None))
    return desk(app, "cunzhang1")


def test_own_roles_are_a_second_administrators(app: Flask) -> None:
    mine = [_role(app, "administrator", "dongwan"), _role(app, "dispatcher", "dongwan")]
    answer = _change(desk(app, "guanli"), "guanli", roles=mine)
    assert (answer.status_code, answer.json["code"]) == (403, "own_roles")
    assert _change(desk(app, "guanli"), "guanli", name="管理员甲").status_code == 200
    moved = _change(desk(app, "guanli"), "guanli", unit_id=str(unit_id(app, "urban")))
    assert moved.json["code"] == "own_account"


def test_a_villages_administrator_grants_within_the_village(app: Flask, village: Caller) -> None:
    inside = [_role(app, "grid_worker", "G02")]
    assert _change(village, "wangge1", roles=inside).status_code == 200
    for wider in ("dongwan", "V02", "A1"):
        answer = _change(village, "wangge1", roles=[_role(app, "grid_worker", wider)])
        assert (answer.status_code, answer.json["code"]) == (422, "scope_too_wide"), wider


def test_a_grant_bounded_to_a_unit_hands_on_that_unit_only(app: Flask) -> None:
    give(app, "chengguan", ("administrator", place_id(app, "dongwan"), unit_id(app, "urban")))
    clerk = desk(app, "chengguan")
    whole = _change(clerk, "chengguan2", roles=[_role(app, "leader", "dongwan")])
    assert whole.json["code"] == "scope_too_wide"
    own = _change(clerk, "chengguan2", roles=[_role(app, "department_clerk", "dongwan", "urban")])
    assert own.status_code == 200


def test_out_of_reach_looks_like_nobody(app: Flask, village: Caller) -> None:
    assert "chengguan" not in _people(village)
    target = desk(app, "chengguan").id
    body = {"name": "某某", "unit_id": str(unit_id(app, "g01"))}
    assert village.patch(f"/staff/people/{target}", body).status_code == 404
    for verb in ("password", "switch-off", "switch-on"):
        assert village.post(f"/staff/people/{target}/{verb}").status_code == 404
    assert village.delete(f"/staff/people/{target}/binding").status_code == 404
    assert _add(app, village, roles=[]).json["fields"].keys() == {"unit_id"}


def test_whose_roles_reach_further_is_not_taken_over(app: Flask, village: Caller) -> None:
    # 网格甲 sits in the village but dispatches for the town: with a new password one would be them
    give(app, "wangge1", ("dispatcher", place_id(app, "dongwan"), None))
    target = desk(app, "wangge1").id
    for call in (
        lambda: village.post(f"/staff/people/{target}/password"),
        lambda: village.post(f"/staff/people/{target}/binding-code"),
        lambda: village.post(f"/staff/people/{target}/switch-off"),
        lambda: _change(village, "wangge1", roles=[]),
    ):
        answer = call()
        assert (answer.status_code, answer.json["code"]) == (403, "reaches_further")


def test_the_last_administrator_is_not_lost(app: Flask) -> None:
    guanli = desk(app, "guanli")
    assert guanli.post(f"/staff/people/{guanli.id}/switch-off").json["code"] == "own_account"
    assert _change(guanli, "lingdao", roles=[_role(app, "administrator", "V01")]).status_code == 200
    second = desk(app, "lingdao")
    give(app, "lingdao", ("administrator", place_id(app, "dongwan"), None))
    assert second.post(f"/staff/people/{guanli.id}/switch-off").status_code == 200
    third = _change(second, "fenliu", roles=[_role(app, "administrator", "dongwan")])
    assert third.status_code == 200
    fenliu = desk(app, "fenliu")
    assert fenliu.post(f"/staff/people/{second.id}/switch-off").status_code == 200
    assert _people(fenliu, "?inactive=1")["lingdao"]["active"] is False


# --- switching off ----------------------------------------------------------------------------------
def test_switching_off_ends_everything_at_once(app: Flask, db_session: Session) -> None:
    clerk, phone = desk(app, "chengguan"), worker(app, "chengguan")
    assert phone.get("/staff/tasks").status_code == 200
    guanli = desk(app, "guanli")
    answer = guanli.post(f"/staff/people/{clerk.id}/switch-off")
    assert (answer.status_code, answer.json["active"]) == (200, False)
    assert clerk.get("/staff/me").status_code == 401
    assert phone.get("/staff/tasks").status_code == 403
    assert db_session.execute(select(StaffBinding).where(StaffBinding.staff_id == clerk.id)).first() is None
    ended = select(LoginSession.revoked_at).where(LoginSession.staff_id == clerk.id)
    assert None not in set(db_session.scalars(ended))
    assert "chengguan" not in _people(guanli)
    assert "chengguan" in _people(guanli, "?inactive=1")


def test_a_number_that_was_given_up_can_be_given_out_again(app: Flask) -> None:
    guanli = desk(app, "guanli")
    first = _add(app).json["id"]
    assert guanli.post(f"/staff/people/{first}/switch-off").status_code == 200
    assert _add(app, username="xinren2").status_code == 201
    back = guanli.post(f"/staff/people/{first}/switch-on")
    assert (back.status_code, back.json["code"]) == (409, "person_twice")
    assert _change(guanli, "xinren", phone="").status_code == 200
    assert guanli.post(f"/staff/people/{first}/switch-on").json["has_password"] is False


def test_unbinding_a_wechat(app: Flask) -> None:
    phone = worker(app, "chengguan")
    guanli = desk(app, "guanli")
    assert _people(guanli)["chengguan"]["bound"]
    assert guanli.delete(f"/staff/people/{phone.id}/binding").status_code == 204
    assert phone.get("/staff/tasks").status_code == 403
    assert guanli.delete(f"/staff/people/{phone.id}/binding").status_code == 204
