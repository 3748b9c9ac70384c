"""督办 (HOT-11): by a leader and by rule, answered on the timeline, its own clock of two working days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, transaction
from backend.reports.models import Supervision
from tests.factories.cases import RUBBISH, Cast

RunJobs = Callable[[], Any]


def causes(cast: Cast, case_id: Any) -> list[tuple[str, str]]:
    """Why a case is, or was, supervised, and what became of it."""
    with cast.app.app_context(), transaction(writing=False):
        query = select(Supervision.cause, Supervision.state).where(Supervision.case_id == int(case_id))
        return [(row.cause, row.state) for row in db.session.execute(query.order_by(Supervision.number))]


def listed(cast: Cast, username: str, state: str = "open") -> list[dict[str, Any]]:
    answer = cast.desk(username).get(f"/staff/supervisions?state={state}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json["items"]
    return items


class TestByALeader:
    def test_raised_seen_and_answered(self, cast: Cast) -> None:
        case_id = cast.bring_to("handling")
        seen = cast.act("lingdao", case_id, "supervise", note="三天内办好")
        assert seen["supervision"] == {
            "open": True,
            "count": 1,
            "due_at": "2026-03-12T15:59:59Z",
            "overdue": False,
        }
        assert seen["due_on"] == "2026-03-17"  # the citizen's date is another
        row = listed(cast, "lingdao")[0]
        assert (row["case_id"], row["cause_label"], row["note"]) == (str(case_id), "镇领导督办", "三天内办好")
        assert row["raised_by_name"] == "领导甲"
        answered = cast.act("chengguan", case_id, "answer_supervision", note="明天装灯")
        assert answered["supervision"]["open"] is False
        assert answered["timeline"][-1]["note"] == "明天装灯"
        assert listed(cast, "lingdao") == []
        assert listed(cast, "lingdao", "answered")[0]["answer"] == "明天装灯"

    def test_the_resident_sees_that_it_is_supervised_and_no_word_of_it(self, cast: Cast) -> None:
        case_id = cast.bring_to("handling")
        cast.act("lingdao", case_id, "supervise", note="办事拖拉")
        seen = cast.resident().get(f"/resident/reports/{case_id}")
        assert seen.json["timeline"][-1]["title"] == "镇里督办这件事"
        assert "办事拖拉" not in seen.text

    @pytest.mark.parametrize("username", ["fenliu", "hecha", "chengguan", "cunzhang1"])
    def test_only_a_leader_supervises(self, cast: Cast, username: str) -> None:
        case_id = cast.bring_to("handling")
        assert cast.post(username, case_id, "supervise", note="快办").status_code == 403
        assert causes(cast, case_id) == []

    def test_only_who_has_it_answers_and_only_while_it_is_open(self, cast: Cast) -> None:
        case_id = cast.bring_to("handling")
        assert cast.post("chengguan", case_id, "answer_supervision", note="好").status_code == 403
        cast.act("lingdao", case_id, "supervise", note="快办")
        assert cast.post("fenliu", case_id, "answer_supervision", note="好").status_code == 403
        assert cast.post("chengguan", case_id, "answer_supervision", note="").status_code == 422

    def test_lifted(self, cast: Cast) -> None:
        case_id = cast.bring_to("handling")
        cast.act("lingdao", case_id, "supervise", note="快办")
        assert cast.act("lingdao", case_id, "lift_supervision")["supervision"]["open"] is False
        assert causes(cast, case_id) == [("leader", "lifted")]

    def test_a_second_one_gives_no_more_time(self, cast: Cast, clock: FrozenClock) -> None:
        case_id = cast.bring_to("handling")
        first = cast.act("lingdao", case_id, "supervise", note="快办")["supervision"]["due_at"]
        clock.advance(timedelta(days=1))
        seen = cast.act("lingdao", case_id, "supervise", note="再催一次")
        assert (seen["supervision"]["due_at"], seen["supervision"]["count"]) == (first, 2)
        assert [row["due_at"] for row in seen["supervisions"]] == [first, first]
        cast.act("chengguan", case_id, "answer_supervision", note="办好了一半")
        assert causes(cast, case_id) == [("leader", "answered"), ("leader", "answered")]

    def test_what_is_closed_needs_no_answer(self, cast: Cast) -> None:
        case_id = cast.bring_to("handled")
        cast.act("lingdao", case_id, "supervise", note="快办")
        closed = cast.act("hecha", case_id, "pass_check", outcome="resolved", reply="装好了")
        assert closed["supervision"]["open"] is False
        assert causes(cast, case_id) == [("leader", "ended")]

    def test_nobody_is_supervised_out_of_scope(self, cast: Cast) -> None:
        cast.act("lingdao", cast.bring_to("handling"), "supervise", note="快办")
        assert listed(cast, "xfenliu", "all") == []
        assert listed(cast, "chengguan2", "all") == []
        assert len(listed(cast, "chengguan", "all")) == 1
        assert cast.desk("guanli").get("/staff/supervisions").status_code == 403


class TestByRule:
    def test_overdue_once(self, cast: Cast, run_jobs: RunJobs, clock: FrozenClock) -> None:
        case_id = cast.bring_to("handling")
        clock.advance(timedelta(days=20))
        run_jobs()
        assert causes(cast, case_id) == [("overdue", "open")]
        seen = cast.desk("lingdao").get(f"/staff/cases/{case_id}").json
        assert "按规则「超过答复时限」" in [entry["who"] for entry in seen["timeline"]]

    def test_an_answer_not_given_in_two_working_days_reaches_the_leaders(
        self, cast: Cast, run_jobs: RunJobs, clock: FrozenClock
    ) -> None:
        case_id = cast.bring_to("handling")
        cast.act("lingdao", case_id, "supervise", note="快办")
        clock.advance(timedelta(days=2, hours=14))
        run_jobs()
        seen = cast.desk("lingdao").get(f"/staff/cases/{case_id}").json
        assert seen["supervision"]["overdue"] is True
        assert seen["overdue"] is False  # the citizen's own date is not touched
        assert listed(cast, "lingdao")[0]["overdue"] is True
        assert "已超过时限" in [entry["title"] for entry in seen["timeline"]]

    def test_returned_twice(self, cast: Cast) -> None:
        case_id = cast.bring_to("dispatched")
        cast.act("chengguan", case_id, "return_to_desk", note="不归我们")
        assert causes(cast, case_id) == []
        cast.act("fenliu", case_id, "dispatch", unit_id=cast.unit("g01"))
        cast.act("wangge1", case_id, "return_to_desk", note="网格管不了")
        assert causes(cast, case_id) == [("returned", "open")]

    @pytest.mark.parametrize(
        ("outcome", "raised"), [("unsolvable", True), ("partly", True), ("resolved", False)]
    )
    def test_not_solved_and_disputed(self, cast: Cast, outcome: str, raised: bool) -> None:
        case_id = cast.bring_to("handled")
        cast.act("hecha", case_id, "pass_check", outcome=outcome, reply="答复")
        assert cast.ask("wang", case_id, "dispute", note="没有办").status_code == 200
        assert causes(cast, case_id) == ([("unsolved", "open")] if raised else [])

    def test_reopened_twice_and_unsatisfied_after_it_was_done_again(self, cast: Cast) -> None:
        case_id = cast.bring_to("reopen_requested")
        self.do_again(cast, case_id)
        cast.ask("wang", case_id, "rate", score="unsatisfied")
        assert causes(cast, case_id) == [("unsatisfied_again", "open")]
        cast.ask("wang", case_id, "dispute", note="还是不亮")
        self.do_again(cast, case_id)
        cast.ask("wang", case_id, "rate", score="unsatisfied")
        # each rule once; closing ended what was open
        assert causes(cast, case_id) == [("unsatisfied_again", "ended"), ("reopened", "ended")]

    def do_again(self, cast: Cast, case_id: int) -> None:
        photo = cast.photo(cast.desk("chengguan"), "after", "staff")
        cast.act("lingdao", case_id, "approve_reopen")
        cast.act("chengguan", case_id, "start")
        cast.act("chengguan", case_id, "handle", note="又换了一次", media_ids=[photo])
        cast.act("hecha", case_id, "pass_check", outcome="resolved", reply="换好了")

    def test_an_answer_on_a_closed_case(self, cast: Cast) -> None:
        case_id = cast.bring_to("reopen_requested")
        self.do_again(cast, case_id)
        promised = cast.column(case_id, "due_at")
        cast.ask("wang", case_id, "rate", score="unsatisfied")
        assert cast.column(case_id, "due_at") == promised  # the office's own date is not the citizen's
        cast.act("chengguan", case_id, "answer_supervision", note="明天上门看")
        assert causes(cast, case_id) == [("unsatisfied_again", "answered")]
        assert cast.column(case_id, "due_at") == promised

    def test_many_of_one_kind_in_one_grid(self, cast: Cast, run_jobs: RunJobs, clock: FrozenClock) -> None:
        old = cast.bring_to("submitted")
        clock.advance(timedelta(days=31))
        first, second = cast.bring_to("submitted"), cast.bring_to("handling")
        other = cast.bring_to("submitted", category_code=RUBBISH)
        elsewhere = cast.bring_to("submitted", at=(117.21, 35.015))
        closed = cast.bring_to("closed")
        run_jobs()
        repeated = {
            i
            for i in (old, first, second, other, elsewhere, closed)
            if ("repeated", "open") in causes(cast, i)
        }
        assert repeated == set()
        third = cast.bring_to("submitted")
        run_jobs()
        assert ("repeated", "open") in causes(cast, third)
