"""三务公开: notices with their chain, questions and demands, reminders: their words are text wherever they are shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

from flask import Flask

from backend.kernel.clock import FrozenClock
from backend.notices.objection_models import NoticeObjection
from tests.api.markup.test_neighbours_markup import Planting, done
from tests.factories.notices import NoticeCast
from tests.factories.objection_cast import ObjectionCast
from tests.fakes.platform import RecordingPlatform
from tests.support.xss import skeleton


def shown(app: Flask, village: int) -> tuple[str, str]:
    """The page of a village and the feed of the town."""
    client = app.test_client()
    page = client.get(f"/v/{village}")
    feed = client.get("/api/v1/public/news.atom", query_string={"town": "dongwan"})
    assert (page.status_code, feed.status_code) == (200, 200)
    return page.text, "".join(ElementTree.fromstring(feed.data).itertext())


def test_notices_with_their_chain_and_their_supplements(
    app: Flask, platform: RecordingPlatform, run_jobs: Callable[[], Any], planting: Planting
) -> None:
    plain = NoticeCast(app)
    harmless = plain.published()
    run_jobs()
    shapes = [skeleton(app.test_client().get(f"/s/notice/{harmless['id']}").text)]
    village = shown(app, plain.village)[0]
    planter = planting(r"staff/notices(?!/watch).*")
    cast = NoticeCast(app)
    assert cast.draft(reason="因").json["code"] == "not_asked_for", "nothing is dropped in silence"
    notice = cast.drafted()
    path = f"/staff/notices/{notice['id']}"
    whole = {"version": notice["version"], "title": "题", "body": "文"}
    notice = cast.walked(done(cast.desk("wenshu1").patch(path, whole)))
    added = done(cast.desk("wenshu1").post(f"{path}/supplements", {"reason": "漏了", "body": "补上"}))
    whole = {"version": added["version"], "reason": "因", "body": "补"}
    added = cast.walked(done(cast.desk("wenshu1").patch(f"/staff/notices/{added['id']}", whole)))
    for answer in (cast.public(f"/{notice['id']}"), cast.desk("wenshu1").get("/staff/notices")):
        assert answer.status_code == 200
    run_jobs()
    page = app.test_client().get(f"/s/notice/{notice['id']}")
    assert (page.status_code, [skeleton(page.text)]) == (200, shapes)
    after, feed = shown(app, plain.village)
    assert [one for one in skeleton(after) if one not in skeleton(village)] == []
    assert notice["title"] in feed
    assert planter.left_out() == [("POST", "/api/v1/staff/notices", ".reason")], "refused, as above"
    assert planter.lost() == []


def test_questions_demands_and_reminders(
    app: Flask,
    platform: RecordingPlatform,
    run_jobs: Callable[[], Any],
    planting: Planting,
    clock: FrozenClock,
) -> None:
    planter = planting(
        "(resident|staff)/(objections|publishing-requests|notice-reports|notices/watch).*",
        "resident/notices.*",
    )
    books = ObjectionCast(app, run_jobs)
    books.notice(
        category="finance_sheet", period="2026-01", published_on=clock.now().date() - timedelta(days=27)
    )
    notice_id = books.notice()
    question = done(books.villager("wang").post(f"/resident/notices/{notice_id}/objections", {"text": "问"}))
    run_jobs()
    version = books.of(NoticeObjection, question["id"], "version")
    given = {"version": version, "reply": "答"}
    answered = done(books.desk("cunzhang1").post(f"/staff/objections/{question['id']}/actions/answer", given))
    done(app.test_client().get(f"/api/v1/public/notices/{notice_id}/objections"))
    books.resident("wang").get(f"/resident/notices/{notice_id}/objections")
    judged = {"version": answered["version"], "note": "不满意"}
    gone_up = done(
        books.resident("wang").post(f"/resident/objections/{question['id']}/actions/unsatisfied", judged)
    )
    done(books.resident("wang").get(f"/resident/reports/{gone_up['case_id']}"))
    told = {"reason": "false", "text": "不实", "notice_id": str(notice_id)}
    reported = done(books.villager("li").post("/resident/notice-reports", told))
    done(books.desk("fenliu").get(f"/staff/cases/{reported['case_id']}"))
    books.roll(1)
    demanded = books.demand("wang")
    done(books.decide("cunzhang1", demanded["id"], "refuse", note="不公开"))
    books.request_page(demanded["id"])
    clock.advance(timedelta(days=3))
    order = {"village_id": str(books.village), "category": "finance_sheet", "period": "2026-02", "note": "催"}
    done(books.desk("fenliu").post("/staff/notices/watch/orders", order))
    done(books.desk("fenliu").get("/staff/notices/watch"))
    books.desk("wenshu1").get("/staff/inbox")
    assert planter.left_out() == []
    assert planter.lost() == []
