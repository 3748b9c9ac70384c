"""What neighbours and households write is text wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask

from backend.kernel.clock import FrozenClock
from tests.api.care.conftest import Home
from tests.api.care.test_agreements import PAPER
from tests.api.neighbours.conftest import Street
from tests.factories.identity import worker
from tests.fakes.platform import RecordingPlatform
from tests.support.planted import Planter
from tests.support.xss import skeleton

Planting = Callable[..., Planter]


def done(answer: Any) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json if answer.data else None


def test_posts_letters_and_flags_of_neighbours(
    app: Flask, platform: RecordingPlatform, run_jobs: Callable[[], Any], planting: Planting
) -> None:
    harmless = Street(app, run_jobs, platform).posted("qian")
    shape = skeleton(app.test_client().get(f"/s/neighbour_post/{harmless}").text)
    planter = planting("(resident|staff)/neighbour.*")
    street = Street(app, run_jobs, platform)
    post = street.posted("wang")
    page = app.test_client().get(f"/s/neighbour_post/{post}")
    assert (page.status_code, skeleton(page.text)) == (200, shape)
    thread = done(street.ask(post))["id"]
    done(street.resident("wang").post(f"/resident/neighbour-threads/{thread}/messages", {"text": "好"}))
    street.resident("zhao").get(f"/resident/neighbour-threads/{thread}")
    for who in ("li", "zhao", "sun"):
        flag = {"reason": "advert", "note": "广告"}
        done(street.resident(who).post(f"/resident/neighbours/{post}/flag", flag))
    desk = street.desk("fenliu")
    done(desk.get(f"/staff/neighbours/{post}"))
    done(desk.post(f"/staff/neighbours/{post}/actions/take_down", {"reason": "advert", "note": "下架"}))
    done(street.resident("wang").get(f"/resident/neighbours/{post}"))
    done(street.resident("wang").get("/resident/inbox"))
    assert planter.left_out() == []
    assert planter.lost("resident/neighbours/{post_id}/flag.note") == [], "that is shown to nobody"


def test_requests_visits_and_agreements(
    app: Flask,
    platform: RecordingPlatform,
    run_jobs: Callable[[], Any],
    planting: Planting,
    clock: FrozenClock,
) -> None:
    planter = planting("(resident|staff)/(care-|help-).*")
    home = Home(app, run_jobs)
    request_id = home.ask()
    home.own(request_id)
    done(home.do("wangge3", request_id, "visit", visit_note="看过了"))
    home.own(request_id)
    done(home.desk("wangge3").get(f"/staff/help-requests/{request_id}"))
    done(home.agree())
    done(home.desk("cunzhang2").post("/staff/care-agreements", PAPER | {"village_id": home.village("V02")}))
    done(home.desk("cunzhang2").get("/staff/care-agreements"))
    clock.advance(timedelta(days=7))
    run_jobs()
    phone = worker(app, "wangge3")
    due = done(phone.get("/staff/care-visits"))["items"][0]
    path = f"/staff/care-visits/{due['id']}/results/visited"
    done(phone.post(path, {"version": due["version"], "note": "都好"}, key="v"))
    done(home.resident("wang").get("/resident/care-agreements"))
    assert planter.left_out() == []
    assert planter.lost() == []
