"""Flags, hiding with a reason, one objection, a second person, and the public log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.comments import personal, services
from backend.identity import minors
from backend.kernel.db import db, run_unit
from backend.kernel.errors import AppError
from backend.media.models import MediaFile
from tests.api.comments.conftest import KIND, TOPIC, Square
from tests.factories import cases as factory

NEIGHBOURS = ("li", "zhao", "sun")


def flag(square: Square, said: str, name: str, reason: str = "abuse") -> Any:
    return square.who(name).post(f"/resident/comments/{said}/flag", {"reason": reason})


def hidden(square: Square, by: str = "fenliu") -> str:
    """A comment that one moderator hid."""
    said = square.say()
    answer = square.desk(by).post(f"/staff/comments/{said}/hide", {"reason": "abuse", "note": "请文明发言"})
    assert answer.status_code == 200, answer.text
    return said


def test_one_flag_for_each_person(square: Square) -> None:
    said = square.say()
    assert flag(square, said, "li").status_code == 201
    again = flag(square, said, "li", "advert")
    assert (again.status_code, again.json["code"]) == (409, "already_flagged")
    assert flag(square, said, "wang").status_code == 409, "one's own is withdrawn, not flagged"
    assert square.row(said).flag_count == 1


def test_a_flag_needs_a_reason(square: Square) -> None:
    said = square.say()
    answer = square.who("li").post(f"/resident/comments/{said}/flag", {"reason": "dislike"})
    assert (answer.status_code, answer.json["fields"]) == (422, {"reason": ["请选一个理由"]})


def test_three_flags_bring_it_to_the_queue_and_it_stays_until_a_person_decides(square: Square) -> None:
    said = square.say()
    for name in NEIGHBOURS[:2]:
        flag(square, said, name)
    assert square.queue() == []
    flag(square, said, NEIGHBOURS[2], "privacy")
    [waiting] = square.queue()
    assert waiting["why"] == "多人举报，请再看一眼"
    assert [(one["label"], one["count"]) for one in waiting["about"]["flags"]] == [
        ("辱骂、攻击他人", 2), ("泄露他人信息", 1)
    ]  # fmt: skip
    assert square.state(said) == "shown"
    assert square.decide(waiting, "pass").status_code == 200
    assert square.queue() == []
    flag(square, said, "qian")
    assert square.queue() == [], "flags that were answered do not count again"


def test_a_flagged_one_is_hidden_with_a_reason_that_is_counted(square: Square) -> None:
    said = square.say()
    for name in NEIGHBOURS:
        flag(square, said, name)
    [waiting] = square.queue()
    missing = square.decide(waiting, "refuse", reason="不妥")
    assert (missing.status_code, missing.json["code"]) == (422, "reason_missing")
    assert square.state(said) == "shown"
    assert square.decide(waiting, "refuse", "abuse", reason="骂人").status_code == 200
    row = square.row(said)
    assert (row.state, row.hidden_reason, row.hidden_note) == ("hidden", "abuse", "骂人")
    assert str(row.hidden_by) == square.desk().me["id"]
    assert square.shown() == []
    assert square.told() == ["您的发言没有公开"]
    assert ("gone", int(said)) in square.heard


def test_the_author_objects_once_and_another_person_decides(square: Square) -> None:
    said = hidden(square)
    objected = square.who("wang").post(f"/resident/comments/{said}/objection", {"text": "我没有骂人"})
    assert objected.status_code == 201, objected.text
    assert objected.json["may_object"] is False
    [waiting] = square.queue()
    about = waiting["about"]
    assert (about["objection"], about["objection_open"], about["hidden_by"]) == ("我没有骂人", True, "分流甲")
    same = square.decide(waiting, "pass")
    assert (same.status_code, same.json["code"]) == (403, "second_person")
    assert (square.state(said), len(square.queue())) == ("hidden", 1)
    assert square.decide(waiting, "pass", username="fenliu2").status_code == 200
    assert square.state(said) == "shown"
    assert square.told() == ["您的发言没有公开", "您的异议有结果了"]


def test_who_hid_it_cannot_show_it_past_the_objection_by_the_other_door(square: Square) -> None:
    said = hidden(square)
    square.who("wang").post(f"/resident/comments/{said}/objection", {"text": "我没有骂人"})
    assert square.desk("fenliu").post(f"/staff/comments/{said}/show").status_code == 403
    assert square.desk("fenliu2").post(f"/staff/comments/{said}/show").status_code == 200


def test_an_objection_that_fails_is_final(square: Square) -> None:
    said = hidden(square)
    square.who("wang").post(f"/resident/comments/{said}/objection", {"text": "我没有骂人"})
    [waiting] = square.queue()
    assert square.decide(waiting, "refuse", "abuse", username="fenliu2", reason="仍是辱骂").status_code == 200
    again = square.who("wang").post(f"/resident/comments/{said}/objection", {"text": "再看看"})
    assert (again.status_code, again.json["code"]) == (409, "already_objected")
    [mine] = square.who("wang").get("/resident/comments").json["items"]
    assert mine["objection_label"] == "异议不成立"


def test_what_is_not_hidden_needs_no_objection(square: Square) -> None:
    answer = square.who("wang").post(f"/resident/comments/{square.say()}/objection", {"text": "为什么"})
    assert (answer.status_code, answer.json["code"]) == (409, "not_hidden")


def test_what_the_platform_hid_may_be_decided_by_anybody(square: Square) -> None:
    said = square.suspects("risky").say()
    square.who("wang").post(f"/resident/comments/{said}/objection", {"text": "很正常的话"})
    [waiting] = square.queue()
    assert square.decide(waiting, "pass").status_code == 200
    assert square.state(said) == "shown"


def test_another_towns_moderators_see_and_touch_nothing(square: Square) -> None:
    said = square.suspects("review").say()
    [waiting] = square.queue()
    assert square.queue("xfenliu") == []
    assert square.decide(waiting, "pass", username="xfenliu").status_code == 404
    assert square.desk("xfenliu").post(f"/staff/comments/{said}/show").status_code == 404
    query = {"subject_kind": KIND, "subject_id": str(TOPIC)}
    assert square.desk("xfenliu").get("/staff/comments", query_string=query).json["items"] == []
    [seen] = square.desk().get("/staff/comments", query_string=query).json["items"]
    assert (seen["id"], seen["state"]) == (said, "held")


def test_the_author_takes_it_back_and_nobody_has_to_judge_it(square: Square) -> None:
    said = square.suspects("review").say()
    assert square.who("li").delete(f"/resident/comments/{said}").status_code == 404
    taken = square.who("wang").delete(f"/resident/comments/{said}")
    assert (taken.status_code, taken.json["state"]) == (200, "withdrawn")
    assert (square.queue(), square.shown()) == ([], [])
    assert square.desk().post(f"/staff/comments/{said}/show").status_code == 409


def test_photos_go_with_what_is_taken_back(square: Square) -> None:

    with square.app.app_context():
        owner = int(square.who("wang").me["id"])
        photo = run_unit(lambda: factory._photo(owner, "report", "resident"))
    said = square.say(photos=[str(photo)])
    assert square.who("wang").delete(f"/resident/comments/{said}").status_code == 200
    with square.app.app_context():
        state = select(MediaFile.state).where(MediaFile.id == int(photo))
        assert run_unit(lambda: db.session.scalar(state)) == "removed"


def test_the_public_log_counts_by_month_and_reason_and_names_nobody(square: Square) -> None:
    said = hidden(square)
    square.who("wang").post(f"/resident/comments/{said}/objection", {"text": "冤枉"})
    square.desk("fenliu2").post(f"/staff/comments/{said}/show")
    hidden(square)
    square.clock.advance(timedelta(days=31))
    square.people.clear()
    square.suspects("risky").say("坏话", "li")
    answer = square.app.test_client().get("/api/v1/public/comments/log", query_string={"town": "dongwan"})
    assert answer.status_code == 200, answer.text
    keys = ("month", "reason", "hidden", "by_platform", "objected", "restored")
    assert [tuple(line[key] for key in keys) for line in answer.json["items"]] == [
        ("2026-04", "platform", 1, 1, 0, 0),
        ("2026-03", "abuse", 2, 0, 1, 1),
    ]
    other = square.app.test_client().get("/api/v1/public/comments/log", query_string={"town": "xiwan"})
    assert other.json["items"] == []


@pytest.mark.parametrize("deed", ["delete_all"])
def test_a_persons_words_are_copied_and_erased(square: Square, deed: str) -> None:
    said = square.say("我说的话", "wang")
    other = square.say("别人的话", "li")
    square.who("wang").post(f"/resident/comments/{other}/second")

    who = int(square.who("wang").me["id"])
    with square.app.app_context():
        sections = {one["code"]: one["records"] for one in personal.copy(who)}
        assert ("内容", "我说的话") in sections["comments"][0]["facts"]
        assert len(sections["comment_seconds"]) == 1
        erased = run_unit(lambda: personal.let_go(who))
    assert erased == {"comment": [int(said)], "comment_mark": [int(other)]}
    row = square.row(said)
    assert (row.text, row.resident_id, row.state) == ("", None, "withdrawn")
    assert [(one["text"], one["second_count"]) for one in square.shown()] == [("别人的话", 0)]


def test_two_accounts_of_one_person_count_once(square: Square) -> None:
    said = square.say("大家看看", "zhao")
    own = square.say("我说的", "li")
    for name in ("wang", "li"):
        square.who(name).post(f"/resident/comments/{said}/second")
        flag(square, said, name)
    kept, gone = (int(square.who(name).me["id"]) for name in ("wang", "li"))
    with square.app.app_context():
        run_unit(lambda: services.merge_resident(kept, gone))
    row = square.row(said)
    assert (row.second_count, row.flag_count) == (1, 1)
    assert square.row(own).resident_id == kept


def test_one_account_takes_over_what_the_other_seconded(square: Square) -> None:
    said = square.say("大家看看", "zhao")
    square.who("li").post(f"/resident/comments/{said}/second")
    kept, gone = (int(square.who(name).me["id"]) for name in ("wang", "li"))
    with square.app.app_context():
        run_unit(lambda: services.merge_resident(kept, gone))
    query = {"subject_kind": KIND, "subject_id": str(TOPIC)}
    assert square.who("wang").get("/resident/comment-marks", query_string=query).json["seconded"] == [said]
    assert square.row(said).second_count == 1


def test_a_child_speaks_when_a_guardian_has_agreed(square: Square) -> None:
    with square.app.app_context():
        run_unit(lambda: minors.state_age(square.actor("wang"), 12))
    with pytest.raises(AppError) as refused:
        square.say()
    assert "监护人" in refused.value.message
