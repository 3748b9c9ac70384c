"""A person decides what may be shown in public: within their scope, once, with a reason, above the platform's word."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.kernel.db import db, run_unit, transaction
from backend.moderation import personal, queries
from tests.api.moderation.conftest import Stage
from tests.factories.cases import TEXT


def test_the_list_and_a_decision(stage: Stage) -> None:
    case = stage.suspects("review", "20001").submit()
    [shown] = stage.listed()
    assert (shown["text"], shown["case_id"], shown["part_label"]) == (TEXT, case, "文字")
    assert (shown["state_label"], shown["label"], shown["subject_label"]) == ("待人工复核", "时政", "随手拍")
    done = stage.decide(shown, "pass")
    assert done.status_code == 200, done.text
    assert (done.json["state"], done.json["decided_by"]) == ("passed", "分流甲")
    assert (stage.listed(), stage.flag(case)) == ([], None)
    with stage.app.app_context():
        assert queries.may_be_public("report", int(case))
        with transaction(writing=False):
            noted = db.session.scalars(select(AuditEntry).where(AuditEntry.what == "content_reviewed")).one()
            assert noted.subject_id == int(case)


def test_a_refusal_needs_its_reason_and_keeps_what_was_there(stage: Stage) -> None:
    case = stage.suspects("review").submit()
    [shown] = stage.listed()
    refused = stage.decide(shown, "refuse", "  ")
    assert (refused.status_code, refused.json["code"]) == (422, "reason_missing")
    assert refused.json["fields"]["reason"]
    assert stage.listed() == [shown]
    assert stage.decide(shown, "refuse", "指名道姓骂人").json["why"] == "指名道姓骂人"
    assert stage.flag(case) == {"code": "refused", "label": "内容不宜公开"}


def test_a_person_stands_above_the_platform_and_the_platform_does_not_answer_back(stage: Stage) -> None:
    case = stage.submit(photos=1)
    photo = next(row for row in stage.rows() if row.part == "photo")
    stage.verdict(str(photo.trace_id), "risky")
    [shown] = stage.listed("refused")
    assert stage.decide(shown, "pass", "只是路面积水").status_code == 200
    stage.verdict(str(photo.trace_id), "risky")
    assert {row.state for row in stage.rows()} == {"passed"}
    assert stage.flag(case) is None


def test_two_people_decide_at_once(stage: Stage) -> None:
    stage.suspects("review").submit()
    [shown] = stage.listed()
    assert stage.decide(shown, "pass").status_code == 200
    late = stage.decide(shown, "refuse", "骂人", username="fenliu2")
    assert (late.status_code, late.json["code"]) == (409, "changed_meanwhile")
    assert "分流甲刚刚把它改成了“可以公开”" in late.json["message"]
    [now] = stage.listed("passed", "fenliu2")
    assert stage.decide(now, "refuse", "骂人", username="fenliu2").json["state"] == "refused"


@pytest.mark.parametrize("username", ["hecha", "lingdao", "guanli", "chengguan", "wangge1", "cunzhang1"])
def test_others_may_not(stage: Stage, username: str) -> None:
    stage.suspects("review").submit()
    [shown] = stage.listed()
    assert stage.desk(username).get("/staff/content-reviews").status_code == 403
    assert stage.decide(shown, "pass", username=username).status_code == 403


def test_another_towns_content_looks_like_none(stage: Stage) -> None:
    stage.suspects("review").submit()
    [shown] = stage.listed()
    assert stage.listed(username="xfenliu") == []
    refused = stage.decide(shown, "pass", username="xfenliu")
    missing = stage.decide({**shown, "id": "999"}, "pass", username="xfenliu")
    assert (refused.status_code, refused.json["code"]) == (404, "review_not_found")
    assert (missing.status_code, missing.json["code"]) == (404, "review_not_found")


def test_pages_of_the_list(stage: Stage) -> None:
    stage.suspects("review")
    for number in range(23):
        stage.submit(f"person{number}", run=False)
    stage.run_jobs()
    first = stage.desk().get("/staff/content-reviews").json
    assert (len(first["items"]), first["waiting"]) == (20, 23)
    rest = stage.listed(cursor=first["next_cursor"])
    assert len(rest) == 3
    assert len({one["id"] for one in [*first["items"], *rest]}) == 23


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"decision": "maybe"}, "decision"), ({"state": "lost"}, "state"), ({"reason": "长" * 201}, "reason")],
)
def test_a_bad_decision_is_named(stage: Stage, changes: dict[str, str], field: str) -> None:
    stage.suspects("review").submit()
    [shown] = stage.listed()
    given = {"decision": "pass", "state": "needs_person", "reason": ""} | changes
    answer = stage.desk().post(f"/staff/content-reviews/{shown['id']}/decide", given)
    assert answer.status_code == 422
    assert field in answer.json["fields"]


def test_the_list_of_no_state(stage: Stage) -> None:
    answer = stage.desk().get("/staff/content-reviews", query_string={"state": "lost"})
    assert (answer.status_code, "state" in answer.json["fields"]) == (422, True)


def test_of_a_case_that_was_erased_nothing_is_left_to_judge(stage: Stage) -> None:
    case, other = stage.suspects("review").submit(), stage.submit("li")
    with stage.app.app_context():
        gone = run_unit(lambda: personal.forget_case(1, int(case)))
        assert not queries.may_be_public("report", int(case))
    assert len(gone["content_review"]) == 1
    assert [one["case_id"] for one in stage.listed()] == [other]
