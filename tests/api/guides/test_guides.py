"""办事指南 and 便民电话: written by the town, read by everybody at once, found by two characters."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.kernel.db import db, transaction
from backend.search.models import SearchText
from tests.factories.cases import Cast
from tests.factories.identity import place_id, visitor
from tests.factories.mutual import GUIDE, PHONE
from tests.fakes.platform import RecordingPlatform


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> Cast:
    return Cast(app)


def listed(cast: Cast, **query: str) -> list[dict[str, Any]]:
    answer: Any = visitor(cast.app).get("/public/guides", query_string={"town": "dongwan", **query})
    assert answer.status_code == 200, answer.text
    return list(answer.json["items"])


def test_a_guide_is_written_read_found_changed_and_hidden(cast: Cast) -> None:
    desk = cast.desk("fenliu")
    made = desk.post("/staff/guides", GUIDE)
    assert made.status_code == 201, made.text
    guide_id, version = made.json["id"], made.json["version"]
    assert [one["title"] for one in listed(cast)] == ["办理老年优待证"]
    read: Any = visitor(cast.app).get(f"/public/guides/{guide_id}").json
    assert read["materials"] == [{"name": "户口簿", "note": "看原件", "copies": 1}]
    assert read["phones"] == GUIDE["phones"]
    for words, found in (("优待", 1), ("户口", 1), ("填表", 1), ("护照", 0)):
        assert len(listed(cast, words=words)) == found, words
    assert (len(listed(cast, group="社会保障")), len(listed(cast, group="户籍"))) == (1, 0)
    changed = desk.put(f"/staff/guides/{guide_id}", GUIDE | {"version": version, "title": "办理护照"})
    assert (changed.status_code, changed.json["version"]) == (200, version + 1)
    assert [one["title"] for one in listed(cast, words="护照")] == ["办理护照"]
    stale = desk.put(f"/staff/guides/{guide_id}", GUIDE | {"version": version})
    assert (stale.status_code, stale.json["code"]) == (409, "changed_meanwhile")
    hidden = desk.put(f"/staff/guides/{guide_id}", GUIDE | {"version": version + 1, "state": "hidden"})
    assert hidden.json["state_label"] == "未公开"
    assert listed(cast) == listed(cast, words="优待") == []
    with cast.app.app_context(), transaction(writing=False):
        assert db.session.scalar(select(func.count()).where(SearchText.kind == "guide")) == 0
    assert visitor(cast.app).get(f"/public/guides/{guide_id}").status_code == 404
    assert [one["id"] for one in desk.get("/staff/guides").json["items"]] == [guide_id]


def test_what_is_wrong_in_a_guide_is_named_and_nothing_is_kept(cast: Cast) -> None:
    wrong = GUIDE | {"phones": [{"name": "窗口", "phone": "call me"}], "title": ""}
    answer = cast.desk("fenliu").post("/staff/guides", wrong)
    assert answer.status_code == 422
    assert {"title", "phones.0.phone"} <= answer.json["fields"].keys()
    assert listed(cast) == []


def test_script_in_a_guide_is_text(cast: Cast) -> None:
    text = '<img src=x onerror="alert(1)">'
    guide_id = cast.desk("fenliu").post("/staff/guides", GUIDE | {"title": text, "fee": text}).json["id"]
    answer = visitor(cast.app).get(f"/public/guides/{guide_id}")
    read: Any = answer.json
    assert answer.headers["Content-Type"] == "application/json"
    assert (read["title"], read["fee"]) == (text, text)


def test_numbers_stand_in_the_towns_order_and_those_of_a_village_name_it(cast: Cast) -> None:
    desk = cast.desk("fenliu")
    village = str(place_id(cast.app, "V01"))
    doctor = {"group": "村里", "name": "卫生室", "phone": "0632-5550111", "village_id": village, "order": 2}
    ids = [desk.post("/staff/phones", one).json["id"] for one in (doctor, PHONE | {"order": 1})]
    query = {"town": "dongwan"}

    def names() -> list[tuple[str, str, str | None]]:
        found: Any = visitor(cast.app).get("/public/phones", query_string=query).json["items"]
        return [(one["name"], one["phone"], one["village_name"]) for one in found]

    assert names() == [("报警", "110", None), ("卫生室", "0632-5550111", "湾头村")]
    moved = desk.put(f"/staff/phones/{ids[0]}", doctor | {"order": 0, "version": 1})
    assert moved.status_code == 200, moved.text
    assert names()[0][0] == "卫生室"
    elsewhere = {"village_id": str(place_id(cast.app, "dongwan"))}
    refused = desk.post("/staff/phones", PHONE | elsewhere)
    assert (refused.status_code, refused.json["code"]) == (422, "village_unknown")
    assert desk.delete(f"/staff/phones/{ids[0]}").status_code == 204
    assert [name for name, _, _ in names()] == ["报警"]
