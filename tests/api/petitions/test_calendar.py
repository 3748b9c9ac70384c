"""The office's legal calendar and the month's figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from backend.kernel.clock import FrozenClock
from tests.factories.petition_cast import PetitionCast
from tests.fakes.platform import RecordingPlatform


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> PetitionCast:
    return PetitionCast(app)


def calendar(cast: PetitionCast, username: str = "xinfang") -> dict[str, Any]:
    answer = cast.desk(username).get("/staff/petitions/calendar")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def shown(lines: list[dict[str, Any]]) -> list[tuple[int, str, str, int]]:
    return [(int(one["id"]), one["label"], one["due_on"], one["days_late"]) for one in lines]


def test_what_is_due_this_week(cast: PetitionCast, clock: FrozenClock) -> None:
    """Registered on 10 March: to be informed by the 25th, seen from the 19th on."""
    petition_id = cast.petition_in("registered")
    clock.advance(timedelta(days=8))
    assert shown(calendar(cast)["due"]) == []
    clock.advance(timedelta(days=1))
    assert shown(calendar(cast)["due"]) == [(petition_id, "告知期限", "2026-03-25", 0)]
    clock.advance(timedelta(days=7))
    found = calendar(cast)
    assert shown(found["due"]) == []
    assert shown(found["breached"]) == [(petition_id, "告知期限", "2026-03-25", 1)]
    assert found["breached"][0]["still_open"]


def test_what_was_late_stays_seen_and_what_was_in_time_does_not(
    cast: PetitionCast, clock: FrozenClock
) -> None:
    late, in_time = cast.petition_in("registered"), cast.petition_in("registered", who="li")
    cast.step("xinfang", in_time, "accept", unit_id="urban")
    clock.advance(timedelta(days=18))
    cast.step("xinfang", late, "accept", unit_id="urban")
    found = calendar(cast)["breached"]
    assert shown(found) == [(late, "告知期限", "2026-03-25", 3)]
    assert not found[0]["still_open"]


def test_the_citizens_own_windows_are_no_duty(cast: PetitionCast, clock: FrozenClock) -> None:
    cast.petition_in("answered")
    clock.advance(timedelta(days=29))
    assert calendar(cast)["due"] == []
    clock.advance(timedelta(days=10))
    assert calendar(cast)["breached"] == []


def test_whoever_keeps_out_and_the_other_town_see_none(cast: PetitionCast, clock: FrozenClock) -> None:
    petition_id = cast.petition_in("registered")
    clock.advance(timedelta(days=12))
    assert calendar(cast, "xxinfang")["due"] == []
    assert len(calendar(cast, "lingdao")["due"]) == 1
    cast.set(petition_id, town_id=1)
    assert calendar(cast, "lingdao")["due"] == []


@pytest.fixture
def a_month(cast: PetitionCast, clock: FrozenClock) -> PetitionCast:
    """Four of March: two informed in time, one late, one withdrawn; one answered in time, one late."""
    answered, slow = cast.petition_in("answered"), cast.petition_in("handling", who="li")
    late, gone = cast.petition_in("registered", who="zhao"), cast.petition_in("withdrawn", who="li")
    cast.asks("wang", answered, "rate_office", score="satisfied")
    cast.asks("wang", answered, "rate_unit", score="unsatisfied", note="太慢")
    cast.asks("li", slow, "rate_office", score="basically")
    clock.advance(timedelta(days=20))
    cast.step("xinfang", late, "transfer", body="滕州市", note="属市里职权")
    clock.advance(timedelta(days=60))
    assert cast.of(gone, "state") == "withdrawn"
    return cast


def figures(cast: PetitionCast, month: str) -> dict[str, Any]:
    answer = cast.desk("xinfang").get(f"/staff/petitions/figures?month={month}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_a_month_in_figures(a_month: PetitionCast) -> None:
    march, may = figures(a_month, "2026-03"), figures(a_month, "2026-05")
    assert march["registered"] == 4
    assert march["informed"] == {"timely": 2, "n": 3, "percent": 66.7}
    assert march["answered"] == {"timely": 0, "n": 0, "percent": None}
    assert may["answered"] == {"timely": 1, "n": 2, "percent": 50.0}
    assert [(s["label"], s["n"], s["percent"]) for s in march["satisfaction"]] == [
        ("镇信访办", 2, 100.0),
        ("责任单位", 1, 0.0),
    ]
    assert figures(a_month, "2026-04")["satisfaction"][0]["n"] == 0


def test_a_reply_counts_by_its_delivery(cast: PetitionCast, clock: FrozenClock) -> None:
    """Delivered on day 60 and entered two days later: in time (PET-08)."""
    petition_id = cast.petition_in("opinion_approved")
    clock.advance(timedelta(days=62))
    cast.step(
        "xinfang",
        petition_id,
        "deliver",
        way="post",
        delivered_on=date(2026, 5, 9),
        signed="signed",
        stance="unclear",
    )
    assert figures(cast, "2026-05")["answered"] == {"timely": 1, "n": 1, "percent": 100.0}
    assert calendar(cast)["breached"] == []


def test_no_figure_is_of_a_village_a_unit_or_a_person(a_month: PetitionCast) -> None:
    """§8.1 point 7: nothing here could be held against anybody."""
    said = a_month.desk("lingdao").get("/staff/petitions/figures?month=2026-03").text
    for word in ("village", "unit_name", "staff", "湾头", "城管", "王", "resident"):
        assert word not in said, word


@pytest.mark.parametrize("month", ["2026-13", "2026-3", "0000-01", "9999-12", "x", ""])
def test_a_month_that_is_none(cast: PetitionCast, month: str) -> None:
    answer = cast.desk("xinfang").get(f"/staff/petitions/figures?month={month}")
    assert answer.status_code == 422
    assert "month" in answer.json["fields"]


@pytest.mark.parametrize("username", ["chengguan", "guanli", "fenliu", "jianju"])
def test_nobody_else_asks(cast: PetitionCast, username: str) -> None:
    assert cast.desk(username).get("/staff/petitions/figures?month=2026-03").status_code == 403
    assert cast.desk(username).get("/staff/petitions/calendar").status_code == 403


def sent_down(cast: PetitionCast, due_on: str, received_on: str = "2026-03-10") -> int:
    """A petition that 滕州市信访局 sent, with the day by which it wants to hear."""
    cast.app.extensions["limiter"].storage.reset()
    body = {
        "action": "receive",
        "channel": "upstream",
        "received_on": received_on,
        "sender_body": "滕州市信访局",
        "sender_due_on": due_on,
        "topic": "land",
        "claim": "请求退还承包地",
        "facts": "修路占用",
        "anonymous": True,
    }
    answer = cast.desk("xinfang").post("/staff/petitions", body)
    assert answer.status_code == 201, answer.text
    return int(answer.json["id"])


def test_the_senders_date_stands_in_the_calendar_and_wins_when_it_is_earlier(
    cast: PetitionCast, clock: FrozenClock
) -> None:
    """PET-03, PET-05: 30 days asked for by the sender, 60 by the law; received a day before it was entered."""
    petition_id = sent_down(cast, "2026-04-08", "2026-03-09")
    cast.step("xinfang", petition_id, "accept", unit_id="urban")
    page = cast.seen("xinfang", petition_id)
    dates = {d["clock"]: d["due_on"] for d in page["dates"]}
    assert (dates["sender"], dates["handle"]) == ("2026-04-08", "2026-05-09")
    assert page["due_on"] == "2026-04-08"
    clock.advance(timedelta(days=24))
    label = "转送单位要求反馈的期限"
    assert (petition_id, label, "2026-04-08", 0) in shown(calendar(cast)["due"])
    clock.advance(timedelta(days=6))
    assert cast.seen("xinfang", petition_id)["overdue"]
    assert (petition_id, label, "2026-04-08", 1) in shown(calendar(cast)["breached"])


def test_a_senders_later_date_changes_nothing(cast: PetitionCast) -> None:
    petition_id = sent_down(cast, "2026-08-01")
    cast.step("xinfang", petition_id, "accept", unit_id="urban")
    assert cast.seen("xinfang", petition_id)["due_on"] == "2026-05-09"


def test_a_senders_date_ends_with_the_matter_and_is_none_where_nobody_named_one(cast: PetitionCast) -> None:
    petition_id = sent_down(cast, "2026-03-10")
    cast.step("xinfang", petition_id, "transfer", body="滕州市自然资源局", note="属于市局职权")
    states = {d["clock"]: (d["due_on"], d["state"]) for d in cast.seen("xinfang", petition_id)["dates"]}
    assert states["sender"] == ("2026-03-10", "stopped")
    assert "sender" not in {d["clock"] for d in cast.seen("xinfang", cast.petition_in("objected"))["dates"]}
