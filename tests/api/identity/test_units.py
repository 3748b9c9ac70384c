"""The tree of units on screen: added, moved without a circle, switched off only when nothing is left in it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from tests.conftest import load_town
from tests.factories import reports
from tests.factories.identity import Caller, desk, place_id, unit_id
from tests.fakes.platform import RecordingPlatform

from tests.api.identity.test_roles import give  # isort: skip


def _units(caller: Caller) -> dict[str, dict[str, Any]]:
    answer = caller.get("/staff/units")
    assert answer.status_code == 200, answer.json
    return {unit["name"]: unit for unit in answer.json["items"]}


def _change(caller: Caller, which: str, **changes: Any):
    unit = _units(caller)[which]
    kept = ("name", "kind", "parent_id", "place_id", "phone", "active")
    return caller.patch(f"/staff/units/{unit['id']}", {k: unit[k] for k in kept} | changes)


def _new(app: Flask, **changes: Any) -> dict[str, Any]:
    plain = {"name": "司法所", "kind": "department", "place_id": str(place_id(app, "dongwan"))}
    return plain | {"parent_id": str(unit_id(app, "hall")), "phone": "0632-0000009"} | changes


def test_the_tree_with_its_people(app: Flask) -> None:
    found = _units(desk(app, "guanli"))
    assert found["城管所"]["people"] == 2
    assert found["城管所"]["parent_id"] == found["镇便民服务中心"]["id"]
    assert found["湾头村第1网格"]["kind_label"] == "网格"


def test_a_new_unit(app: Flask, db_session: Session) -> None:
    answer = desk(app, "guanli").post("/staff/units", _new(app), key="u1")
    assert answer.status_code == 201, answer.json
    assert _units(desk(app, "guanli"))["司法所"]["phone"] == "0632-0000009"
    kept = db_session.execute(select(AuditEntry).where(AuditEntry.what == "unit_made")).scalar_one()
    assert {"field": "name", "label": "名称", "old": None, "new": "司法所"} in kept.detail["changes"]


def test_a_load_leaves_what_was_made_or_renamed_on_screen(app: Flask) -> None:
    caller = desk(app, "guanli")
    assert caller.post("/staff/units", _new(app), key="u1").status_code == 201
    assert _change(caller, "城管所", name="综合执法队").status_code == 200
    load_town(app)
    found = _units(caller)
    assert found["司法所"]["active"]
    assert "综合执法队" in found
    assert "城管所" not in found


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": "城管所"}, "unit_exists", "name"),
        ({"name": " "}, "invalid", "name"),
        ({"kind": "palace"}, "invalid", "kind"),
        ({"parent_id": "12345"}, "invalid", "parent_id"),
        ({"kind": "grid"}, "invalid", "place_id"),
    ],
)
def test_units_that_are_refused(app: Flask, changes: dict[str, Any], code: str, field: str) -> None:
    answer = desk(app, "guanli").post("/staff/units", _new(app, **changes), key="u1")
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert field in answer.json["fields"]


def test_one_grid_has_one_unit(app: Flask) -> None:
    body = _new(app, kind="grid", place_id=str(place_id(app, "G01")))
    answer = desk(app, "guanli").post("/staff/units", body, key="u1")
    assert (answer.status_code, answer.json["code"]) == (422, "grid_taken")


@pytest.mark.parametrize("parent", ["hall", "g01"])
def test_no_circle_in_the_tree(app: Flask, parent: str) -> None:
    # hall → v01 → g01: hall cannot stand below itself, nor below its grandchild
    answer = _change(desk(app, "guanli"), "镇便民服务中心", parent_id=str(unit_id(app, parent)))
    assert (answer.status_code, answer.json["code"]) == (422, "circle")


def test_moving_a_branch(app: Flask) -> None:
    answer = _change(desk(app, "guanli"), "湾头村第1网格", parent_id=str(unit_id(app, "v02")))
    assert answer.status_code == 200
    assert _units(desk(app, "guanli"))["湾头村第1网格"]["parent_id"] == str(unit_id(app, "v02"))


def test_a_unit_with_people_stays(app: Flask) -> None:
    answer = _change(desk(app, "guanli"), "城管所", active=False)
    assert (answer.status_code, answer.json["code"]) == (422, "unit_has_people")
    assert "2 人" in answer.json["message"]


def test_a_unit_with_units_below_stays(app: Flask) -> None:
    caller = desk(app, "guanli")
    made = caller.post("/staff/units", _new(app), key="u1").json["id"]
    caller.post("/staff/units", _new(app, name="调解室", parent_id=made), key="u2")
    assert _change(caller, "司法所", active=False).json["code"] == "unit_has_units"


def test_a_unit_with_open_matters_stays(app: Flask, platform: RecordingPlatform) -> None:
    reports.in_state(app, "handling")  # with 城管所
    caller = desk(app, "guanli")
    for username in ("chengguan", "chengguan2"):
        person = desk(app, username)
        assert caller.post(f"/staff/people/{person.id}/switch-off").status_code == 200
    answer = _change(caller, "城管所", active=False)
    assert (answer.status_code, answer.json["code"]) == (422, "unit_has_cases")


def test_an_empty_unit_is_switched_off(app: Flask) -> None:
    caller = desk(app, "guanli")
    caller.post("/staff/units", _new(app), key="u1")
    assert _change(caller, "司法所", active=False).status_code == 200
    assert _units(caller)["司法所"]["active"] is False


def test_a_villages_administrator_stays_within_the_village(app: Flask) -> None:
    give(app, "cunzhang1", ("administrator", place_id(app, "V01"), None))
    village = desk(app, "cunzhang1")
    assert _units(village).keys() == {"湾头村村委会", "湾头村第1网格", "湾头村第2网格"}
    elsewhere = {k: v for k, v in _new(app).items() if k != "active"}
    assert village.patch(f"/staff/units/{unit_id(app, 'urban')}", elsewhere).status_code == 404
    answer = village.post("/staff/units", elsewhere, key="u1")
    assert "place_id" in answer.json["fields"]
    assert _change(village, "湾头村第1网格", place_id=str(place_id(app, "G03"))).status_code == 422


def test_who_manages_one_units_people_does_not_rename_it(app: Flask) -> None:
    give(app, "chengguan", ("administrator", place_id(app, "dongwan"), unit_id(app, "urban")))
    clerk = desk(app, "chengguan")
    assert [unit["editable"] for unit in _units(clerk).values()] == [False]
    assert _change(clerk, "城管所", name="我的所").status_code == 404
