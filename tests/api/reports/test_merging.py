"""The same matter twice, and the resident's own end (PET-07, HOT-01)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from backend.identity.models import StaffRole
from backend.kernel.db import db, run_unit
from tests.factories.cases import Cast
from tests.factories.places import IN_G03, IN_XIWAN, place
from tests.factories.told import titles, told

RunJobs = Callable[[], Counter[str]]


def merge(cast: Cast, later: int, earlier: int, username: str = "fenliu") -> Any:
    return cast.post(username, later, "merge", into_code=cast.column(earlier, "code"), note="同一根灯杆")


@pytest.fixture
def two(cast: Cast) -> tuple[int, int]:
    """The same lamp, reported by Li and then by Wang."""
    return cast.bring_to("handling", who="li"), cast.bring_to("submitted")


def test_merged_told_and_answered_with_the_leads_words(
    cast: Cast, two: tuple[int, int], run_jobs: RunJobs
) -> None:
    lead, case_id = two
    answer = merge(cast, case_id, lead)
    assert answer.status_code == 200, answer.text
    assert answer.json["state_label"] == "已并案"
    assert answer.json["merged_into"]["id"] == str(lead)
    assert {c["state"] for c in answer.json["clocks"]} == {"stopped"}
    whole = cast.desk("fenliu").get(f"/staff/cases/{lead}").json
    assert [m["id"] for m in whole["merged_from"]] == [str(case_id)]
    run_jobs()
    assert titles(cast, case_id, "merge") == {"wang": "与更早的一件并案"}
    # Wang reads where the other one stands, and nothing of who brought it
    seen = cast.resident().get(f"/resident/reports/{case_id}").json
    assert seen["merged"] == {"state_label": "办理中", "tone": "run"}
    assert (seen["reply"], seen["next_step"][:6]) == (None, "与更早的一件")
    assert cast.column(lead, "code") not in str(seen)
    assert "同一根灯杆" not in str(seen)
    public = cast.app.test_client().get(f"/api/v1/public/progress/{cast.column(case_id, 'code')}").json
    assert public["state_label"] == "已并案"
    # the lead is answered, and so is Wang
    assert cast.post("chengguan", lead, "handle", note="换了灯泡").status_code == 200
    cast.act("hecha", lead, "pass_check", outcome="resolved", reply="灯已经换好，请放心。")
    run_jobs()
    message = told(cast, case_id, "lead_closed")
    assert message.keys() == {"wang"}
    assert "灯已经换好，请放心。" in message["wang"].text
    seen = cast.resident().get(f"/resident/reports/{case_id}").json
    assert (seen["state_label"], seen["merged"]["state_label"]) == ("已并案", "已办结")
    assert (seen["timeline"][-1]["title"], seen["timeline"][-1]["note"]) == (
        "合并办理的事有了结果",
        "灯已经换好，请放心。",
    )
    assert (seen["reply"]["text"], seen["reply"]["outcome_label"]) == ("灯已经换好，请放心。", "已解决")
    assert seen["next_step"] == "合在一起办的那一件已经有了结果，见办理经过。"
    # one matter, counted once
    board = cast.desk("lingdao").get("/staff/board").json
    assert (board["closed_month"], board["received"]) == (1, 1)


def test_whoever_was_merged_into_a_case_follows_it(cast: Cast, run_jobs: RunJobs) -> None:
    first, second, third = (cast.bring_to("submitted", who=who) for who in ("li", "wang", "wang"))
    merge(cast, third, second)
    merge(cast, second, first)
    assert cast.column(third, "merged_into") == first
    refused = {"reason": "petition", "body": "镇信访办", "note": "已经在办"}
    cast.act("fenliu", first, "refuse", **refused)
    run_jobs()
    for case_id in (second, third):
        assert "应当找：镇信访办。" in told(cast, case_id, "lead_closed")["wang"].text


def test_when_the_lead_is_withdrawn_the_others_go_on(
    cast: Cast, two: tuple[int, int], run_jobs: RunJobs
) -> None:
    lead, case_id = two
    merge(cast, case_id, lead)
    assert cast.ask("li", lead, "withdraw").status_code == 200
    run_jobs()
    case = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json
    assert (case["state"], case["merged_into"], case["due_on"]) == ("accepted", None, "2026-03-17")
    assert titles(cast, case_id, "split") == {
        "wang": "单独办理",
        "fenliu": "取消并案，请分流",
        "fenliu2": "取消并案，请分流",
    }


def test_split_again_by_hand(cast: Cast, two: tuple[int, int], run_jobs: RunJobs) -> None:
    lead, case_id = two
    merge(cast, case_id, lead)
    for username, status in (("hecha", 403), ("lingdao", 403), ("chengguan", 404)):
        assert cast.post(username, case_id, "split", note="不是同一根").status_code == status
    case = cast.act("fenliu", case_id, "split", note="不是同一根")
    assert (case["state"], case["merged_into"]) == ("accepted", None)
    assert {c["name"]: c["state"] for c in case["clocks"]} == {"accept": "stopped", "answer": "running"}
    run_jobs()
    assert titles(cast, case_id, "split") == {"wang": "单独办理", "fenliu2": "取消并案，请分流"}
    cast.post("chengguan", lead, "handle", note="换了灯泡")
    cast.act("hecha", lead, "pass_check", outcome="resolved", reply="换好了")
    run_jobs()
    assert "lead_closed" not in [
        e["action"] for e in cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["timeline"]
    ]


def test_what_cannot_lead(cast: Cast, two: tuple[int, int]) -> None:
    lead, case_id = two
    later = cast.bring_to("submitted")
    closed = cast.bring_to("closed")
    newest = cast.bring_to("submitted")
    west = cast.bring_to("submitted", town="xiwan", category_code="X101", at=IN_XIWAN)
    merge(cast, later, lead)
    for case, into, code in (
        (case_id, case_id, "lead_itself"),
        (case_id, newest, "lead_later"),
        (newest, later, "lead_merged"),
        (newest, closed, "lead_ended"),
        (newest, west, "lead_unknown"),
    ):
        answer = merge(cast, case, into)
        assert (answer.status_code, answer.json["code"]) == (422, code), answer.text
        assert list(answer.json["fields"]) == ["into_code"]
        assert cast.column(case, "state") == "submitted"
    unknown = cast.post("fenliu", newest, "merge", into_code="0000-0000-0000")
    assert (unknown.status_code, unknown.json["code"]) == (422, "lead_unknown")


def test_only_the_desk_merges(cast: Cast, two: tuple[int, int]) -> None:
    lead, case_id = two
    for username, status in (("hecha", 403), ("lingdao", 403), ("chengguan", 404), ("xfenliu", 404)):
        assert merge(cast, case_id, lead, username).status_code == status, username


def test_whoever_dispatches_one_village_merges_into_nothing_elsewhere(cast: Cast) -> None:
    """The lead lies within the same role's scope, or it is not there."""
    elsewhere = cast.bring_to("submitted", who="li", at=IN_G03)
    here, later = cast.bring_to("submitted", who="li"), cast.bring_to("submitted")
    head = int(cast.desk("cunzhang1").me["id"])
    with cast.app.app_context():
        village = place("V01").id
        run_unit(lambda: db.session.add(StaffRole(staff_id=head, role="dispatcher", place_id=village)))
    refused = merge(cast, later, elsewhere, "cunzhang1")
    assert (refused.status_code, refused.json["code"]) == (422, "lead_unknown")
    code = cast.column(elsewhere, "code")
    assert cast.desk("cunzhang1").get(f"/staff/case-by-code/{code}").status_code == 404
    assert merge(cast, later, here, "cunzhang1").status_code == 200


