"""The wall as everybody reads it: lists, an entry, the map, the feed, open data, pages to share."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from backend.kernel.clock import FrozenClock, now
from backend.wall import share_picture
from backend.wall.public_schemas import (
    OpenWallSchema,
    PublicWallEntrySchema,
    PublicWallListSchema,
    PublicWallMapSchema,
)
from tests.factories.places import place
from tests.factories.wall_entries import change_entry, put_entry, put_photo, put_question

WALL = "/api/v1/public/wall"
TOWN = "town=dongwan"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def read(client: FlaskClient) -> Any:
    """read("?order=waiting"): the JSON of an address below the wall's, in 东湾镇."""

    def get(path: str = "", status: int = 200) -> Any:
        answer = client.get(f"{WALL}{path}")
        assert answer.status_code == status, answer.text
        return answer.json

    return get


def titles(answer: Any) -> list[str]:
    return [item["title"] for item in answer["items"]]


def exactly(schema: Any, value: Any) -> None:
    """Every field that the schema names, and nothing beside."""
    assert schema().dump(schema().load(value)) == value


def test_newest_first_page_by_page_without_a_gap_or_a_repeat(app: Flask, read: Any) -> None:
    put = [put_entry(app, number)["title"] for number in range(45)]
    seen, cursor = [], ""
    while cursor is not None:
        answer = read(f"?{TOWN}" + (f"&cursor={cursor}" if cursor else ""))
        seen += titles(answer)
        cursor = answer["next_cursor"]
    assert seen == put
    assert read()["items"] == read(f"?{TOWN}")["items"], "without a town: the first one"


def test_only_what_is_published_is_there(app: Flask, read: Any) -> None:
    put_entry(app, 1)
    for number, state in enumerate(("drafted", "submitted", "returned", "unpublished", "discarded"), 2):
        closed = now() if state in {"unpublished", "discarded"} else None
        put_entry(app, number, state=state, closed_at=closed)
    assert titles(read(f"?{TOWN}")) == ["第 1 盏路灯亮了"]
    assert len(read(f".json?{TOWN}")["items"]) == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("category=0101", ["水渠"]),
        ("unit=77", ["水渠"]),
        ("month=2026-02", ["广场"]),
        ("month=2026-03", ["路灯", "水渠"]),
        ("words=看不见", ["路灯"]),
        ("words=路灯", ["路灯", "广场"]),
        ("words=广场&month=2026-02", ["广场"]),
        ("words=广场&month=2026-03", []),
        ("words=城管", ["路灯", "广场"]),
        ("words=没有的词", []),
        ("order=followed", ["水渠", "广场", "路灯"]),
        ("order=waiting", ["广场", "路灯"]),
        ("order=waiting&category=0101", []),
        ("order=followed&category=0201", ["广场", "路灯"]),
    ],
)
def test_found_by_what_is_asked_for(app: Flask, read: Any, query: str, expected: list[str]) -> None:
    """Village, category, unit, month, words; newest, most followed, longest waiting."""
    put_entry(
        app, 1, title="路灯", follower_count=1, waiting_since=now() - timedelta(days=2), unanswered_count=1
    )
    put_entry(app, 2, title="水渠", category_code="0101", unit_id=77, unit_name="水务站", matter="水渠堵了",
              done="清了。", category_name="沟渠", follower_count=9)  # fmt: skip
    put_entry(
        app, 3, title="广场", matter="地砖", published_at=datetime.fromisoformat("2026-02-28T15:59:00Z"),
        follower_count=3, waiting_since=now() - timedelta(days=9), unanswered_count=1,
    )  # fmt: skip
    assert titles(read(f"?{TOWN}&{query}")) == expected


def test_a_month_begins_at_midnight_in_shanghai(app: Flask, read: Any) -> None:
    put_entry(app, 1, title="三月", published_at=datetime.fromisoformat("2026-02-28T16:00:00Z"))
    put_entry(app, 2, title="二月", published_at=datetime.fromisoformat("2026-02-28T15:59:59Z"))
    assert titles(read(f"?{TOWN}&month=2026-03")) == ["三月"]


def test_found_by_village(app: Flask, read: Any) -> None:
    with app.app_context():
        first, second = place("G01"), place("G02")
    put_entry(app, 1, title="这里")
    put_entry(app, 2, title="那里", village_id=1)
    assert titles(read(f"?{TOWN}&village={first.village_id}")) == ["这里"]
    assert second


