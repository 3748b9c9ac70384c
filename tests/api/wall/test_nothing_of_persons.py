"""Marked data is planted in a case, in a petition and in a question, and searched for in everything that is public.

Every GET route under /public is called, the share pages, the feeds and the open data: whatever route is new is
called too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask import Flask
from sqlalchemy import update

from backend.cases.models import Case
from backend.identity.models import Resident
from backend.kernel.db import db, run_unit
from tests.factories.wall import ASKED, TEXTS, WallCast

NICKNAME, CONTACT, PHONE = "暗号昵称", "王暗号", "13912345678"
ADDRESS, WORDS, REPLY, RATED = "暗号巷老槐树旁", "暗号正文", "暗号答复", "暗号评语"
PETITIONER, CLAIM = "李暗号", "暗号请求"
STAFF = ("分流甲", "领导甲", "城管甲", "核查甲")
#: questions that hold a mark are held back
ASKED_WITH_MARK = f"{CONTACT}住的那条路又坏了"
ALSO = ("dongwan", "xiwan")


def planted(wall: WallCast) -> tuple[int, list[str]]:
    """An entry on the wall whose case is full of marks; its id, and everything that must not be found."""
    case_id = wall.closed(
        text=f"{WORDS}，{CONTACT}，{PHONE}", contact_name=CONTACT, contact_phone=PHONE, address=ADDRESS
    )
    wall.ask("wang", case_id, "rate", score="satisfied", note=RATED)
    wang = int(wall.resident("wang").me["id"])

    def name() -> None:
        db.session.execute(update(Resident).where(Resident.id == wang).values(nickname=NICKNAME))

    with wall.app.app_context():
        run_unit(name)
    media_id = wall.photo_on(case_id)
    entry_id = wall.drafted(case_id)
    given = {"media_id": str(media_id), "role": "before", "boxes": [], "faces_checked": True}
    assert wall.desk("fenliu").post(f"/staff/wall/{entry_id}/photos", given).status_code == 200
    wall.must("fenliu", entry_id, "submit")
    wall.must("lingdao", entry_id, "approve", photos_seen="yes")
    asked = wall.ask_on(entry_id)
    assert wall.reply("fenliu", asked).status_code == 200
    held = wall.ask_on(entry_id, ASKED_WITH_MARK, "li")
    assert wall.comment_of(held).state == "held"
    ids = [str(case_id), str(media_id), *(str(wall.resident(who).me["id"]) for who in ("wang", "zhao", "li"))]
    ids += [str(wall.desk(who).me["id"]) for who in ("fenliu", "lingdao")]
    code = str(wall.column(case_id, "code"))
    marks = [NICKNAME, CONTACT, PHONE, ADDRESS, "暗号", "mini-wang", "openid", code, *STAFF, *ids]
    return entry_id, marks


def read_all(app: Flask, values: dict[str, str], query: dict[str, str]) -> Iterator[tuple[str, int, str]]:
    """(rule, status, body) of every GET that asks nobody who they are."""
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        public = rule.rule.startswith(("/api/v1/public/", "/w/", "/w"))
        if "GET" not in (rule.methods or ()) or not public:
            continue
        path = rule.rule
        for parameter in rule.arguments:
            for shape in (
                f"<{parameter}>",
                f"<string:{parameter}>",
                f"<path:{parameter}>",
                f"<int:{parameter}>",
            ):
                path = path.replace(shape, quote(values.get(parameter, "999")))
        answer = client.get(path, query_string=query)
        yield rule.rule, answer.status_code, answer.get_data(as_text=False).decode("utf-8", "replace")


def test_nothing_that_was_planted_is_found_in_anything_public(wall: WallCast) -> None:
    entry_id, marks = planted(wall)
    row = wall.entry(entry_id)
    values = {"entry_id": str(entry_id), "code": row.code, "town": "dongwan", "town_code": "dongwan"}
    seen: dict[str, int] = {}
    found: list[tuple[str, str]] = []
    for query in ({"town": "dongwan"}, {"town": "dongwan", "words": "路灯"}, {}):
        for rule, status, body in read_all(wall.app, values, query):
            assert status < 500, rule
            seen[rule] = min(status, seen.get(rule, 999))
            found += [(rule, mark) for mark in marks if mark in body]
    assert found == []
    shown = [rule for rule, status in seen.items() if "wall" in rule and status == 200]
    assert len(shown) >= 7, seen


def test_what_is_searched_for_would_be_found(wall: WallCast) -> None:
    """The walk reads what is public: the entry's own words are in it, and so is the question."""
    entry_id, _ = planted(wall)
    values = {"entry_id": str(entry_id), "code": wall.entry(entry_id).code}
    bodies = [body for _, _, body in read_all(wall.app, values, {"town": "dongwan"})]
    for words in (TEXTS["title"], TEXTS["done"], ASKED):
        assert any(words in body for body in bodies), words


def test_taken_down_its_words_are_nowhere(wall: WallCast) -> None:
    entry_id, marks = planted(wall)
    wall.must("fenliu", entry_id, "unpublish", reason="personal")
    row = wall.entry(entry_id)
    values = {"entry_id": str(entry_id), "code": row.code}
    for rule, _, body in read_all(wall.app, values, {"town": "dongwan", "words": "路灯"}):
        gone: list[Any] = [*marks, TEXTS["matter"], TEXTS["done"], ASKED]
        assert [mark for mark in gone if mark in body] == [], rule


def test_a_petition_on_the_wall_shows_nothing_of_its_petitioner(wall: WallCast) -> None:
    petition_id = wall.petition_in("answered")
    wall.resident("wang").post("/resident/wall-consents", {"petition_id": str(petition_id), "agree": True})
    made = wall.desk("xinfang").post("/staff/wall", {"petition_id": str(petition_id), **TEXTS})
    entry_id = int(made.json["id"])
    wall.must("xinfang", entry_id, "submit")
    wall.must("lingdao", entry_id, "approve")
    marks = ["王小明", "承包地", "13800000001", str(petition_id), "信访甲"]
    values = {"entry_id": str(entry_id), "code": wall.entry(entry_id).code}
    for rule, _, body in read_all(wall.app, values, {"town": "dongwan"}):
        topics = rule.endswith("/petitions/guide")  # names what one may write about
        assert [m for m in marks if m in body and not topics] == [], rule


def test_a_case_that_is_erased_leaves_its_entry_without_a_person(wall: WallCast) -> None:
    """The copy stands on its own: no reading of the public goes back to the case."""
    entry_id, _ = planted(wall)
    source = wall.entry(entry_id).source_id
    with wall.app.app_context():
        run_unit(
            lambda: db.session.execute(
                update(Case).where(Case.id == source).values(title="—", resident_id=None)
            )
        )
    answer = wall.app.test_client().get(f"/api/v1/public/wall/{entry_id}")
    assert (answer.status_code, answer.json["title"]) == (200, TEXTS["title"])
