"""More time: an extension and 挂账, asked before it is late, decided by another, told with the date (HOT-08, GRID-11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from backend.kernel.clock import FrozenClock
from tests.factories.cases import RUBBISH, Cast
from tests.factories.told import titles, told

RunJobs = Callable[[], Counter[str]]
# A street lamp is due on Tuesday the 17th; five working days more end on Tuesday the 24th.
LATER = {"until": "2026-03-20", "note": "灯具要从外地调"}
ASIDE = {"until": "2026-06-18", "note": "等路面改造"}


def asked(cast: Cast, what: str = "extension", **given: Any) -> int:
    """A case whose handler has asked for more time."""
    case_id = cast.bring_to("handling")
    cast.act("chengguan", case_id, f"ask_{what}", **((LATER if what == "extension" else ASIDE) | given))
    return case_id


def rung(cast: Cast, case_id: int) -> list[str]:
    timeline = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["timeline"]
    return [e["action"] for e in timeline if e["action"].startswith("clock_")]


def test_an_extension_is_asked_approved_and_told(cast: Cast, clock: FrozenClock, run_jobs: RunJobs) -> None:
    case_id = asked(cast)
    run_jobs()
    assert titles(cast, case_id, "ask_extension") == {"lingdao": "有延期申请，请批"}
    case = cast.desk("lingdao").get(f"/staff/cases/{case_id}").json
    assert case["pending_request"] == {
        "kind": "extension",
        "until": "2026-03-20",
        "by_name": "城管甲",
        "reason": "灯具要从外地调",
    }
    assert case["marks"] == [{"code": "pending", "label": "待批延期"}]
    items = cast.desk("lingdao").get("/staff/queue?pending=extension").json["items"]
    assert [(i["id"], i["marks"]) for i in items] == [
        (str(case_id), [{"code": "pending", "label": "待批延期"}])
    ]
    assert cast.desk("lingdao").get("/staff/queue?pending=suspension").json["items"] == []
    # the citizen hears of it once it is decided
    seen = cast.resident().get(f"/resident/reports/{case_id}").json
    assert (seen["due_on"], seen["extended"]) == ("2026-03-17", False)
    case = cast.act("lingdao", case_id, "approve_extension", note="灯具后天到货，到货就换。")
    assert (case["due_on"], case["extension_count"], case["pending_request"]) == ("2026-03-20", 1, None)
    assert case["marks"] == []
    run_jobs()
    assert titles(cast, case_id, "approve_extension") == {
        "wang": "办理期限有变化",
        "chengguan": "延期申请已同意",
    }
    assert "延到 3 月 20 日（周五）。灯具后天到货" in told(cast, case_id, "approve_extension")["wang"].text
    seen = cast.resident().get(f"/resident/reports/{case_id}").json
    assert (seen["due_on"], seen["extended"]) == ("2026-03-20", True)
    # it rings by its new date and not by the old one
    clock.advance(timedelta(days=8))
    run_jobs()
    assert "clock_breach" not in rung(cast, case_id)
    clock.advance(timedelta(days=3))
    run_jobs()
    assert rung(cast, case_id).count("clock_breach") == 1


@pytest.mark.parametrize("until", ["2026-03-16", "2026-03-17", "2026-03-25", "2020-01-01"])
def test_not_before_the_due_date_and_at_most_the_limit_once_more(cast: Cast, until: str) -> None:
    case_id = cast.bring_to("handling")
    answer = cast.post("chengguan", case_id, "ask_extension", until=until, note="再等等")
    assert (answer.status_code, answer.json["code"]) == (422, "bad_until"), answer.text
    assert "3 月 24 日（周二）" in answer.json["message"]
    assert list(answer.json["fields"]) == ["until"]
    assert cast.column(case_id, "pending_request") == ""


def test_the_last_day_that_can_be_asked_for(cast: Cast) -> None:
    case_id = asked(cast, until="2026-03-24")
    assert cast.act("lingdao", case_id, "approve_extension", note="最后一次")["due_on"] == "2026-03-24"


def test_an_overdue_case_cannot_ask(cast: Cast, clock: FrozenClock) -> None:
    case_id = cast.bring_to("handling")
    clock.advance(timedelta(days=8))
    for action, given in (("ask_extension", LATER), ("ask_suspension", ASIDE)):
        answer = cast.post("chengguan", case_id, action, **given)
        assert (answer.status_code, answer.json["code"]) == (409, "overdue"), answer.text


def test_once_and_one_request_at_a_time(cast: Cast) -> None:
    case_id = asked(cast)
    assert cast.post("chengguan", case_id, "ask_extension", **LATER).status_code == 403
    assert cast.post("chengguan", case_id, "ask_suspension", **ASIDE).status_code == 403
    cast.act("lingdao", case_id, "approve_extension", note="可以")
    assert cast.post("chengguan", case_id, "ask_extension", **LATER).status_code == 403


def test_a_refusal_goes_to_the_asker_alone_and_leaves_the_date(cast: Cast, run_jobs: RunJobs) -> None:
    case_id = asked(cast)
    case = cast.act("lingdao", case_id, "refuse_extension", note="库房里有灯具")
    assert (case["due_on"], case["pending_request"]) == ("2026-03-17", None)
    run_jobs()
    assert titles(cast, case_id, "refuse_extension") == {"chengguan": "延期申请未同意"}
    assert "库房里有灯具" not in cast.resident().get(f"/resident/reports/{case_id}").text


def test_nobody_decides_on_what_they_asked_for(cast: Cast) -> None:
    case_id = asked(cast)
    cast.change(case_id, pending_by=int(cast.desk("lingdao").me["id"]))
    for username in ("lingdao", "fenliu", "hecha", "chengguan"):
        assert cast.post(username, case_id, "approve_extension", note="好").status_code == 403, username
    assert cast.column(case_id, "extension_count") == 0


def test_what_nobody_asked_for_is_not_decided(cast: Cast) -> None:
    case_id = cast.bring_to("handling")
    for action in ("approve_extension", "refuse_extension", "approve_suspension", "refuse_suspension"):
        assert cast.post("lingdao", case_id, action, note="好").status_code == 403, action


def test_a_request_lapses_when_the_case_leaves_those_hands(cast: Cast) -> None:
    case_id = asked(cast)
    assert cast.post("chengguan", case_id, "handle", note="换好了").status_code == 200
    assert cast.column(case_id, "pending_request") == ""
    case_id = asked(cast)
    cast.act("fenliu", case_id, "transfer", unit_id=cast.unit("g01"), note="网格近")
    assert cast.column(case_id, "pending_by") is None


def test_a_date_that_has_passed_meanwhile_is_not_approved(cast: Cast, clock: FrozenClock) -> None:
    case_id = asked(cast)
    clock.advance(timedelta(days=11))
    answer = cast.post("lingdao", case_id, "approve_extension", note="好")
    assert (answer.status_code, answer.json["code"]) == (409, "request_past")


def test_a_limit_of_hours_is_extended_by_hours(cast: Cast) -> None:
    case_id = cast.bring_to("handling", category_code=RUBBISH)  # one working day: until the 11th
    answer = cast.post("chengguan", case_id, "ask_extension", until="2026-03-13", note="车坏了")
    assert answer.status_code == 422
    cast.act("chengguan", case_id, "ask_extension", until="2026-03-12", note="车坏了")
    assert cast.act("lingdao", case_id, "approve_extension", note="明天收")["due_on"] == "2026-03-12"


def test_a_pause_after_an_extension_is_given_back_to_the_new_date(cast: Cast, clock: FrozenClock) -> None:
    case_id = asked(cast)
    cast.act("lingdao", case_id, "approve_extension", note="可以")
    cast.act("chengguan", case_id, "ask_citizen", note="哪一根？")
    clock.advance(timedelta(days=1))
    seen = cast.ask("wang", case_id, "answer_office", note="这一根").json
    assert seen["due_on"] == "2026-03-21"  # one working day after Friday: this Saturday is worked


def test_laid_aside_until_a_date_and_woken_by_it(cast: Cast, clock: FrozenClock, run_jobs: RunJobs) -> None:
    case_id = asked(cast, "suspension")
    run_jobs()
    assert titles(cast, case_id, "ask_suspension") == {"lingdao": "有挂账申请，请批"}
    case = cast.act("lingdao", case_id, "approve_suspension", note="路面改造以后一起换")
    assert (case["state_label"], case["suspended_until"], case["paused"]) == ("已挂账", "2026-06-18", True)
    run_jobs()
    assert titles(cast, case_id, "approve_suspension") == {"wang": "暂缓办理", "chengguan": "挂账申请已同意"}
    assert "到 6 月 18 日（周四）恢复办理" in told(cast, case_id, "approve_suspension")["wang"].text
    seen = cast.resident().get(f"/resident/reports/{case_id}").json
    assert (seen["suspended_until"], seen["due_text"]) == ("2026-06-18", "计时暂停")
    public = cast.app.test_client().get(f"/api/v1/public/progress/{case['code']}").json
    assert (public["state_label"], public["paused"], public["suspended_until"]) == (
        "已挂账",
        True,
        "2026-06-18",
    )
    mark = cast.desk("fenliu").get("/staff/queue?state=suspended").json["items"][0]["marks"]
    assert mark == [{"code": "suspended", "label": "挂账到 6 月 18 日"}]
    # reviewed every month by those who hold it and those who dispatch
    clock.advance(timedelta(days=30))
    run_jobs()
    assert titles(cast, case_id, "review_suspension") == dict.fromkeys(
        ("chengguan", "fenliu", "fenliu2"), "挂账满月，请复核"
    )
    clock.move_to(clock.now() + timedelta(days=69, hours=20))  # the 18th of June, six in the morning
    run_jobs()
    assert cast.column(case_id, "state") == "suspended"
    clock.advance(timedelta(hours=2))
    run_jobs()
    case = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json
    assert (case["state"], case["suspended_until"]) == ("handling", None)
    timeline = [e["action"] for e in case["timeline"]]
    assert timeline.count("review_suspension") == 3
    assert timeline[-1] == "suspension_over"
    assert titles(cast, case_id, "suspension_over") == {"wang": "恢复办理", "chengguan": "挂账到期，请办理"}
    assert rung(cast, case_id) == []
    assert case["due_on"] > "2026-06-18"


def test_resumed_by_hand_the_timer_finds_nothing_to_do(
    cast: Cast, clock: FrozenClock, run_jobs: RunJobs
) -> None:
    case_id = cast.bring_to("suspended")
    case = cast.act("chengguan", case_id, "resume", note="路面改好了")
    assert (case["state"], case["suspended_until"]) == ("handling", None)
    run_jobs()
    assert titles(cast, case_id, "resume") == {"wang": "恢复办理"}
    clock.advance(timedelta(days=101))
    assert run_jobs().keys() == {"done"}  # not by failing either
    timeline = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["timeline"]
    assert not {"suspension_over", "review_suspension"} & {e["action"] for e in timeline}
    # once in a case
    assert (
        cast.post("chengguan", case_id, "ask_suspension", until="2026-08-01", note="再等").status_code == 403
    )


@pytest.mark.parametrize("until", ["2026-03-10", "2026-03-01", "2027-03-11"])
def test_a_suspension_ends_within_a_year(cast: Cast, until: str) -> None:
    case_id = cast.bring_to("handling")
    answer = cast.post("chengguan", case_id, "ask_suspension", until=until, note="等")
    assert (answer.status_code, answer.json["code"]) == (422, "bad_until"), answer.text
    assert cast.column(case_id, "pending_until") is None


def test_the_longest_suspension(cast: Cast) -> None:
    case_id = asked(cast, "suspension", until="2027-03-10")
    cast.act("lingdao", case_id, "approve_suspension", note="好")
    assert cast.column(case_id, "suspended_until") == date(2027, 3, 10)


def test_a_suspension_is_refused_with_its_reason(cast: Cast, run_jobs: RunJobs) -> None:
    case_id = asked(cast, "suspension")
    assert cast.post("chengguan", case_id, "approve_suspension", note="我同意").status_code == 403
    case = cast.act("lingdao", case_id, "refuse_suspension", note="可以先修")
    assert (case["state"], case["pending_request"]) == ("handling", None)
    run_jobs()
    assert titles(cast, case_id, "refuse_suspension") == {"chengguan": "挂账申请未同意"}
    aside = cast.bring_to("suspended")
    for username in ("hecha", "lingdao"):
        assert cast.post(username, aside, "resume").status_code == 403
