"""Articles: written at the desk, published at once or at their time, withdrawn with a dated note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import CheckConstraint

from backend.bulletin.models import Article
from backend.bulletin.states import ARTICLE_TABLE
from backend.kernel.clock import FrozenClock, now
from tests.factories.bulletin import GIVEN, LINK, TEXT, BulletinCast, add_series

Run = Callable[[], Any]


def titles(cast: BulletinCast, **query: str) -> list[str]:
    return [item["title"] for item in cast.read("articles", **query)["items"]]


def test_a_draft_is_nobodys_to_read_until_it_is_published(cast: BulletinCast, run_jobs: Run) -> None:
    draft = cast.drafted()
    assert (draft["state"], draft["html"], draft["writable"]) == ("drafted", TEXT, True)
    assert {one["action"] for one in draft["actions"]} == {"publish", "schedule", "discard"}
    assert titles(cast) == []
    assert cast.page(draft).status_code == 404
    saved = cast.desk("fenliu").patch(
        f"/staff/articles/{draft['id']}", {"version": draft["version"], "title": "养老保险今年怎么缴"}
    )
    assert saved.status_code == 200, saved.text
    stale = cast.do(draft, "publish", version=draft["version"])
    assert (stale.status_code, stale.json["code"]) == (409, "changed_meanwhile")
    done = cast.must(draft, "publish")
    assert [row["title"] for row in done["timeline"]] == ["开始写", "发布"]
    run_jobs()
    page = cast.page(draft).json
    assert (page["title"], page["html"], page["state"]) == ("养老保险今年怎么缴", TEXT, "published")
    assert page["share_url"].endswith(f"/s/article/{draft['id']}")
    assert titles(cast) == ["养老保险今年怎么缴"]
    refused = cast.desk("fenliu").patch(
        f"/staff/articles/{draft['id']}", {"version": done["version"], "title": "改了"}
    )
    assert (refused.status_code, refused.json["code"]) == (409, "not_a_draft")


def test_what_is_withdrawn_keeps_its_address_and_says_since_when_and_why(
    cast: BulletinCast, clock: FrozenClock
) -> None:
    article = cast.published(title="第一稿")
    assert cast.do(article, "withdraw").json["fields"]["note"]
    cast.must(article, "withdraw", note="缴费日期写错了")
    page = cast.page(article).json
    assert (page["html"], page["summary"], page["photos"]) == ("", "", [])
    assert page["withdrawn"] == {"on": "2026-03-10", "reason": "撤下：缴费日期写错了"}
    assert titles(cast) == []
    revised = cast.must(article, "revise")
    cast.desk("fenliu").patch(
        f"/staff/articles/{article['id']}", {"version": revised["version"], "title": "第二稿"}
    )
    assert cast.page(article).json["withdrawn"]["on"] == "2026-03-10", (
        "the note stays while it is written anew"
    )
    clock.advance(timedelta(days=1))
    cast.must(article, "publish")
    page = cast.page(article).json
    assert page["withdrawn"] is None
    assert [note["text"] for note in page["notes"]] == ["撤下：缴费日期写错了", "修改后重新发布。"]
    assert titles(cast) == ["第二稿"]


def test_it_is_published_at_its_time_by_the_worker(
    cast: BulletinCast, clock: FrozenClock, run_jobs: Run
) -> None:
    article = cast.drafted()
    past = cast.do(article, "schedule", publish_at=(now() - timedelta(hours=1)).isoformat())
    assert past.json["code"] == "publish_at_over"
    later = now() + timedelta(hours=5)
    seen = cast.must(article, "schedule", publish_at=later.isoformat())
    assert (seen["state"], seen["writable"]) == ("scheduled", False)
    run_jobs()
    assert titles(cast) == []
    cast.must(article, "unschedule")
    last = now() + timedelta(hours=8)
    cast.must(article, "schedule", publish_at=last.isoformat())
    clock.advance(timedelta(hours=6))
    run_jobs()
    assert titles(cast) == [], "the time that was taken back publishes nothing"
    clock.advance(timedelta(hours=2))
    run_jobs()
    assert titles(cast) == [GIVEN["title"]]
    history = cast.desk("fenliu").get(f"/staff/articles/{article['id']}").json["timeline"]
    assert (history[-1]["title"], history[-1]["actor_name"]) == ("到约定的时间，自动发布", "系统")


def test_lists_by_village_series_month_and_words(cast: BulletinCast, clock: FrozenClock) -> None:
    other = str(add_series(cast.app, "ershida", "党的二十大精神"))
    cast.published(title="给全镇")
    cast.published(title="只给一村", villages=[cast.village("V01")], series_id=other)
    clock.advance(timedelta(days=40))
    cast.published(title="公众号文章", html="", link=LINK)
    assert titles(cast) == ["公众号文章", "只给一村", "给全镇"]
    assert titles(cast, village=cast.village("V01")) == titles(cast)
    assert titles(cast, village=cast.village("V02")) == ["公众号文章", "给全镇"]
    assert titles(cast, series="ershida") == ["只给一村"]
    assert titles(cast, month="2026-03") == ["只给一村", "给全镇"]
    assert titles(cast, year="2025") == []
    assert titles(cast, words="公众") == ["公众号文章"]
    archive = cast.read("articles/archive")["items"]
    assert archive == [{"month": "2026-04", "articles": 1}, {"month": "2026-03", "articles": 2}]
    assert {one["code"]: one["articles"] for one in cast.read("series")["items"]} == {
        "zhengce": 2,
        "ershida": 1,
    }
    newest = cast.read("articles")["items"][0]
    assert (newest["link"], newest["has_audio"], newest["cover"]) == (LINK, False, None)
    assert titles(cast, town="xiwan") == []


def test_an_article_says_something_and_leads_nowhere_else(cast: BulletinCast) -> None:
    empty = cast.do(cast.drafted(html="<p> </p>"), "publish")
    assert (empty.status_code, empty.json["code"]) == (422, "article_empty")
    given = {**GIVEN, "series_id": str(add_series(cast.app))}
    for link in (
        "http://mp.weixin.qq.com/s/A", "https://mp.weixin.qq.com.evil.cn/s/A", "https://evil.cn/s/A",
        "https://mp.weixin.qq.com@evil.cn/s/A", "javascript:alert(1)", "https://mp.weixin.qq.com/cgi-bin/x",
        'https://mp.weixin.qq.com/s/"onload=x', "https://mp.weixin.qq.com:8443/s/A",
    ):  # fmt: skip
        answer = cast.desk("fenliu").post("/staff/articles", {**given, "link": link})
        assert (answer.status_code, list(answer.json["fields"])) == (422, ["link"]), link
    foreign = {**given, "villages": ["4"]}
    assert cast.desk("fenliu").post("/staff/articles", foreign).json["code"] == "village_unknown"
    elsewhere = {**given, "series_id": str(add_series(cast.app, town="xiwan"))}
    assert cast.desk("fenliu").post("/staff/articles", elsewhere).json["code"] == "series_unknown"


def test_a_town_keeps_its_series_and_another_town_sees_none_of_it(cast: BulletinCast) -> None:
    desk = cast.desk("fenliu")
    made = desk.post("/staff/series", {"code": "fangyan", "name": "方言广播"})
    assert made.status_code == 201, made.text
    assert desk.post("/staff/series", {"code": "fangyan", "name": "别的"}).json["code"] == "series_exists"
    path = f"/staff/series/{made.json['id']}"
    off = desk.patch(path, {"version": 1, "active": False, "name": "方言小喇叭"})
    assert (off.json["active"], off.json["version"]) == (False, 2)
    assert desk.patch(path, {"version": 1, "name": "晚了"}).status_code == 409
    assert cast.read("series")["items"] == [], "one that is switched off and has no article is not shown"
    refused = desk.post("/staff/articles", {**GIVEN, "series_id": made.json["id"]})
    assert refused.json["code"] == "series_unknown"
    article = cast.drafted()
    stranger = cast.desk("xfenliu")
    assert stranger.get(f"/staff/articles/{article['id']}").status_code == 404
    assert stranger.get("/staff/articles").json["items"] == []
    assert cast.do(article, "discard").json["state"] == "discarded"
    assert cast.do(article, "publish").status_code == 409


def test_the_table_and_the_rows_agree_on_what_has_ended() -> None:
    ended = {state.code for state in ARTICLE_TABLE.states if not state.is_open}
    rule = next(
        str(one.sqltext)
        for one in Article.__table__.constraints  # type: ignore[attr-defined]
        if isinstance(one, CheckConstraint) and "closed_at" in str(one.sqltext)
    )
    assert {state.code for state in ARTICLE_TABLE.states if f"'{state.code}'" in rule} == ended
