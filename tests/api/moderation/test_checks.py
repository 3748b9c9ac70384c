"""What people post goes to the platform's check; what it cannot judge goes to a person; a matter waits for neither."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.integrations.wechat.protocol import Reaction, WeChatError
from backend.kernel.db import db, run_unit
from backend.moderation import queries, services
from backend.workflow.models import TimelineEntry
from tests.api.moderation.conftest import Stage
from tests.factories.cases import LAMP, RUBBISH, TEXT, body
from tests.factories.places import IN_G01
from tests.support.people import resident


def refusal(reaction: Reaction, errcode: int | None = None) -> WeChatError:
    return WeChatError("msg_sec_check", errcode, reaction, "refused")


def test_a_text_that_passes(stage: Stage) -> None:
    case = stage.submit()
    assert stage.states() == [("text", "passed", "")]
    assert stage.checked() == [("mini-wang", TEXT)]
    assert stage.flag(case) is None
    with stage.app.app_context():
        assert queries.may_be_public("report", int(case))


@pytest.mark.parametrize(
    ("suggest", "expected", "flag"),
    [
        ("risky", ("text", "refused", "risky"), {"code": "risky", "label": "内容疑似违规"}),
        ("review", ("text", "needs_person", "platform"), {"code": "doubtful", "label": "内容存疑"}),
    ],
)
def test_a_text_that_does_not(
    stage: Stage, suggest: str, expected: tuple[str, str, str], flag: dict[str, str]
) -> None:
    case = stage.suspects(suggest).submit()
    assert stage.states() == [expected]
    assert stage.flag(case) == flag
    seen = stage.desk().get(f"/staff/cases/{case}").json
    assert seen["state"] == "submitted", "the matter itself waits for nothing"
    assert "content_flag" not in resident(stage.app, "wang").get(f"/resident/reports/{case}").json
    with stage.app.app_context():
        assert not queries.may_be_public("report", int(case))


def test_before_anybody_looked_nothing_may_be_public(stage: Stage) -> None:
    case = stage.submit(run=False)
    with stage.app.app_context():
        assert not queries.may_be_public("report", int(case))
    assert stage.flag(case) is None


def test_what_is_added_later_is_looked_at_too(stage: Stage) -> None:
    case = stage.submit()
    phone = resident(stage.app, "wang")
    version = phone.get(f"/resident/reports/{case}").json["version"]
    photo = stage.photo(int(phone.me["id"]))
    added = {"version": version, "note": "再补一句", "media_ids": [photo]}
    stage.suspects("risky")
    answer = phone.post(f"/resident/reports/{case}/actions/supplement", added)
    assert answer.status_code == 200, answer.text
    stage.run_jobs()
    assert [arguments[1] for arguments in stage.checked()] == [TEXT, "再补一句"]
    assert sorted(stage.states()) == [
        ("photo", "pending", ""), ("text", "passed", ""), ("text", "refused", "risky")
    ]  # fmt: skip
    assert stage.flag(case)["code"] == "risky"


def test_what_the_office_writes_is_not_looked_at(stage: Stage) -> None:
    case = stage.submit()
    version = stage.desk().get(f"/staff/cases/{case}").json["version"]
    done = stage.desk().post(f"/staff/cases/{case}/actions/note", {"version": version, "note": "先放一放"})
    assert done.status_code == 200, done.text
    stage.run_jobs()
    assert len(stage.checked()) == len(stage.rows()) == 1


def test_nothing_is_asked_twice(stage: Stage) -> None:
    stage.submit(photos=1)
    with stage.app.app_context():
        assert run_unit(_look_again) == 1
    stage.run_jobs()
    assert (len(stage.rows()), len(stage.checked()), len(stage.checked("check_media"))) == (2, 1, 1)


def _look_again() -> int:
    entries = db.session.scalars(select(TimelineEntry)).all()
    for entry in entries:
        services.look_at_entry(entry)
    return len(entries)


# --- authors whom the platform cannot judge ----------------------------------------------------------------------


def test_somebody_not_seen_for_two_hours_is_left_to_a_person(stage: Stage) -> None:
    case = stage.submit(run=False)
    stage.clock.advance(timedelta(hours=2, seconds=1))
    stage.run_jobs()
    assert stage.states() == [("text", "needs_person", "not_seen")]
    assert stage.checked() == []
    assert stage.flag(case) is None, "that nobody has looked is no flag"


def test_somebody_seen_within_two_hours_is_judged(stage: Stage) -> None:
    stage.submit(run=False)
    stage.clock.advance(timedelta(hours=1, minutes=59))
    stage.run_jobs()
    assert stage.states() == [("text", "passed", "")]


def test_who_used_the_mini_program_a_moment_ago_was_seen(stage: Stage) -> None:
    """The login lies a month back, the session is used today."""
    phone = resident(stage.app, "wang")
    stage.clock.advance(timedelta(days=30))
    assert phone.post("/resident/reports", body()).status_code == 201
    stage.run_jobs()
    assert stage.states() == [("text", "passed", "")]


def test_somebody_from_the_official_accounts_pages_is_left_to_a_person(stage: Stage) -> None:
    client = stage.app.test_client()
    begun = client.get("/api/v1/public/wechat/authorize", query_string={"return_to": "/m/"})
    state = begun.json["url"].partition("state=")[2]
    logged_in = client.post("/api/v1/public/sessions/official", json={"code": "code-of-li", "state": state})
    assert logged_in.status_code in {200, 201}, logged_in.text
    headers = {"Authorization": f"Bearer {logged_in.json['token']}", "Idempotency-Key": "h5"}
    answer = client.post("/api/v1/resident/reports", json=body(), headers=headers)
    assert answer.status_code == 201, answer.text
    stage.run_jobs()
    assert stage.states() == [("text", "needs_person", "not_seen")]
    assert stage.checked() == []


def test_what_the_desk_takes_down_for_a_caller_is_left_to_a_person(stage: Stage) -> None:
    lon, lat = IN_G01
    taken = {"action": "register", "channel": "phone", "text": TEXT, "category_code": LAMP}
    answer = stage.desk().post("/staff/reports", taken | {"point": {"lon": lon, "lat": lat}})
    assert answer.status_code == 201, answer.text
    stage.run_jobs()
    assert stage.states() == [("text", "needs_person", "entered_by_staff")]
    assert stage.listed()[0]["text"] == TEXT
    assert stage.checked() == []


def test_what_a_worker_found_is_the_offices_own(stage: Stage) -> None:
    lon, lat = IN_G01
    found = {"action": "report_found", "category_code": RUBBISH, "text": "垃圾满了"}
    answer = stage.desk("wangge1").post("/staff/reports", found | {"point": {"lon": lon, "lat": lat}})
    assert answer.status_code == 201, answer.text
    stage.run_jobs()
    assert (stage.rows(), stage.checked()) == ([], [])
    with stage.app.app_context():
        assert not queries.may_be_public("report", int(answer.json["id"]))


@pytest.mark.parametrize("reaction", [Reaction.NOT_SEEN, Reaction.BAD_OPENID, Reaction.PERMANENT])
def test_a_refusal_to_judge_goes_to_a_person(stage: Stage, reaction: Reaction) -> None:
    stage.platform.refuse("check_text", refusal(reaction, 61010))
    stage.submit()
    assert stage.states() == [("text", "needs_person", "platform_refused")]


def test_an_opinion_on_the_program_has_no_author(stage: Stage) -> None:
    sent = stage.app.test_client().post(
        "/api/v1/public/feedback", json={"text": "字太小了"}, headers={"Idempotency-Key": "f"}
    )
    assert sent.status_code in {200, 201}, sent.text
    stage.run_jobs()
    assert stage.states() == [("text", "needs_person", "no_author")]
    [shown] = stage.listed()
    assert (shown["text"], shown["case_id"], shown["subject_label"]) == ("字太小了", None, "群众意见")
    assert "没有留下身份" in shown["why"]


# --- a platform in trouble ---------------------------------------------------------------------------------------


def test_a_busy_platform_is_asked_again(stage: Stage) -> None:
    stage.platform.refuse("check_text", refusal(Reaction.RETRY, -1))
    stage.submit()
    assert stage.states() == [("text", "pending", "")]
    stage.clock.advance(timedelta(seconds=10))
    stage.run_jobs()
    assert stage.states() == [("text", "passed", "")]


def test_a_platform_that_is_away_for_two_hours(stage: Stage) -> None:
    stage.platform.refuse("check_text", *(refusal(Reaction.RETRY) for _ in range(20)))
    stage.submit()
    for _ in range(13):
        stage.clock.advance(timedelta(minutes=10))
        stage.run_jobs()
        with stage.app.app_context():
            run_unit(services.hand_over_overdue)
    [(part, state, reason)] = stage.states()
    assert (part, state) == ("text", "needs_person")
    assert reason in {"no_verdict", "not_seen"}
    stage.clock.advance(timedelta(hours=3))
    stage.run_jobs()
    assert stage.states() == [(part, state, reason)], "the job that comes late changes nothing"


def test_a_quota_that_is_used_up_waits_for_a_person(stage: Stage) -> None:
    stage.platform.refuse("check_text", refusal(Reaction.QUOTA, 45009))
    stage.submit()
    assert stage.states() == [("text", "pending", "")]
    stage.clock.advance(timedelta(hours=2, minutes=1))
    with stage.app.app_context():
        assert run_unit(services.hand_over_overdue) == 1
        assert run_unit(services.hand_over_overdue) == 0
    assert stage.states() == [("text", "needs_person", "no_verdict")]


# --- photos: the verdict is pushed -------------------------------------------------------------------------------


def test_a_photo_is_judged_by_a_push(stage: Stage) -> None:
    case = stage.submit(photos=2)
    asked = stage.checked("check_media")
    assert [openid for openid, _ in asked] == ["mini-wang", "mini-wang"]
    assert all(url.startswith("http://localhost/files/") for _, url in asked)
    first, second = (row.trace_id for row in stage.rows() if row.part == "photo")
    stage.verdict(str(first), "pass")
    stage.verdict(str(second), "risky", label="20002")
    assert sorted(stage.states()) == [
        ("photo", "passed", ""), ("photo", "refused", "risky"), ("text", "passed", "")
    ]  # fmt: skip
    assert stage.flag(case) == {"code": "risky", "label": "内容疑似违规"}
    [shown] = stage.listed("refused")
    assert (shown["part_label"], shown["label"], shown["photo"]["width"]) == ("照片", "色情", 640)


@pytest.mark.parametrize(
    ("push", "expected"),
    [
        ({"errcode": -1008, "suggest": "review"}, ("needs_person", "not_read")),
        ({"suggest": "review"}, ("needs_person", "platform")),
        ({"suggest": "something new"}, ("needs_person", "platform")),
    ],
)
def test_a_push_that_is_no_verdict(stage: Stage, push: dict[str, Any], expected: tuple[str, str]) -> None:
    stage.submit(photos=1)
    photo = next(row for row in stage.rows() if row.part == "photo")
    stage.verdict(str(photo.trace_id), **push)
    assert ("photo", *expected) in stage.states()


def test_a_verdict_that_never_comes(stage: Stage) -> None:
    stage.submit(photos=1)
    stage.clock.advance(timedelta(minutes=41))
    with stage.app.app_context():
        assert run_unit(services.hand_over_overdue) == 1
    assert ("photo", "needs_person", "no_verdict") in stage.states()
    photo = next(row for row in stage.rows() if row.part == "photo")
    stage.verdict(str(photo.trace_id), "pass")
    assert ("photo", "passed", "") in stage.states(), "late is better than never, while nobody has decided"


def test_a_verdict_that_comes_before_its_question_is_looked_for_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.platform, "check_media", lambda *about, **more: "trace-early")
    stage.verdict("trace-early", "pass")
    stage.submit(photos=1)
    assert ("photo", "pending", "") in stage.states()
    stage.clock.advance(timedelta(seconds=20))
    stage.run_jobs()
    assert ("photo", "passed", "") in stage.states()


def test_a_verdict_on_somebody_elses_question_is_passed_over(stage: Stage) -> None:
    stage.verdict("trace-of-nobody")
    stage.clock.advance(timedelta(minutes=6))
    stage.run_jobs()
    assert stage.rows() == []
