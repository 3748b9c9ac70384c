"""Opening a topic, its text, what is said about it, and its meetings, over HTTP (CON-01, CON-08, CON-11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.comments import services as comments
from backend.consultations import speaking
from backend.consultations.models import ConsultationSeat
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit
from backend.rights import retention
from tests.factories.consultation_cast import ACCEPTING, OPENING, ConsultationCast
from tests.factories.identity import place_id
from tests.fakes.platform import RecordingPlatform

RunJobs = Callable[[], Any]
PLANTED = "13812345678"


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> ConsultationCast:
    return ConsultationCast(app)


def soon(clock: FrozenClock, days: int) -> str:
    return (clock.now() + timedelta(days=days)).isoformat()


def let_pass(cast: ConsultationCast, said: Any) -> None:
    """The platform has found nothing wrong with it."""
    assert said.status_code == 201, said.text
    with cast.app.app_context():
        run_unit(lambda: comments.checked(int(said.json["id"]), comments.PASSED))


def changed(cast: ConsultationCast, topic_id: int, **text: Any) -> Any:
    page = cast.seen("cunzhang1", topic_id)
    whole = {name: page[name] for name in ("title", "body", "asked")} | text
    return cast.sends("cunzhang1", topic_id, "corrections", **whole)


# --- the period -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closes_on", "code", "field"),
    [
        ("2026-03-09", "ends_before_begin", "closes_on"),
        ("2026-03-12", "period_too_short", "closes_on"),
        ("2026-03-20", "shorter_without_reason", "shorter_reason"),
        ("2027-03-20", "period_too_long", "closes_on"),
    ],
)
def test_a_period_that_is_none_opens_nothing(
    cast: ConsultationCast, closes_on: str, code: str, field: str
) -> None:
    topic_id = cast.topic_in("accepted")
    answer = cast.does("cunzhang1", topic_id, "open", **OPENING, closes_on=closes_on)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert field in answer.json["fields"]
    assert cast.of(topic_id, "state") == "accepted"


def test_a_shorter_period_shows_its_reason_to_everybody(cast: ConsultationCast) -> None:
    topic_id = cast.topic_in("accepted")
    reason = "汛期前要动工"
    given = OPENING | {"closes_on": "2026-03-18", "shorter_reason": reason}
    assert cast.does("cunzhang1", topic_id, "open", **given).status_code == 200
    page = cast.page(topic_id)
    assert (page["closes_on"], page["days_left"], page["shorter_reason"]) == ("2026-03-18", 8, reason)
    assert [d["due_on"] for d in page["dates"] if d["clock"] == "collect"] == ["2026-03-18"]


def test_a_major_matter_is_open_for_thirty_days(cast: ConsultationCast) -> None:
    topic_id = cast.topic_in("proposed")
    assert cast.does("lingdao", topic_id, "accept", **ACCEPTING | {"weight": "major"}).status_code == 200
    assert cast.does("cunzhang1", topic_id, "open", **OPENING).status_code == 200
    assert cast.page(topic_id)["closes_on"] == "2026-04-09"


def test_the_last_day_counts_in_full_and_then_it_closes_by_itself(
    cast: ConsultationCast, clock: FrozenClock, run_jobs: RunJobs
) -> None:
    topic_id = cast.topic_in("open")
    clock.move_to(datetime.fromisoformat("2026-03-25T23:00:00+08:00"))
    run_jobs()
    assert cast.page(topic_id)["days_left"] == 0
    assert cast.speaks("li", topic_id).status_code == 201
    clock.advance(timedelta(hours=2))
    run_jobs()
    assert cast.of(topic_id, "state") == "concluding"
    late = cast.speaks("li", topic_id)
    assert (late.status_code, late.json["code"]) == (409, "not_open")


def test_a_longer_period_moves_the_last_day(
    cast: ConsultationCast, clock: FrozenClock, run_jobs: RunJobs
) -> None:
    topic_id = cast.topic_in("open")
    why = {"note": "外出务工的人周末才回来"}
    assert cast.does("cunzhang1", topic_id, "prolong", closes_on="2026-03-20", **why).status_code == 422
    assert cast.does("cunzhang1", topic_id, "prolong", closes_on="2026-04-01", **why).status_code == 200
    clock.move_to(datetime.fromisoformat("2026-03-27T10:00:00+08:00"))
    run_jobs()
    assert cast.of(topic_id, "state") == "open"
    clock.move_to(datetime.fromisoformat("2026-04-02T00:10:00+08:00"))
    run_jobs()
    assert cast.of(topic_id, "state") == "concluding"


# --- the text ---------------------------------------------------------------------------------------------


def test_before_anybody_has_spoken_the_text_is_put_right_in_its_place(cast: ConsultationCast) -> None:
    topic_id = cast.topic_in("open")
    assert changed(cast, topic_id, body="晚上村口和桥头太黑，老人摔过两次。").status_code == 200
    page = cast.page(topic_id)
    assert page["text_version"] == 1
    assert [v["body"] for v in page["versions"]] == ["晚上村口和桥头太黑，老人摔过两次。"]


def test_the_first_opinion_freezes_it_and_a_correction_is_a_dated_version(
    cast: ConsultationCast, clock: FrozenClock, run_jobs: RunJobs
) -> None:
    topic_id = cast.topic_in("open")
    let_pass(cast, cast.speaks("li", topic_id))
    assert cast.seen("cunzhang1", topic_id)["frozen"]
    before = cast.page(topic_id)["body"]
    clock.advance(timedelta(days=2))
    refused = changed(cast, topic_id, body="改成另外一件完全不同的事情了。")
    assert (refused.status_code, refused.json["code"]) == (422, "reason_missing")
    assert changed(cast, topic_id, reason="没有改").json["code"] == "nothing_changed"
    assert changed(cast, topic_id, asked="装六盏还是八盏", reason="原来漏写了盏数").status_code == 200
    page = cast.page(topic_id)
    assert page["text_version"] == 2
    assert [(v["number"], v["made_on"], v["reason"]) for v in page["versions"]] == [
        (1, "2026-03-10", ""),
        (2, "2026-03-12", "原来漏写了盏数"),
    ]
    assert page["versions"][0]["asked"] == OPENING["asked"]
    assert page["body"] == before
    run_jobs()
    told = [m["title"] for m in cast.resident("li").get("/resident/inbox").json["items"]]
    assert "您发表过意见的文本有更正" in told


def test_whatever_counts_as_an_opinion_freezes_the_text(cast: ConsultationCast) -> None:
    """A vote on a statement too: it goes by the same door."""
    topic_id = cast.topic_in("open")
    assert not cast.seen("cunzhang1", topic_id)["frozen"]
    with cast.app.app_context():
        run_unit(lambda: speaking.give_opinion(topic_id))
    assert cast.seen("cunzhang1", topic_id)["frozen"]


def test_who_read_an_older_text_is_asked_to_read_the_new_one(cast: ConsultationCast) -> None:
    topic_id = cast.topic_in("open")
    assert cast.speaks("li", topic_id, text_version=1).status_code == 201
    assert changed(cast, topic_id, asked="装六盏还是八盏", reason="漏写了盏数").status_code == 200
    answer = cast.speaks("zhao", topic_id, text_version=1)
    assert (answer.status_code, answer.json["code"]) == (409, "text_changed")
    assert cast.speaks("zhao", topic_id, text_version=2).status_code == 201


@pytest.mark.parametrize("state", ["proposed", "accepted", "concluding", "published", "declined"])
def test_out_of_its_time_nobody_speaks(cast: ConsultationCast, state: str) -> None:
    answer = cast.speaks("li", cast.topic_in(state))
    assert answer.status_code == (404 if state == "proposed" else 409)


# --- nothing personal in what is published ----------------------------------------------------------------


def test_a_proposal_with_a_phone_number_is_not_let_out_as_it_is(cast: ConsultationCast) -> None:
    topic_id = cast.propose(body=f"路灯坏了，联系我 {PLANTED}，晚上太黑了。")
    refused = cast.does("lingdao", topic_id, "accept", **ACCEPTING)
    assert (refused.status_code, refused.json["code"]) == (422, "personal_data")
    assert refused.json["details"]["marks"]["body"] == [[9, 20, "phone"]]
    assert changed(cast, topic_id, body="路灯坏了，晚上太黑了，请装路灯。").status_code == 200
    assert cast.does("lingdao", topic_id, "accept", **ACCEPTING).status_code == 200


@pytest.mark.parametrize(
    ("state", "action", "given"),
    [
        ("proposed", "decline", {"note": f"请打 {PLANTED}"}),
        ("accepted", "open", OPENING | {"who_may": f"报名电话 {PLANTED}"}),
        ("open", "cancel_meeting", {"note": f"问 {PLANTED}"}),
        ("concluding", "draft_conclusion", {"conclusion": f"由 {PLANTED} 负责"}),
        ("carrying_out", "finish", {"note": f"有问题打 {PLANTED}"}),
    ],
)
def test_no_step_publishes_a_phone_number(
    cast: ConsultationCast, state: str, action: str, given: dict[str, str]
) -> None:
    topic_id = cast.topic_in(state)
    who = "lingdao" if action == "decline" else "cunzhang1"
    answer = cast.does(who, topic_id, action, **given)
    assert (answer.status_code, answer.json["code"]) == (422, "personal_data")
    assert cast.of(topic_id, "state") == state


def test_a_declined_title_can_be_said_in_other_words(cast: ConsultationCast) -> None:
    topic_id = cast.propose(title=f"{PLANTED} 欠钱不还")
    why = {"note": "属于个人之间的事，请找调解"}
    assert cast.does("lingdao", topic_id, "decline", **why).status_code == 422
    assert cast.does("lingdao", topic_id, "decline", **why, public_title="个人债务").status_code == 200
    page = cast.page(topic_id)
    assert (page["title"], page["screened_reason"]) == ("个人债务", why["note"])
    assert page["body"] == "", "what was not let in is not published"


# --- meetings ---------------------------------------------------------------------------------------------


def meeting(clock: FrozenClock, days: int = 3, **changes: Any) -> dict[str, Any]:
    return {"form": "talk", "at": soon(clock, days), "place": "村委会", "agenda": "谈路灯", **changes}


def hearing(clock: FrozenClock, days: int = 8, **changes: Any) -> dict[str, Any]:
    papers = {"materials": "方案和预算", "chosen_how": "抽签", "invited": ["村民代表 12 人", "供电所"]}
    return meeting(clock, days, **{"form": "hearing", **papers, **changes})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"materials": ""}, "materials"),
        ({"chosen_how": ""}, "chosen_how"),
        ({"invited": []}, "invited"),
        ({"at": "2026-03-16T02:00:00Z"}, "at"),
        ({"at": "2026-03-09T02:00:00Z"}, "at"),
        ({"at": "2027-03-09T02:00:00Z"}, "at"),
    ],
)
def test_a_hearing_owes_its_papers_a_week_ahead(
    cast: ConsultationCast, clock: FrozenClock, changes: dict[str, Any], field: str
) -> None:
    """CON-11."""
    topic_id = cast.topic_in("open")
    answer = cast.sends("cunzhang1", topic_id, "meeting", **hearing(clock, **changes))
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == [field]
    assert cast.page(topic_id)["meeting"] is None


def test_a_hearing_is_published_with_its_list(cast: ConsultationCast, clock: FrozenClock) -> None:
    topic_id = cast.topic_in("open")
    assert cast.sends("cunzhang1", topic_id, "meeting", **hearing(clock)).status_code == 200
    shown = cast.page(topic_id)["meeting"]
    assert (shown["form_label"], shown["state_label"]) == ("听证会", "已通知")
    assert shown["invited"] == ["村民代表 12 人", "供电所"]
    assert (shown["materials"], shown["chosen_how"]) == ("方案和预算", "抽签")
    again = cast.sends("cunzhang1", topic_id, "meeting", **meeting(clock))
    assert (again.status_code, again.json["code"]) == (409, "meeting_called")


def test_seats_are_kept_once_each_given_back_and_never_more_than_there_are(
    cast: ConsultationCast, clock: FrozenClock
) -> None:
    topic_id = cast.topic_in("open")
    way = f"/resident/consultations/{topic_id}/seat"
    assert cast.resident("li").post(way).json["code"] == "no_meeting_called"
    cast.sends("cunzhang1", topic_id, "meeting", **meeting(clock, seats=1))
    assert [cast.resident("li").post(way).status_code for _ in range(2)] == [204, 204]
    assert cast.resident("zhao").post(way).json["code"] == "seats_gone"
    assert cast.page(topic_id)["meeting"]["seats_taken"] == 1
    assert cast.resident("li").get(f"/resident/consultations/{topic_id}/mine").json["seat"]
    assert [cast.resident("li").delete(way).status_code for _ in range(2)] == [204, 204]
    assert cast.resident("zhao").post(way).status_code == 204
    assert "li" not in str(cast.page(topic_id)["meeting"])
    for days, left in ((3 + 89, 1), (2, 0)):
        clock.advance(timedelta(days=days))
        with cast.app.app_context():
            retention.run()
            seats = run_unit(lambda: db.session.scalar(select(func.count()).select_from(ConsultationSeat)))
        assert seats == left, "ninety days after the meeting nobody knows who came (PI-08)"
    assert cast.page(topic_id)["meeting"]["seats_taken"] == 1


def test_minutes_come_after_the_meeting_and_it_holds_up_the_conclusion(
    cast: ConsultationCast, clock: FrozenClock
) -> None:
    topic_id = cast.topic_in("concluding")
    cast.sends("cunzhang1", topic_id, "meeting", **meeting(clock))
    record = {"minutes": "大家同意装六盏", "expected": 42, "attended": 36, "attendance": "请假 6 人"}
    early = cast.sends("cunzhang1", topic_id, "meeting/record", **record)
    assert (early.status_code, early.json["code"]) == (409, "meeting_to_come")
    waits = cast.does("cunzhang1", topic_id, "draft_conclusion", conclusion="装六盏")
    assert (waits.status_code, waits.json["code"]) == (409, "meeting_pending")
    clock.advance(timedelta(days=4))
    more = cast.sends("cunzhang1", topic_id, "meeting/record", **record | {"attended": 43})
    assert list(more.json["fields"]) == ["attended"]
    assert cast.sends("cunzhang1", topic_id, "meeting/record", **record).status_code == 200
    shown = cast.page(topic_id)["meeting"]
    assert (shown["state"], shown["minutes"], shown["attended"]) == ("held", record["minutes"], 36)
    assert cast.does("cunzhang1", topic_id, "draft_conclusion", conclusion="装六盏").status_code == 200


def test_a_poll_is_opened_with_the_topic_for_as_long(cast: ConsultationCast) -> None:
    """CON-10: with its label; a step that opens nothing takes none."""
    topic_id = cast.topic_in("proposed")
    poll = {"question": "装几盏？", "options": ["六盏", "八盏"], "entitled": 300}
    assert cast.does("lingdao", topic_id, "accept", **ACCEPTING, poll=poll).status_code == 422
    assert cast.does("lingdao", topic_id, "accept", **ACCEPTING).status_code == 200
    bad = poll | {"options": ["六盏", "六盏"]}
    assert cast.does("cunzhang1", topic_id, "open", **OPENING, poll=bad).status_code == 422
    assert cast.does("cunzhang1", topic_id, "open", **OPENING, poll=poll).status_code == 200
    assert cast.seen("cunzhang1", topic_id)["frozen"], (
        "a ballot may come in at any moment, and leaves no trace"
    )
    page = cast.page(topic_id)
    assert "不是法定表决" in page["notice"]
    shown = cast.app.test_client().get(f"/api/v1/public/polls/{page['poll_id']}").get_json()
    assert shown["question"] == "装几盏？"
    assert shown["closes_at"].startswith(str(date(2026, 3, 25)))
    assert cast.does("lingdao", topic_id, "cancel", note="县里统一改造").status_code == 200
    assert cast.page(topic_id)["poll_id"] is None


def test_a_longer_period_keeps_its_poll_open_as_long(
    cast: ConsultationCast, clock: FrozenClock, run_jobs: RunJobs
) -> None:
    """CON-08: whoever is told of a later last day may vote until then."""
    topic_id = cast.topic_in("accepted")
    poll = {"question": "装几盏？", "options": ["六盏", "八盏"], "entitled": 300}
    assert cast.does("cunzhang1", topic_id, "open", **OPENING, poll=poll).status_code == 200
    given = {"closes_on": "2026-04-01", "note": "外出务工的人周末才回来"}
    assert cast.does("cunzhang1", topic_id, "prolong", **given).status_code == 200
    way = f"/api/v1/public/polls/{cast.page(topic_id)['poll_id']}"
    clock.move_to(datetime.fromisoformat("2026-03-27T10:00:00+08:00"))
    run_jobs()
    shown = cast.app.test_client().get(way).get_json()
    assert (shown["state"], shown["closes_at"][:10]) == ("open", "2026-04-01")
    clock.move_to(datetime.fromisoformat("2026-04-02T00:10:00+08:00"))
    run_jobs()
    assert cast.app.test_client().get(way).get_json()["state"] == "counted"


def test_a_village_brings_its_own_matters_and_the_town_its_own(cast: ConsultationCast) -> None:
    one, two = (str(place_id(cast.app, code)) for code in ("V01", "V02"))
    body = {"title": "村口要不要装路灯", "body": "晚上村口太黑，老人摔过两次。"}

    def bring(who: str, **given: Any) -> int:
        return int(cast.desk(who).post("/staff/consultations", {**body, **given}).status_code)

    assert bring("cunzhang1", origin="village", village_id=one) == 201
    assert bring("cunzhang1", origin="village", village_id=two) == 403
    assert bring("cunzhang1", origin="town") == 403
    assert bring("fenliu", origin="town") == 201
    assert bring("fenliu", origin="village", village_id=two) == 201
    assert bring("fenliu", origin="town", village_id=two) == 422
    assert bring("lingdao", origin="town") == 403
