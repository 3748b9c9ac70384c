"""What the law says of each step, each refusal in plain words with its article (PET-05 to PET-22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from backend.kernel.clock import FrozenClock, today
from backend.petitions import guide
from tests.factories.petition_cast import DRAFT, PetitionCast
from tests.fakes.platform import RecordingPlatform


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> PetitionCast:
    return PetitionCast(app)


def due_on(cast: PetitionCast, petition_id: int, clock: str) -> str:
    dates = {d["clock"]: d for d in cast.seen("xinfang", petition_id)["dates"]}
    return str(dates[clock]["due_on"])


def said(answer: Any, status: int, code: str) -> str:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.text
    return str(answer.json["message"])


# Triage ---------------------------------------------------------------------------------------------


def test_acceptance_sets_class_route_and_the_sixty_days(cast: PetitionCast) -> None:
    """PET-04, PET-08: 10 March + 60 days."""
    petition_id = cast.petition_in("accepted")
    page = cast.seen("xinfang", petition_id)
    assert (page["class_label"], page["branch"], page["accepted_on"]) == ("申诉求决类", "6", "2026-03-10")
    assert page["assignee"]["unit_name"] == "城管所"
    assert due_on(cast, petition_id, "handle") == "2026-05-09"
    assert page["due_on"] == "2026-05-09"


def test_a_suggestion_is_studied(cast: PetitionCast) -> None:
    page = cast.seen("xinfang", cast.petition_in("suggested"))
    assert (page["class_label"], page["branch"]) == ("意见建议类", "")


def test_a_legal_route_is_told_and_stops_the_clock(cast: PetitionCast) -> None:
    """PET-08: what has its own procedure has no sixty days here."""
    page = cast.seen("xinfang", cast.petition_in("guided"))
    assert page["branch_label"].startswith("（二）仲裁")
    assert [(d["clock"], d["state"]) for d in page["dates"]] == [("inform", "stopped")]


def test_an_objection_within_five_working_days(cast: PetitionCast, clock: FrozenClock) -> None:
    """PET-05: from Tuesday 10 March to Tuesday the 17th, then no more; and only once."""
    late, in_time = taken_from_above(cast), taken_from_above(cast)
    clock.advance(timedelta(days=7))
    assert cast.does("xinfang", in_time, "object", note="地块在邻镇").status_code == 200
    assert cast.does("xinfang", in_time, "sender_declines").status_code == 200
    said(cast.does("xinfang", in_time, "object", note="地块在邻镇"), 409, "objected_already")
    clock.advance(timedelta(days=1))
    words = said(cast.does("xinfang", late, "object", note="地块在邻镇"), 409, "objection_late")
    assert "5个工作日" in words
    assert "2026年3月17日" in words
    assert "第二十三条" in words
    assert cast.of(late, "state") == "registered"


def test_what_nobody_sent_cannot_be_objected_to(cast: PetitionCast) -> None:
    assert cast.does("xinfang", cast.petition_in("registered"), "object", note="不归我们").status_code == 403


def taken_from_above(cast: PetitionCast) -> int:
    cast.app.extensions["limiter"].storage.reset()
    body = {
        "action": "receive",
        "channel": "upstream",
        "received_on": today().isoformat(),
        "sender_body": "滕州市信访局",
        "topic": "land",
        "claim": "请求退还承包地",
        "facts": "修路占用",
        "anonymous": True,
    }
    answer = cast.desk("xinfang").post("/staff/petitions", body)
    assert answer.status_code == 201, answer.text
    return int(answer.json["id"])


def test_the_same_matter_is_joined_while_the_other_is_open(cast: PetitionCast) -> None:
    """PET-07: with a reason; what is over is not joined."""
    page = cast.seen("xinfang", cast.petition_in("joined"))
    assert page["joined_into"] == page["links"][0]["code_display"]
    assert page["repeat_number"] == 1
    ended, other = cast.petition_in("answered", who="li"), cast.petition_in("registered")
    code = cast.of(ended, "code")
    said(cast.does("xinfang", other, "join", into_code=code, note="同一块地"), 422, "wrong_matter")
    own = cast.of(other, "code")
    said(cast.does("xinfang", other, "join", into_code=own, note="同一块地"), 422, "code_unknown")


def test_no_longer_accepted_only_after_the_last_instance(cast: PetitionCast) -> None:
    """PET-13"""
    assert cast.of(cast.petition_in("no_longer"), "state") == "no_longer"
    answered, again = cast.petition_in("answered", who="li"), cast.petition_in("registered")
    given = {"into_code": cast.of(answered, "code"), "note": "同一事实和理由"}
    words = said(cast.does("xinfang", again, "no_longer_accept", **given), 422, "wrong_matter")
    assert "第三十六条" in words


# More time ------------------------------------------------------------------------------------------


def test_an_extension_is_signed_by_the_head_and_ends_on_day_ninety(
    cast: PetitionCast, clock: FrozenClock
) -> None:
    """PET-09: accepted on 10 March, day 60 is 9 May, day 90 is 8 June."""
    petition_id = cast.petition_in("handling")
    clock.advance(timedelta(days=60))  # 9 May, the last day
    for day in (date(2026, 5, 9), date(2026, 6, 9)):
        words = said(
            cast.does("chengguan", petition_id, "ask_extension", until=day, note="等测绘结果"),
            422,
            "bad_until",
        )
        assert "第三十四条" in words
    asked = cast.does("chengguan", petition_id, "ask_extension", until=date(2026, 6, 8), note="等测绘结果")
    assert asked.status_code == 200, asked.text
    assert cast.seen("xinfang", petition_id)["pending_request"]["reason"] == "等测绘结果"
    assert cast.does("chengguan", petition_id, "approve_extension", note="等测绘结果").status_code == 403
    signed = cast.does("lingdao", petition_id, "approve_extension", note="要等市里的测绘结果")
    assert signed.status_code == 200, signed.text
    assert due_on(cast, petition_id, "handle") == "2026-06-08"
    told: Any = cast.resident("wang").get(f"/resident/petitions/{petition_id}").json
    assert "要等市里的测绘结果" in [e["note"] for e in told["timeline"]]
    again = cast.does("chengguan", petition_id, "ask_extension", until=date(2026, 6, 8), note="还不够")
    assert again.status_code == 403, "once"


def test_an_extension_on_day_sixty_one_is_refused(cast: PetitionCast, clock: FrozenClock) -> None:
    """PET-09: neither asked for nor signed once the sixty days are over."""
    late, asked = cast.petition_in("handling"), cast.petition_in("handling", who="li")
    day = date(2026, 5, 20)
    assert cast.does("chengguan", asked, "ask_extension", until=day, note="等结果").status_code == 200
    clock.advance(timedelta(days=61))
    words = said(
        cast.does("chengguan", late, "ask_extension", until=day, note="等结果"), 409, "extension_late"
    )
    assert "第三十四条" in words
    said(cast.does("lingdao", asked, "approve_extension", note="等结果"), 409, "extension_late")
    assert due_on(cast, asked, "handle") == "2026-05-09"
    assert cast.does("lingdao", asked, "refuse_extension").status_code == 200
    assert cast.seen("xinfang", asked)["pending_request"] is None


def test_nobody_signs_their_own_extension(cast: PetitionCast) -> None:
    petition_id = cast.petition_in("handling")
    head = int(cast.staff_id("lingdao"))
    cast.set(petition_id, pending_request="extension", pending_by=head, pending_until=date(2026, 5, 20))
    assert cast.does("lingdao", petition_id, "approve_extension", note="可以").status_code == 403


def test_a_request_is_forgotten_when_the_matter_moves_on(cast: PetitionCast) -> None:
    petition_id = cast.petition_in("handling")
    cast.step("chengguan", petition_id, "ask_extension", until=date(2026, 5, 20), note="等结果")
    cast.step("chengguan", petition_id, "draft_opinion", **DRAFT)
    assert cast.of(petition_id, "pending_request") == ""


# The opinion ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", sorted(DRAFT))
def test_an_opinion_has_its_four_parts(cast: PetitionCast, part: str) -> None:
    """PET-10"""
    petition_id = cast.petition_in("handling")
    answer = cast.does(
        "chengguan", petition_id, "draft_opinion", **{k: v for k, v in DRAFT.items() if k != part}
    )
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == [part]


@pytest.mark.parametrize(("state", "outcome", "article"), [
    ("suggested", "supported", "第二十九条"),
    ("accepted", "adopted", "第三十二条"),
])  # fmt: skip
def test_an_outcome_fits_its_class(cast: PetitionCast, state: str, outcome: str, article: str) -> None:
    petition_id = cast.petition_in(state)
    cast.step("chengguan", petition_id, "start")
    answer = cast.does("chengguan", petition_id, "draft_opinion", **(DRAFT | {"outcome": outcome}))
    assert article in said(answer, 422, "outcome_of_other_class")


def test_whoever_drafted_does_not_sign(cast: PetitionCast) -> None:
    petition_id = cast.petition_in("opinion_drafted")
    cast.set(petition_id, drafted_by=int(cast.staff_id("lingdao")))
    assert cast.does("lingdao", petition_id, "approve_opinion").status_code == 403


def test_what_is_sent_back_is_drafted_anew(cast: PetitionCast) -> None:
    petition_id = cast.petition_in("opinion_drafted")
    assert cast.does("lingdao", petition_id, "send_back", note="依据写清楚").status_code == 200
    page = cast.seen("chengguan", petition_id)
    assert page["opinion"]["facts"] == DRAFT["facts"]
    assert page["outcome_label"] == ""
    assert cast.does("chengguan", petition_id, "draft_opinion", **DRAFT).status_code == 200


def test_a_draft_is_not_shown_to_the_petitioner(cast: PetitionCast) -> None:
    petition_id = cast.petition_in("opinion_drafted")
    told = cast.resident("wang").get(f"/resident/petitions/{petition_id}")
    assert DRAFT["facts"] not in told.text
    assert DRAFT["note"] not in told.text


DELIVERED = {"way": "in_person", "signed": "signed", "stance": "agrees"}


@pytest.mark.parametrize(("day", "code"), [
    (date(2026, 3, 9), "delivered_before_made"),
    (date(2026, 3, 11), "delivered_in_future"),
])  # fmt: skip
def test_a_delivery_lies_between_the_document_and_today(cast: PetitionCast, day: date, code: str) -> None:
    petition_id = cast.petition_in("opinion_approved")
    answer = cast.does("xinfang", petition_id, "deliver", delivered_on=day, **DELIVERED)
    said(answer, 422, code)
    assert list(answer.json["fields"]) == ["delivered_on"]
    assert cast.of(petition_id, "state") == "opinion_approved"


def test_the_review_window_runs_from_receipt(cast: PetitionCast, clock: FrozenClock) -> None:
    """PET-11, PET-24: received on Thursday 12 March, entered on the 16th; 30 days end on Saturday 11 April → the 13th."""
    petition_id = cast.petition_in("opinion_approved")
    clock.advance(timedelta(days=6))
    answer = cast.does("xinfang", petition_id, "deliver", delivered_on=date(2026, 3, 12), **DELIVERED)
    assert answer.status_code == 200, answer.text
    assert due_on(cast, petition_id, "review_window") == "2026-04-13"


def test_what_supports_the_claim_is_followed_until_carried_out(cast: PetitionCast) -> None:
    """PET-10"""
    petition_id = cast.petition_in("answered")
    assert "follow_up" in [m["code"] for m in cast.seen("xinfang", petition_id)["marks"]]
    assert cast.does("chengguan", petition_id, "carry_out", note="已恢复耕种").status_code == 200
    assert not cast.seen("xinfang", petition_id)["follow_up_open"]
    assert cast.does("chengguan", petition_id, "carry_out", note="再登记一次").status_code == 403


# Above ----------------------------------------------------------------------------------------------


def test_a_review_is_asked_within_its_window(cast: PetitionCast, clock: FrozenClock) -> None:
    """PET-11, PET-24: delivered on 10 March, the last day is 9 April, a Thursday."""
    in_time, late = cast.petition_in("answered"), cast.petition_in("answered", who="li")
    clock.advance(timedelta(days=30))
    assert cast.asks("wang", in_time, "ask_review", note="面积不对").status_code == 200
    clock.advance(timedelta(days=1))
    words = said(cast.asks("li", late, "ask_review", note="面积不对"), 409, "window_over")
    assert "2026年4月9日" in words
    assert "第三十五条" in words


def test_after_the_window_it_is_archived_and_says_so_still(
    cast: PetitionCast, clock: FrozenClock, run_jobs: Any
) -> None:
    petition_id = cast.petition_in("answered")
    clock.advance(timedelta(days=31))
    run_jobs()
    assert cast.of(petition_id, "state") == "archived"
    words = said(cast.asks("wang", petition_id, "ask_review", note="面积不对"), 409, "window_over")
    assert "第三十五条" in words


def test_reexamination_has_a_window_of_its_own(cast: PetitionCast, clock: FrozenClock, run_jobs: Any) -> None:
    """PET-12: from receipt of the review's answer."""
    late, gone = cast.petition_in("reviewed"), cast.petition_in("reviewed", who="li")
    assert due_on(cast, late, "reexamination_window") == "2026-04-09"
    clock.advance(timedelta(days=31))
    words = said(cast.asks("wang", late, "ask_reexamination", note="没有核实"), 409, "window_over")
    assert "第三十六条" in words
    run_jobs()
    assert cast.of(gone, "state") == "archived"
    assert "第三十六条" in said(
        cast.asks("li", gone, "ask_reexamination", note="没有核实"), 409, "window_over"
    )
    assert cast.asks("li", gone, "ask_review", note="没有核实").json["code"] == "action_not_open"


