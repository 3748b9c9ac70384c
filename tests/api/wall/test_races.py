"""Two at once on the wall: threads with requests of their own, on whichever database the run has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.cases.test_races import at_once
from tests.factories.wall import TEXTS, WallCast


def call(person: Any, path: str, body: dict[str, Any]) -> Callable[[], Any]:
    return lambda: person.post(path, body)


def test_two_approve_at_the_same_moment_and_it_goes_up_once(wall: WallCast) -> None:
    desks = [wall.desk("lingdao"), wall.desk("lingdao")]
    for _ in range(3):
        entry_id = wall.entry_in("submitted")
        body = {"version": wall.entry(entry_id).version}
        path = f"/staff/wall/{entry_id}/actions/approve"
        answers = at_once([call(desk, path, body) for desk in desks])
        assert sorted(a.status_code for a in answers) == [200, 409], [a.text[:200] for a in answers]
        row = wall.entry(entry_id)
        assert (row.state, row.version, row.entry_count, row.notes) == ("published", 3, 3, [])


def test_two_begin_from_one_case_at_the_same_moment(wall: WallCast) -> None:
    case_id = wall.closed()
    desks = [wall.desk("fenliu"), wall.desk("fenliu2")]
    answers = at_once([call(desk, "/staff/wall", {"case_id": str(case_id), **TEXTS}) for desk in desks])
    assert sorted(a.status_code for a in answers) == [201, 409], [a.text[:200] for a in answers]


@pytest.mark.parametrize(("state", "action"), [("submitted", "approve"), ("unpublished", "publish_again")])
def test_a_word_taken_back_at_the_moment_of_approval_wins(wall: WallCast, state: str, action: str) -> None:
    wang, lingdao = wall.resident("wang"), wall.desk("lingdao")
    for _ in range(3):
        case_id = wall.closed()
        wang.post("/resident/wall-consents", {"case_id": str(case_id), "agree": True})
        entry_id = wall.entry_in(state, case_id)
        version = wall.entry(entry_id).version
        answers = at_once(
            [
                call(lingdao, f"/staff/wall/{entry_id}/actions/{action}", {"version": version}),
                call(wang, "/resident/wall-consents", {"case_id": str(case_id), "agree": False}),
            ]
        )
        assert answers[0].status_code in {200, 409}, answers[0].text[:200]
        assert answers[1].json == {"state": "withdrawn"}
        assert wall.entry(entry_id).state in {"returned", "unpublished"}


def test_six_neighbours_follow_at_the_same_moment(wall: WallCast) -> None:
    entry_id = wall.entry_in("published")
    people = [wall.resident(f"neighbour{number}") for number in range(6)]
    answers = at_once(
        [call(one, f"/resident/wall/{entry_id}/follow", {}) for one in people for _ in range(2)]
    )
    assert {a.status_code for a in answers} == {200}
    assert wall.entry(entry_id).follower_count == len(people)
