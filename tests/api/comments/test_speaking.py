"""Nothing is shown before it has passed; who said it is nobody's business; seconds and answers (SEC-07, §1.5)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from backend.comments import queries
from backend.kernel.db import db, run_unit, transaction
from backend.kernel.errors import Invalid
from backend.moderation import services as moderation
from backend.villagers.models import Villager
from tests.api.comments.conftest import KIND, TOPIC, Square
from tests.factories import cases as factory
from tests.factories.identity import place_id


def test_nothing_is_shown_before_the_platform_has_looked(square: Square) -> None:
    said = square.say(run=False)
    assert (square.state(said), square.shown()) == ("pending", [])
    square.run_jobs()
    assert square.state(said) == "shown"
    assert [one["text"] for one in square.shown()] == ["路口该装灯"]
    assert square.heard == [("posted", int(said)), ("shown", int(said))]


def test_a_doubt_waits_for_a_person_and_is_shown_when_that_person_says_so(square: Square) -> None:
    said = square.suspects("review").say()
    assert (square.state(said), square.shown()) == ("held", [])
    [waiting] = square.queue()
    assert (waiting["text"], waiting["about"]["title"]) == ("路口该装灯", "装不装路灯")
    assert square.decide(waiting, "pass").status_code == 200
    assert square.state(said) == "shown"


def test_what_the_platform_calls_bad_is_hidden_and_its_author_told(square: Square) -> None:
    said = square.suspects("risky").say()
    assert (square.state(said), square.shown()) == ("hidden", [])
    assert square.told() == ["您的发言没有公开"]
    [mine] = square.who("wang").get("/resident/comments").json["items"]
    assert (mine["hidden_reason"], mine["may_object"]) == ("平台检查判断违规", True)


def test_who_was_not_seen_for_two_hours_is_left_to_a_person(square: Square) -> None:
    said = square.say(run=False)
    square.clock.advance(timedelta(hours=3))
    square.run_jobs()
    assert square.state(said) == "held"
    assert len(square.queue()) == 1


@pytest.mark.parametrize(
    ("text", "why", "label"),
    [
        ("打13812345678问他", "personal", "手机号码"),
        ("身份证11010519491231002X的那个", "personal", "身份证号码"),
        ("鲁D12345天天堵门", "personal", "车牌号"),
        ("办证包 过-包成", "words", ""),
    ],
)
def test_personal_data_and_listed_words_are_held_with_their_place(
    square: Square, text: str, why: str, label: str
) -> None:
    said = square.say(text)
    assert square.row(said).held_because == why
    assert (square.state(said), square.shown()) == ("held", [])
    assert [name for name, _ in square.platform.calls if name == "check_text"] == [], (
        "a person looks, nobody else"
    )
    [mine] = square.who("wang").get("/resident/comments").json["items"]
    assert [mark["label"] for mark in mine["marks"]] == ([label] if label else [])
    assert square.told() == ["您的发言要等人工复核"]
    [waiting] = square.queue()
    marked = waiting["about"]["marks" if label else "words"]
    assert text[marked[0]["start"] : marked[0]["end"]] in {
        "13812345678",
        "11010519491231002X",
        "鲁D12345",
        "包 过-包成",
    }


def test_a_name_that_the_asker_knows_is_held(square: Square) -> None:
    assert square.state(square.say("就是王小明干的", names=["王小明"])) == "held"


def test_a_photo_keeps_the_words_back_until_it_has_passed(square: Square) -> None:
    with square.app.app_context():
        owner = int(square.who("wang").me["id"])
        photo = str(run_unit(lambda: factory._photo(owner, "report", "resident")))
    said = square.say(photos=[photo])
    assert (square.state(said), len(square.reviews())) == ("pending", 2)
    square.clock.advance(timedelta(minutes=50))
    square.run_jobs()

    with square.app.app_context():
        run_unit(moderation.hand_over_overdue)
    assert square.state(said) == "held"
    [waiting] = square.queue()
    assert waiting["part"] == "photo"
    assert square.decide(waiting, "pass").status_code == 200
    assert [len(one["photos"]) for one in square.shown()] == [1]


def test_nobody_is_named(square: Square) -> None:
    square.say("大家好", "wang")
    with square.app.app_context():
        town, who = square.town(), int(square.who("li").me["id"])
        village = _village(square)
        run_unit(
            lambda: db.session.add(
                Villager(
                    resident_id=who, live_resident_id=who, village_id=village, town_id=town, name="李四",
                    state="confirmed", asked_at=square.clock.now(),
                )
            )
        )  # fmt: skip
    square.say("我们村也要", "li")
    assert {one["author_label"] for one in square.shown()} == {"网友", "湾头村村民"}
    everything = json.dumps(square.shown(), default=str)
    for name in ("wang", "li"):
        assert square.who(name).me["id"] not in everything


def _village(square: Square) -> int:

    return place_id(square.app, "V01")


def test_neighbours_second_once_and_not_themselves(square: Square) -> None:
    said = square.say()
    for _ in range(2):
        answer = square.who("li").post(f"/resident/comments/{said}/second")
        assert (answer.status_code, answer.json["second_count"]) == (201, 1)
    assert square.who("wang").post(f"/resident/comments/{said}/second").status_code == 409
    query = {"subject_kind": KIND, "subject_id": str(TOPIC)}
    marks = square.who("li").get("/resident/comment-marks", query_string=query).json
    assert marks == {"mine": [], "seconded": [said], "flagged": []}
    assert square.who("wang").get("/resident/comment-marks", query_string=query).json["mine"] == [said]


def test_a_second_is_taken_back_and_given_again(square: Square) -> None:
    said = square.say()
    way = f"/resident/comments/{said}/second"
    li = square.who("li")
    assert square.who("zhao").post(way).status_code == 201
    assert li.post(way).status_code == 201
    for _ in range(2):
        answer = li.delete(way)
        assert (answer.status_code, answer.json["second_count"], answer.json["seconded"]) == (200, 1, False)
    marks = li.get(
        "/resident/comment-marks", query_string={"subject_kind": KIND, "subject_id": str(TOPIC)}
    ).json
    assert marks["seconded"] == []
    assert li.post(way).json["second_count"] == 2


def test_what_is_not_shown_cannot_be_seconded_or_flagged(square: Square) -> None:
    said = square.say(run=False)
    assert square.who("li").post(f"/resident/comments/{said}/second").status_code == 404
    assert square.who("li").post(f"/resident/comments/{said}/flag", {"reason": "abuse"}).status_code == 404


@pytest.mark.parametrize("order", ["newest", "oldest", "seconds"])
def test_every_comment_is_met_once_whatever_the_order(square: Square, order: str) -> None:
    said = []
    for n in range(5):
        square.clock.advance(timedelta(seconds=1))
        said.append(square.say(f"第{n}条"))
    for name, count in (("li", 3), ("zhao", 1)):
        for one in said[:count]:
            assert square.who(name).post(f"/resident/comments/{one}/second").status_code == 201
    met, cursor = [], None

    while True:
        with square.app.app_context(), transaction(writing=False):
            page = queries.shown(KIND, TOPIC, order=order, cursor=cursor, limit=2)
        met += [str(one["id"]) for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    expected = {
        "newest": said[::-1],
        "oldest": said,
        "seconds": [said[0], said[2], said[1], said[4], said[3]],
    }
    assert met == expected[order]


def test_an_answer_stands_in_public_and_the_author_hears_of_it(square: Square) -> None:
    asked = square.say("什么时候装？", kind="question")
    assert square.answer(asked, "四月底前装好。") is None
    [one] = square.shown(kinds=["question"])
    assert (one["answer"], one["answered_unit"]) == ("四月底前装好。", "城管所")
    assert square.told() == ["您的提问有回答了"]


def test_an_answer_with_a_phone_number_is_refused_with_its_place(square: Square) -> None:
    refused = square.answer(square.say("谁管？", kind="question"), "打13812345678")
    assert refused is not None
    assert (refused.code, refused.fields) == ("personal_data", {"answer": ["第 2 个字起：手机号码"]})


def test_an_opinion_is_not_answered(square: Square) -> None:
    refused = square.answer(square.say(), "谢谢")
    assert refused is not None
    assert refused.code == "not_a_question"


@pytest.mark.parametrize(
    ("kind", "text"),
    [("comment", "  "), ("comment", "长" * 1001), ("statement", "长" * 141), ("shout", "啊")],
)
def test_what_cannot_be_said(square: Square, kind: str, text: str) -> None:

    with pytest.raises(Invalid):
        square.say(text, kind=kind)
    assert square.reviews() == []