def test_a_hearing_on_reexamination_is_not_counted(cast: PetitionCast, clock: FrozenClock) -> None:
    """PET-12: 30 days from 10 March, twenty of them in a hearing."""
    petition_id = cast.petition_in("reexamining")
    clock.advance(timedelta(days=5))
    cast.step("xinfang", petition_id, "begin_hearing")
    clock.advance(timedelta(days=20))
    assert not cast.seen("xinfang", petition_id)["overdue"]
    cast.step("xinfang", petition_id, "end_hearing")
    assert due_on(cast, petition_id, "reexamination") == "2026-04-29"


@pytest.mark.parametrize(("state", "action"), [
    ("reviewing", "record_review"), ("reexamining", "record_reexamination"),
])  # fmt: skip
def test_an_answer_from_above_is_not_older_than_the_question(
    cast: PetitionCast, state: str, action: str
) -> None:
    petition_id = cast.petition_in(state)
    given = {"body": "滕州市人民政府", "number": "滕政复查〔2026〕3号", "note": "维持"}
    said(
        cast.does("xinfang", petition_id, action, delivered_on=date(2026, 3, 9), **given),
        422,
        "delivered_before_made",
    )
    said(
        cast.does("xinfang", petition_id, action, delivered_on=date(2026, 3, 11), **given),
        422,
        "delivered_in_future",
    )


