"""Asking the citizen back: the clocks stand still, one reminder, and the waiting has an end (HOT-08)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backend.kernel.clock import FrozenClock
from tests.factories.cases import Cast
from tests.factories.told import titles, told

RunJobs = Callable[[], Counter[str]]


def actions(cast: Cast, case_id: int) -> list[str]:
    return [e["action"] for e in cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["timeline"]]


def clocks(case: dict[str, Any]) -> dict[str, str]:
    return {c["name"]: c["state"] for c in case["clocks"]}


def test_the_citizen_answers_and_the_waiting_is_given_back(
    cast: Cast, clock: FrozenClock, run_jobs: RunJobs
) -> None:
    case_id = cast.bring_to("handling")  # due on Tuesday the 17th
    case = cast.act("chengguan", case_id, "ask_citizen", note="是哪一根灯杆？")
    assert (case["state_label"], case["paused"]) == ("待居民补充", True)
    assert clocks(case) == {"accept": "stopped", "answer": "paused", "citizen": "running"}
    run_jobs()
    message = told(cast, case_id, "ask_citizen")["wang"]
    assert message.page == f"pages/case/index?id={case_id}"
    assert "是哪一根灯杆？" in message.text
    seen = cast.resident().get(f"/resident/reports/{case_id}").json
    assert seen["next_step"].endswith("等待的时间不计入时限。")
    assert (seen["timeline"][-1]["note"], seen["due_text"]) == ("是哪一根灯杆？", "计时暂停")
    clock.advance(timedelta(days=2))
    photo = cast.photo(cast.resident())
    answer = cast.ask("wang", case_id, "answer_office", note="小卖部门口", media_ids=[photo])
    assert answer.status_code == 200, answer.text
    assert (answer.json["state"], answer.json["paused"]) == ("handling", False)
    assert answer.json["due_on"] == "2026-03-20"  # the 11th and the 12th; the 18th is no working day
    assert [p["id"] for p in answer.json["media"]] == [photo]
    run_jobs()
    assert titles(cast, case_id, "answer_office") == {"chengguan": "居民已补充说明"}
    # and nothing of the waiting rings any more
    clock.advance(timedelta(days=3))
    run_jobs()
    assert "remind_citizen" not in actions(cast, case_id)


def test_the_desk_asks_before_it_accepts(cast: Cast, clock: FrozenClock, run_jobs: RunJobs) -> None:
    case_id = cast.bring_to("desk_asked")
    case = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json
    assert clocks(case) == {"accept": "paused", "answer": "paused", "citizen": "running"}
    accept = next(c["due_at"] for c in case["clocks"] if c["name"] == "accept")
    clock.advance(timedelta(days=1))
    cast.ask("wang", case_id, "answer_office", note="小卖部门口")
    case = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json
    assert case["state"] == "submitted"
    assert clocks(case) == {"accept": "running", "answer": "running", "citizen": "stopped"}
    assert next(c["due_at"] for c in case["clocks"] if c["name"] == "accept") > accept
    run_jobs()
    assert titles(cast, case_id, "answer_office") == {"fenliu": "居民已补充说明"}


def test_reminded_once_then_the_office_goes_on(cast: Cast, clock: FrozenClock, run_jobs: RunJobs) -> None:
    case_id = cast.bring_to("handling")
    cast.act("chengguan", case_id, "ask_citizen", note="是哪一根灯杆？")
    run_jobs()
    clock.advance(timedelta(days=3, hours=14))  # three working days end on Friday at midnight
    run_jobs()
    assert actions(cast, case_id)[-1] == "remind_citizen"
    assert titles(cast, case_id, "remind_citizen") == {"wang": "还在等您补充说明"}
    assert cast.column(case_id, "state") == "handler_asked"
    clock.advance(timedelta(days=6))  # the 18th is no working day
    run_jobs()
    assert actions(cast, case_id)[-1] == "give_up_waiting"
    assert actions(cast, case_id).count("remind_citizen") == 1
    assert titles(cast, case_id, "give_up_waiting") == {"wang": "继续办理", "chengguan": "居民没有补充"}
    case = cast.desk("chengguan").get(f"/staff/cases/{case_id}").json
    assert case["state"] == "handling"
    assert clocks(case) == {"accept": "stopped", "answer": "running", "citizen": "stopped"}
    # nobody was late in all that time, and the desk was not alarmed by the citizen's clock
    assert not {"clock_warning", "clock_breach"} & set(actions(cast, case_id))
    # asked again later, the citizen is reminded again
    cast.act("chengguan", case_id, "ask_citizen", note="那现在亮不亮？")
    clock.advance(timedelta(days=5))
    run_jobs()
    assert actions(cast, case_id)[-1] == "remind_citizen"


def test_what_waits_for_the_citizen_is_late_in_no_list(
    cast: Cast, clock: FrozenClock, run_jobs: RunJobs
) -> None:
    case_id = cast.bring_to("handler_asked")
    clock.advance(timedelta(days=2))
    cast.change(case_id, due_at=clock.now() - timedelta(days=1))
    desk = cast.desk("fenliu")
    assert desk.get("/staff/queue?due=overdue").json["items"] == []
    assert desk.get("/staff/queue/counts").json["overdue"] == 0
    item = desk.get("/staff/queue?state=handler_asked").json["items"][0]
    assert (item["overdue"], item["due_text"]) == (False, "计时暂停")
    assert desk.get(f"/staff/cases/{case_id}").json["overdue"] is False


@pytest.mark.parametrize(("username", "state"), [("chengguan", "handler_asked"), ("fenliu", "desk_asked")])
def test_the_office_need_not_wait(cast: Cast, run_jobs: RunJobs, username: str, state: str) -> None:
    case_id = cast.bring_to(state)
    case = cast.act(username, case_id, "go_on", note="到现场看过了")
    assert case["state"] == ("handling" if state == "handler_asked" else "submitted")
    assert clocks(case)["citizen"] == "stopped"
    run_jobs()
    assert titles(cast, case_id, "go_on")["wang"] == "继续办理"


def test_who_may_ask_answer_and_go_on(cast: Cast) -> None:
    case_id = cast.bring_to("handling")
    for username, status in (("hecha", 403), ("lingdao", 403), ("chengguan2", 404), ("xfenliu", 404)):
        assert cast.post(username, case_id, "ask_citizen", note="哪里？").status_code == status, username
    cast.act("fenliu", case_id, "ask_citizen", note="哪里？")
    assert cast.ask("li", case_id, "answer_office", note="这里").status_code == 404
    assert cast.post("fenliu", case_id, "answer_office", note="替他说").status_code == 403
    assert cast.post("hecha", case_id, "go_on").status_code == 403
    assert cast.ask("wang", case_id, "go_on").status_code == 403
    assert cast.column(case_id, "state") == "handler_asked"