@pytest.mark.parametrize("order", ["followed", "waiting"])
def test_the_other_orders_go_page_by_page_too(app: Flask, read: Any, order: str) -> None:
    for number in range(30):
        put_entry(app, number, follower_count=number // 3, waiting_since=now() - timedelta(hours=number // 3))
    first = read(f"?{TOWN}&order={order}")
    second = read(f"?{TOWN}&order={order}&cursor={first['next_cursor']}")
    assert second["next_cursor"] is None
    assert len({*titles(first), *titles(second)}) == 30


@pytest.mark.parametrize(
    "query",
    ["order=best", "month=2026-13", "village=abc", "words=" + "长" * 41, "cursor=nonsense", "order=followed&cursor=bm8="],
)  # fmt: skip
def test_what_is_asked_wrongly_is_refused_with_a_sentence(read: Any, query: str) -> None:
    assert read(f"?{TOWN}&{query}", 422)["fields"]


def test_an_empty_filter_asks_for_nothing(app: Flask, read: Any) -> None:
    put_entry(app, 1)
    assert len(titles(read(f"?{TOWN}&village=&unit=&month=&words=&order="))) == 1


def test_an_unknown_town_is_not_found(read: Any) -> None:
    assert read("?town=nowhere", 404)["code"] == "town_unknown"


def test_a_line_is_exactly_what_its_schema_says(app: Flask, read: Any) -> None:
    made = put_entry(app, 1, waiting_since=now() - timedelta(days=3), unanswered_count=1)
    put_photo(app, made["id"], "after")
    put_photo(app, made["id"], "before", looked_at=False)
    answer = read(f"?{TOWN}")
    exactly(PublicWallListSchema, answer)
    item = answer["items"][0]
    assert item["before_photo"] is None, "nobody has looked for faces in it"
    assert item["after_photo"]["width"] == 800
    assert item["longest_waiting_days"] == 3
    assert item["score_label"] == "满意"


def test_the_page_of_an_entry_with_its_questions(app: Flask, read: Any, clock: FrozenClock) -> None:
    made = put_entry(app, 1)
    put_question(app, made, "三天后又堵了", at=now() - timedelta(days=6), overdue=True)
    put_question(
        app, made, "谢谢", state="answered", answer="已再次清理", answered_unit="城管所",
        answered_at=now(), closed_at=now(), at=now() - timedelta(days=1),
    )  # fmt: skip
    put_question(app, made, "看不见的", shown=False)
    page = read(f"/{made['id']}")
    exactly(PublicWallEntrySchema, page)
    answered, waiting = page["follow_ups"]
    assert (waiting["text"], waiting["days_waiting"], waiting["overdue"]) == ("三天后又堵了", 6, True)
    assert (answered["answer"], answered["days_waiting"], answered["state_label"]) == (
        "已再次清理",
        None,
        "已答复",
    )
    assert waiting["author_label"] == "网友" or waiting["author_label"].endswith("村民")
    assert "看不见的" not in str(page)
    clock.advance(timedelta(days=1))
    assert read(f"/{made['id']}")["follow_ups"][1]["days_waiting"] == 7


def test_questions_go_page_by_page(app: Flask, read: Any) -> None:
    made = put_entry(app, 1)
    for number in range(25):
        put_question(app, made, f"问题 {number}", at=now() - timedelta(minutes=number))
    page = read(f"/{made['id']}")
    rest = read(f"/{made['id']}/follow-ups?cursor={page['follow_ups_cursor']}")
    assert [one["text"] for one in [*page["follow_ups"], *rest["items"]]] == [f"问题 {n}" for n in range(25)]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("state", ["unpublished", "drafted", "discarded"])
def test_what_was_taken_down_keeps_its_notes_and_no_word_of_its_own(
    app: Flask, client: FlaskClient, read: Any, state: str
) -> None:
    made = put_entry(app, 1, title="标题XYZ", matter="事情XYZ", done="办了XYZ", place_label="地点XYZ")
    assert "XYZ" in str(read(f"/{made['id']}"))
    notes = [{"on": "2026-03-10", "text": "撤下：情况有了变化。"}]
    closed = None if state == "drafted" else now()
    change_entry(app, made["id"], state=state, closed_at=closed, notes=notes)
    page = read(f"/{made['id']}")
    exactly(PublicWallEntrySchema, page)
    assert page["notes"] == notes
    assert page["state"] == "unpublished"
    for path in (f"{WALL}?{TOWN}", f"{WALL}.atom?{TOWN}", f"{WALL}.json?{TOWN}", f"{WALL}?{TOWN}&words=XYZ",
                 f"/w/{made['code']}", f"/w?{TOWN}", f"{WALL}/{made['id']}"):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "XYZ" not in answer.text, path
    bare = client.get(f"/w/picture/{made['code']}.png").data
    change_entry(app, made["id"], days_taken=8, village_name="别处", days_promised=1)
    assert client.get(f"/w/picture/{made['code']}.png").data == bare, "nothing of it is drawn"
    assert client.get(f"{WALL}/{made['id']}/follow-ups").status_code == 404
    assert client.get(f"{WALL}/{made['id']}/atom").status_code == 404


def test_what_was_never_shown_is_not_there(app: Flask, client: FlaskClient, read: Any) -> None:
    made = put_entry(app, 1, state="drafted", closed_at=None)
    change_entry(app, made["id"], published_at=None)
    for path in (f"{WALL}/{made['id']}", f"/w/{made['code']}", f"/w/picture/{made['code']}.png"):
        assert client.get(path).status_code == 404, path
    read("/1234", 404)
    read("/abc", 404)


def test_a_publication_is_visible_at_once_in_its_own_process(app: Flask, read: Any) -> None:
    assert titles(read(f"?{TOWN}")) == []
    put_entry(app, 1)
    assert len(titles(read(f"?{TOWN}"))) == 1


def test_who_is_logged_in_reads_the_same(app: Flask, client: FlaskClient, resident_client: Any) -> None:
    made = put_entry(app, 1)
    put_question(app, made)
    person = resident_client("wang")
    for path in (f"{WALL}?{TOWN}", f"{WALL}/{made['id']}"):
        known = client.get(path, headers=person.headers)
        app.extensions["page_cache"].forget()
        assert known.data == client.get(path).data


def test_reading_a_kept_page_is_not_counted_however_often(app: Flask, client: FlaskClient) -> None:
    """A whole village behind one address opens the wall; only pages that had to be made are counted."""
    put_entry(app, 1)
    limiter = app.extensions["limiter"]
    for _ in range(50):
        assert client.get(f"{WALL}?{TOWN}").status_code == 200
    assert sum(limiter.storage.storage.values()) == 1
    app.extensions["page_cache"].forget()
    client.get(f"{WALL}?{TOWN}")
    assert sum(limiter.storage.storage.values()) == 2


def test_the_map_counts_at_centres_and_shows_no_single_place(app: Flask, read: Any) -> None:
    with app.app_context():
        grid = place("G01")
    for number in range(3):
        put_entry(app, number, unanswered_count=number)
    put_entry(app, 9, published_at=now() - timedelta(days=400))
    answer = read(f"/map?{TOWN}")
    exactly(PublicWallMapSchema, answer)
    (spot,) = answer["items"]
    assert (spot["place_id"], spot["entries"], spot["unanswered"]) == (str(grid.id), 3, 2)
    assert (spot["lon"], spot["lat"]) == (round(grid.center_lon or 0, 6), round(grid.center_lat or 0, 6))
    assert sum(one["entries"] for one in read(f"/map?{TOWN}&month=2025-02")["items"]) == 1


def test_the_filters_name_what_stands_there(app: Flask, read: Any) -> None:
    assert read(f"/filters?{TOWN}") == {"villages": [], "categories": [], "units": [], "months": []}
    put_entry(app, 1)
    put_entry(app, 2, published_at=now() - timedelta(days=60), category_code="0101", category_name="沟渠")
    found = read(f"/filters?{TOWN}")
    assert [one["label"] for one in found["categories"]] == ["沟渠", "路灯不亮"]
    assert found["months"] == ["2026-03", "2026-02", "2026-01"]
    assert len(found["villages"]) == 1


def test_open_data_holds_no_person_and_no_question(app: Flask, read: Any) -> None:
    made = put_entry(app, 1)
    put_question(app, made, "问题XYZ")
    answer = read(f".json?{TOWN}")
    exactly(OpenWallSchema, answer)
    assert "XYZ" not in str(answer)
    assert answer["items"][0]["url"].endswith(f"/w/{made['code']}")


# --- Atom -----------------------------------------------------------------------------------------------------


def feed(client: FlaskClient, path: str) -> ElementTree.Element:
    """A feed that holds what RFC 4287 demands of one."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/atom+xml"
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{ATOM}feed"
    for parent in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = parent.findall(f"{ATOM}{name}")
            assert found.text, name
        datetime.fromisoformat(parent.findtext(f"{ATOM}updated", ""))
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    (own,) = [link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own.get("href", "").startswith("http")
    ids = [one.findtext(f"{ATOM}id") for one in root.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return root


def test_the_feed_is_valid_and_its_ids_stay(app: Flask, client: FlaskClient) -> None:
    assert feed(client, f"{WALL}.atom?{TOWN}").findall(f"{ATOM}entry") == []
    made = put_entry(app, 1, title="灯<b>&亮\x08了")
    put_entry(app, 2, published_at=now() - timedelta(days=3), category_code="0101")
    root = feed(client, f"{WALL}.atom?{TOWN}")
    entries = root.findall(f"{ATOM}entry")
    assert entries[0].findtext(f"{ATOM}title") == "灯<b>&亮了"
    assert root.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")
    own_id = entries[0].findtext(f"{ATOM}id")
    change_entry(app, made["id"], title="改过", republished_at=now() + timedelta(hours=1))
    (changed, _) = feed(client, f"{WALL}.atom?{TOWN}").findall(f"{ATOM}entry")
    assert changed.findtext(f"{ATOM}id") == own_id
    assert changed.findtext(f"{ATOM}updated") != entries[0].findtext(f"{ATOM}updated")
    filtered = feed(client, f"{WALL}.atom?{TOWN}&category=0101")
    assert len(filtered.findall(f"{ATOM}entry")) == 1
    assert filtered.findtext(f"{ATOM}id") != root.findtext(f"{ATOM}id")


def test_the_feed_of_an_entry_holds_its_questions(app: Flask, client: FlaskClient) -> None:
    made = put_entry(app, 1)
    put_question(app, made, "又坏了")
    root = feed(client, f"{WALL}/{made['id']}/atom")
    assert [one.findtext(f"{ATOM}title") for one in root.iter(f"{ATOM}entry")] == [
        "追问 · 等待答复",
        made["title"],
    ]


# --- pages to share -------------------------------------------------------------------------------------------


def test_a_shared_entry_has_title_preview_and_picture_and_is_read_without_script(
    app: Flask, client: FlaskClient
) -> None:
    made = put_entry(app, 1, title='灯 <script>"亮"</script>')
    answer = client.get(f"/w/{made['code']}")
    assert answer.status_code == 200
    assert "<title>灯 &lt;script&gt;&quot;亮&quot;&lt;/script&gt;</title>" in answer.text
    assert 'property="og:title"' in answer.text
    assert f'/w/picture/{made["code"]}.png"' in answer.text
    assert "换了灯泡" in answer.text
    assert f'data-open="/m/pages-wall/entry/index?id={made["id"]}"' in answer.text
    assert "script-src 'sha256-" in answer.headers["Content-Security-Policy"]
    assert answer.headers["ETag"]


@pytest.mark.parametrize(
    ("days", "promised", "words"),
    [(3, 7, "3 天办结 · 承诺 7 天"), (0, 0, "当天办结 · 承诺当天"), (2, None, "2 天办结 · 2026")],
)
def test_how_long_it_took_is_said_as_people_say_it(
    app: Flask, client: FlaskClient, days: int, promised: int | None, words: str
) -> None:
    made = put_entry(app, 1, days_taken=days, days_promised=promised)
    assert words in client.get(f"/w/{made['code']}").text
    assert words.partition(" · 2026")[0] in client.get(f"{WALL}.atom?{TOWN}").text


def test_the_list_is_shared_with_its_filters_and_a_broken_link_shows_the_list(
    app: Flask, client: FlaskClient
) -> None:
    put_entry(app, 1, title="甲")
    put_entry(app, 2, title="乙", category_code="0101")
    assert "甲" not in client.get(f"/w?{TOWN}&category=0101").text
    broken = client.get(f"/w?{TOWN}&month=2026-99&from=singlemessage")
    assert broken.status_code == 200
    assert "甲" in broken.text
    assert "wall.atom?town=dongwan" in broken.text


def test_the_picture_is_drawn_five_to_four_with_and_without_a_photo(app: Flask, client: FlaskClient) -> None:
    made = put_entry(app, 1, title="很长的标题" * 12)
    put_photo(app, made["id"])
    missing = client.get(f"/w/picture/{made['code']}.png")
    assert missing.mimetype == "image/png"
    raw = io.BytesIO()
    Image.new("RGB", (400, 300), "#cc2200").save(raw, "JPEG")
    app.extensions["store"].save(f"wall/{made['id']}-after-thumb.jpg", raw.getvalue(), "image/jpeg")
    app.extensions["page_cache"].forget()
    drawn = Image.open(io.BytesIO(client.get(f"/w/picture/{made['code']}.png").data))
    assert drawn.size == (750, 600)
    red, green, _ = drawn.convert("RGB").getpixel((750 - 44 - 100, 600 - 44 - 100))  # type: ignore[misc]
    assert red > 150
    assert green < 90


@pytest.fixture
def font() -> Any:
    return share_picture._font(40)


def test_a_title_breaks_into_lines_that_fit_and_is_cut_where_it_must(font: Any) -> None:
    lines = share_picture.wrapped("路灯" * 40, font, 400, 3)
    assert len(lines) == 3
    assert all(font.getlength(one) <= 400 for one in lines)
    assert lines[-1].endswith("…")
    assert share_picture.wrapped("短", font, 400, 3) == ["短"]
    assert share_picture.wrapped("", font, 400, 3) == []