def test_the_last_instance_is_the_last(cast: PetitionCast) -> None:
    """PET-13: help and call-backs go on; no clock does."""
    page = cast.seen("xinfang", cast.petition_in("final"))
    assert {d["state"] for d in page["dates"]} == {"stopped"}
    assert {a["action"] for a in page["actions"]} == {"call_back"}


# Avoidance, mediation, urgent matters ---------------------------------------------------------------


def test_whoever_keeps_out_neither_sees_nor_gets_it(cast: PetitionCast) -> None:
    """PET-15: an assignee who is the one complained of is refused with the article."""
    petition_id = cast.petition_in("accepted")
    unit, person = cast.unit("urban"), cast.staff_id("chengguan")
    given = {"unit_id": unit, "staff_id": person}
    assert (
        cast.does("xinfang", petition_id, "exclude_person", note="是被反映的人", **given).status_code == 200
    )
    assert cast.desk("chengguan").get(f"/staff/petitions/{petition_id}").status_code == 404
    page = cast.seen("xinfang", petition_id)
    assert [a["name"] for a in page["avoidances"]] == ["城管甲"]
    assert page["assignee"]["staff_id"] is None
    answer = cast.does("xinfang", petition_id, "reassign", note="换人", **given)
    assert "第二十八条" in said(answer, 422, "must_avoid")
    assert list(answer.json["fields"]) == ["staff_id"]
    assert cast.desk("chengguan2").get(f"/staff/petitions/{petition_id}").status_code == 200
    offered: Any = cast.desk("xinfang").get(f"/staff/petitions/{petition_id}/assignees").json
    assert [p["name"] for u in offered["items"] for p in u["people"]] == ["城管乙"]
    assert cast.does("xinfang", petition_id, "exclude_person", note="再来一次", **given).status_code == 200


