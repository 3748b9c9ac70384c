"""The town's report card: made by the program, published by another person, kept as it was, corrected with a date."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from backend.cases.models import Case
from backend.kernel.actor import Actor, Grant
from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import db, run_unit
from backend.kernel.errors import Forbidden
from backend.kernel.ids import new_code, new_id
from backend.places.queries import children
from backend.wall import report_card
from backend.wall.report_card_figures import FEW, figures
from backend.wall.report_card_schemas import ReportCardSchema
from tests.factories.places import place
from tests.factories.report_cards import put_card
from tests.factories.wall_entries import put_entry, put_question
from tests.support.people import Person

PUBLIC = "/api/v1/public/report-cards"
FEBRUARY = date(2026, 2, 1)
Desk = Callable[[str], Person]


def february(day: int, hour: int = 4) -> datetime:
    return datetime.fromisoformat(f"2026-02-{day:02d}T{hour:02d}:00:00Z")


def put_cases(app: Flask, count: int, grid: str = "G01", **more: Any) -> None:
    """`count` cases that came on 2 February and were closed four days later, due after seven; 15 of 20 satisfied."""
    with app.app_context():
        where = place(grid)
        rows = [
            {
                "id": new_id(), "kind": "report", "code": new_code(), "town_id": where.town_id, "area_id": where.area_id,
                "village_id": where.village_id, "grid_id": where.id, "category_id": 1, "category_code": "0201",
                "category_name": "路灯不亮", "title": "灯", "state": "closed", "version": 1, "entry_count": 1,
                "chain_head": "0" * 64, "created_at": february(2), "updated_at": now(), "due_at": february(9),
                "closed_at": february(6), "rating": "satisfied" if n % 4 else "unsatisfied",
            }
            | more
            for n in range(count)
        ]  # fmt: skip
        if rows:
            run_unit(lambda: db.session.execute(insert(Case), rows))


def card(app: Flask) -> dict[str, Any]:
    """The figures of February in 东湾镇, by code; those of the villages by name."""
    with app.app_context():
        made = figures(place("dongwan").id, FEBRUARY)
    return {
        "town": {one["code"]: one for one in made["figures"]},
        "villages": {
            v["village_name"]: {one["code"]: one["words"] for one in v["figures"]} for v in made["villages"]
        },
    }


def test_the_figures_of_a_month(app: Flask) -> None:
    put_cases(app, 20)
    put_cases(app, 12, closed_at=february(11), rating=None)
    put_cases(app, 3, state="handling", closed_at=None, rating=None, due_at=february(20))
    put_cases(app, 5, state="merged", merged_into=1, rating=None)
    put_cases(app, 4, state="withdrawn", rating=None)
    put_cases(app, 9, created_at=february(1) - timedelta(days=2), closed_at=february(1) - timedelta(days=1))
    made = put_entry(app, 1)
    put_question(app, made, at=february(20))
    put_question(app, made, at=february(20), state="answered", closed_at=now())
    put_question(app, made, at=now())
    town = card(app)["town"]
    assert {code: (one["value"], one["n"]) for code, one in town.items()} == {
        "received": (39.0, 39),
        "closed": (32.0, 32),
        "late": (12.0, 32),
        "overdue": (3.0, 39),
        "median_days": (4.0, 32),
        "satisfaction": (75.0, 20),
        "unanswered": (1.0, 39),
    }
    assert town["satisfaction"]["words"] == "75%（n=20）"
    assert town["median_days"]["words"] == "4 天（n=32）"


def test_a_month_is_shanghais(app: Flask) -> None:
    midnight = datetime.fromisoformat("2026-01-31T16:00:00Z")
    put_cases(app, 10, created_at=midnight, closed_at=midnight + timedelta(days=1))
    put_cases(app, 10, created_at=midnight - timedelta(seconds=1), closed_at=midnight - timedelta(seconds=1))
    assert card(app)["town"]["received"]["value"] == 10


@pytest.mark.parametrize(("count", "words"), [(0, FEW), (9, FEW), (10, "10 件")])
def test_fewer_than_ten_are_not_shown(app: Flask, count: int, words: str) -> None:
    put_cases(app, count)
    found = card(app)
    assert found["town"]["received"]["words"] == words
    assert found["villages"]["湾头村"]["received"] == words
    assert set(found["villages"]["湾尾村"].values()) == {FEW}
    assert (found["town"]["received"]["value"] is None) == (count < 10)
    assert (found["town"]["received"]["n"] is None) == (count < 10), "n would tell the figure"


def test_each_village_has_its_own_figures_in_the_towns_order(app: Flask) -> None:
    with app.app_context():
        names = [one.name for one in children(place("dongwan").id, "village")]
    put_cases(app, 11)
    put_cases(app, 30, grid="G03")
    villages = card(app)["villages"]
    assert list(villages) == names, "never by a figure"
    assert sorted(one["received"] for one in villages.values() if one["received"] != FEW) == [
        "11 件",
        "30 件",
    ]
    assert {one["satisfaction"] for one in villages.values()} == {"72.7%（n=11）", "73.3%（n=30）"}


def test_satisfaction_of_few_answers_is_not_shown_though_many_were_closed(app: Flask) -> None:
    put_cases(app, 30, rating=None)
    put_cases(app, 9)
    assert card(app)["town"]["satisfaction"]["words"] == FEW


def test_the_order_of_cases_changes_nothing(app: Flask) -> None:
    chance = random.Random(3)
    days = [chance.randint(7, 20) for _ in range(25)]
    for day in days:
        put_cases(app, 1, closed_at=february(day))
    assert card(app)["town"]["median_days"]["value"] == sorted(days)[12] - 2


def test_the_program_makes_the_card_of_the_month_that_has_ended_once(app: Flask, staff_client: Desk) -> None:
    with app.app_context():
        run_unit(report_card.make_due)
    assert staff_client("fenliu").get("/staff/report-cards").json["items"] == [], "no cases, no card"
    put_cases(app, 20)
    with app.app_context():
        run_unit(report_card.make_due)
        run_unit(report_card.make_due)
    (made,) = staff_client("fenliu").get("/staff/report-cards").json["items"]
    assert (made["month"], made["state"], made["made_by"]) == ("2026-02", "drafted", "系统")


def test_nobody_reads_a_draft_and_everybody_what_was_published(
    app: Flask, client: FlaskClient, staff_client: Desk
) -> None:
    card_id = put_card(app)
    assert client.get(f"{PUBLIC}?town=dongwan").json == {"items": []}
    assert client.get(f"{PUBLIC}/{card_id}").status_code == 404
    assert (
        staff_client("lingdao")
        .post(f"/staff/report-cards/{card_id}/publication", {"version": 1})
        .json["actions"]
        == []
    )
    (line,) = client.get(f"{PUBLIC}?town=dongwan").json["items"]
    assert line["title"] == "2026 年 2 月公报"
    page: Any = client.get(f"{PUBLIC}/{card_id}").json
    assert page.keys() == ReportCardSchema().fields.keys()
    assert client.get(f"{PUBLIC}?town=xiwan").json == {"items": []}


def test_whoever_made_it_does_not_publish_it(app: Flask) -> None:
    card_id = put_card(app)
    with app.app_context():
        grants = (Grant(frozenset({"wall.write", "wall.approve"}), "town", place("dongwan").id, None),)
        both = Actor(kind="staff", id=7, name="甲", grants=grants)
        run_unit(lambda: report_card.remake(both, card_id, 1))
        with pytest.raises(Forbidden) as refused:
            run_unit(lambda: report_card.publish(both, card_id, 2))
        assert refused.value.code == "second_person"
        other = Actor(kind="staff", id=8, name="乙", grants=grants)
        run_unit(lambda: report_card.publish(other, card_id, 2))


def test_what_was_published_stays_and_a_correction_stands_below_it_with_its_date(
    app: Flask, client: FlaskClient, staff_client: Desk, clock: FrozenClock
) -> None:
    writer = staff_client("fenliu")
    card_id = put_card(app, state="published")
    before: Any = client.get(f"{PUBLIC}/{card_id}").json
    assert writer.post(f"/staff/report-cards/{card_id}/figures", {"version": 1}).status_code == 409
    put_cases(app, 20)
    made = writer.post(f"/staff/report-cards/{card_id}/corrections", {"reason": "漏算了八件"})
    assert made.status_code == 201, made.text
    second = writer.post(f"/staff/report-cards/{card_id}/corrections", {"reason": "又一次"})
    assert second.json["code"] == "correction_open"
    assert client.get(f"{PUBLIC}/{card_id}").json == before, "a draft is not shown"
    clock.advance(timedelta(days=3))
    correction_id = made.json["id"]
    done = staff_client("lingdao").post(f"/staff/report-cards/{correction_id}/publication", {"version": 1})
    assert done.status_code == 200, done.text
    after: Any = client.get(f"{PUBLIC}/{card_id}").json
    assert after["figures"] == before["figures"]
    assert after["published_at"] == before["published_at"]
    (correction,) = after["corrections"]
    assert correction["reason"] == "漏算了八件"
    assert correction["published_at"] == "2026-03-13T02:00:00Z"
    assert correction["figures"][0]["value"] == 20
    assert client.get(f"{PUBLIC}/{correction_id}").status_code == 404, "it has no page of its own"


def test_a_correction_can_be_taken_back_and_the_card_itself_cannot(app: Flask, staff_client: Desk) -> None:
    writer = staff_client("fenliu")
    card_id = put_card(app, state="published")
    made = writer.post(f"/staff/report-cards/{card_id}/corrections", {"reason": "算错了"}).json
    assert writer.post(f"/staff/report-cards/{made['id']}/discarding", {"version": 1}).status_code == 204
    assert len(writer.get("/staff/report-cards").json["items"]) == 1
    draft = put_card(app)
    assert writer.post(f"/staff/report-cards/{draft}/discarding", {"version": 1}).json["code"] == "card_stays"


def test_an_old_version_is_refused(app: Flask, staff_client: Desk) -> None:
    card_id = put_card(app)
    for what, who in (("figures", "fenliu"), ("publication", "lingdao")):
        answer = staff_client(who).post(f"/staff/report-cards/{card_id}/{what}", {"version": 9})
        assert (answer.status_code, answer.json["code"]) == (409, "changed")
