"""One box over everything public; a village's own page, its code, its share pages and the feed."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from backend.kernel.db import db
from backend.search import everything
from backend.search.everything import excerpt
from backend.search.schemas import FoundPageSchema, VillageHomeSchema
from tests.factories.consultation_cast import ConsultationCast
from tests.factories.identity import place_id
from tests.factories.wall_entries import change_entry, put_entry
from tests.fakes.platform import RecordingPlatform

SEARCH = "/api/v1/public/search?town=dongwan"
ATOM = "{http://www.w3.org/2005/Atom}"


def looked(client: FlaskClient, words: str, more: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"{SEARCH}&words={words}{more}")
    assert answer.status_code == 200, answer.text
    told: Any = answer.json
    assert FoundPageSchema().dump(FoundPageSchema().load(told)) == told
    return list(told["items"])


def test_words_of_two_characters_find_all_kinds_newest_first(
    app: Flask, client: FlaskClient, platform: RecordingPlatform
) -> None:
    topic = ConsultationCast(app).topic_in("open")
    entry = put_entry(app, title="三组路灯亮了", done="换了两盏路灯。")
    found = looked(client, "路灯")
    assert {one["id"] for one in found} == {str(topic), str(entry["id"])}
    assert {one["kind_label"] for one in found} == {"有事好商量", "问题回音壁"}
    assert [one["id"] for one in looked(client, "路灯", "&kind=wall")] == [str(entry["id"])]
    assert [one["id"] for one in looked(client, "路灯 老人")] == [str(topic)]
    assert looked(client, "桥梁") == []
    assert looked(client, "") == []
    opened = client.get(f"/s/wall/{entry['id']}").text
    assert "三组路灯亮了" in opened
    assert f"/m/pages-wall/entry/index?id={entry['id']}" in opened


def test_what_is_public_no_longer_is_found_no_longer(app: Flask, client: FlaskClient) -> None:
    entry = put_entry(app, title="三组路灯亮了")
    assert looked(client, "路灯")
    change_entry(app, entry["id"], state="unpublished")
    assert looked(client, "路灯") == []
    assert client.get(f"/s/wall/{entry['id']}").status_code == 404


@pytest.mark.parametrize(
    ("walked", "glanced", "by_index"), [(1_000, 300, False), (3, 3, True), (1_000, 3, True), (1_000, 1, True)]
)
def test_rare_words_are_asked_of_the_full_text_and_frequent_ones_are_not(
    app: Flask,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    walked: int,
    glanced: int,
    by_index: bool,
) -> None:
    monkeypatch.setattr(everything, "WALKED", walked)
    monkeypatch.setattr(everything, "GLANCED", glanced)
    monkeypatch.setattr(everything, "PAGE_SIZE", 2)
    titles = [put_entry(app, number, title=f"第{number}盏路灯亮了")["title"] for number in range(6)]
    rare = put_entry(app, 9, title="广场地砖松动", category_name="地砖", matter="", done="铺平了。")["title"]
    with app.app_context():
        engine = db.engine
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        if "MATCH" in statement:
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert [one["title"] for one in looked(client, "路灯")] == titles[:2]
        assert asked == []
        assert [one["title"] for one in looked(client, "地砖")] == [rare]
        assert bool(asked) is by_index
    finally:
        event.remove(engine, "before_cursor_execute", note)
    seen, cursor = [], ""
    while cursor is not None:
        told: Any = client.get(f"{SEARCH}&words=路灯" + (f"&cursor={cursor}" if cursor else "")).json
        seen += [one["title"] for one in told["items"]]
        cursor = told["next_cursor"]
    assert seen == titles


def test_a_village_has_a_page_of_its_own(app: Flask, client: FlaskClient) -> None:
    village = place_id(app, "V01")
    put_entry(app, title="三组路灯亮了")
    address = f"/api/v1/public/villages/{village}/home"
    told: Any = client.get(address).json
    assert VillageHomeSchema().dump(VillageHomeSchema().load(told)) == told
    assert [one["title"] for part in told["newest"] for one in part["items"]] == ["三组路灯亮了"]
    assert told["counts"] == [{"kind": "wall", "label": "问题回音壁", "count": 1}]
    shared = client.get(f"/v/{village}").text
    assert "三组路灯亮了" in shared
    assert 'property="og:title"' in shared
    for wrong in (place_id(app, "G01"), 1):
        assert client.get(f"/api/v1/public/villages/{wrong}/home").status_code == 404
        assert client.get(f"/v/{wrong}").status_code == 404


def test_a_code_is_asked_of_the_platform_once(
    app: Flask, client: FlaskClient, platform: RecordingPlatform
) -> None:
    address = f"/api/v1/public/villages/{place_id(app, 'V01')}/code.png"
    first, second = client.get(address), client.get(address)
    assert (first.status_code, first.mimetype) == (200, "image/png")
    assert first.data == second.data != b""
    assert len([call for call in platform.calls if call[0] == "qr_code"]) == 1


def test_the_feed_holds_what_is_new(app: Flask, client: FlaskClient) -> None:
    put_entry(app, title="三组路灯亮了")
    for query, count in (("", 1), ("&kind=wall", 1), ("&kind=consultation", 0)):
        answer = client.get(f"/api/v1/public/news.atom?town=dongwan{query}")
        assert len(ElementTree.fromstring(answer.text).findall(f"{ATOM}entry")) == count, query


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("村口的路灯坏了", "路灯", "村口的路灯坏了"),
        ("", "路灯", ""),
        ("一" * 30 + "路灯" + "二" * 80, "路灯", "…" + "一" * 12 + "路灯" + "二" * 46 + "…"),
        ("一" * 80, "路灯", "一" * 60 + "…"),
    ],
)
def test_the_excerpt_is_where_the_words_stand(text: str, words: str, expected: str) -> None:
    assert excerpt(text, words) == expected


def test_a_script_in_a_text_is_text_on_the_page_to_share(app: Flask, client: FlaskClient) -> None:
    entry = put_entry(app, title="<script>alert(1)</script>", done='"><img src=x onerror=alert(1)>')
    page = client.get(f"/s/wall/{entry['id']}").text
    assert "<script>alert(1)</script>" not in page
    assert "<img src=x" not in page
