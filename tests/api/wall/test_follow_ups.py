"""A question on an outcome: answered in public within its clock, or a request to re-open that a person decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backend.kernel.clock import FrozenClock
from backend.wall.states import FOLLOW_UP_TABLE
from tests.factories.wall import ASKED, WallCast

OVER = timedelta(days=8)


def titles(wall: WallCast, who: str) -> list[str]:
    return [one["title"] for one in wall.resident(who).get("/resident/inbox").json["items"]]


def counts(wall: WallCast, entry_id: int) -> tuple[int, int, bool]:
    row = wall.entry(entry_id)
    return row.follow_up_count, row.unanswered_count, row.waiting_since is not None


def moderate(wall: WallCast, follow_up_id: int, deed: str, **given: Any) -> Any:
    comment_id = wall.comment_of(follow_up_id).id
    return wall.desk("fenliu2").post(f"/staff/comments/{comment_id}/{deed}", given)


def test_a_neighbour_asks_and_is_answered_in_public(wall: WallCast) -> None:
    entry_id = wall.entry_in("published")
    asked = wall.ask_on(entry_id, run=False)
    assert counts(wall, entry_id) == (0, 0, False), "nothing is public before the checks"
    assert wall.reply("fenliu", asked).status_code == 403
    wall.run_jobs()
    assert counts(wall, entry_id) == (1, 1, True)
    waiting = wall.desk("fenliu").get("/staff/wall-follow-ups").json["items"]
    assert [(one["id"], one["text"], one["days_waiting"]) for one in waiting] == [(str(asked), ASKED, 0)]
    wall.resident("li").post(f"/resident/wall/{entry_id}/follow")
    answer = wall.reply("fenliu", asked)
    assert (answer.status_code, answer.json["state"]) == (200, "answered")
    wall.run_jobs()
    assert counts(wall, entry_id) == (1, 0, False)
    for who in ("zhao", "li"):
        assert "回音壁上的追问有了回音" in titles(wall, who), who
    assert "回音壁上的追问有了回音" not in titles(wall, "wang")
    assert wall.desk("fenliu").get("/staff/wall-follow-ups").json["items"] == []


def test_who_seconds_a_question_hears_of_the_answer(wall: WallCast) -> None:
    entry_id = wall.entry_in("published")
    asked = wall.ask_on(entry_id)
    comment_id = wall.comment_of(asked).id
    assert wall.resident("li").post(f"/resident/comments/{comment_id}/second").status_code == 201
    wall.reply("fenliu", asked)
    wall.run_jobs()
    assert "回音壁上的追问有了回音" in titles(wall, "li")
    assert wall.entry(entry_id).follower_count == 1


def test_one_question_at_a_time_on_one_entry(wall: WallCast) -> None:
    entry_id = wall.entry_in("published")
    asked = wall.ask_on(entry_id)
    again = wall.resident("zhao").post(f"/resident/wall/{entry_id}/follow-ups", {"text": "又问"})
    assert (again.status_code, again.json["code"]) == (409, "already_asking")
    wall.reply("fenliu", asked)
    wall.ask_on(entry_id)


def test_a_question_with_a_phone_number_or_a_name_of_the_case_is_held(wall: WallCast) -> None:
    case_id = wall.closed(contact_name="王小明")
    entry_id = wall.entry_in("published", case_id)
    for who, text in (("zhao", "打13812345678找我"), ("li", "王小明说又坏了")):
        asked = wall.ask_on(entry_id, text, who)
        assert wall.comment_of(asked).state == "held"
        mine = wall.resident(who).get(f"/resident/wall/{entry_id}/mine").json["my_follow_ups"]
        assert mine[0]["comment_state"] == "held"
        assert mine[0]["held_reason"]
        lines = wall.desk("fenliu").get("/staff/wall-follow-ups").json["items"]
        assert {one["text"] for one in lines} == {""}
    assert counts(wall, entry_id) == (0, 0, False)


def test_an_answer_with_personal_data_is_refused_with_the_place_marked(wall: WallCast) -> None:
    case_id = wall.closed(contact_name="王小明")
    asked = wall.ask_on(wall.entry_in("published", case_id))
    for text, what in (("请打13812345678", "phone"), ("王小明家已修", "name")):
        answer = wall.reply("fenliu", asked, reply=text)
        assert (answer.status_code, answer.json["details"]["marks"][0]["what"]) == (422, what)
    assert wall.follow_up(asked).state == "asked"


def test_what_is_not_on_the_wall_is_not_asked_about(wall: WallCast) -> None:
    for state in ("drafted", "submitted", "unpublished"):
        entry_id = wall.entry_in(state)
        for path in ("follow-ups", "follow"):
            body = {"text": ASKED} if path == "follow-ups" else {}
            assert wall.resident("zhao").post(f"/resident/wall/{entry_id}/{path}", body).status_code == 404
        assert wall.resident("zhao").get(f"/resident/wall/{entry_id}/mine").status_code == 404


def test_not_answered_in_time_it_becomes_a_request_to_reopen(wall: WallCast, clock: FrozenClock) -> None:
    case_id = wall.closed(contact_name="王小明")
    entry_id = wall.entry_in("published", case_id)
    asked = wall.ask_on(entry_id)
    due = wall.follow_up(asked).due_at
    assert due is not None
    assert (due - clock.now()).days == 7, "five working days over a weekend"
    clock.advance(OVER)
    wall.run_jobs()
    row = wall.follow_up(asked)
    assert (row.state, row.overdue) == ("reopen_asked", True)
    assert wall.column(case_id, "state") == "reopen_requested"
    assert counts(wall, entry_id) == (1, 1, True), "still unanswered, and counted"
    assert "追问已作为重办申请提出" in titles(wall, "zhao")
    wall.act("fenliu", case_id, "refuse_reopen", note="已到现场查看，王小明家的灯是自家电路")
    wall.run_jobs()
    row = wall.follow_up(asked)
    assert (row.state, row.answered_unit) == ("reopen_refused", "镇便民服务中心")
    assert row.answer == "已到现场查看，○○○家的灯是自家电路"
    assert counts(wall, entry_id) == (1, 0, False)


def test_the_desk_hands_it_on_and_the_case_is_opened_again(wall: WallCast) -> None:
    case_id = wall.closed()
    entry_id = wall.entry_in("published", case_id)
    asked = wall.ask_on(entry_id)
    handed = wall.reply("fenliu", asked, "ask_reopen", note="现场确实又坏了")
    assert (handed.status_code, handed.json["state"]) == (200, "reopen_asked")
    wall.act("lingdao", case_id, "approve_reopen")
    wall.run_jobs()
    assert wall.follow_up(asked).state == "reopened"
    assert wall.reply("fenliu", asked).json["state"] == "answered"
    assert counts(wall, entry_id) == (1, 0, False)


def test_what_cannot_be_opened_again_stays_and_is_answered(wall: WallCast, clock: FrozenClock) -> None:
    case_id = wall.closed()
    entry_id = wall.entry_in("published", case_id)
    asked = wall.ask_on(entry_id)
    wall.act("lingdao", case_id, "reopen", note="主动重办")
    refused = wall.reply("fenliu", asked, "ask_reopen")
    assert (refused.status_code, refused.json["code"]) == (409, "cannot_reopen")
    assert wall.follow_up(asked).state == "asked"
    clock.advance(OVER)
    wall.run_jobs()
    row = wall.follow_up(asked)
    assert (row.state, row.overdue) == ("asked", True)
    assert wall.reply("fenliu", asked).json["overdue"] is True


def test_hidden_it_is_counted_no_more_and_comes_back(wall: WallCast) -> None:
    entry_id = wall.entry_in("published")
    asked = wall.ask_on(entry_id)
    assert moderate(wall, asked, "hide", reason="off_topic").status_code == 200
    assert (wall.follow_up(asked).state, counts(wall, entry_id)) == ("hidden", (0, 0, False))
    assert moderate(wall, asked, "show").status_code == 200
    assert (wall.follow_up(asked).state, counts(wall, entry_id)) == ("asked", (1, 1, True))
    wall.reply("fenliu", asked)
    moderate(wall, asked, "hide", reason="off_topic")
    moderate(wall, asked, "show")
    assert (wall.follow_up(asked).state, counts(wall, entry_id)) == ("answered", (1, 0, False))


def test_who_withdraws_a_question_takes_it_off_the_wall(wall: WallCast) -> None:
    entry_id = wall.entry_in("published")
    asked = wall.ask_on(entry_id)
    comment_id = wall.comment_of(asked).id
    assert wall.resident("zhao").delete(f"/resident/comments/{comment_id}").status_code in {200, 204}
    assert (wall.follow_up(asked).state, counts(wall, entry_id)) == ("hidden", (0, 0, False))


def test_following_twice_counts_once(wall: WallCast) -> None:
    entry_id = wall.entry_in("published")
    li = wall.resident("li")
    for _ in range(2):
        assert li.post(f"/resident/wall/{entry_id}/follow").json == {"followed": True, "followers": 1}
    assert li.get(f"/resident/wall/{entry_id}/mine").json["followed"] is True
    for _ in range(2):
        assert li.delete(f"/resident/wall/{entry_id}/follow").json == {"followed": False, "followers": 0}


# --- every edge of the table --------------------------------------------------------------------------------


def follow_up_in(wall: WallCast, state: str) -> int:
    """A follow-up in that state, by the ways that lead there."""
    case_id = wall.closed()
    asked = wall.ask_on(wall.entry_in("published", case_id))
    if state == "answered":
        assert wall.reply("fenliu", asked).status_code == 200
    if state in {"reopen_asked", "reopened", "reopen_refused"}:
        assert wall.reply("fenliu", asked, "ask_reopen").status_code == 200
    if state == "reopened":
        wall.act("lingdao", case_id, "approve_reopen")
    if state == "reopen_refused":
        wall.act("lingdao", case_id, "refuse_reopen", note="现场查看正常")
    if state == "hidden":
        moderate(wall, asked, "hide", reason="other")
    wall.run_jobs()
    assert wall.follow_up(asked).state == state
    return asked


PERSONS = [edge for edge in FOLLOW_UP_TABLE.edges if edge.by == "person" and edge.sources != ("",)]
TRIED = [(action.action, state.code) for action in PERSONS for state in FOLLOW_UP_TABLE.states]
SYSTEM = [edge for edge in FOLLOW_UP_TABLE.edges if edge.by == "system"]


@pytest.mark.parametrize(("action", "state"), TRIED)
def test_an_edge_of_persons_is_there_exactly_where_the_table_says(
    wall: WallCast, action: str, state: str
) -> None:
    asked = follow_up_in(wall, state)
    for other in ("chengguan", "hecha", "lingdao", "cunzhang1", "xfenliu", "guanli"):
        assert wall.reply(other, asked, action).status_code in {403, 404}, other
    edge = FOLLOW_UP_TABLE.edge(action, state)
    answer = wall.reply("fenliu", asked, action)
    if edge is None:
        assert (answer.status_code, answer.json["code"]) == (409, "action_not_open")
    else:
        assert (answer.status_code, answer.json["state"]) == (200, edge.target)


@pytest.mark.parametrize("action", sorted({edge.action for edge in SYSTEM}))
def test_what_only_the_program_does_is_done_by_nobody(wall: WallCast, action: str) -> None:
    edge = next(one for one in SYSTEM if one.action == action)
    asked = follow_up_in(wall, edge.sources[0])
    assert wall.reply("fenliu", asked, action).status_code == 403
    assert wall.follow_up(asked).state == edge.sources[0]


def test_two_answer_at_once_and_one_of_them_is_told(wall: WallCast) -> None:
    asked = wall.ask_on(wall.entry_in("published"))
    version = wall.follow_up(asked).version
    assert wall.reply("fenliu", asked, version=version).status_code == 200
    late = wall.reply("fenliu2", asked, version=version)
    assert (late.status_code, late.json["code"]) == (409, "changed_meanwhile")
