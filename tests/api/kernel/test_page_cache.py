"""Public pages kept before Flask: what is kept, how long, for whom; and what never is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, Response, request
from marshmallow import fields
from sqlalchemy import text
from werkzeug.test import Client, TestResponse

from backend.kernel import page_cache
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit
from backend.kernel.page_cache import PageCache, depend_on, public_page
from backend.kernel.page_numbers import bump
from backend.kernel.schemas import Schema


class PageQuery(Schema):
    """What the page below is asked by."""

    town = fields.String(load_default="")
    page = fields.Integer(load_default=1)


class Site:
    """A small application with one marked page, whose words the test sets, and the layer before it."""

    def __init__(self, most_bytes: int = page_cache.MOST_BYTES) -> None:
        self.words, self.status, self.made = "第一版", 200, 0
        self.during: Callable[[], Any] = lambda: None
        self.seen: list[dict[str, str]] = []
        flask = Flask("site")
        flask.add_url_rule("/page", "page", public_page("wall", query=PageQuery)(lambda: self._page()))
        flask.add_url_rule("/entry/<number>", "entry", public_page()(lambda number: self._entry(number)))
        flask.add_url_rule("/own", "own", lambda: request.headers.get("Authorization", "nobody"))
        self.pages = PageCache(flask, db.engine, most_bytes)

    def _page(self) -> Response:
        self.made += 1
        self.during()
        self.seen.append(dict(request.headers))
        return Response(f"{self.words} {request.query_string.decode()}", status=self.status)

    def _entry(self, number: str) -> Response:
        self.made += 1
        depend_on(f"wall:{number}")
        return Response(f"{number} {self.words}")

    def get(self, path: str = "/page", method: str = "GET", **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Client(self.pages).open(path, method=method, headers=named)


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    with app.app_context():
        yield Site()


def publish(*names: str) -> None:
    """As a publisher of this process does."""
    run_unit(lambda: bump(*names))


def publish_elsewhere(name: str) -> None:
    """As a publisher of another process does: this one only sees the row."""
    with db.engine.begin() as connection:
        done = connection.execute(
            text("UPDATE page_numbers SET number = number + 1 WHERE name = :name"), {"name": name}
        )
        assert done.rowcount == 1


def test_a_page_is_made_once(site: Site) -> None:
    first, second = site.get(), site.get()
    assert first.data == second.data == "第一版 ".encode()
    assert site.made == 1
    assert second.headers["Cache-Control"] == page_cache.CACHE_CONTROL
    assert second.headers["Content-Length"] == str(len(second.data))


def test_what_this_process_publishes_it_shows_at_once(site: Site) -> None:
    site.get()
    site.words = "第二版"
    assert "第一版" in site.get().text
    publish("wall")
    assert "第二版" in site.get().text


def test_what_another_process_publishes_is_visible_within_two_seconds(site: Site, clock: FrozenClock) -> None:
    publish("wall")
    site.get()
    site.words = "第二版"
    publish_elsewhere("wall")
    assert "第一版" in site.get().text, "the numbers are not read at every request"
    clock.advance(timedelta(seconds=1))
    assert "第二版" in site.get().text


def test_the_numbers_are_read_once_a_second_for_all_pages(
    site: Site, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, read = page_cache.page_numbers.read, []
    monkeypatch.setattr(page_cache.page_numbers, "read", lambda engine: read.append(1) or real(engine))
    for _ in range(3):
        for path in ("/page", "/page?town=a", "/entry/1", "/entry/2"):
            site.get(path)
    assert len(read) == 1
    clock.advance(timedelta(seconds=1))
    site.get()
    site.get("/entry/1")
    assert len(read) == 2


def test_what_was_taken_back_changes_nothing(site: Site) -> None:
    site.get()
    with pytest.raises(ZeroDivisionError):
        run_unit(lambda: (bump("wall"), 1 / 0))
    site.words = "第二版"
    assert "第一版" in site.get().text


def test_a_page_depends_on_what_its_view_has_named_and_on_nothing_else(site: Site) -> None:
    site.get("/entry/1")
    site.get("/entry/2")
    site.words = "第二版"
    publish("wall:1", "wall")
    assert "第二版" in site.get("/entry/1").text
    assert "第一版" in site.get("/entry/2").text


def test_a_publication_while_a_page_is_being_made_is_not_lost(site: Site) -> None:
    site.during = lambda: publish("wall")
    site.get()
    site.during, site.words = lambda: None, "第二版"
    assert "第二版" in site.get().text


def test_after_a_minute_a_page_is_made_anew(site: Site, clock: FrozenClock) -> None:
    site.get()
    clock.advance(page_cache.KEPT_FOR - timedelta(seconds=1))
    site.get()
    assert site.made == 1
    clock.advance(timedelta(seconds=1))
    site.get()
    assert site.made == 2


@pytest.mark.parametrize("status", [500, 503, 404, 422, 429, 302, 204])
def test_nothing_but_a_200_is_kept(site: Site, status: int) -> None:
    site.status = status
    assert site.get().status_code == status
    site.status = 200
    assert site.get().status_code == 200
    assert site.made == 2


def test_an_error_does_not_take_the_place_of_a_page(site: Site, clock: FrozenClock) -> None:
    site.get()
    clock.advance(page_cache.KEPT_FOR)
    site.status = 500
    assert site.get().status_code == 500
    site.status = 200
    assert site.get().status_code == 200


def test_an_answer_that_sets_a_cookie_is_not_kept(app: Flask) -> None:
    flask, made = Flask("cookies"), []

    @flask.get("/page")
    @public_page()
    def page() -> Response:
        made.append(1)
        answer = Response("x")
        answer.set_cookie("who", "me")
        return answer

    with app.app_context():
        client = Client(PageCache(flask, db.engine), use_cookies=False)
    client.get("/page")
    client.get("/page")
    assert len(made) == 2


def test_whoever_has_it_already_gets_304(site: Site) -> None:
    etag = site.get().headers["ETag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = site.get(If_None_Match=known)
        assert (answer.status_code, answer.data) == (304, b""), known
        assert answer.headers["ETag"] == etag
    assert site.get(If_None_Match='"other"').status_code == 200
    site.words = "第二版"
    publish("wall")
    assert site.get(If_None_Match=etag).status_code == 200


def test_head_is_get_without_a_body(site: Site) -> None:
    head, get = site.get(method="HEAD"), site.get()
    assert head.data == b""
    assert {**head.headers} == {**get.headers}
    assert site.made == 1
    site.status = 404
    assert site.get("/page?page=9", method="HEAD").data == b""


def test_other_methods_go_by(site: Site) -> None:
    assert site.get(method="POST").status_code == 405


def test_who_asks_is_never_told_to_a_marked_route_and_gets_the_same(site: Site) -> None:
    known = {"Authorization": "Bearer secret", "Cookie": "staff_session=x", "User_Agent": "MicroMessenger"}
    first = site.get(**known)
    assert first.data == site.get(Authorization="Bearer other").data == site.get().data
    assert site.made == 1
    assert not site.seen[0].keys() & {"Authorization", "Cookie", "User-Agent", "If-None-Match"}
    assert site.get("/own", Authorization="me").text == "me", "other routes are told as ever"


def test_only_the_named_query_makes_another_page(site: Site) -> None:
    shared = site.get("/page?town=a&page=2&from=timeline&isappinstalled=0")
    assert shared.data == site.get("/page?page=2&town=a").data
    assert shared.text.endswith("page=2&town=a")
    assert site.made == 1
    site.get("/page?page=3&town=a")
    assert site.made == 2
    assert site.get("/page?page=&town=a").data == site.get("/page?town=a").data
    assert site.made == 3, "what is empty was not asked for"


def test_chinese_words_in_a_query_arrive_as_they_were(site: Site) -> None:
    assert site.get("/page?town=路灯 a%26b").text.endswith("town=%E8%B7%AF%E7%81%AF+a%26b")


def test_memory_is_bounded_and_the_page_not_asked_for_longest_goes(app: Flask) -> None:
    with app.app_context():
        site = Site(most_bytes=3 * page_cache.OVERHEAD + 200)
        for path in ("/entry/1", "/entry/2", "/entry/3", "/entry/1", "/entry/4"):
            site.get(path)
        assert site.pages.bytes <= 3 * page_cache.OVERHEAD + 200
        made = site.made
        site.get("/entry/1")
        assert site.made == made
        site.get("/entry/2")
        assert site.made == made + 1


def test_many_who_want_it_at_once_have_it_made_once(site: Site) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        begun.set()
        assert go_on.wait(5)

    site.during = slowly
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(site.get().text)) for _ in range(6)]
    threads[0].start()
    assert begun.wait(5)
    for one in threads[1:]:
        one.start()
    while site.pages.misses < len(threads):
        pass  # all have asked
    go_on.set()
    for one in threads:
        one.join(5)
    assert answers == ["第一版 "] * 6
    assert site.made == 1


def test_anothers_refusal_is_not_theirs(site: Site) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def refused_first() -> None:
        if site.made == 1:
            begun.set()
            assert go_on.wait(5)
            site.status = 429
        else:
            site.status = 200

    site.during = refused_first
    answers: list[int] = []
    first, second = (
        threading.Thread(target=lambda: answers.append(site.get().status_code)) for _ in range(2)
    )
    first.start()
    assert begun.wait(5)
    second.start()
    while site.pages.misses < 2:
        pass
    go_on.set()
    first.join(5)
    second.join(5)
    assert sorted(answers) == [200, 429]


def test_when_the_numbers_cannot_be_read_flask_answers(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.get()

    def away(engine: Any) -> Any:
        raise page_cache.SQLAlchemyError("away")

    monkeypatch.setattr(page_cache.page_numbers, "read", away)
    site.pages.forget()
    site.words = "第二版"
    assert "第二版" in site.get().text
    assert site.pages.bytes == 0


#: of the wall and the report card alone
MARKED = 10


def test_every_marked_route_of_the_application_names_its_whole_query(app: Flask) -> None:
    """A parameter that the document offers and the mark does not name would never reach the view."""
    document: Any = app.test_client().get("/openapi.json").json
    looked_at = 0
    for rule in app.url_map.iter_rules():
        marked = getattr(app.view_functions[rule.endpoint], "public_page", None)
        said = document["paths"].get(rule.rule.replace("<", "{").replace(">", "}"), {}).get("get")
        if marked is None or said is None:
            continue
        offered = {one["name"] for one in said.get("parameters", []) if one.get("in") == "query"}
        assert offered == marked.query, rule.rule
        assert rule.rule.startswith("/api/v1/public/"), rule.rule
        looked_at += 1
    assert looked_at >= MARKED
