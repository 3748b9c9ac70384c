"""Disputed: a person decides, the clock starts again at half, and a refusal gives its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from backend.kernel.clock import FrozenClock
from tests.factories.cases import RUBBISH, Cast
from tests.factories.told import titles

RunJobs = Callable[[], Counter[str]]


def test_a_dispute_is_granted(cast: Cast, clock: FrozenClock) -> None:
    case_id = cast.bring_to("closed")
    cast.ask("wang", case_id, "rate", score="unsatisfied")
    clock.advance(timedelta(days=1))
    seen = cast.ask("wang", case_id, "dispute", note="还是不亮").json
    assert seen["state_label"] == "申请重办"
    assert seen["due_on"] == "2026-03-13"  # decided within two working days of Wednesday the 11th
    waiting = cast.desk("lingdao").get("/staff/queue?state=reopen_requested").json["items"]
    assert [item["id"] for item in waiting] == [str(case_id)]
    case = cast.act("lingdao", case_id, "approve_reopen")
    # half of five working days, rounded up: three, from Wednesday the 11th
    assert case["due_on"] == "2026-03-16"
    assert case["reopen_count"] == 1
    assert case["rating"] is None
    assert case["reply"] is None
    assert case["assignee"]["staff_name"] == "城管甲"
    assert {c["label"]: c["state"] for c in case["clocks"]} == {
        "受理时限": "stopped",
        "答复时限": "running",
        "重办决定时限": "stopped",
    }
    told = cast.resident().get(f"/resident/reports/{case_id}").json["timeline"]
    assert told[-1]["title"] == "同意重办，已交给城管所"
    # and the whole way again, to another rating
    cast.act("chengguan", case_id, "start")
    cast.act("chengguan", case_id, "handle", note="换了线路")
    cast.act("hecha", case_id, "pass_check", outcome="resolved", reply="线路换了")
    assert cast.ask("wang", case_id, "rate", score="satisfied").status_code == 200


def test_a_short_limit_is_never_less_than_two_working_days(cast: Cast) -> None:
    case_id = cast.bring_to("reopen_requested", category_code=RUBBISH)  # one working day
    assert cast.act("fenliu", case_id, "approve_reopen")["due_on"] == "2026-03-12"


def test_a_dispute_is_refused_with_its_reason(cast: Cast, clock: FrozenClock) -> None:
    case_id = cast.bring_to("closed")
    answered = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json
    clock.advance(timedelta(days=12))
    cast.ask("wang", case_id, "dispute", note="还是不亮")
    clock.advance(timedelta(days=1))
    case = cast.act("lingdao", case_id, "refuse_reopen", note="两次到现场看过，灯是亮的")
    assert case["state"] == "closed"
    told = cast.resident().get(f"/resident/reports/{case_id}").json
    assert (told["timeline"][-1]["title"], told["timeline"][-1]["note"]) == (
        "没有同意重办",
        "两次到现场看过，灯是亮的",
    )
    # what was answered in time has not become late, and its figures stay in their month
    assert (case["closed_at"], case["due_at"]) == (answered["closed_at"], answered["due_at"])
    assert case["due_text"] == "按时办结"


def test_waiting_for_a_decision_is_late_by_its_own_date_only(cast: Cast, clock: FrozenClock) -> None:
    case_id = cast.bring_to("closed")
    clock.advance(timedelta(days=30))  # long after the first due date
    seen = cast.ask("wang", case_id, "dispute", note="还是不亮").json
    assert not seen["overdue"]
    assert cast.desk("lingdao").get("/staff/queue/counts").json["overdue"] == 0
    clock.advance(timedelta(days=5))
    assert cast.desk("lingdao").get("/staff/queue/counts").json["overdue"] == 1


def test_only_those_who_decide_decide(cast: Cast) -> None:
    case_id = cast.bring_to("reopen_requested")
    for username in ("hecha", "chengguan", "cunzhang1"):
        assert cast.post(username, case_id, "approve_reopen").status_code == 403
    assert cast.column(case_id, "state") == "reopen_requested"


def test_the_office_opens_it_again_by_itself(cast: Cast, clock: FrozenClock, run_jobs: RunJobs) -> None:
    """HOT-14: a call-back says otherwise than the answer."""
    case_id = cast.bring_to("closed")
    cast.ask("wang", case_id, "rate", score="unsatisfied")
    clock.advance(timedelta(days=1))
    for username, status in (("hecha", 403), ("chengguan", 403), ("xfenliu", 404)):
        assert cast.post(username, case_id, "reopen", note="没有办好").status_code == status, username
    case = cast.act("lingdao", case_id, "reopen", note="回访时说还是不亮")
    assert (case["state_label"], case["reopen_count"], case["rating"]) == ("待接单", 1, None)
    assert case["due_on"] == "2026-03-16"  # half of five working days
    run_jobs()
    assert titles(cast, case_id, "reopen") == {"wang": "镇里主动重办", "chengguan": "需要重办"}
    told = cast.resident().get(f"/resident/reports/{case_id}").json["timeline"][-1]
    assert (told["title"], told["note"]) == ("镇里主动重办，已交给城管所", None)


def test_without_hands_a_re_opening_names_some(cast: Cast) -> None:
    case_id = cast.bring_to("reopen_requested")
    cast.change(case_id, assignee_unit_id=None, assignee_staff_id=None, assignee_unit_name="")
    missing = cast.post("lingdao", case_id, "approve_reopen")
    assert (missing.status_code, list(missing.json["fields"])) == (422, ["unit_id"])
    assert cast.desk("lingdao").get(f"/staff/cases/{case_id}/assignees").json["items"]
    case = cast.act("lingdao", case_id, "approve_reopen", unit_id=cast.unit("urban"))
    assert (case["assignee"]["unit_name"], case["timeline"][-1]["title"]) == (
        "城管所",
        "同意重办，已交给城管所",
    )
