"""One verified villager, one vote, changeable with the token alone until the poll closes (CON-10)."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from backend.kernel.errors import AppError
from backend.polls import services
from backend.polls.models import PollBallot, PollPaper
from tests.api.polls.conftest import Village
from tests.factories.identity import desk, resident, visitor
from tests.support.ballots import Phone


def test_a_villager_votes_and_changes_the_vote_with_the_token(village: Village) -> None:
    poll = village.open()
    assert poll["notice"] == "征求意见，不是法定表决"
    assert [one["label"] for one in poll["options"]] == ["同意", "不同意", "弃权"]
    phone = village.vote("wang", poll, "o1")
    assert village.cast(phone, "o2").json == {"option": "o2"}
    seen = village.look(poll["id"])
    assert seen["turnout"] == {"papers": 1, "ballots": 1, "percent": 2.0}
    assert seen["result"] is None
    assert [ballot.option for ballot in village.rows(PollBallot)] == ["o2"]


def test_the_same_request_gets_the_same_paper_and_another_phone_gets_none(village: Village) -> None:
    poll, wang = village.open(), village.villager("wang")
    first, second = Phone.of(poll), Phone.of(poll)
    path = f"/resident/polls/{poll['id']}/paper"
    answers = [wang.post(path, {"blinded": first.blinded}).json for _ in range(2)]
    assert answers[0] == answers[1]
    refused: Any = wang.post(path, {"blinded": second.blinded})
    assert refused.status_code == 409
    assert refused.json["code"] == "paper_taken"
    assert "一人只有一张" in refused.json["message"]
    assert len(village.rows(PollPaper)) == 1


def test_two_phones_at_once_get_one_paper(village: Village) -> None:
    poll, wang = village.open(), village.villager("wang")
    barrier, answers = threading.Barrier(2), []

    def ask() -> None:
        phone = Phone.of(poll)
        barrier.wait(10)
        answers.append(
            wang.post(f"/resident/polls/{poll['id']}/paper", {"blinded": phone.blinded}).status_code
        )

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Counter(answers) == {200: 1, 409: 1}


@pytest.mark.parametrize(
    ("person", "code", "words"),
    [("li", "not_verified", "核实"), ("zhao", "not_entitled", "不在其中"), ("", "login_needed", "登录")],
)
def test_who_is_not_entitled_gets_no_paper(village: Village, person: str, code: str, words: str) -> None:
    poll = village.open()
    village.villager("zhao", "V02", "cunzhang2")
    caller = resident(village.app, person) if person else visitor(village.app)
    refused: Any = caller.post(f"/resident/polls/{poll['id']}/paper", {"blinded": Phone.of(poll).blinded})
    assert refused.status_code == (403 if person else 401)
    assert refused.json["code"] == code
    assert words in refused.json["message"]
    assert not village.rows(PollPaper)


def test_a_poll_of_the_whole_town_takes_the_villagers_of_every_village(village: Village) -> None:
    poll = village.open(village=None)
    assert poll["village_name"] is None
    village.villager("zhao", "V02", "cunzhang2")
    village.vote("zhao", poll, "o1")
    village.vote("wang", poll, "o1")
    assert village.look(poll["id"])["turnout"]["ballots"] == 2


def test_a_forged_signature_and_another_polls_paper_are_refused(village: Village) -> None:
    poll, other = village.open(), village.open()
    phone = village.paper("wang", other)
    moved = Phone(int(poll["id"]), int(poll["public_key"]["n"], 16), token=phone.token)
    moved.signature = phone.signature
    unsigned = Phone.of(poll)
    unsigned.signature = "0" * 511 + "1"
    for forged in (moved, unsigned):
        refused = village.cast(forged, "o1")
        assert (refused.status_code, refused.json["code"]) == (422, "paper_forged")
        assert "没有计入" in refused.json["message"]
    assert not village.rows(PollBallot)


def test_an_unknown_option_and_a_malformed_ballot_are_refused(village: Village) -> None:
    poll = village.open()
    phone = village.paper("wang", poll)
    refused = village.cast(phone, "o4")
    assert (refused.status_code, refused.json["code"]) == (422, "option_unknown")
    phone.signature = phone.signature[:-1]
    assert village.cast(phone, "o1").status_code == 422
    assert not village.rows(PollBallot)


def test_a_blinded_value_outside_the_modulus_is_refused(village: Village) -> None:
    poll, wang = village.open(), village.villager("wang")
    for blinded in ("f" * 512, "0" * 512, "0" * 511 + "1"):
        refused: Any = wang.post(f"/resident/polls/{poll['id']}/paper", {"blinded": blinded})
        assert (refused.status_code, refused.json["code"]) == (422, "paper_malformed")
    assert not village.rows(PollPaper)


def test_nothing_is_taken_after_the_closing_time_not_even_before_the_count(village: Village) -> None:
    poll = village.open(days=15)
    phone = village.vote("wang", poll, "o1")
    village.villager("zhou")
    village.clock.advance(timedelta(days=15) - timedelta(seconds=1))
    assert village.cast(phone, "o2").status_code == 200
    village.clock.advance(timedelta(seconds=1))
    late = village.cast(phone, "o1")
    assert (late.status_code, late.json["code"]) == (409, "poll_closed")
    assert "截止" in late.json["message"]
    refused: Any = resident(village.app, "zhou").post(
        f"/resident/polls/{poll['id']}/paper", {"blinded": Phone.of(poll).blinded}
    )
    assert (refused.status_code, refused.json["code"]) == (409, "poll_closed")
    assert village.look(poll["id"])["state_label"] == "投票已截止，正在计票"
    assert [ballot.option for ballot in village.rows(PollBallot)] == ["o2"]


def test_a_ballot_that_comes_with_a_login_is_refused(village: Village) -> None:
    poll = village.open()
    phone, wang = village.paper("wang", poll), village.villager("wang")
    refused: Any = wang.post(f"/public/polls/{poll['id']}/ballots", phone.ballot("o1"))
    assert (refused.status_code, refused.json["code"]) == (422, "ballot_with_name")
    assert not village.rows(PollBallot)


def test_accounts_that_become_one_person_have_one_paper(village: Village) -> None:
    poll = village.open()
    phone = village.vote("wang", poll, "o1")
    wang, other = village.villager("wang"), resident(village.app, "wang2")
    village.inside(lambda: services.merge_resident(other.id, wang.id))
    holders = [paper.holder for paper in village.rows(PollPaper)]
    assert len(holders) == 1
    village.villager("wang2")
    again: Any = other.post(f"/resident/polls/{poll['id']}/paper", {"blinded": Phone.of(poll).blinded})
    assert (again.status_code, again.json["code"]) == (409, "paper_taken")
    kept: Any = other.post(f"/resident/polls/{poll['id']}/paper", {"blinded": phone.blinded})
    assert kept.status_code == 200


@pytest.mark.parametrize(
    ("options", "entitled", "days", "field"),
    [
        (["同意"], 10, 15, "options"),
        (["同意", "同意"], 10, 15, "options"),
        (["同意", ""], 10, 15, "options"),
        (["同意", "不同意"], 0, 15, "entitled"),
        (["同意", "不同意"], 10, 0, "closes_at"),
    ],
)
def test_a_poll_that_makes_no_sense_is_not_opened(
    village: Village, options: list[str], entitled: int, days: int, field: str
) -> None:
    with pytest.raises(AppError) as refused:
        village.open(options=options, entitled=entitled, days=days)
    assert list(refused.value.fields) == [field]


def test_a_poll_of_another_town_is_not_there_for_the_desk(village: Village) -> None:
    poll = village.open()
    assert desk(village.app, "cunzhang1").get(f"/staff/polls/{poll['id']}").status_code == 200
    assert desk(village.app, "cunzhang2").get(f"/staff/polls/{poll['id']}").status_code == 404
    assert desk(village.app, "xfenliu").get(f"/staff/polls/{poll['id']}").status_code == 404
