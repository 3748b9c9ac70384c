"""Places over HTTP: a town's brand, its map, where a point lies, choosing by hand."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import places


def _get(client: FlaskClient, path: str, **options: Any) -> Any:
    return client.get("/api/v1/public" + path, **options)


def test_each_town_shows_its_own_brand(client: FlaskClient) -> None:
    east = _get(client, "/config?town=dongwan").json
    west = _get(client, "/config?town=xiwan").json
    assert (east["product_name"], east["town"]["name"]) == ("东湾办事", "东湾镇")
    assert east["product_name"] != west["product_name"]
    assert east["town"]["county_name"] == west["town"]["county_name"] == "试验县"
    assert [t["code"] for t in east["towns"]] == ["dongwan", "xiwan"]
    assert east["filing_number"].startswith("鲁ICP备")
    assert east["phones"][0]["number"] == "0632-0000000"
    assert east["privacy"]["paragraphs"]
    assert east["upload"] == {
        "max_photos": 9,
        "max_bytes": 15_000_000,
        "types": ["image/jpeg", "image/png", "image/webp", "image/gif"],
    }
    assert east["wechat"]["sandbox"] is True


def test_without_a_code_the_first_town_answers(client: FlaskClient) -> None:
    assert _get(client, "/config").json["town"]["code"] == "dongwan"


def test_an_unknown_town_is_404_with_a_sentence(client: FlaskClient) -> None:
    for path in ("/config?town=atlantis", "/map?town=atlantis", "/locate?town=atlantis&lon=117&lat=35"):
        answer = _get(client, path)
        assert (answer.status_code, answer.json["code"]) == (404, "town_unknown")
        assert answer.json["message"] == "没有找到这个镇，可能链接写错了。"


INSIDE = [
    ({"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"}, None, True),
    ({"User-Agent": "Mozilla/5.0 (X11) Chrome/140"}, None, False),
    ({"User-Agent": "Mozilla/5.0 (X11) Chrome/140"}, "wang", True),  # the stand-in's phone page
]


@pytest.mark.parametrize(("headers", "person", "inside"), INSIDE)
def test_wechats_browser_is_known(
    client: FlaskClient, headers: dict[str, str], person: str | None, inside: bool
) -> None:
    if person:
        client.set_cookie("sandbox_person", person, domain="localhost")
    assert _get(client, "/config", headers=headers).json["wechat"]["inside"] is inside


LOCATED = [
    (places.IN_G01, "gcj02", "湾头村 · 第1网格"),
    (places.IN_G02, "gcj02", "湾头村 · 第2网格"),
    (places.IN_G03, "gcj02", "湾尾村 · 第3网格"),
    ((117.204, 35.0102), "wgs84", "湾头村 · 第1网格"),  # taken as GCJ-02 it would be grid 2 ...
    ((117.2145, 35.0104), "wgs84", "湾尾村 · 第3网格"),  # ... and this one another village
]


@pytest.mark.parametrize(("point", "crs", "label"), LOCATED)
def test_a_point_is_located_in_its_grid(
    client: FlaskClient, point: tuple[float, float], crs: str, label: str
) -> None:
    answer = _get(client, f"/locate?town=dongwan&lon={point[0]}&lat={point[1]}&crs={crs}")
    assert (answer.status_code, answer.json["label"]) == (200, label)
    assert answer.json["village"]["name"] == label.split(" ")[0]
    if crs == "gcj02":
        assert answer.json["point"] == {"lon": point[0], "lat": point[1]}


@pytest.mark.parametrize("point", [places.IN_THE_SEA, places.IN_XIWAN])
def test_a_point_outside_the_town_is_refused_kindly(client: FlaskClient, point: tuple[float, float]) -> None:
    answer = _get(client, f"/locate?town=dongwan&lon={point[0]}&lat={point[1]}")
    assert (answer.status_code, answer.json["code"]) == (422, "outside_town")
    assert answer.json["message"] == "这个位置不在东湾镇范围内，请移动图钉，或直接选择所在的村。"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("lon=abc&lat=35", "lon"),
        ("lat=35", "lon"),
        ("lon=117&lat=nan", "lat"),
        ("lon=117&lat=95", "lat"),
        ("lon=117&lat=35&crs=mars", "crs"),
    ],
)
def test_a_point_that_is_none_names_the_field(client: FlaskClient, query: str, field: str) -> None:
    answer = _get(client, f"/locate?town=dongwan&{query}")
    assert answer.status_code == 422
    assert field in answer.json["fields"]


def test_a_point_on_a_border_is_always_in_the_same_grid(client: FlaskClient) -> None:
    labels = {_get(client, "/locate?town=dongwan&lon=117.21&lat=35.01").json["label"] for _ in range(3)}
    assert labels == {"湾头村 · 第1网格"}


def test_the_map_is_sent_once(client: FlaskClient) -> None:
    first = _get(client, "/map?town=dongwan")
    levels = [f["properties"]["level"] for f in first.json["features"]]
    assert (first.json["crs"], levels) == ("gcj02", ["town", "village", "village", "grid", "grid", "grid"])
    villages = [f["properties"] for f in first.json["features"] if f["properties"]["level"] == "village"]
    assert [v["name"] for v in villages] == ["湾头村", "湾尾村"]
    assert all(isinstance(v["id"], str) for v in villages)
    again = _get(client, "/map?town=dongwan", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = _get(client, "/map?town=xiwan", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_villages_can_be_chosen_by_hand(client: FlaskClient) -> None:
    items = _get(client, "/places?town=dongwan&level=village").json["items"]
    assert [(i["name"], i["area_name"]) for i in items] == [("湾头村", "东片区"), ("湾尾村", "西片区")]
    assert _get(client, "/places?town=dongwan&level=county").status_code == 422


def test_towns_are_listed(client: FlaskClient) -> None:
    assert [t["name"] for t in _get(client, "/towns").json["towns"]] == ["东湾镇", "西湾镇"]


def test_nobody_needs_to_log_in(app: Flask) -> None:
    for path in ("/config", "/towns", "/map", "/places", "/locate?lon=117.21&lat=35.005"):
        assert app.test_client().get("/api/v1/public" + path).status_code == 200, path
