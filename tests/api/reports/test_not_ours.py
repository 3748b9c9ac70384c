"""Not ours: the resident reads why and where to go, and may object once (HOT-03)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from backend.kernel.clock import FrozenClock
from tests.factories.cases import BODY, Cast
from tests.factories.told import titles, told

RunJobs = Callable[[], Counter[str]]
NOT_OURS = {"reason": "other_body", "body": BODY, "note": "高压线路由供电公司管。"}


def test_the_reason_and_the_right_place_reach_the_resident(cast: Cast, run_jobs: RunJobs) -> None:
    case_id = cast.bring_to("submitted")
    case = cast.act("fenliu", case_id, "refuse", **NOT_OURS)
    assert (case["state_label"], case["overdue"], case["due_text"]) == ("不予受理", False, "")
    assert {c["state"] for c in case["clocks"]} == {"stopped"}
    run_jobs()
    seen = cast.resident().get(f"/resident/reports/{case_id}").json
    assert seen["reply"]["outcome_label"] == "不予受理"
    assert seen["reply"]["text"] == (
        f"高压线路由供电公司管。\n不予受理的原因：属于其他部门或上级的职责。\n应当找：{BODY}。"
    )
    assert seen["timeline"][-1]["details"] == [
        {"label": "不予受理的原因", "value": "属于其他部门或上级的职责"},
        {"label": "应当找哪里", "value": BODY},
    ]
    assert [a["action"] for a in seen["actions"]] == ["contest"]
    message = told(cast, case_id, "refuse")
    assert message.keys() == {"wang"}
    assert f"应当找：{BODY}" in message["wang"].text
    # it was not answered, so no figure counts it as closed (§2.3)
    assert cast.desk("lingdao").get("/staff/board").json["closed_month"] == 0


@pytest.mark.parametrize(("category", "number"), [("0201", "110、119、120、122"), ("9902", "119")])
def test_an_emergency_is_told_the_number_to_call(cast: Cast, category: str, number: str) -> None:
    case_id = cast.bring_to("submitted", category_code=category)
    cast.act("fenliu", case_id, "refuse", **(NOT_OURS | {"reason": "emergency", "body": number}))
    seen = cast.resident().get(f"/resident/reports/{case_id}").json
    assert f"情况紧急请马上拨打 {number}。" in seen["reply"]["text"]


def test_the_resident_objects_once_and_both_clocks_begin_anew(
    cast: Cast, clock: FrozenClock, run_jobs: RunJobs
) -> None:
    case_id = cast.bring_to("submitted")
    first = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["clocks"]
    length = {c["name"]: c["due_at"] for c in first}
    cast.act("fenliu", case_id, "refuse", **NOT_OURS)
    clock.advance(timedelta(days=13))  # Monday the 23rd
    answer = cast.ask("wang", case_id, "contest", note="这是村里的路灯")
    assert answer.status_code == 200, answer.text
    assert answer.json["state_label"] == "待受理"
    assert answer.json["due_on"] == "2026-03-30"  # five working days, in full
    assert answer.json["reply"] is None
    again = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json
    assert {c["name"]: c["state"] for c in again["clocks"]} == {"accept": "running", "answer": "running"}
    assert all(c["due_at"] > length[c["name"]] for c in again["clocks"])
    run_jobs()
    assert titles(cast, case_id, "contest") == dict.fromkeys(("fenliu", "fenliu2"), "居民对不予受理有异议")
    cast.act("fenliu", case_id, "refuse", **NOT_OURS)
    seen = cast.resident().get(f"/resident/reports/{case_id}").json
    assert seen["actions"] == []
    assert cast.ask("wang", case_id, "contest", note="还是不同意").status_code == 403
    assert cast.column(case_id, "state") == "not_accepted"


def test_only_the_desk_in_whose_scope_it_lies_refuses(cast: Cast) -> None:
    case_id = cast.bring_to("submitted")
    for username, status in (("hecha", 403), ("lingdao", 403), ("chengguan", 404), ("xfenliu", 404)):
        assert cast.post(username, case_id, "refuse", **NOT_OURS).status_code == status, username
    cast.act("fenliu", case_id, "refuse", **NOT_OURS)
    assert cast.ask("li", case_id, "contest", note="我也不同意").status_code == 404
    assert cast.post("fenliu", case_id, "contest", note="替他说").status_code == 403
