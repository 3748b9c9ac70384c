"""What comes out of a poll: counted once, by a timer; everything else erased; too few votes are not told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict
from backend.outbox.models import OutboxJob
from backend.polls import counting, services
from backend.polls.models import Poll, PollBallot, PollPaper
from tests.api.polls.conftest import Village
from tests.factories.identity import visitor

Jobs = Callable[[], Counter[str]]


def test_the_timer_counts_and_erases(village: Village, run_jobs: Jobs) -> None:
    poll = village.open(entitled=10)
    for person, option in zip("abcdef", ("o1", "o1", "o1", "o2", "o2", "o3"), strict=True):
        village.vote(person, poll, option)
    village.paper("g", poll)
    run_jobs()
    assert village.look(poll["id"])["state"] == "open"
    village.clock.advance(timedelta(days=15))
    assert run_jobs()["done"] >= 1
    seen = village.look(poll["id"])
    assert (seen["state"], seen["state_label"]) == ("counted", "已公布结果")
    assert seen["turnout"] == {"papers": 7, "ballots": 6, "percent": 60.0}
    assert [(one["label"], one["votes"], one["percent"]) for one in seen["result"]["options"]] == [
        ("同意", 3, 50.0),
        ("不同意", 2, 33.3),
        ("弃权", 1, 16.7),
    ]
    assert seen["result"]["too_few"] == ""
    assert village.rows(PollBallot) == village.rows(PollPaper) == []
    (kept,) = village.rows(Poll)
    assert (kept.secret, kept.key_secret, kept.box) == (None, None, None)


def test_it_is_counted_once_and_never_before_its_time(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(counting, "_on_counted", [])
    counting.on_counted(lambda poll: told.append(poll.id))
    poll = village.open()
    for person in "abcde":
        village.vote(person, poll, "o1")
    assert village.inside(lambda: counting.close_poll(int(poll["id"]))) is False
    village.clock.advance(timedelta(days=16))
    assert village.inside(counting.close_due) == 1
    assert village.inside(counting.close_due) == 0
    assert told == [int(poll["id"])]
    assert village.look(poll["id"])["result"]["ballots"] == 5


def test_fewer_than_five_votes_are_not_told_apart(village: Village) -> None:
    poll = village.open()
    for person in "abcd":
        village.vote(person, poll, "o2")
    village.clock.advance(timedelta(days=16))
    village.inside(counting.close_due)
    result = village.look(poll["id"])["result"]
    assert result["ballots"] == 4
    assert [one["votes"] for one in result["options"]] == [None] * 3
    assert "不足 5 票" in result["too_few"]
    (kept,) = village.rows(Poll)
    assert kept.result["counts"] is None, "not even the row may know"


def test_a_poll_that_is_called_off_leaves_nothing(village: Village) -> None:
    poll = village.open()
    phone = village.vote("wang", poll, "o1")
    assert village.inside(lambda: services.cancel_poll("test", 1)) is True
    assert village.inside(lambda: services.cancel_poll("test", 1)) is False
    assert visitor(village.app).get(f"/public/polls/{poll['id']}").status_code == 404
    assert village.cast(phone, "o2").status_code == 404
    assert village.rows(PollBallot) == village.rows(PollPaper) == []


def test_the_timer_is_owed_with_the_poll(village: Village) -> None:
    poll = village.open()
    with village.app.app_context():
        due = db.session.scalars(db.select(OutboxJob.due_at).where(OutboxJob.kind == services.CLOSE)).all()
    assert [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in due] == [poll["closes_at"]]


def test_a_later_end_keeps_what_is_in_the_box_and_is_never_an_earlier_one(
    village: Village, run_jobs: Jobs
) -> None:
    """CON-08: the first timer finds it open, the second one counts; a poll that is over stays over."""
    poll = village.open(days=15)
    first = now() + timedelta(days=15)
    village.vote("zhang", poll, "o1")

    def prolong(days: int) -> bool:
        return bool(village.inside(lambda: services.prolong("test", 1, first + timedelta(days=days))))

    with pytest.raises(Conflict):
        prolong(-1)
    assert prolong(7)
    village.clock.advance(timedelta(days=16))
    run_jobs()
    village.vote("li", poll, "o1")
    assert village.look(poll["id"])["turnout"]["ballots"] == 2
    village.clock.advance(timedelta(days=7))
    with pytest.raises(Conflict):
        prolong(30)
    run_jobs()
    seen = village.look(poll["id"])
    assert (seen["state"], seen["turnout"]["ballots"]) == ("counted", 2)
