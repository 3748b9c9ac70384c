"""Series, articles, and what tells of them: text in lists, pages, feeds, volumes and inboxes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from tests.api.markup.test_neighbours_markup import Planting, done
from tests.factories.bulletin import BulletinCast
from tests.fakes.platform import RecordingPlatform
from tests.support.xss import skeleton


def test_series_and_articles_and_the_messages_of_those_who_follow_them(
    app: Flask, platform: RecordingPlatform, run_jobs: Callable[[], Any], planting: Planting
) -> None:
    harmless = BulletinCast(app).published()
    shape = skeleton(app.test_client().get(f"/s/article/{harmless['id']}").text)
    planter = planting("staff/(series|articles).*")
    for way in planter.fields:
        planter.fields[way].pop(".html", None)  # its tags are kept: tests/api/bulletin/test_xss.py
        planter.fields[way].pop(".link", None)  # an address of the official account or refused
    cast = BulletinCast(app)
    desk = cast.desk("fenliu")
    series = done(desk.post("/staff/series", {"code": "fangyan", "name": "专栏"}))
    done(desk.patch(f"/staff/series/{series['id']}", {"name": "新名", "version": 1}))
    article = cast.drafted(series_id=series["id"])
    path = f"/staff/articles/{article['id']}"
    article = done(desk.patch(path, {"version": article["version"], "title": "题", "summary": "要"}))
    wang = cast.resident("wang")
    wish = {"kind": "article", "village_id": None, "way": "each"}
    done(wang.put("/resident/publication-subscriptions", {"town": "dongwan", "items": [wish]}))
    cast.must(article, "publish")
    run_jobs()
    cast.page(article)
    inbox = done(wang.get("/resident/inbox"))["items"]
    assert any(article["title"] in one["text"] for one in inbox)
    page = app.test_client().get(f"/s/article/{article['id']}")
    assert (page.status_code, skeleton(page.text)) == (200, shape)
    cast.must(article, "withdraw", note="有误")
    done(desk.get(path))
    cast.read("articles")
    assert planter.left_out() == []
    assert planter.lost() == []