def test_a_unit_complained_of_is_no_assignee(cast: PetitionCast) -> None:
    petition_id, unit = cast.petition_in("registered"), cast.unit("urban")
    assert (
        cast.does("xinfang", petition_id, "exclude_person", note="反映的就是它", unit_id=unit).status_code
        == 200
    )
    for action in ("accept", "study"):
        answer = cast.does("xinfang", petition_id, action, unit_id=unit)
        assert "第三十条" in said(answer, 422, "must_avoid")
    assert cast.of(petition_id, "state") == "registered"


def test_somebody_must_be_left(cast: PetitionCast) -> None:
    petition_id, hall = cast.petition_in("registered"), cast.unit("hall")
    for username in ("xinfang", "lingdao"):
        given = {"unit_id": hall, "staff_id": cast.staff_id(username), "note": "有利害关系"}
        said(cast.does("xinfang", petition_id, "exclude_person", **given), 409, "nobody_left")
    assert cast.seen("xinfang", petition_id)["avoidances"] == []


def test_a_unit_without_handlers_is_no_assignee(cast: PetitionCast) -> None:
    petition_id = cast.petition_in("registered")
    answer = cast.does("xinfang", petition_id, "accept", unit_id=cast.unit("v01"))
    said(answer, 422, "unit_empty")
    stranger = {"unit_id": cast.unit("urban"), "staff_id": cast.staff_id("fenliu")}
    said(cast.does("xinfang", petition_id, "accept", **stranger), 422, "person_unknown")


