"""Disputed: a person decides, the clock starts again at half, and a refusal gives its reason."""

from __future__ import annotations

from datetime import timedelta

from backend.kernel.clock import FrozenClock
from tests.factories.cases import RUBBISH, Cast


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
