"""The two ratings (§1.4): opened by the notice and by the delivery, the petitioner's alone, closed after 30 days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db
from backend.petitions.models import PetitionRating
from backend.workflow import clocks
from tests.factories.cases import _unit_id
from tests.factories.petition_forms import act, by_office, filed, row, seen
from tests.support.people import Person

Login = Callable[[str], Person]


@pytest.fixture
def wang(resident_client: Login) -> Person:
    """Whoever files."""
    return resident_client("wang")


def unit(app: Flask, code: str = "urban") -> Callable[[], int]:
    """The id of a unit, asked for inside the unit of work."""
    return lambda: _unit_id(code)


def accepted(app: Flask, person: Person) -> str:
    made: str = filed(person)["id"]
    by_office(app, made, "accept", unit_id=unit(app))
    return made


def answered(app: Flask, person: Person) -> str:
    made = accepted(app, person)
    by_office(app, made, "start", "chengguan")
    opinion = {"claim": "退还", "facts": "属实", "note": "予以支持", "basis": "土地管理法"}
    by_office(app, made, "draft_opinion", "chengguan", outcome="supported", **opinion)
    by_office(app, made, "approve_opinion", "lingdao")
    delivery = {"way": "in_person", "signed": "signed", "stance": "agrees"}
    by_office(app, made, "deliver", delivered_on=date(2026, 3, 10), **delivery)
    return made


def offered(page: dict[str, Any]) -> set[str]:
    return {line["action"] for line in page["actions"] if line["action"].startswith("rate_")}


def test_nothing_is_rated_before_the_notice(wang: Person) -> None:
    made = filed(wang)["id"]
    assert seen(wang, made)["ratings"] == []
    answer = act(wang, made, "rate_office", score="satisfied")
    assert answer.status_code == 409


def test_the_office_is_opened_by_the_notice(app: Flask, wang: Person) -> None:
    page = seen(wang, accepted(app, wang))
    assert page["ratings"] == [
        {
            "object": "office",
            "label": "镇信访办",
            "state": "waiting",
            "state_label": "待评价",
            "score": None,
            "score_label": None,
            "reason": None,
            "closes_on": "2026-04-09",
        }
    ]
    assert offered(page) == {"rate_office"}
    (line,) = wang.get("/resident/petitions").json["items"]
    assert line["needs_rating"] is True


def test_the_unit_is_opened_by_the_delivery_and_a_rating_changes_no_legal_result(
    app: Flask, wang: Person
) -> None:
    made = answered(app, wang)
    page = seen(wang, made)
    assert [(r["object"], r["state_label"]) for r in page["ratings"]] == [
        ("office", "待评价"),
        ("unit", "待评价"),
    ]
    before = _legal(app, made)
    rated = act(wang, made, "rate_unit", score="unsatisfied", note="承诺的补偿没有写")
    assert rated.status_code == 200, rated.text
    unit_rating = rated.json["ratings"][1]
    assert (unit_rating["state_label"], unit_rating["score"], unit_rating["score_label"]) == (
        "已评价",
        "unsatisfied",
        "不满意",
    )
    assert unit_rating["reason"] == "承诺的补偿没有写"
    assert offered(rated.json) == {"rate_office"}
    assert _legal(app, made) == before
    assert "ask_review" in {line["action"] for line in rated.json["actions"]}


def _legal(app: Flask, made: str) -> Any:
    with app.app_context():
        dates = [(c.name, c.state, c.due_at) for c in clocks.of_subject("petition", int(made))]
    return dates, row(app, made, lambda p: (p.state, p.outcome, p.due_at, p.closed_at))


def test_unsatisfied_wants_a_reason(app: Flask, wang: Person) -> None:
    made = accepted(app, wang)
    answer = act(wang, made, "rate_office", score="unsatisfied")
    assert (answer.status_code, answer.json["code"]) == (422, "reason_missing")
    assert answer.json["fields"]["note"] == ["选“不满意”的，请写一句为什么，好让镇里改"]
    assert act(wang, made, "rate_office", score="basically").status_code == 200


def test_it_is_given_once(app: Flask, wang: Person) -> None:
    made = accepted(app, wang)
    assert act(wang, made, "rate_office", score="satisfied").status_code == 200
    again = act(wang, made, "rate_office", score="unsatisfied", note="改主意了")
    assert (again.status_code, again.json["code"]) == (409, "rating_rated")
    page = seen(wang, made)
    assert page["ratings"][0]["score"] == "satisfied"
    assert [line["title"] for line in page["timeline"]].count("评价了镇信访办") == 1


@pytest.mark.parametrize(("days", "state"), [(30, "待评价"), (31, "超期未评价")])
def test_it_closes_after_thirty_days(
    app: Flask, wang: Person, clock: FrozenClock, days: int, state: str
) -> None:
    made = accepted(app, wang)
    clock.advance(timedelta(days=days))
    page = seen(wang, made)
    assert page["ratings"][0]["state_label"] == state
    answer = act(wang, made, "rate_office", score="satisfied")
    assert answer.status_code == (200 if days == 30 else 409)
    if days > 30:
        assert answer.json["code"] == "rating_overdue"
        assert offered(page) == set()


def test_only_the_petitioner_rates(app: Flask, wang: Person, resident_client: Login) -> None:
    """§1.4: the handler cannot rate for them, nor anybody else."""
    made = accepted(app, wang)
    li = resident_client("li")
    given = {"version": seen(wang, made)["version"], "score": "satisfied"}
    assert li.post(f"/resident/petitions/{made}/actions/rate_office", given).status_code == 404
    for username in ("xinfang", "chengguan", "lingdao"):
        with pytest.raises(Exception, match="not_allowed"):
            by_office(app, made, "rate_office", username, score="satisfied")
    with app.app_context():
        assert db.session.scalars(select(PetitionRating.score)).all() == [None]


@pytest.mark.parametrize("action", ["guide", "transfer", "refuse"])
def test_every_notice_opens_the_office(app: Flask, wang: Person, action: str) -> None:
    made = filed(wang)["id"]
    given: dict[str, Any] = {"body": "滕州市人民法院", "note": "请向法院起诉"}
    by_office(app, made, action, **(given | ({"branch": "1"} if action == "guide" else {})))
    assert offered(seen(wang, made)) == {"rate_office"}
