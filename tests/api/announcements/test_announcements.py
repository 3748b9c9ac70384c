"""Announcements to staff: for whom they are meant, who has read them, and nothing changed under a reader."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.factories.cases import Cast
from tests.fakes.platform import RecordingPlatform
from tests.support.people import Person


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> Cast:
    """Everyone who takes part."""
    return Cast(app)


def announce(cast: Cast, **fields: Any) -> dict[str, Any]:
    """A published announcement."""
    admin = cast.desk("guanli")
    made = admin.post("/staff/announcements", {"title": "防汛值班", "text": "今晚有雨，请值班。", **fields})
    assert made.status_code == 201, made.text
    done = admin.post(f"/staff/announcements/{made.json['id']}/publish", {"version": made.json["version"]})
    assert done.status_code == 200, done.text
    shown: dict[str, Any] = done.json
    return shown


def titles(person: Person) -> list[str]:
    """What is announced to somebody."""
    return [item["title"] for item in person.get("/staff/announcements/mine").json["items"]]


def test_a_draft_is_seen_by_nobody_and_what_is_published_by_everybody_of_the_town(cast: Cast) -> None:
    cast.desk("guanli").post("/staff/announcements", {"title": "草稿", "text": "还没写完"})
    announce(cast)
    assert titles(cast.desk("wangge1")) == ["防汛值班"]
    assert titles(cast.desk("guanli")) == ["防汛值班"]
    assert titles(cast.desk("xfenliu")) == []


@pytest.mark.parametrize(
    ("units", "roles", "seen"),
    [
        (["urban"], [], {"chengguan"}),
        ([], ["grid_worker"], {"wangge1"}),
        (["urban"], ["grid_worker"], {"chengguan", "wangge1"}),
    ],
)
def test_only_those_meant_see_it(cast: Cast, units: list[str], roles: list[str], seen: set[str]) -> None:
    announce(cast, units=[cast.unit(u) for u in units], roles=roles)
    asked = ("chengguan", "wangge1", "fenliu")
    assert {who for who in asked if titles(cast.desk(who))} == seen


def test_who_has_read_it_and_who_has_not(cast: Cast) -> None:
    made = announce(cast, roles=["grid_worker"], must_read=True)
    worker, admin = cast.desk("wangge1"), cast.desk("guanli")
    assert worker.get("/staff/announcements/mine").json["unread"] == 1
    assert worker.post(f"/staff/announcements/{made['id']}/read").status_code == 204
    assert worker.post(f"/staff/announcements/{made['id']}/read").status_code == 204
    mine = worker.get("/staff/announcements/mine").json
    assert (mine["unread"], mine["items"][0]["must_read"]) == (0, True)
    found = admin.get(f"/staff/announcements/{made['id']}/readers").json
    assert [p["name"] for p in found["read"]] == ["网格甲"]
    assert {p["name"] for p in found["unread"]} == {"网格乙", "网格丙"}
    listed = admin.get("/staff/announcements").json["items"][0]
    assert (listed["read"], listed["meant"]) == (1, 3)
    assert cast.desk("fenliu").post(f"/staff/announcements/{made['id']}/read").status_code == 404


def test_what_is_published_is_not_changed_under_its_readers(cast: Cast) -> None:
    made = announce(cast)
    admin, address = cast.desk("guanli"), f"/staff/announcements/{made['id']}"
    cast.desk("wangge1").post(f"{address}/read")
    assert admin.patch(address, {"text": "改了", "version": made["version"]}).json["code"] == "published"
    gone = admin.post(f"{address}/withdraw", {"version": made["version"]}).json
    assert titles(cast.desk("wangge1")) == []
    changed = admin.patch(address, {"text": "改了", "version": gone["version"]}).json
    assert admin.patch(address, {"text": "又改", "version": gone["version"]}).status_code == 409
    assert admin.post(f"{address}/publish", {"version": changed["version"]}).json["read"] == 0
    assert cast.desk("wangge1").get("/staff/announcements/mine").json["unread"] == 1


def test_each_step_stands_in_the_log(cast: Cast) -> None:
    announce(cast, units=[cast.unit("urban")])
    entries = cast.desk("guanli").get("/staff/log?what=announcement.").json["items"]
    assert [e["what_label"] for e in entries] == ["修改公告", "新建公告"]
    assert {"label": "状态", "old": "草稿", "new": "已发布"} in entries[0]["changes"]
    assert {"label": "发给单位", "old": None, "new": "城管所"} in entries[1]["changes"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"title": ""}, "title"), ({"text": "长" * 5001}, "text"), ({"units": ["42"]}, "units")],
)
def test_what_is_wrong_is_said_at_its_field(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    answer = cast.desk("guanli").post("/staff/announcements", {"title": "一", "text": "二", **wrong})
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])