def test_the_card_behind_a_code(cast: Cast, two: tuple[int, int]) -> None:
    lead, _ = two
    code = cast.column(lead, "code")
    card = cast.desk("fenliu").get(f"/staff/case-by-code/{code[:4]}-{code[4:8]}-{code[8:]}")
    assert card.status_code == 200, card.text
    assert card.json["id"] == str(lead)
    assert card.json["state_label"] == "办理中"
    assert "resident" not in card.text
    assert cast.desk("xfenliu").get(f"/staff/case-by-code/{code}").status_code == 404
    assert cast.desk("fenliu").get("/staff/case-by-code/000000000000").status_code == 404
    assert cast.desk("chengguan").get(f"/staff/case-by-code/{code}").status_code == 403


@pytest.mark.parametrize(
    ("state", "handler"),
    [
        ("submitted", False),
        ("desk_asked", False),
        ("handling", True),
        ("handler_asked", True),
        ("suspended", True),
    ],
)
def test_the_resident_withdraws(cast: Cast, run_jobs: RunJobs, state: str, handler: bool) -> None:
    case_id = cast.bring_to(state)
    answer = cast.ask("wang", case_id, "withdraw", note="自己修好了")
    assert answer.status_code == 200, answer.text
    assert (answer.json["state_label"], answer.json["due_text"]) == ("已撤回", "")
    run_jobs()
    expected = {"chengguan": "居民已撤回，不用再办"} if handler else {}
    assert titles(cast, case_id, "withdraw") == expected
    case = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json
    assert {c["state"] for c in case["clocks"]} == {"stopped"}
    assert case["suspended_until"] is None
    assert cast.desk("lingdao").get("/staff/board").json["closed_month"] == 0


def test_nobody_withdraws_for_the_resident_and_nothing_that_is_done(cast: Cast) -> None:
    case_id = cast.bring_to("handling")
    assert cast.ask("li", case_id, "withdraw").status_code == 404
    assert cast.post("fenliu", case_id, "withdraw").status_code == 403
    done = cast.bring_to("closed")
    assert cast.ask("wang", done, "withdraw").status_code == 409
