"""Rules: the first that fits names the handler and says why; the worker dispatches where a rule says `auto`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from backend.cases.models import Case, RoutingRule
from backend.cases.routing import fits
from backend.kernel.db import db, run_unit
from tests.factories.cases import LAMP, RUBBISH, Cast
from tests.factories.places import IN_G02, IN_G03

RunJobs = Callable[[], Counter[str]]


def proposal(cast: Cast, case_id: Any) -> dict[str, Any] | None:
    found: dict[str, Any] | None = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["proposal"]
    return found


@pytest.mark.parametrize(
    ("category", "at", "unit", "person", "rule", "why"),
    [
        # two clerks in the unit: nobody is named; the first of two fitting rules wins
        (LAMP, IN_G02, "城管所", None, "公共设施交城管所", "类别“路灯不亮”属于这一大类"),
        (
            RUBBISH,
            IN_G02,
            "湾头村第2网格",
            "网格乙",
            "环境卫生直接交网格员",
            "类别是“垃圾清运”；位置在湾头村 · 第2网格内；湾头村第2网格由网格乙负责",
        ),
        (
            "9901",
            IN_G03,
            "湾尾村第3网格",
            "网格丙",
            "其余交所在网格",
            "位置在湾尾村 · 第3网格内；湾尾村第3网格由网格丙负责",
        ),
    ],
)
def test_the_first_fitting_rule_says_whom_and_why(
    cast: Cast, category: str, at: Any, unit: str, person: str | None, rule: str, why: str
) -> None:
    found = proposal(cast, cast.bring_to("submitted", category_code=category, at=at))
    assert found is not None
    assert (found["unit_name"], found["staff_name"], found["rule_name"], found["why"]) == (
        unit,
        person,
        rule,
        why,
    )


def test_what_is_dispatched_needs_no_proposal(cast: Cast) -> None:
    assert proposal(cast, cast.bring_to("dispatched")) is None
    assert proposal(cast, cast.bring_to("accepted")) is not None


@pytest.mark.parametrize(
    ("conditions", "reasons"),
    [
        ({}, []),
        ({"categories": [LAMP]}, ["类别是“路灯不亮”"]),
        ({"categories": [RUBBISH]}, None),
        ({"groups": ["02"]}, ["类别“路灯不亮”属于这一大类"]),
        ({"groups": ["01"]}, None),
        ({"urgencies": ["important"]}, ["紧急程度是“重要”"]),
        ({"urgencies": ["urgent"]}, None),
        ({"place_ids": ["10"]}, ["位置在湾头村"]),
        ({"place_ids": ["11"]}, None),
        ({"place_ids": ["10"], "urgencies": ["urgent"]}, None),  # every condition must hold
        (
            {"categories": [LAMP], "place_ids": ["11", "10"], "urgencies": ["normal", "important"]},
            ["类别是“路灯不亮”", "位置在湾头村", "紧急程度是“重要”"],
        ),
    ],
)
def test_conditions(conditions: dict[str, Any], reasons: list[str] | None) -> None:
    empty: dict[str, Any] = {"categories": [], "groups": [], "place_ids": [], "urgencies": []}
    rule = RoutingRule(**(empty | conditions))
    case = Case(
        town_id=1,
        village_id=10,
        category_code=LAMP,
        category_name="路灯不亮",
        urgency="important",
        place_label="湾头村",
    )
    assert fits(rule, case, "02") == reasons


def rules(cast: Cast, change: Callable[[RoutingRule], None]) -> None:
    def unit() -> None:
        for rule in db.session.scalars(select(RoutingRule)):
            change(rule)

    with cast.app.app_context():
        run_unit(unit)


def test_a_rule_whose_unit_is_gone_is_passed_over(cast: Cast) -> None:
    case_id = cast.bring_to("submitted")
    rules(cast, lambda r: setattr(r, "unit_id", 1) if r.name == "公共设施交城管所" else None)
    found = proposal(cast, case_id)
    assert found is not None
    assert found["rule_name"] == "其余交所在网格"
    rules(cast, lambda r: setattr(r, "active", False))
    assert proposal(cast, case_id) is None


def test_the_order_of_positions_decides(cast: Cast) -> None:
    case_id = cast.bring_to("submitted")
    rules(cast, lambda r: setattr(r, "position", -r.position))
    found = proposal(cast, case_id)
    assert found is not None
    assert found["rule_name"] == "其余交所在网格"


def test_without_a_grid_no_grids_worker_is_named(cast: Cast) -> None:
    case_id = cast.bring_to("submitted", category_code=RUBBISH)
    cast.change(case_id, grid_id=None)
    assert proposal(cast, case_id) is None


def test_only_auto_rules_dispatch_by_themselves(cast: Cast, run_jobs: RunJobs) -> None:
    by_rule = cast.submit(category_code=RUBBISH, text="垃圾没人收")["id"]
    by_hand = cast.submit()["id"]
    run_jobs()
    assert cast.column(by_rule, "state") == "dispatched"
    assert cast.column(by_hand, "state") == "submitted"


def test_a_dispatcher_who_is_faster_wins(cast: Cast, run_jobs: RunJobs) -> None:
    case_id = cast.submit(category_code=RUBBISH, text="垃圾没人收")["id"]
    cast.act("fenliu", case_id, "accept_and_dispatch", unit_id=cast.unit("urban"))
    outcomes = run_jobs()
    assert not set(outcomes) - {"done"}, outcomes
    case = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json
    assert case["assignee"]["unit_name"] == "城管所"
    assert len(case["timeline"]) == 2
    assert case["version"] == 2
