"""Places on screen: names and public numbers at once, switched off only when empty, boundaries checked as a load does."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.places import queries
from backend.places.geometry import gcj02_to_wgs84
from tests.api.identity.test_roles import give
from tests.conftest import load_town
from tests.factories import places, reports
from tests.factories.identity import Caller, desk, place_id
from tests.fakes.platform import RecordingPlatform


@pytest.fixture(autouse=True)
def _tree_read_anew(app: Flask) -> None:
    """The database goes back to an earlier version after each test; in a town versions only grow."""
    queries._trees.clear()


def _places(caller: Caller) -> dict[str, dict[str, Any]]:
    answer = caller.get("/staff/places")
    assert answer.status_code == 200, answer.json
    return {place["code"]: place for place in answer.json["items"]}


def _change(caller: Caller, code: str, **changes: Any):
    place = _places(caller)[code]
    kept = ("name", "worker_name", "worker_phone", "supervision_phone", "active")
    return caller.patch(f"/staff/places/{place['id']}", {k: place[k] for k in kept} | changes)


def _square(west: float, south: float, east: float, north: float, crs: str = "gcj02") -> dict[str, Any]:
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    if crs == "wgs84":
        ring = [gcj02_to_wgs84(*point) for point in ring]
    return {"type": "Polygon", "coordinates": [[list(point) for point in ring]]}


def _boundary(app: Flask, code: str, geojson: Any, crs: str = "gcj02", who: str = "guanli", **more: Any):
    body = {"geojson": geojson, "crs": crs} | more
    return desk(app, who).post(f"/staff/places/{place_id(app, code)}/boundary", body)


def _grid_at(app: Flask, lon: float, lat: float) -> dict[str, Any]:
    answer = app.test_client().get(f"/api/v1/public/locate?lon={lon}&lat={lat}")
    assert answer.status_code == 200, answer.json
    return answer.json["grid"]


def test_a_grids_public_data_are_public_at_once(app: Flask) -> None:
    # GRID-01
    assert _grid_at(app, *places.IN_G01)["worker_phone"] == ""
    numbers = {"worker_name": "王○", "worker_phone": "0632-0000031", "supervision_phone": "0632-12345"}
    assert _change(desk(app, "guanli"), "G01", **numbers).status_code == 200
    found = _grid_at(app, *places.IN_G01)
    assert {name: found[name] for name in numbers} == numbers


def test_a_new_name_is_seen_at_once_and_stays_after_a_load(app: Flask, db_session: Session) -> None:
    assert _change(desk(app, "guanli"), "G01", name="东头网格").status_code == 200
    assert _grid_at(app, *places.IN_G01)["name"] == "东头网格"
    kept = db_session.execute(select(AuditEntry).where(AuditEntry.what == "place_changed")).scalar_one()
    assert kept.detail["changes"] == [{"field": "name", "label": "名称", "old": "第1网格", "new": "东头网格"}]
    db_session.rollback()
    load_town(app)
    assert _grid_at(app, *places.IN_G01)["name"] == "东头网格"


@pytest.mark.parametrize(
    ("code", "changes", "refusal", "field"),
    [
        ("G01", {"name": "第2网格"}, "place_exists", "name"),
        ("G01", {"name": ""}, "invalid", "name"),
        ("G01", {"worker_phone": "打给老王"}, "invalid", "worker_phone"),
        ("dongwan", {"active": False}, "place_is_town", "active"),
        ("V01", {"active": False}, "place_has_parts", "active"),
        ("G03", {"active": False}, "place_in_use", "active"),
    ],
)
def test_changes_that_are_refused(
    app: Flask, code: str, changes: dict[str, Any], refusal: str, field: str
) -> None:
    answer = _change(desk(app, "guanli"), code, **changes)
    assert (answer.status_code, answer.json["code"]) == (422, refusal)
    assert field in answer.json["fields"]


def test_a_place_with_open_matters_stays(app: Flask, platform: RecordingPlatform) -> None:
    reports.in_state(app, "submitted")  # in G01
    caller = desk(app, "guanli")
    for code in ("G01-1", "G01-2"):
        assert _change(caller, code, active=False).status_code == 200
    unit = next(u for u in caller.get("/staff/units").json["items"] if u["place_name"] == "第1网格")
    moved = {k: unit[k] for k in ("name", "parent_id", "phone", "active")}
    moved |= {"kind": "village", "place_id": str(place_id(app, "V01"))}
    assert caller.patch(f"/staff/units/{unit['id']}", moved).status_code == 200
    answer = _change(caller, "G01", active=False)
    assert (answer.json["code"], "1 件诉求" in answer.json["message"]) == ("place_in_use", True)


def test_a_part_comes_back_after_its_whole(app: Flask) -> None:
    caller = desk(app, "guanli")
    assert _change(caller, "G01-1", active=False).status_code == 200
    load_town(app)
    assert _places(caller)["G01-1"]["active"] is False
    assert _change(caller, "G01-1", active=True).status_code == 200


# --- boundaries ------------------------------------------------------------------------------------
@pytest.mark.parametrize("crs", ["gcj02", "wgs84"])
def test_another_boundary(app: Flask, crs: str) -> None:
    # the northern half of G01 is given up
    answer = _boundary(app, "G01", _square(117.20, 35.0, 117.22, 35.004, crs), crs)
    assert answer.status_code == 200, answer.json
    assert answer.json["area_after"] < answer.json["area_before"]
    assert (
        app.test_client().get("/api/v1/public/locate?lon=117.21&lat=35.002").json["grid"]["name"] == "第1网格"
    )
    gap = app.test_client().get("/api/v1/public/locate?lon=117.21&lat=35.007").json
    assert gap["grid"] is None


@pytest.mark.parametrize("wrap", ["feature", "collection"])
def test_a_feature_or_a_collection_of_one(app: Flask, wrap: str) -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": _square(117.20, 35.0, 117.22, 35.004)}
    given = feature if wrap == "feature" else {"type": "FeatureCollection", "features": [feature]}
    assert _boundary(app, "G01", given).status_code == 200


def test_only_checking_keeps_nothing(app: Flask) -> None:
    answer = _boundary(app, "G01", _square(117.20, 35.0, 117.22, 35.004), check_only=True)
    assert (answer.status_code, answer.json["kept"]) == (200, False)
    assert _grid_at(app, 117.21, 35.007)["name"] == "第1网格"


_BOW = {
    "type": "Polygon",
    "coordinates": [[[117.2, 35], [117.22, 35.01], [117.22, 35], [117.2, 35.01], [117.2, 35]]],
}


@pytest.mark.parametrize(
    ("code", "geojson", "refusal", "words"),
    [
        ("G01", {"type": "Point", "coordinates": [117.21, 35.0]}, "boundary_wrong", "必须是面"),
        ("G01", _BOW, "boundary_wrong", "自己交叉"),
        ("G01", {"type": "FeatureCollection", "features": []}, "boundary_wrong", "正好有一个面"),
        ("G01", {"type": "Feature", "geometry": None}, "boundary_wrong", "必须是面"),
        ("G01", {"type": "Polygon", "coordinates": 5}, "boundary_wrong", "不完整"),
        ("G01", {"type": "Polygon", "coordinates": {"a": 1}}, "boundary_wrong", "不完整"),
        ("G01", {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}, "boundary_wrong", "不完整"),
        ("G01", {"type": "Polygon", "coordinates": [[[[1]]]]}, "boundary_wrong", "不完整"),
        ("G01", {"type": "MultiPolygon", "coordinates": [[], 3]}, "boundary_wrong", "不完整"),
        ("G01", _square(117.21, 35.001, 117.2100001, 35.0010001), "boundary_wrong", "太小"),
        ("G01", _square(35.0, 117.20, 35.01, 117.22), "boundary_wrong", "写反了"),
        ("G01", _square(118.20, 35.0, 118.22, 35.01), "boundary_outside", "之外"),
        ("G01", _square(117.20, 35.0, 117.22, 35.018), "boundary_overlaps", "第2网格"),
        ("V01", _square(117.20, 35.0, 117.22, 35.009), "boundary_cuts_off", "落在外面"),
    ],
)
def test_boundaries_that_are_refused(app: Flask, code: str, geojson: Any, refusal: str, words: str) -> None:
    answer = _boundary(app, code, geojson)
    assert (answer.status_code, answer.json["code"]) == (422, refusal), answer.json
    assert words in answer.json["message"]


def test_the_coordinate_system_must_be_stated(app: Flask) -> None:
    geojson = _square(117.20, 35.0, 117.22, 35.004)
    path = f"/staff/places/{place_id(app, 'G01')}/boundary"
    for body in ({"geojson": geojson}, {"geojson": geojson, "crs": "epsg4326"}):
        answer = desk(app, "guanli").post(path, body)
        assert "crs" in answer.json["fields"]


def test_a_villages_administrator_keeps_the_village(app: Flask) -> None:
    give(app, "cunzhang1", ("administrator", place_id(app, "V01"), None))
    village = desk(app, "cunzhang1")
    assert _places(village).keys() == {"V01", "G01", "G02", "G01-1", "G01-2"}
    assert _change(village, "G02", name="北网格").status_code == 200
    body = {"name": "别处"}
    assert village.patch(f"/staff/places/{place_id(app, 'G03')}", body).status_code == 404
    assert _boundary(app, "G03", _square(117.22, 35.0, 117.24, 35.02), who="cunzhang1").status_code == 404
