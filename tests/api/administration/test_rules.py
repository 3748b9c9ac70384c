"""Routing rules on screen, and their dry run over past cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from backend.administration import trials
from backend.cases import rules as case_rules
from backend.cases.access import load_locked
from backend.cases.routing import propose
from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import run_unit
from tests.api.administration.test_dictionaries import log
from tests.factories.cases import RUBBISH, Cast
from tests.support.people import Person

KEPT = (
    "name",
    "categories",
    "groups",
    "place_ids",
    "urgencies",
    "unit_id",
    "to_grid",
    "role",
    "auto",
    "active",
)


def rules(admin: Person) -> list[dict[str, Any]]:
    """The rules as their page shows them."""
    items: list[dict[str, Any]] = admin.get("/staff/rules").json["items"]
    return items


def drafts(admin: Person) -> list[dict[str, Any]]:
    """The present rules as a draft."""
    return [{name: rule[name] for name in KEPT} for rule in rules(admin)]


def dry_run(admin: Person, draft: list[dict[str, Any]], **period: str) -> dict[str, Any]:
    """What a draft would have done."""
    answer = admin.post("/staff/rules/dry-run", {"rules": draft} | period)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_rules_are_told_in_words(admin: Person) -> None:
    first, second, last = rules(admin)
    assert (first["when_text"], first["to_text"]) == ("大类是公共设施", "城管所 · 站所办理人")
    assert (second["when_text"], second["auto"]) == ("类别是垃圾清运", True)
    assert (last["when_text"], last["to_text"]) == ("其余全部", "所在网格 · 网格员")


def test_a_new_rule_stands_before_the_one_that_takes_the_rest(app: Flask, cast: Cast, admin: Person) -> None:
    new = {"name": "井盖交中心", "categories": ["0202"], "unit_id": cast.unit("hall")}
    assert admin.post("/staff/rules", new).status_code == 201
    assert [r["name"] for r in rules(admin)][-2:] == ["井盖交中心", "其余交所在网格"]
    ids = [r["id"] for r in rules(admin)]
    moved = admin.post("/staff/rules/order", {"ids": [ids[2], ids[0], ids[1], ids[3]]})
    assert moved.json["items"][0]["name"] == "井盖交中心"
    assert log(app, "rule.create")[0]["name"] == "井盖交中心"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "公共设施交城管所"}, "name"),
        ({"unit_id": None}, "unit_id"),
        ({"unit_id": "42"}, "unit_id"),
        ({"role": "leader"}, "role"),
        ({"urgencies": ["sometimes"]}, "urgencies.0"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    cast: Cast, admin: Person, wrong: dict[str, Any], field: str
) -> None:
    new = {"name": "井盖交中心", "categories": ["0202"], "unit_id": cast.unit("hall")}
    answer = admin.post("/staff/rules", new | wrong)
    assert answer.status_code == 422
    assert field in answer.json["fields"]


def test_the_rule_that_takes_the_rest_cannot_be_switched_off(admin: Person) -> None:
    last = rules(admin)[-1]
    answer = admin.patch(f"/staff/rules/{last['id']}", {"active": False, "version": last["version"]})
    assert answer.status_code == 422
    assert "没人接" in answer.json["fields"]["active"][0]


def test_a_change_is_taken_by_the_next_case_and_its_name_stands_on_the_timeline(
    cast: Cast, admin: Person, run_jobs: Callable[[], Any]
) -> None:
    first = rules(admin)[0]
    change = {"auto": True, "name": "设施自动交办", "version": first["version"]}
    assert admin.patch(f"/staff/rules/{first['id']}", change).status_code == 200
    late = admin.patch(f"/staff/rules/{first['id']}", change | {"name": "又改"})
    assert late.status_code == 409
    assert set(late.json["details"]["change"].split("、")) == {"名称", "自动交办"}
    case = cast.submit()
    run_jobs()
    shown = cast.desk("fenliu").get(f"/staff/cases/{case['id']}").json
    assert shown["assignee"]["unit_name"] == "城管所"
    assert "设施自动交办" in [line["rule"] for line in shown["timeline"]]


def test_a_dry_run_of_the_present_rules_judges_as_routing_does(app: Flask, cast: Cast, admin: Person) -> None:
    made = [
        cast.submit()["id"],
        cast.submit(category_code=RUBBISH)["id"],
        cast.submit(category_code="9901")["id"],
    ]
    found = dry_run(admin, drafts(admin), **{"from": "2026-03-01", "to": "2026-03-31"})
    assert [r["matched"] for r in found["rules"]] == [1, 1, 1]
    assert (found["state"], found["total"], found["unmatched"], found["undispatched"]) == ("done", 3, 0, 3)

    def proposals() -> list[str]:
        return [propose(load_locked(int(case_id))).rule_name for case_id in made]  # type: ignore[union-attr, arg-type]

    with app.app_context():
        assert run_unit(proposals) == [r["name"] for r in found["rules"]]


def test_a_dry_run_names_what_would_go_elsewhere_and_what_nobody_would_take(
    cast: Cast, admin: Person
) -> None:
    cast.bring_to("dispatched")
    cast.bring_to("dispatched", category_code="9901")
    draft = [drafts(admin)[0] | {"unit_id": cast.unit("hall"), "name": "设施改交中心"}]
    before = cast.rows()
    found = dry_run(admin, draft, **{"from": "2026-03-01", "to": "2026-03-31"})
    assert (found["elsewhere"], found["unmatched"]) == (1, 1)
    away = next(e for e in found["examples"] if e["rule"])
    assert (away["went"], away["would_go"]) == ("城管所", "镇便民服务中心")
    assert "title" not in away, "who keeps the rules reads no case"
    after = cast.rows()
    aside = {"rule_trials", "idempotency_keys"}
    assert {k: v for k, v in after.items() if k not in aside} == {
        k: v for k, v in before.items() if k not in aside
    }


def test_last_month_is_tried_when_nothing_is_said(cast: Cast, admin: Person, clock: FrozenClock) -> None:
    cast.submit()
    assert dry_run(admin, drafts(admin))["total"] == 0
    clock.advance(timedelta(days=30))
    assert dry_run(cast.desk("guanli"), drafts(cast.desk("guanli")))["total"] == 1


def test_many_cases_are_tried_in_the_worker_each_once(
    cast: Cast, admin: Person, run_jobs: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "AT_ONCE", 2)
    monkeypatch.setattr(case_rules, "TRIAL_CHUNK", 2)
    for _ in range(5):
        cast.submit()
    begun = dry_run(admin, drafts(admin), **{"from": f"{now():%Y-%m}-01", "to": "2026-03-31"})
    assert (begun["state"], begun["done"], begun["total"]) == ("running", 0, 5)
    run_jobs()
    done = admin.get(f"/staff/rules/dry-run/{begun['id']}").json
    assert (done["state"], done["done"], done["rules"][0]["matched"]) == ("done", 5, 5)
    assert cast.desk("xguanli").get(f"/staff/rules/dry-run/{begun['id']}").status_code == 404


def test_a_load_does_not_undo_a_rule_in_silence(app: Flask, admin: Person) -> None:
    first = rules(admin)[0]
    admin.patch(f"/staff/rules/{first['id']}", {"auto": True, "version": first["version"]})
    load = app.test_cli_runner()
    told = load.invoke(args=["town", "load"])
    assert told.exit_code == 1
    assert "公共设施交城管所" in told.output
    assert load.invoke(args=["town", "load", "--keep"]).exit_code == 0
    assert rules(admin)[0]["auto"]
    assert load.invoke(args=["town", "load", "--force"]).exit_code == 0
    assert not rules(admin)[0]["auto"]