def test_one_unit_leads_and_does_not_help_itself(cast: PetitionCast) -> None:
    """PET-06"""
    petition_id = cast.petition_in("accepted")
    said(cast.does("xinfang", petition_id, "add_unit", unit_id=cast.unit("urban")), 422, "helps_already")


def test_an_agreement_needs_the_consent_of_both(cast: PetitionCast) -> None:
    """PET-17"""
    petition_id = cast.petition_in("handling")
    words = said(cast.does("chengguan", petition_id, "settle", note="补偿"), 409, "no_consent")
    assert "第三十三条" in words
    assert cast.of(petition_id, "state") == "handling"


def test_a_grave_matter_is_marked_and_reported(cast: PetitionCast) -> None:
    """PET-22"""
    petition_id = cast.petition_in("registered")
    answer = cast.does("xinfang", petition_id, "report_urgent", body="镇党委、政府", note="可能发生冲突")
    assert answer.status_code == 200
    assert answer.json["urgent"]
    told = cast.resident("wang").get(f"/resident/petitions/{petition_id}")
    assert "可能发生冲突" not in told.text


def test_a_call_back_is_kept_and_rates_nothing(cast: PetitionCast) -> None:
    """§1.4 回访"""
    petition_id = cast.petition_in("answered")
    given = {
        "way": "phone",
        "got_notice": "yes",
        "got_opinion": "yes",
        "carried_out": "no",
        "note": "还没退地",
    }
    page: Any = cast.does("xinfang", petition_id, "call_back", **given).json
    entry = page["timeline"][-1]
    assert {d["label"]: d["value"] for d in entry["details"]} == {
        "回访方式": "电话",
        "收到告知书了吗": "是",
        "收到处理意见书了吗": "是",
        "处理意见落实了吗": "否",
    }
    assert page["follow_up_open"]
    assert all(r["score"] is None for r in page["ratings"])
    assert "还没退地" not in cast.resident("wang").get(f"/resident/petitions/{petition_id}").text


@pytest.mark.parametrize(("windows", "window"), [(True, "2026-05-06"), (False, "2026-05-01")])
def test_whether_the_citizens_window_rolls_is_the_towns_to_say(
    cast: PetitionCast, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch, windows: bool, window: str
) -> None:
    """PET-24: delivered on 1 April; 30 days end on 1 May, the holidays on 5 May."""
    page = guide.page_of("dongwan")
    monkeypatch.setattr(guide, "_page", lambda code: replace(page, roll_windows=windows))
    petition_id = cast.petition_in("opinion_approved")
    clock.advance(timedelta(days=22))
    cast.step("xinfang", petition_id, "deliver", **DELIVERED, delivered_on=date(2026, 4, 1))
    assert due_on(cast, petition_id, "review_window") == window


def test_a_duty_rolls_where_the_town_says_so(
    cast: PetitionCast, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PET-24: registered on 21 March, the fifteenth day is a Sunday of Qingming; off by default."""
    clock.advance(timedelta(days=11))
    assert due_on(cast, cast.petition_in("registered"), "inform") == "2026-04-05"
    page = guide.page_of("dongwan")
    monkeypatch.setattr(guide, "_page", lambda code: replace(page, roll_duties=True))
    assert due_on(cast, cast.petition_in("registered", who="li"), "inform") == "2026-04-07"


def test_the_timeline_says_who_had_it_then(cast: PetitionCast) -> None:
    page = cast.seen("xinfang", cast.petition_in("handling"))
    assert page["timeline"][-1]["title"] == "城管所开始办理"
