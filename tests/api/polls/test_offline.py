"""Ballots on paper: entered by two people, equal or not at all; who votes so gets no paper on the phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.kernel.db import db
from backend.polls import counting
from backend.polls.models import PollOffline
from backend.villagers.models import Villager
from tests.api.polls.conftest import Village
from tests.factories.identity import desk
from tests.support.ballots import Phone

COUNTS = {"o1": 4, "o2": 2, "o3": 0}


def enter(village: Village, poll: dict[str, Any], who: str, round_number: int, **changed: Any) -> Any:
    """One person's count; the answer."""
    body = {"round": round_number, "counts": COUNTS, "papers": 7} | changed
    return desk(village.app, who).post(f"/staff/polls/{poll['id']}/offline", body)


def mark(village: Village, poll: dict[str, Any], person: str, who: str = "cunzhang1") -> Any:
    """Say that a villager votes on paper; the answer."""
    with village.app.app_context():
        resident_id = village.villager(person).id
        found = db.session.scalars(select(Villager.id).where(Villager.resident_id == resident_id)).one()
    return desk(village.app, who).post(f"/staff/polls/{poll['id']}/paper-voters", {"villager_id": str(found)})


def test_two_people_enter_the_same_and_the_votes_join_the_others(village: Village) -> None:
    poll = village.open(entitled=20)
    village.vote("a", poll, "o1")
    village.vote("b", poll, "o3")
    first = enter(village, poll, "cunzhang1", 1)
    assert first.status_code == 200, first.text
    assert first.json["offline"]["first_by_me"] is True
    assert "4" not in str(desk(village.app, "fenliu").get(f"/staff/polls/{poll['id']}").json["offline"])  # type: ignore[index]
    second = enter(village, poll, "fenliu", 2)
    assert second.json["offline"]["agreed"] is True
    village.clock.advance(timedelta(days=15))
    village.inside(counting.close_due)
    seen = village.look(poll["id"])
    assert [one["votes"] for one in seen["result"]["options"]] == [5, 2, 1]
    assert seen["turnout"] == {"papers": 9, "ballots": 8, "percent": 40.0}
    assert village.rows(PollOffline) == [], "their difference would tell the electronic votes"


def test_two_that_differ_are_refused_with_the_difference(village: Village) -> None:
    poll = village.open()
    enter(village, poll, "cunzhang1", 1)
    differs = enter(village, poll, "fenliu", 2, counts={"o1": 3, "o2": 3, "o3": 0})
    assert (differs.status_code, differs.json["code"]) == (409, "offline_differs")
    assert differs.json["details"]["differences"] == [
        {"label": "同意", "first": 4, "second": 3},
        {"label": "不同意", "first": 2, "second": 3},
    ]
    assert [row.round for row in village.rows(PollOffline)] == [1]
    corrected = enter(village, poll, "cunzhang1", 1, counts={"o1": 3, "o2": 3, "o3": 0})
    assert corrected.status_code == 200
    assert enter(village, poll, "fenliu", 2, counts={"o1": 3, "o2": 3, "o3": 0}).status_code == 200
    over = enter(village, poll, "cunzhang1", 1)
    assert (over.status_code, over.json["code"]) == (409, "offline_agreed")


def test_one_person_is_not_two(village: Village) -> None:
    poll = village.open()
    missing = enter(village, poll, "fenliu", 2)
    assert (missing.status_code, missing.json["code"]) == (409, "first_missing")
    enter(village, poll, "cunzhang1", 1)
    same = enter(village, poll, "cunzhang1", 2)
    assert (same.status_code, same.json["code"]) == (409, "second_person")
    other = enter(village, poll, "fenliu", 1)
    assert (other.status_code, other.json["code"]) == (409, "first_entered")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"counts": {"o1": 1}}, "counts"),
        ({"counts": {**COUNTS, "o9": 1}}, "counts"),
        ({"papers": 5}, "counts"),
        ({"papers": 10}, "papers"),
        ({"counts": {**COUNTS, "o1": -1}}, "counts.o1.value"),
    ],
)
def test_counts_that_cannot_be_true_are_refused(village: Village, changed: Any, field: str) -> None:
    poll = village.open(entitled=10)
    village.paper("a", poll)
    refused = enter(village, poll, "cunzhang1", 1, **changed)
    assert refused.status_code == 422
    assert list(refused.json["fields"]) == [field], refused.text
    assert village.rows(PollOffline) == []


def test_the_result_waits_for_the_offline_ballots_and_nobody_learns_the_electronic_sum(
    village: Village,
) -> None:
    poll = village.open()
    for person in "abcdef":
        village.vote(person, poll, "o1")
    enter(village, poll, "cunzhang1", 1)
    village.clock.advance(timedelta(days=15))
    village.inside(counting.close_due)
    seen = village.look(poll["id"])
    assert (seen["state"], seen["result"]) == ("waiting", None)
    assert seen["turnout"]["ballots"] == 6
    done = enter(village, poll, "fenliu", 2)
    assert done.status_code == 200, done.text
    assert [one["votes"] for one in village.look(poll["id"])["result"]["options"]] == [10, 2, 0]
    late = enter(village, poll, "cunzhang1", 1)
    assert (late.status_code, late.json["code"]) == (409, "offline_over")


def test_who_votes_on_paper_gets_none_on_the_phone(village: Village) -> None:
    poll = village.open()
    assert mark(village, poll, "wang").status_code == 204
    assert mark(village, poll, "wang").status_code == 204
    wang = village.villager("wang")
    refused: Any = wang.post(f"/resident/polls/{poll['id']}/paper", {"blinded": Phone.of(poll).blinded})
    assert (refused.status_code, refused.json["code"]) == (409, "votes_offline")
    assert village.look(poll["id"])["turnout"]["papers"] == 0
    village.paper("li", poll)
    out = mark(village, poll, "li")
    assert (out.status_code, out.json["code"]) == (409, "paper_out")
    with village.app.app_context():
        noted = db.session.scalars(select(AuditEntry.what).where(AuditEntry.what.startswith("poll."))).all()
    assert set(noted) == {"poll.paper_voter"}


def test_each_village_marks_its_own_people_in_a_poll_of_the_town(village: Village) -> None:
    poll = village.open(village=None)
    village.villager("zhao", "V02", "cunzhang2")
    assert mark(village, poll, "zhao").json["code"] == "villager_unknown"
    assert mark(village, poll, "zhao", "cunzhang2").status_code == 204
    assert mark(village, poll, "zhao", "xfenliu").status_code == 404
    village.clock.advance(timedelta(days=15))
    late = mark(village, poll, "zhao", "cunzhang2")
    assert (late.status_code, late.json["code"]) == (409, "poll_closed")
