"""代班 and 值班: who does the tasks of somebody who is away, who is on duty, and what follows for a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.kernel.clock import FrozenClock, today
from backend.kernel.db import db
from backend.notifications.models import InboxMessage
from tests.api.identity.test_roles import give
from tests.factories import reports
from tests.factories.identity import Caller, desk, place_id, unit_id, worker
from tests.fakes.platform import RecordingPlatform

DAY = timedelta(days=1)


def _name(caller: Caller, stand_in: Caller, *, first: int = 0, last: int = 0, **more: Any):
    body = {
        "stand_in_id": str(stand_in.id),
        "from_day": str(today() + first * DAY),
        "to_day": str(today() + last * DAY),
    } | more
    return caller.post("/staff/stand-ins", body, key=f"s{first}{last}{more}"[:60])


@pytest.fixture
def assigned(app: Flask, platform: RecordingPlatform) -> reports.Report:
    """A case that 城管甲 has in hand."""
    report = reports.in_state(app, "dispatched")
    assert reports.act(desk(app, "chengguan"), report, "start").status_code == 200
    return report


def _sees(caller: Caller, report: reports.Report) -> bool:
    return caller.get(f"/staff/cases/{report.id}").status_code == 200


# --- 代班 -------------------------------------------------------------------------------------------
def test_a_stand_in_does_the_tasks_with_a_name_that_says_so(
    app: Flask, assigned: reports.Report, clock: FrozenClock
) -> None:
    away, other = desk(app, "chengguan"), desk(app, "wangge2")
    assert not _sees(other, assigned)
    answer = _name(away, other, reason="培训")
    assert answer.status_code == 201, answer.json
    assert (answer.json["state"], answer.json["from_day"]) == ("now", "2026-03-10")
    assert _sees(other, assigned)
    assert assigned.id in {row["id"] for row in other.get("/staff/queue").json["items"]}
    assert assigned.id in {row["id"] for row in other.get("/staff/tasks").json["items"]}
    done = reports.act(other, assigned, "handle", note="修好了")
    assert done.status_code == 200, done.json
    line = desk(app, "fenliu").get(f"/staff/cases/{assigned.id}").json["timeline"][-1]
    assert "网格乙（代城管甲）" in str(line)


def test_on_the_phone_too(app: Flask, assigned: reports.Report) -> None:
    _name(desk(app, "chengguan"), desk(app, "wangge2"))
    assert _sees(worker(app, "wangge2"), assigned)


def test_it_ends_with_its_last_day(app: Flask, assigned: reports.Report, clock: FrozenClock) -> None:
    other = desk(app, "wangge2")
    assert _name(desk(app, "chengguan"), other, last=1).status_code == 201
    clock.advance(timedelta(hours=37, minutes=59))  # 23:59 of the second day in Shanghai
    assert _sees(desk(app, "wangge2"), assigned)
    clock.advance(timedelta(minutes=1))
    assert not _sees(desk(app, "wangge2"), assigned)


def test_it_begins_with_its_first_day(app: Flask, assigned: reports.Report, clock: FrozenClock) -> None:
    assert _name(desk(app, "chengguan"), desk(app, "wangge2"), first=1, last=1).status_code == 201
    assert not _sees(desk(app, "wangge2"), assigned)
    clock.advance(timedelta(hours=14))
    assert _sees(desk(app, "wangge2"), assigned)


def test_ending_it_early(app: Flask, assigned: reports.Report) -> None:
    away, other = desk(app, "chengguan"), desk(app, "wangge2")
    made = _name(away, other).json["id"]
    assert other.delete(f"/staff/stand-ins/{made}").status_code == 404
    assert away.delete(f"/staff/stand-ins/{made}").status_code == 204
    assert not _sees(other, assigned)
    assert away.get("/staff/stand-ins").json["items"][0]["state"] == "over"
    assert away.delete(f"/staff/stand-ins/{made}").status_code == 404


def test_one_who_cannot_handle_does_not_stand_in(app: Flask) -> None:
    answer = _name(desk(app, "chengguan"), desk(app, "hecha"))
    assert "stand_in_id" in answer.json["fields"]
    other_town = _name(desk(app, "chengguan"), desk(app, "xfenliu"))
    assert "stand_in_id" in other_town.json["fields"]


@pytest.mark.parametrize(
    ("first", "last", "field"), [(-1, 0, "from_day"), (2, 1, "to_day"), (0, 181, "to_day")]
)
def test_days_that_are_refused(app: Flask, first: int, last: int, field: str) -> None:
    answer = _name(desk(app, "chengguan"), desk(app, "wangge2"), first=first, last=last)
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_beyond_the_calendar_are_refused(app: Flask, day: str) -> None:
    away, other, guanli = desk(app, "chengguan"), desk(app, "wangge2"), desk(app, "guanli")
    named = _name(away, other, from_day=day, to_day=day)
    read = guanli.get(f"/staff/duty?from_day={day}&to_day={day}")
    log = guanli.get(f"/staff/login-log?from_day={day}&to_day={day}")
    assert [named.status_code, read.status_code, log.status_code] == [422, 422, 422]


def test_nobody_is_away_and_there_at_once(app: Flask) -> None:
    away, other, third = desk(app, "chengguan"), desk(app, "wangge2"), desk(app, "wangge3")
    assert "本人" in _name(away, away).json["message"]
    assert _name(away, other, last=3).status_code == 201
    assert _name(away, third, first=2, last=5).json["code"] == "stand_in_there"
    assert _name(third, away, first=1, last=1).json["code"] == "stand_in_away"
    assert _name(other, third, first=1, last=1).json["code"] == "stand_in_chain"
    assert _name(away, third, first=4, last=5).status_code == 201


def test_an_administrator_names_one_for_somebody_else(app: Flask, assigned: reports.Report) -> None:
    away, other = desk(app, "chengguan"), desk(app, "wangge2")
    answer = _name(desk(app, "guanli"), other, staff_id=str(away.id))
    assert answer.status_code == 201
    assert _sees(other, assigned)
    assert desk(app, "guanli").get("/staff/stand-ins").json["items"][0]["staff_name"] == "城管甲"


def test_nobody_names_one_for_a_colleague(app: Flask) -> None:
    other = desk(app, "chengguan2")
    assert _name(other, other, staff_id=str(desk(app, "chengguan").id)).status_code == 404
    give(app, "cunzhang1", ("administrator", place_id(app, "V01"), None))
    village = desk(app, "cunzhang1")
    assert _name(village, other, staff_id=str(desk(app, "chengguan").id)).status_code == 404


def test_messages_of_the_tasks_reach_the_stand_in(
    app: Flask, platform: RecordingPlatform, run_jobs: Callable[[], Any]
) -> None:
    away, other = desk(app, "chengguan"), desk(app, "wangge2")
    assert _name(away, other).status_code == 201
    report = reports.in_state(app, "accepted")
    given = {"unit_id": str(unit_id(app, "urban")), "staff_id": str(away.id)}
    assert reports.act(desk(app, "fenliu"), report, "dispatch", **given).status_code == 200
    run_jobs()
    with app.app_context():
        told = set(
            db.session.scalars(select(InboxMessage.person_id).where(InboxMessage.person_kind == "staff"))
        )
    assert {away.id, other.id} <= told
    assert desk(app, "chengguan2").id not in told


# --- 值班 -------------------------------------------------------------------------------------------
def _duty(
    caller: Caller,
    app: Flask,
    *people: Caller,
    day: date | None = None,
    half: str = "day",
    unit: str = "urban",
):
    body = {
        "unit_id": str(unit_id(app, unit)),
        "day": str(day or today()),
        "half": half,
        "staff_ids": [str(person.id) for person in people],
    }
    return caller.post("/staff/duty", body)


def _on_duty(app: Flask, report: reports.Report) -> set[str]:
    found = desk(app, "fenliu").get(f"/staff/cases/{report.id}/assignees").json["items"]
    return {p["name"] for unit in found for p in unit["people"] if p["on_duty"]}


def test_the_duty_list_shows_in_the_picker_and_decides_the_proposal(
    app: Flask, platform: RecordingPlatform, clock: FrozenClock
) -> None:
    report = reports.in_state(app, "accepted")
    assert _on_duty(app, report) == set()
    before = desk(app, "fenliu").get(f"/staff/cases/{report.id}").json["proposal"]
    assert before["unit_name"] == "城管所"
    assert before["staff_id"] is None, "two people, nobody is guessed"
    guanli, second = desk(app, "guanli"), desk(app, "chengguan2")
    assert _duty(guanli, app, second, half="am").status_code == 204
    assert _on_duty(app, report) == {"城管乙"}
    proposal = desk(app, "fenliu").get(f"/staff/cases/{report.id}").json["proposal"]
    assert proposal["staff_id"] == str(second.id)
    assert "值班" in proposal["why"]
    clock.advance(timedelta(hours=2))  # noon in Shanghai: the morning is over
    assert _on_duty(app, report) == set()


def test_a_cell_is_replaced_and_emptied(app: Flask) -> None:
    guanli, one, two = desk(app, "guanli"), desk(app, "chengguan"), desk(app, "chengguan2")
    query = f"/staff/duty?from_day={today()}&to_day={today()}&unit_id={unit_id(app, 'urban')}"

    def names() -> list[str]:
        return [row["name"] for row in guanli.get(query).json["items"]]

    assert _duty(guanli, app, one, two).status_code == 204
    assert names() == ["城管甲", "城管乙"]
    assert _duty(guanli, app, two).status_code == 204
    assert names() == ["城管乙"]
    assert _duty(guanli, app).status_code == 204
    assert names() == []


def test_only_people_of_the_unit_are_on_its_duty_list(app: Flask) -> None:
    answer = _duty(desk(app, "guanli"), app, desk(app, "wangge1"))
    assert (answer.status_code, answer.json["code"]) == (422, "not_of_unit")


def test_who_sees_and_who_writes_the_list(app: Flask) -> None:
    span = f"/staff/duty?from_day={today()}&to_day={today()}"
    seen = {
        who: [u["name"] for u in desk(app, who).get(span).json["units"]] for who in ("chengguan", "wangge1")
    }
    assert seen == {"chengguan": ["城管所"], "wangge1": ["湾头村第1网格"]}
    assert len(desk(app, "fenliu").get(span).json["units"]) == 7
    assert _duty(desk(app, "fenliu"), app).status_code == 403
    give(app, "cunzhang1", ("administrator", place_id(app, "V01"), None))
    assert _duty(desk(app, "cunzhang1"), app).status_code == 404
    assert _duty(desk(app, "xguanli"), app).status_code == 404
    too_long = desk(app, "fenliu").get(f"/staff/duty?from_day={today()}&to_day={today() + 63 * DAY}")
    assert too_long.status_code == 422
