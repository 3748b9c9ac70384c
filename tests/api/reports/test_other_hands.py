"""Back to the desk and to other hands: counted, told, and no clock is reset by it (HOT-06, HOT-07)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from backend.kernel.clock import FrozenClock
from tests.factories.cases import Cast
from tests.factories.told import titles

RunJobs = Callable[[], Counter[str]]


def staff_id(cast: Cast, username: str) -> str:
    return str(cast.desk(username).me["id"])


def offered(case: dict[str, Any]) -> set[str]:
    return {a["action"] for a in case["actions"]}


def test_a_return_is_counted_and_gives_no_time(cast: Cast, clock: FrozenClock, run_jobs: RunJobs) -> None:
    case_id = cast.bring_to("handling")
    before = cast.column(case_id, "due_at")
    clock.advance(timedelta(hours=3))
    answer = cast.post("chengguan", case_id, "return_to_desk", note="这条路由交通所管")
    assert answer.status_code == 200, answer.text
    case = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json
    assert (case["state_label"], case["return_count"]) == ("已受理", 1)
    assert case["assignee"]["unit_name"] is None
    assert case["timeline"][-1]["title"] == "城管所退回，重新确定由谁来办"
    assert cast.column(case_id, "due_at") == before
    run_jobs()
    assert titles(cast, case_id, "return_to_desk") == dict.fromkeys(
        ("fenliu", "fenliu2"), "有事项退回，请重新分流"
    )
    # the citizen sees that it changes hands, not what colleagues say of each other
    seen = cast.resident().get(f"/resident/reports/{case_id}").json
    assert (seen["timeline"][-1]["title"], seen["timeline"][-1]["note"]) == (
        "城管所退回，重新确定由谁来办",
        None,
    )
    # in the desk's list, with its mark
    items = cast.desk("fenliu").get("/staff/queue?returned=1").json["items"]
    assert [(i["id"], i["marks"]) for i in items] == [
        (str(case_id), [{"code": "returned", "label": "退回 1 次"}])
    ]


def test_after_the_desk_has_decided_the_same_unit_does_not_return_it_again(cast: Cast) -> None:
    case_id = cast.bring_to("dispatched")
    cast.act("fenliu", case_id, "note", note="先看看")
    assert cast.post("chengguan", case_id, "return_to_desk", note="不归我们").status_code == 200
    urban = cast.unit("urban")
    cast.act("fenliu", case_id, "dispatch", unit_id=urban, staff_id=staff_id(cast, "chengguan2"))
    case = cast.desk("chengguan2").get(f"/staff/cases/{case_id}").json
    assert "return_to_desk" not in offered(case)
    assert cast.post("chengguan2", case_id, "return_to_desk", note="还是不归我们").status_code == 403
    # another unit may
    cast.act("fenliu", case_id, "transfer", unit_id=cast.unit("g01"), note="网格先看")
    assert "return_to_desk" in offered(cast.desk("wangge1").get(f"/staff/cases/{case_id}").json)


def test_two_units_that_return_it_bring_a_supervision(cast: Cast, run_jobs: RunJobs) -> None:
    """HOT-11: raised by rule; the clocks of the citizen are as they were."""
    case_id = cast.bring_to("dispatched")
    due = cast.column(case_id, "due_at")
    assert cast.post("chengguan", case_id, "return_to_desk", note="不归我们").status_code == 200
    assert cast.column(case_id, "supervision_open") is False
    cast.act("fenliu", case_id, "dispatch", unit_id=cast.unit("g01"))
    assert cast.post("wangge1", case_id, "return_to_desk", note="网格修不了").status_code == 200
    assert (cast.column(case_id, "return_count"), cast.column(case_id, "supervision_open")) == (2, True)
    assert cast.column(case_id, "due_at") == due
    run_jobs()
    assert titles(cast, case_id, "supervise_by_rule")["lingdao"] == "按规则督办"
    item = cast.desk("fenliu").get("/staff/queue?supervised=1").json["items"][0]
    assert [mark["label"] for mark in item["marks"]] == ["督办", "退回 2 次"]


def test_only_the_handler_returns(cast: Cast) -> None:
    case_id = cast.bring_to("handling")
    for username, status in (("fenliu", 403), ("hecha", 403), ("chengguan2", 404), ("wangge1", 404)):
        assert cast.post(username, case_id, "return_to_desk", note="退").status_code == status, username
    assert cast.column(case_id, "return_count") == 0


def test_a_handler_transfers_within_the_own_unit(cast: Cast, run_jobs: RunJobs) -> None:
    case_id = cast.bring_to("handling")
    before = cast.column(case_id, "due_at")
    desk, urban = cast.desk("chengguan"), cast.unit("urban")
    seen = desk.get(f"/staff/cases/{case_id}/assignees")
    assert [unit["unit_id"] for unit in seen.json["items"]] == [urban]
    beyond = cast.post("chengguan", case_id, "transfer", unit_id=cast.unit("g01"), note="网格近")
    assert (beyond.status_code, beyond.json["code"]) == (422, "other_unit")
    same = cast.post(
        "chengguan", case_id, "transfer", unit_id=urban, staff_id=staff_id(cast, "chengguan"), note="我"
    )
    assert (same.status_code, same.json["code"]) == (422, "same_hands")
    assert cast.column(case_id, "state") == "handling"
    answer = cast.post(
        "chengguan",
        case_id,
        "transfer",
        unit_id=urban,
        staff_id=staff_id(cast, "chengguan2"),
        note="今天他在",
    )
    assert answer.status_code == 200, answer.text
    case = cast.desk("chengguan2").get(f"/staff/cases/{case_id}").json
    assert (case["state_label"], case["assignee"]["staff_name"]) == ("待接单", "城管乙")
    assert cast.column(case_id, "due_at") == before
    run_jobs()
    assert titles(cast, case_id, "transfer") == {"wang": "换了办理人", "chengguan2": "有新任务"}
    assert cast.resident().get(f"/resident/reports/{case_id}").json["timeline"][-1]["note"] is None


def test_the_desk_transfers_anywhere_in_the_town(cast: Cast, run_jobs: RunJobs) -> None:
    case_id = cast.bring_to("handling")
    offered_units = cast.desk("fenliu").get(f"/staff/cases/{case_id}/assignees").json["items"]
    assert len(offered_units) > 1
    case = cast.act("fenliu", case_id, "transfer", unit_id=cast.unit("g01"), note="网格近")
    assert case["assignee"]["unit_name"] == "湾头村第1网格"
    run_jobs()
    told = titles(cast, case_id, "transfer")
    assert told == {"wang": "换了办理人", "wangge1": "有新任务", "chengguan": "任务已转给别人"}
    for username, status in (("hecha", 403), ("lingdao", 403), ("chengguan2", 404)):
        answer = cast.post(username, case_id, "transfer", unit_id=cast.unit("urban"), note="给他")
        assert answer.status_code == status, username
