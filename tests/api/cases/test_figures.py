"""The board: medians and shares with their n, by the viewer's scope and by Shanghai days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.kernel.clock import SHANGHAI, FrozenClock
from tests.factories.cases import Cast
from tests.factories.places import IN_G03


def board(cast: Cast, query: str = "", username: str = "lingdao") -> dict[str, Any]:
    answer = cast.desk(username).get(f"/staff/board{query}")
    assert answer.status_code == 200, answer.text
    figures: dict[str, Any] = answer.json
    return figures


def test_an_empty_board_claims_nothing(cast: Cast) -> None:
    empty = board(cast)
    assert empty["median_days"] == {"value": None, "n": 0}
    assert empty["satisfaction"] == {"percent": None, "n": 0}
    assert empty["open"] == empty["received"] == empty["closed_month"] == 0
    assert len(empty["by_day"]) == 30
    assert {s["n"] for s in empty["by_state"]} == {0}


def test_figures_with_their_n(cast: Cast, clock: FrozenClock) -> None:
    moment = clock.now()
    for days, rating in ((1, "satisfied"), (2, "satisfied"), (30, None)):
        case_id = cast.bring_to("closed")
        cast.change(case_id, created_at=moment - timedelta(days=days), rating=rating)
    late, today = cast.bring_to("handling"), cast.bring_to("submitted", at=IN_G03)
    cast.change(late, due_at=moment - timedelta(days=1))
    cast.change(today, due_at=moment + timedelta(hours=2))
    found = board(cast)
    assert (found["open"], found["overdue"], found["due_today"], found["submitted"]) == (2, 1, 1, 1)
    assert (found["received"], found["closed_month"]) == (4, 3)  # one came before the thirty days
    assert found["median_days"] == {"value": 2.0, "n": 3}
    assert found["satisfaction"] == {"percent": 100.0, "n": 2}
    assert found["by_village"] == [{"name": "湾头村", "n": 3}, {"name": "湾尾村", "n": 1}]
    assert found["by_category"] == [{"name": "路灯不亮", "n": 4}]
    assert {"state": "handling", "label": "办理中", "n": 1} in found["by_state"]
    # the village head's board is the village's
    assert board(cast, username="cunzhang2")["received"] == 1


def test_days_are_shanghais(cast: Cast) -> None:
    case_id = cast.bring_to("submitted")
    cast.change(case_id, created_at=datetime(2026, 3, 10, 0, 30, tzinfo=SHANGHAI))  # still the 9th in UTC
    days = {d["day"]: d["received"] for d in board(cast, "?from=2026-03-09&to=2026-03-10")["by_day"]}
    assert days == {"2026-03-09": 0, "2026-03-10": 1}
    assert board(cast, "?from=2026-03-10&to=2026-03-10")["received"] == 1
    assert board(cast, "?from=2026-03-09&to=2026-03-09")["received"] == 0


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?from=1970-01-01&to=1970-01-31", "bad_period"),
        ("?from=1970-01-01", "bad_period"),
        ("?to=1970-01-01", "bad_period"),
        ("?from=0001-01-01&to=0001-01-02", "bad_period"),
        ("?from=2026-03-10&to=2026-03-09", "bad_period"),
        ("?to=9999-12-31", "bad_period"),
        ("?to=0001-01-01", "bad_period"),
        ("?from=2020-01-01", "period_too_long"),
        ("?from=yesterday", "invalid"),
        ("?from=2026-02-30", "invalid"),
        ("?to=", "invalid"),
    ],
)
def test_a_bad_period_gets_its_sentence(cast: Cast, query: str, code: str) -> None:
    answer = cast.desk("lingdao").get(f"/staff/board{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json["code"] == code
    assert answer.json["fields"]


def test_who_may_see_the_board(cast: Cast) -> None:
    for username, status in (("hecha", 200), ("fenliu", 200), ("chengguan", 403), ("guanli", 403)):
        assert cast.desk(username).get("/staff/board").status_code == status
