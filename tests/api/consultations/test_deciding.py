"""From the comments to the look back, over HTTP: CON-02, CON-03, CON-06, CON-09; and who is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from backend.consultations import personal
from backend.kernel.clock import FrozenClock
from backend.kernel.db import run_unit
from tests.api.consultations.test_talking import let_pass
from tests.factories.consultation_cast import ACCEPTING, OPENING, ConsultationCast
from tests.factories.identity import unit_id
from tests.fakes.platform import RecordingPlatform

RunJobs = Callable[[], Any]


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> ConsultationCast:
    return ConsultationCast(app)


def group(decision: str = "adopted", *ids: Any, title: str = "先装桥头") -> dict[str, Any]:
    return {"title": title, "decision": decision, "reason": "桥头摔过人", "comment_ids": list(ids)}


def with_comments(cast: ConsultationCast, count: int = 2) -> tuple[int, list[str]]:
    """A topic that waits for its conclusion, and what was said about it."""
    topic_id = cast.topic_in("open")
    said = [cast.speaks("li", topic_id, text=f"意见之{number}") for number in range(count)]
    for one in said:
        let_pass(cast, one)
    cast.step("system", topic_id, "period_over")
    return topic_id, [one.json["id"] for one in said]


def groups(cast: ConsultationCast, topic_id: int, *held: dict[str, Any]) -> Any:
    return cast.sends("cunzhang1", topic_id, "groups", method="PUT", groups=list(held))


# --- the conclusion (CON-09) ------------------------------------------------------------------------------


def test_nothing_is_concluded_over_a_comment_that_nobody_weighed(cast: ConsultationCast) -> None:
    topic_id, (first, second) = with_comments(cast)
    assert groups(cast, topic_id, group("adopted", first)).status_code == 200
    answer = cast.does("cunzhang1", topic_id, "draft_conclusion", conclusion="装六盏")
    assert (answer.status_code, answer.json["code"]) == (409, "comments_left")
    assert answer.json["details"] == {"left": 1}
    held = (group("partly", first), group("not_adopted", second, title="全村都装"))
    assert groups(cast, topic_id, *held).status_code == 200
    assert cast.does("cunzhang1", topic_id, "draft_conclusion", conclusion="装六盏").status_code == 200
    assert cast.page(topic_id)["groups"] == [], "a draft is nobody's to read"
    assert cast.page(topic_id)["conclusion"] == ""
    assert cast.does("lingdao", topic_id, "conclude").status_code == 200
    page = cast.page(topic_id)
    assert page["conclusion"] == "装六盏"
    assert [(g["title"], g["decision_label"], g["reason"], g["comment_count"]) for g in page["groups"]] == [
        ("先装桥头", "部分采纳", "桥头摔过人", 1),
        ("全村都装", "未采纳", "桥头摔过人", 1),
    ]


@pytest.mark.parametrize("fault", ["twice", "unknown", "no_reason", "no_decision", "phone"])
def test_groups_that_cannot_be_are_refused(cast: ConsultationCast, fault: str) -> None:
    topic_id, (first, _) = with_comments(cast)
    held = {
        "twice": (group("adopted", first), group("partly", first)),
        "unknown": (group("adopted", "12345"),),
        "no_reason": (group("adopted", first) | {"reason": ""},),
        "no_decision": (group("", first),),
        "phone": (group("adopted", first) | {"reason": "问 13812345678"},),
    }[fault]
    assert groups(cast, topic_id, *held).status_code == 422
    assert cast.seen("cunzhang1", topic_id)["groups"] == []


def test_a_draft_that_is_sent_back_is_drafted_again(cast: ConsultationCast, run_jobs: RunJobs) -> None:
    topic_id, ids = with_comments(cast, 1)
    groups(cast, topic_id, group("adopted", *ids))
    cast.does("cunzhang1", topic_id, "draft_conclusion", conclusion="装六盏")
    assert cast.does("lingdao", topic_id, "return_conclusion", note="写清楚钱从哪里来").status_code == 200
    assert cast.does("lingdao", topic_id, "conclude").status_code == 403
    page = cast.seen("cunzhang1", topic_id)
    assert (page["conclusion"], page["drafted_by"]) == ("装六盏", None)


def test_a_conclusion_that_is_reconsidered_leaves_the_page(cast: ConsultationCast) -> None:
    topic_id = cast.topic_in("published")
    assert cast.does("lingdao", topic_id, "reconsider", note="供电所提出线路要改").status_code == 200
    page = cast.page(topic_id)
    assert (page["state"], page["conclusion"], page["published_until"]) == ("concluding", "", None)
    assert [d["state"] for d in page["dates"] if d["clock"] == "publication"] == ["stopped"]


# --- 四议两公开 (CON-06) ------------------------------------------------------------------------------------

STEPS: dict[str, dict[str, Any]] = {
    "proposal": {"entitled": 5, "present": 5, "agreed": 5},
    "committees": {"entitled": 9, "present": 8, "agreed": 8},
    "party_meeting": {"entitled": 30, "present": 24, "agreed": 20},
    "assembly": {"form": "representatives", "entitled": 42, "present": 36, "agreed": 30},
}


def resolves(cast: ConsultationCast, topic_id: int, step: str, **changes: Any) -> Any:
    given = {"step": step, "held_on": "2026-03-10", **STEPS[step], **changes}
    return cast.sends("cunzhang1", topic_id, "resolutions", **given)


def test_the_four_deliberations_come_in_their_order_with_their_quorums(cast: ConsultationCast) -> None:
    topic_id = cast.topic_in("concluded", track="four_two")
    unpublished = cast.does("cunzhang1", topic_id, "publish")
    assert (unpublished.status_code, unpublished.json["code"]) == (409, "steps_missing")
    assert resolves(cast, topic_id, "committees").json["code"] == "step_too_early"
    assert resolves(cast, topic_id, "proposal", held_on="2026-03-11").status_code == 422
    for step in ("proposal", "committees"):
        assert resolves(cast, topic_id, step).status_code == 200
    assert resolves(cast, topic_id, "proposal").json["code"] == "step_passed"
    assert resolves(cast, topic_id, "party_meeting", present=19, agreed=19).status_code == 200
    assert resolves(cast, topic_id, "assembly").json["code"] == "step_too_early"
    assert resolves(cast, topic_id, "party_meeting").status_code == 200
    assert resolves(cast, topic_id, "assembly", form="").status_code == 422
    assert resolves(cast, topic_id, "assembly", held_on="2026-03-09").status_code == 422
    assert resolves(cast, topic_id, "assembly").status_code == 200
    assert cast.does("cunzhang1", topic_id, "publish").status_code == 200
    shown = cast.page(topic_id)["resolutions"]
    assert [one["passed"] for one in shown] == [True, True, False, True, True]
    assert "会议不成立" in shown[2]["quorum_words"]
    assert shown[4]["form_label"] == "村民代表会议"


def test_the_assembly_decides_on_a_conclusion_that_was_signed(cast: ConsultationCast) -> None:
    topic_id = cast.topic_in("open", track="four_two")
    for step in ("proposal", "committees", "party_meeting"):
        assert resolves(cast, topic_id, step).status_code == 200
    assert resolves(cast, topic_id, "assembly").json["code"] == "no_conclusion_yet"


def test_a_plain_topic_has_no_such_steps(cast: ConsultationCast) -> None:
    assert resolves(cast, cast.topic_in("concluded"), "proposal").status_code == 403


# --- publication, carrying out, looking back --------------------------------------------------------------


def test_nothing_is_handed_over_before_the_fifteenth_day_is_over(
    cast: ConsultationCast, clock: FrozenClock, run_jobs: RunJobs
) -> None:
    """CON-03."""
    topic_id = cast.topic_in("published")
    assert cast.page(topic_id)["published_until"] == "2026-03-25"
    given = {"unit_id": str(unit_id(cast.app, "urban")), "until": "2026-06-30"}
    clock.move_to(datetime.fromisoformat("2026-03-25T20:00:00+08:00"))
    run_jobs()
    for action, said in (("hand_over", given), ("nothing_to_do", {"note": "已经有了"})):
        early = cast.does("cunzhang1", topic_id, action, **said)
        assert (early.status_code, early.json["code"]) == (409, "publication_runs")
        assert "2026年3月25日" in early.json["message"]
    clock.move_to(datetime.fromisoformat("2026-03-26T08:00:00+08:00"))
    run_jobs()
    assert cast.page(topic_id)["timeline"][-1]["title"] == "公示期满"
    assert cast.does("cunzhang1", topic_id, "hand_over", **given).status_code == 200
    page = cast.page(topic_id)
    assert (page["unit_name"], page["carry_out_until"]) == ("城管所", "2026-06-30")
    assert [d["due_on"] for d in page["dates"] if d["clock"] == "carry_out"] == ["2026-06-30"]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"until": "2026-03-10"}, "until"), ({"until": "2029-01-01"}, "until"), ({"unit_id": "77"}, "unit_id")],
)
def test_a_handing_over_that_cannot_be(cast: ConsultationCast, given: dict[str, str], field: str) -> None:
    topic_id = cast.topic_in("published")
    cast.set(topic_id, published_until=datetime(2026, 3, 9).date())  # noqa: DTZ001
    whole = {"unit_id": str(unit_id(cast.app, "urban")), "until": "2026-06-30", **given}
    answer = cast.does("cunzhang1", topic_id, "hand_over", **whole)
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])


def test_the_unit_says_how_far_it_is_and_shows_no_unchecked_photo(cast: ConsultationCast) -> None:
    topic_id = cast.topic_in("carrying_out")
    said = {"on": "2026-03-10", "text": "灯杆到了"}
    assert cast.sends("chengguan", topic_id, "progress", **said).status_code == 200
    assert cast.sends("hecha", topic_id, "progress", **said).status_code == 403
    assert cast.sends("chengguan", topic_id, "progress", **said | {"on": "2026-03-11"}).status_code == 422
    photo = cast.photo_of(cast.staff_id("chengguan"), "after", "staff")
    unchecked = cast.sends("chengguan", topic_id, "progress", **said, photo_ids=[photo])
    assert list(unchecked.json["fields"]) == ["faces_checked"]
    checked = cast.sends("chengguan", topic_id, "progress", **said, photo_ids=[photo], faces_checked=True)
    assert checked.status_code == 200, checked.text
    shown = cast.page(topic_id)["progress"]
    assert [(p["on"], p["text"], len(p["photos"])) for p in shown] == [
        ("2026-03-10", "灯杆到了", 0),
        ("2026-03-10", "灯杆到了", 1),
    ]
    assert cast.does("cunzhang1", topic_id, "extend", until="2026-04-01", note="早一点").status_code == 422
    assert cast.does("cunzhang1", topic_id, "extend", until="2026-07-01", note="下雨停工").status_code == 200
    assert cast.page(topic_id)["carry_out_until"] == "2026-07-01"


def test_everybody_looks_back_once_within_thirty_days(
    cast: ConsultationCast, clock: FrozenClock, run_jobs: RunJobs
) -> None:
    topic_id = cast.topic_in("carried_out")
    way = f"/resident/consultations/{topic_id}/rating"
    assert cast.resident("li").post(way, {"score": 6}).status_code == 422
    assert cast.resident("li").post(way, {"score": 5, "note": "比以前亮"}).status_code == 204
    again = cast.resident("li").post(way, {"score": 1})
    assert (again.status_code, again.json["code"]) == (409, "rated_already")
    assert cast.page(topic_id)["rating"] == {"n": 1, "average": None, "least": 5}
    for number in range(4):
        assert cast.resident(f"r{number}").post(way, {"score": 4}).status_code == 204
    assert cast.page(topic_id)["rating"] == {"n": 5, "average": 4.2, "least": 5}
    assert "比以前亮" not in str(cast.page(topic_id))
    clock.advance(timedelta(days=31))
    run_jobs()
    assert cast.of(topic_id, "state") == "looked_back"
    assert cast.resident("zhao").post(way, {"score": 4}).json["code"] == "rating_closed"


def test_those_it_concerns_hear_of_it_and_nobody_else(cast: ConsultationCast, run_jobs: RunJobs) -> None:
    """Who proposed, follows or spoke; pushed without a word of what it is about."""
    topic_id = cast.propose()
    assert cast.resident("zhao").post(f"/resident/consultations/{topic_id}/follow").status_code == 404
    assert cast.does("lingdao", topic_id, "accept", **ACCEPTING).status_code == 200
    assert cast.resident("zhao").post(f"/resident/consultations/{topic_id}/follow").status_code == 204
    assert cast.does("cunzhang1", topic_id, "open", **OPENING).status_code == 200
    let_pass(cast, cast.speaks("li", topic_id))
    run_jobs()
    assert cast.does("lingdao", topic_id, "cancel", note="县里统一改造").status_code == 200
    run_jobs()
    heard = {
        who: [m["text"] for m in cast.resident(who).get("/resident/inbox").json["items"]]
        for who in ("wang", "zhao", "li", "sun")
    }
    ended = "“村口要不要装路灯”终止了：县里统一改造"
    assert all(ended in heard[who] for who in ("wang", "zhao", "li"))
    assert heard["sun"] == []
    assert cast.resident("zhao").delete(f"/resident/consultations/{topic_id}/follow").status_code == 204


def test_what_is_kept_of_a_person_is_copied_and_let_go(cast: ConsultationCast) -> None:
    topic_id = cast.topic_in("carried_out")
    zhao = cast.resident("zhao")
    zhao.post(f"/resident/consultations/{topic_id}/rating", {"score": 5, "note": "比以前亮"})
    zhao.post(f"/resident/consultations/{topic_id}/follow")
    wang = int(cast.resident("wang").me["id"])
    with cast.app.app_context():
        held = {s["code"]: s["records"] for s in run_unit(lambda: personal.copy(int(zhao.me["id"])))}
        proposed = {s["code"]: s["records"] for s in run_unit(lambda: personal.copy(wang))}
    assert ("您写的", "比以前亮") in held["consultation_ratings"][0]["facts"]
    assert held["consultation_follows"][0]["title"] == "村口要不要装路灯"
    assert proposed["consultations"][0]["title"] == "村口要不要装路灯"
    with cast.app.app_context():
        gone = run_unit(lambda: personal.let_go(int(zhao.me["id"])))
        run_unit(lambda: personal.let_go(wang))
        left = run_unit(lambda: personal.copy(int(zhao.me["id"])))
    assert gone["consultation_rating"] == [topic_id]
    assert all(section["records"] == [] for section in left)
    assert cast.of(topic_id, "proposer_id") is None
    assert cast.page(topic_id)["rating"]["n"] == 1
