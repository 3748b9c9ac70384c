"""回访 (HOT-09, HOT-14, §2.2, §2.3): owed, recorded by somebody else, and what a mismatch sets going."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backend.kernel.clock import FrozenClock
from backend.kernel.settings import settings, use_settings
from backend.reports.call_backs import in_sample
from tests.factories.cases import RUBBISH, Cast
from tests.factories.identity import worker
from tests.factories.places import IN_G01

RunJobs = Callable[[], Any]
REACHED = {"way": "phone", "reached": "yes"}


@pytest.fixture
def sample(cast: Cast) -> Iterator[Callable[[int], None]]:
    """sample(100): how many of a hundred are called back."""
    before = settings()
    yield lambda percent: use_settings(replace(before, call_back_percent=percent))
    use_settings(before)


def owed(cast: Cast, username: str = "hecha", state: str = "open") -> Any:
    answer = cast.desk(username).get(f"/staff/call-backs?state={state}")
    assert answer.status_code == 200, answer.text
    return answer.json


def close(cast: Cast, outcome: str = "resolved") -> int:
    case_id = cast.bring_to("handled")
    cast.act("hecha", case_id, "pass_check", outcome=outcome, reply="换好了")
    return case_id


def unsatisfied(cast: Cast, outcome: str = "resolved") -> int:
    case_id = close(cast, outcome)
    assert cast.ask("wang", case_id, "rate", score="unsatisfied", comment="还是不亮").status_code == 200
    return case_id


class TestOwed:
    def test_after_every_unsatisfied_reply_within_three_working_days(self, cast: Cast) -> None:
        case_id = unsatisfied(cast)
        found = owed(cast)
        assert found["counts"] == {"open": 1, "overdue": 0}
        row = found["items"][0]
        assert (row["case_id"], row["reason"], row["due_at"]) == (
            str(case_id),
            "unsatisfied",
            "2026-03-13T15:59:59Z",
        )

    def test_not_after_a_satisfied_one(self, cast: Cast) -> None:
        cast.ask("wang", close(cast), "rate", score="satisfied")
        assert owed(cast)["items"] == []

    def test_after_a_sample_of_the_others(self, cast: Cast, sample: Callable[[int], None]) -> None:
        sample(100)
        case_id = close(cast)
        row = owed(cast)["items"][0]
        assert (row["case_id"], row["reason_label"]) == (str(case_id), "抽查")
        cast.ask("wang", case_id, "rate", score="unsatisfied")
        assert [r["reason"] for r in owed(cast)["items"]] == ["unsatisfied"]  # one call, the graver reason

    def test_the_sample_is_the_same_whenever_it_is_drawn(self, sample: Callable[[int], None]) -> None:
        sample(10)
        drawn = [i for i in range(10_000) if in_sample(i)]
        assert 900 < len(drawn) < 1100
        assert drawn == [i for i in range(10_000) if in_sample(i)]
        sample(30)
        assert set(drawn) <= {i for i in range(10_000) if in_sample(i)}

    def test_what_workers_settle_is_looked_at(self, cast: Cast, sample: Callable[[int], None]) -> None:
        """GRID-03, §3.5."""
        sample(100)
        phone = worker(cast.app, "wangge1")
        me: Any = type("Me", (), {"me": {"id": str(phone.id)}})
        lon, lat = IN_G01
        form = {
            "action": "settle_on_spot",
            "category_code": RUBBISH,
            "point": {"lon": lon, "lat": lat},
            "note": "清走了",
            "media_ids": [cast.photo(me, "report", "staff")],
            "after_media_ids": [cast.photo(me, "after", "staff")],
        }
        made = phone.post("/staff/reports", form, key="spot-1")
        assert made.status_code == 201, made.text
        assert [(r["case_id"], r["reason"]) for r in owed(cast)["items"]] == [(made.json["id"], "spot_check")]

    def test_a_case_that_is_opened_again_waits_for_its_new_answer(self, cast: Cast) -> None:
        case_id = unsatisfied(cast)
        cast.ask("wang", case_id, "dispute", note="还是不亮")
        assert owed(cast)["items"] == []
        cast.act("lingdao", case_id, "refuse_reopen", note="现场看过，灯是亮的")
        assert [r["reason"] for r in owed(cast)["items"]] == ["unsatisfied"]

    def test_nobody_else_sees_the_list(self, cast: Cast) -> None:
        unsatisfied(cast)
        assert cast.desk("chengguan").get("/staff/call-backs").status_code == 403
        assert owed(cast, "xhecha")["items"] == []
        assert owed(cast, "xhecha")["counts"] == {"open": 0, "overdue": 0}


class TestRecorded:
    def test_by_somebody_else_than_the_handler(self, cast: Cast) -> None:
        """HOT-09, GRID-10."""
        case_id = unsatisfied(cast)
        cast.change(case_id, handled_by=int(cast.desk("hecha").me["id"]))
        assert cast.post("hecha", case_id, "call_back", **REACHED, solved="yes").status_code == 403
        assert cast.post("lingdao", case_id, "call_back", **REACHED, solved="yes").status_code == 403
        seen = cast.act(
            "fenliu", case_id, "call_back", **REACHED, solved="yes", satisfaction="basically", note="亮了"
        )
        row = seen["call_backs"][0]
        assert (row["state"], row["solved"], row["satisfaction_label"], row["note"]) == (
            "done",
            True,
            "基本满意",
            "亮了",
        )
        assert (row["done_by_name"], row["way_label"]) == ("分流甲", "电话")
        assert owed(cast)["items"] == []

    def test_the_resident_reads_that_they_were_called_and_no_note(self, cast: Cast) -> None:
        case_id = unsatisfied(cast)
        cast.act("fenliu", case_id, "call_back", **REACHED, solved="yes", note="态度不好")
        seen = cast.resident().get(f"/resident/reports/{case_id}")
        assert seen.json["timeline"][-1]["title"] == "镇里做了回访"
        assert "态度不好" not in seen.text

    def test_three_tries(self, cast: Cast) -> None:
        case_id = unsatisfied(cast)
        for tries in (1, 2):
            seen = cast.act("fenliu", case_id, "call_back", way="phone", reached="no")
            assert (seen["call_backs"][0]["state"], seen["call_backs"][0]["tries"]) == ("open", tries)
        seen = cast.act("fenliu", case_id, "call_back", way="phone", reached="no")
        assert seen["call_backs"][0]["state_label"] == "三次未联系上"
        assert owed(cast)["items"] == []

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"way": "phone", "reached": "yes"}, "solved"),
            ({"way": "phone", "reached": "no", "solved": "yes"}, "solved"),
            ({"way": "pigeon", "reached": "yes", "solved": "yes"}, "way"),
            ({"way": "phone", "solved": "yes"}, "reached"),
            ({"way": "phone", "reached": "yes", "solved": "maybe"}, "solved"),
        ],
    )
    def test_what_is_missing_is_named(self, cast: Cast, given: dict[str, str], field: str) -> None:
        case_id = unsatisfied(cast)
        answer = cast.post("fenliu", case_id, "call_back", **given)
        assert answer.status_code == 422, answer.text
        assert field in answer.json["fields"]
        assert cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["call_backs"][0]["tries"] == 0

    def test_one_may_call_without_owing_it(self, cast: Cast) -> None:
        seen = cast.act("fenliu", close(cast), "call_back", **REACHED, solved="yes")
        assert [(r["reason_label"], r["state"]) for r in seen["call_backs"]] == [("主动回访", "done")]

    def test_an_open_case_is_not_called_back(self, cast: Cast) -> None:
        answer = cast.post("fenliu", cast.bring_to("handled"), "call_back", **REACHED, solved="yes")
        assert answer.status_code == 409


class TestMismatch:
    """HOT-14: what was answered is not what the person says."""

    @pytest.mark.parametrize("said", [{"solved": "no"}, {"solved": "yes", "satisfaction": "unsatisfied"}])
    def test_an_alert_and_supervision(self, cast: Cast, said: dict[str, str]) -> None:
        case_id = unsatisfied(cast)
        seen = cast.act("fenliu", case_id, "call_back", **REACHED, **said)
        assert [e["title"] for e in seen["timeline"][-2:]] == ["回访与答复不一致，请核实", "镇里督办这件事"]
        assert seen["supervisions"][0]["cause"] == "call_back"
        assert "reopen" in {a["action"] for a in seen["actions"]}

    def test_what_was_said_to_be_unsolvable_is_no_surprise(self, cast: Cast) -> None:
        seen = cast.act("fenliu", unsatisfied(cast, "unsolvable"), "call_back", **REACHED, solved="no")
        assert seen["timeline"][-1]["title"] == "回访与答复不一致，请核实"
        assert seen["supervision"] is None

    def test_a_good_word_sets_nothing_going(self, cast: Cast) -> None:
        seen = cast.act(
            "fenliu", unsatisfied(cast), "call_back", **REACHED, solved="yes", satisfaction="satisfied"
        )
        assert seen["timeline"][-1]["action"] == "call_back"


class TestFigures:
    """§2.3: only those who were reached count, and without any there is no rate."""

    def test_rates(self, cast: Cast) -> None:
        assert owed(cast)["figures"] == {"valid": 0, "solved_rate": None, "satisfied_rate": None}
        cast.act("fenliu", close(cast), "call_back", **REACHED, solved="yes", satisfaction="satisfied")
        cast.act("fenliu", close(cast), "call_back", **REACHED, solved="yes", satisfaction="basically")
        cast.act("fenliu", close(cast), "call_back", **REACHED, solved="no", satisfaction="unsatisfied")
        cast.act("fenliu", close(cast), "call_back", way="phone", reached="no")
        figures = owed(cast)["figures"]
        assert figures == {"valid": 3, "solved_rate": 0.6667, "satisfied_rate": 0.6333}

    def test_lists_go_on_by_cursor(
        self, cast: Cast, clock: FrozenClock, sample: Callable[[int], None]
    ) -> None:
        sample(100)
        cases = []
        for _ in range(23):
            cases.append(str(cast.bring_to("closed")))
            clock.advance(timedelta(seconds=1))
        first = owed(cast)
        rest = cast.desk("hecha").get(f"/staff/call-backs?cursor={first['next_cursor']}").json
        assert [r["case_id"] for r in first["items"] + rest["items"]] == cases
        assert rest["next_cursor"] is None
