"""A villager asks about what is published: answered in public in five days, or a case of the town (OPEN-08, OPEN-10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from backend.cases.models import Case
from backend.kernel.clock import FrozenClock
from backend.notices import objection_cards
from backend.notices.objection_models import NoticeObjection, NoticeReport
from tests.factories.objection_cast import ASKED, ObjectionCast

REPLY = "是村部办公桌两张，发票在第12号凭证。"


def ask(books: ObjectionCast, notice_id: int, who: str = "wang", text: str = ASKED, **more: Any) -> Any:
    return books.villager(who).post(f"/resident/notices/{notice_id}/objections", {"text": text, **more})


def asked(books: ObjectionCast, notice_id: int, who: str = "wang", **more: Any) -> int:
    """A question that everybody may read; its id."""
    answer = ask(books, notice_id, who, **more)
    assert answer.status_code == 201, answer.text
    books.run_jobs()
    return int(answer.json["id"])


def answer(books: ObjectionCast, objection_id: int, who: str = "cunzhang1", **given: Any) -> Any:
    given.setdefault("version", books.of(NoticeObjection, objection_id, "version"))
    given.setdefault("reply", REPLY)
    return books.desk(who).post(f"/staff/objections/{objection_id}/actions/answer", given)


def judge(books: ObjectionCast, objection_id: int, word: str, who: str = "wang", **given: Any) -> Any:
    given.setdefault("version", books.of(NoticeObjection, objection_id, "version"))
    return books.resident(who).post(f"/resident/objections/{objection_id}/actions/{word}", given)


def page(books: ObjectionCast, notice_id: int) -> dict[str, Any]:
    found = books.app.test_client().get(f"/api/v1/public/notices/{notice_id}/objections")
    assert found.status_code == 200, found.text
    read: dict[str, Any] = found.get_json()
    return read


def test_asked_checked_answered_in_public_and_satisfied(
    open_books: ObjectionCast, clock: FrozenClock
) -> None:
    notice_id = open_books.notice()
    made = ask(open_books, notice_id, kind="question").json
    assert (made["state"], made["due_on"], made["comment_state"]) == ("asked", "2026-03-15", "pending")
    assert page(open_books, notice_id)["items"] == [], "nothing is public before the checks"
    assert answer(open_books, int(made["id"])).status_code == 403, "what nobody can read is not answered"
    open_books.run_jobs()
    shown = page(open_books, notice_id)
    assert (shown["count"], shown["unanswered"], shown["open_until"]) == (1, 1, "2026-03-25")
    assert (shown["items"][0]["text"], shown["items"][0]["kind_label"]) == (ASKED, "提问")
    assert "name" not in str(shown["items"][0])
    again = ask(open_books, notice_id)
    assert (again.status_code, again.json["code"]) == (409, "already_asking")
    assert judge(open_books, made["id"], "satisfied").status_code == 409, (
        "there is nothing to be satisfied with"
    )
    waiting = open_books.desk("cunzhang1").get("/staff/objections").json
    assert (waiting["counts"]["waiting"], waiting["items"][0]["actions"][0]["action"]) == (1, "answer")
    for who, status in (("fenliu", 403), ("cunzhang2", 404), ("wenshu1", 403)):
        assert answer(open_books, made["id"], who).status_code == status, who
    named = answer(open_books, made["id"], reply="请打13812345678")
    assert (named.status_code, named.json["code"]) == (422, "personal_data")
    assert answer(open_books, made["id"]).json["state"] == "answered"
    open_books.run_jobs()
    line = page(open_books, notice_id)["items"][0]
    assert (line["answer"], line["answered_on"], line["days_late"]) == (REPLY, "2026-03-10", 0)
    assert "您的提问有了答复" in open_books.told("wang")
    assert judge(open_books, made["id"], "satisfied", "li").status_code == 404
    assert judge(open_books, made["id"], "satisfied").json["state"] == "satisfied"


def test_only_villagers_ask_within_fifteen_days_and_about_lines_that_are_there(
    open_books: ObjectionCast, clock: FrozenClock
) -> None:
    notice_id = open_books.notice()
    stranger = open_books.resident("sun").post(f"/resident/notices/{notice_id}/objections", {"text": ASKED})
    assert (stranger.status_code, stranger.json["code"]) == (403, "villagers_only")
    open_books.villager("qian", "V02")
    neighbour = open_books.resident("qian").post(f"/resident/notices/{notice_id}/objections", {"text": ASKED})
    assert neighbour.status_code == 403
    nowhere = ask(open_books, notice_id, line=3)
    assert (nowhere.status_code, nowhere.json["code"]) == (422, "line_unknown")
    sheet = open_books.notice(sheet_lines=3)
    assert ask(open_books, sheet, line=4).status_code == 422
    assert ask(open_books, sheet, line=3).json["line"] == 3
    assert ask(open_books, sheet, line=2).status_code == 201, "another line is another question"
    open_books.notice(sheet_lines=5, corrects=sheet)
    assert ask(open_books, sheet, line=6).status_code == 422
    assert ask(open_books, sheet, line=5).json["line"] == 5, (
        "a line that stands in a published correction (OPEN-05)"
    )
    clock.advance(timedelta(days=15))
    assert ask(open_books, notice_id, "li").status_code == 201, "the fifteenth day is the last"
    clock.advance(timedelta(days=1))
    late = ask(open_books, notice_id, "zhao")
    assert (late.status_code, late.json["code"]) == (409, "objections_closed")


def test_not_satisfied_it_is_a_case_of_the_town_that_the_village_cannot_open(
    open_books: ObjectionCast,
) -> None:
    notice_id = open_books.notice()
    objection_id = asked(open_books, notice_id, line=None, kind="objection")
    answer(open_books, objection_id)
    gone_up = judge(open_books, objection_id, "unsatisfied", note="发票和实物对不上")
    assert (gone_up.status_code, gone_up.json["state"]) == (200, "escalated")
    case_id = gone_up.json["case_id"]
    assert gone_up.json["case_code"]
    read = open_books.resident("wang").get(f"/resident/reports/{case_id}").json
    assert REPLY in read["text"]
    assert "发票和实物对不上" in read["text"]
    assert open_books.desk("fenliu").get(f"/staff/cases/{case_id}").status_code == 200
    assert open_books.desk("cunzhang1").get(f"/staff/cases/{case_id}").status_code == 404
    assert open_books.of(Case, case_id, "village_id") is None
    village = open_books.desk("cunzhang1").get("/staff/objections?view=escalated").json["items"]
    assert [(one["id"], one["case_id"]) for one in village] == [(str(objection_id), None)]
    open_books.run_jobs()
    assert "已转镇里办理" in open_books.told("wang")
    for who, action, given in (
        ("fenliu", "accept_and_dispatch", {"unit_id": open_books.unit("urban")}),
        ("chengguan", "start", {}),
        ("chengguan", "handle", {"note": "已核对凭证和实物"}),
        ("hecha", "pass_check", {"outcome": "resolved", "reply": "已核对，账物相符，照片附后"}),
    ):
        open_books.act(who, case_id, action, **given)
    open_books.run_jobs()
    line = page(open_books, notice_id)["items"][0]
    assert (line["state"], line["town_answered_on"]) == ("town_answered", "2026-03-10")


def test_not_answered_in_time_everybody_reads_by_how_many_days_and_it_may_go_up(
    open_books: ObjectionCast, clock: FrozenClock
) -> None:
    notice_id = open_books.notice()
    objection_id = asked(open_books, notice_id)
    assert judge(open_books, objection_id, "unsatisfied").status_code == 403, "there is time to answer"
    clock.advance(timedelta(days=7))
    open_books.run_jobs()
    line = page(open_books, notice_id)["items"][0]
    assert (line["overdue"], line["days_late"], line["tone"]) == (True, 2, "late")
    assert "到期还没有答复" in open_books.told("wang")
    overdue = open_books.desk("fenliu").get("/staff/objections?view=overdue").json
    assert [one["id"] for one in overdue["items"]] == [str(objection_id)]
    assert judge(open_books, objection_id, "unsatisfied").json["state"] == "escalated"
    assert page(open_books, notice_id)["items"][0]["days_late"] == 2, "its lateness stays"


def test_what_moderators_hide_is_gone_and_comes_back(open_books: ObjectionCast) -> None:
    notice_id = open_books.notice()
    held = ask(open_books, notice_id, "li", "打13812345678问我").json
    assert (held["comment_state"], bool(held["held_reason"])) == ("held", True)
    objection_id = asked(open_books, notice_id)
    comment_id = open_books.of(NoticeObjection, objection_id, "comment_id")
    hidden = open_books.desk("fenliu2").post(f"/staff/comments/{comment_id}/hide", {"reason": "abuse"})
    assert hidden.status_code == 200, hidden.text
    assert page(open_books, notice_id)["count"] == 0
    assert open_books.of(NoticeObjection, objection_id, "state") == "hidden"
    open_books.desk("fenliu2").post(f"/staff/comments/{comment_id}/show")
    assert page(open_books, notice_id)["count"] == 1
    mine = open_books.resident("li").get(f"/resident/notices/{notice_id}/objections").json
    assert [one["id"] for one in mine["mine"]] == [held["id"]]
    assert [one["id"] for one in mine["items"]] == [str(objection_id)]


def test_what_is_for_one_village_is_asked_about_there_alone(open_books: ObjectionCast) -> None:
    notice_id = open_books.notice(audience="village")
    assert (
        open_books.app.test_client().get(f"/api/v1/public/notices/{notice_id}/objections").status_code == 404
    )
    asked(open_books, notice_id)
    path = f"/resident/notices/{notice_id}/objections"
    assert open_books.villager("li").get(path).json["count"] == 1
    open_books.villager("qian", "V02")
    for who in ("qian", "sun"):
        assert open_books.resident(who).get(path).status_code == 404
        assert open_books.resident(who).post(path, {"text": ASKED}).status_code == 404


def test_a_report_of_false_publication_goes_to_the_town_alone(open_books: ObjectionCast) -> None:
    notice_id = open_books.notice()
    given = {"reason": "false", "text": "公开的亩数和实际不一样", "notice_id": str(notice_id)}
    assert open_books.resident("sun").post("/resident/notice-reports", given).status_code == 403
    made = open_books.villager("wang").post("/resident/notice-reports", given)
    assert made.status_code == 201, made.text
    assert open_books.desk("cunzhang1").get(f"/staff/cases/{made.json['case_id']}").status_code == 404
    assert open_books.desk("fenliu").get(f"/staff/cases/{made.json['case_id']}").status_code == 200
    assert open_books.of(NoticeReport, made.json["id"], "notice_id") == notice_id


def test_a_message_about_a_question_or_a_request_has_a_number(open_books: ObjectionCast) -> None:
    """The platform refuses one whose number is empty (47003)."""
    objection, request = open_books.put_objection(), open_books.put_request()
    for card in (
        open_books.within(lambda: objection_cards.of_objection(objection)),
        open_books.within(lambda: objection_cards.of_request(request)),
    ):
        assert card is not None
        assert card.code
