"""Beyond the town: the date set above wins, and goes when the matter comes back (HOT-12, §3.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from backend.kernel.clock import FrozenClock
from backend.kernel.db import run_unit
from backend.workflow.clocks import set_holidays
from tests.factories.cases import BODY, Cast
from tests.factories.told import titles

RunJobs = Callable[[], Counter[str]]
UP = {"body": BODY, "external_number": "GD-2026-0310", "note": "线路归供电公司"}


@pytest.mark.parametrize("until", ["2026-03-12", "2026-04-10"])
def test_the_upstream_date_wins_earlier_or_later(
    cast: Cast, clock: FrozenClock, run_jobs: RunJobs, until: str
) -> None:
    case_id = cast.bring_to("handling")  # due on the 17th
    case = cast.act("fenliu", case_id, "escalate", **UP, until=until)
    assert (case["state_label"], case["due_on"]) == ("已转上级", until)
    assert case["upstream"] == {"body": BODY, "number": "GD-2026-0310", "due_on": until}
    run_jobs()
    assert titles(cast, case_id, "escalate") == {"wang": "已转有关部门", "chengguan": "任务已转有关部门"}
    seen = cast.resident().get(f"/resident/reports/{case_id}").json
    assert (seen["due_on"], seen["upstream_body"]) == (until, BODY)
    assert seen["holder"]["unit_name"] == BODY
    sent = seen["timeline"][-1]
    assert (sent["title"], [d["label"] for d in sent["details"]]) == (
        f"已转给{BODY}",
        ["对方的编号", "对方要求的办结日期"],
    )
    # it comes back: ours again, by our own date, and the desk hears of it
    case = cast.act("fenliu2", case_id, "upstream_returned", note="产权属于镇里")
    assert (case["state_label"], case["due_on"], case["upstream"]) == ("已受理", "2026-03-17", None)
    assert case["timeline"][-1]["title"] == f"{BODY}退回，重新确定由谁来办"
    run_jobs()
    assert titles(cast, case_id, "upstream_returned") == {"fenliu": "上级退回，请重新分流"}


def test_what_comes_back_has_the_date_it_had_and_waits_are_given_back_once(
    cast: Cast, clock: FrozenClock
) -> None:
    """HOT-08 and HOT-12 together: an extension after a wait, an upstream date, a holiday published, back again."""
    case_id = cast.bring_to("handler_asked")
    clock.advance(timedelta(days=1))
    cast.ask("wang", case_id, "answer_office", note="这一根")  # due on Thursday the 19th now
    cast.act("chengguan", case_id, "ask_extension", until="2026-03-20", note="等灯具")
    assert cast.act("lingdao", case_id, "approve_extension", note="可以")["due_on"] == "2026-03-20"
    case = cast.act("fenliu", case_id, "escalate", **UP, until="2026-04-10")
    with cast.app.app_context():
        # a date that was agreed is not counted, so a new holiday does not move it
        run_unit(
            lambda: set_holidays([(date(2026, 3, 19), False, "试验")], date(2026, 3, 19), date(2026, 3, 19))
        )
    assert cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["due_on"] == case["due_on"] == "2026-04-10"
    assert cast.act("fenliu", case_id, "upstream_returned", note="产权属镇里")["due_on"] == "2026-03-20"


def test_without_a_date_ours_stands_and_it_rings(cast: Cast, clock: FrozenClock, run_jobs: RunJobs) -> None:
    case_id = cast.bring_to("escalated")
    case = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json
    assert case["due_on"] == "2026-03-17"
    assert case["upstream"] == {"body": BODY, "number": "GD-2026-0310", "due_on": None}
    clock.move_to(cast.column(case_id, "due_at"))
    run_jobs()
    timeline = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["timeline"]
    assert "clock_breach" in {e["action"] for e in timeline}


def test_the_answer_from_above_is_checked_by_somebody_else(cast: Cast, run_jobs: RunJobs) -> None:
    case_id = cast.bring_to("escalated")
    photo = cast.photo(cast.desk("fenliu"), "after", "staff")
    case = cast.act("fenliu", case_id, "upstream_answered", note="线路已经改好", media_ids=[photo])
    assert case["state_label"] == "待核查"
    run_jobs()
    assert titles(cast, case_id, "upstream_answered") == {"wang": "有关部门有了答复"}
    assert cast.column(case_id, "handled_by") == int(cast.desk("fenliu").me["id"])
    assert cast.act("hecha", case_id, "pass_check", outcome="resolved", reply="改好了")["state"] == "closed"


def test_a_failed_check_of_what_nobody_here_has_names_who_takes_it(cast: Cast) -> None:
    case_id = cast.bring_to("escalated")
    cast.act("fenliu", case_id, "upstream_answered", note="线路已经改好")
    missing = cast.post("hecha", case_id, "fail_check", note="还是不亮")
    assert (missing.status_code, list(missing.json["fields"])) == (422, ["unit_id"])
    assert cast.desk("hecha").get(f"/staff/cases/{case_id}/assignees").status_code == 200
    case = cast.act("hecha", case_id, "fail_check", note="还是不亮", unit_id=cast.unit("urban"))
    assert (case["state"], case["assignee"]["unit_name"]) == ("handling", "城管所")


def test_a_date_that_is_past_is_no_upstream_date(cast: Cast) -> None:
    case_id = cast.bring_to("accepted")
    answer = cast.post("fenliu", case_id, "escalate", **UP, until="2026-03-09")
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["until"])
    assert cast.column(case_id, "upstream_body") == ""


def test_only_the_desk_sends_up(cast: Cast) -> None:
    case_id = cast.bring_to("handling")
    for username, status in (("chengguan", 403), ("hecha", 403), ("lingdao", 403), ("xfenliu", 404)):
        assert cast.post(username, case_id, "escalate", **UP).status_code == status, username
    assert cast.column(case_id, "state") == "handling"
