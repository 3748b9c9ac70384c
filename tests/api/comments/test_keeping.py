"""What was said and is not public goes in its time, with the notes and flags about it; the public log counts on (PI-08)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from backend.comments.models import CommentFlag, CommentHiding, CommentSecond
from backend.kernel.db import db, run_unit, transaction
from backend.kernel.settings import settings, use_settings
from backend.rights import retention
from tests.api.comments.conftest import Square

OURS = ("comments", "comment_notes", "comment_flags")


def due(square: Square) -> dict[str, int]:
    """What would be erased."""
    with square.app.app_context():
        found = run_unit(retention.due, writing=False)
    return {one.rule.code: one.many for one in found if one.rule.code in OURS and one.many}


def run(square: Square) -> dict[str, int]:
    """What is erased."""
    with square.app.app_context():
        return {one.rule.code: one.many for one in retention.run() if one.rule.code in OURS and one.many}


def rows(square: Square, query: Any) -> list[Any]:
    with square.app.app_context(), transaction(writing=False):
        return list(db.session.scalars(query))


def hide(square: Square, said: str, note: str) -> None:
    given = {"reason": "abuse", "note": note}
    assert square.desk().post(f"/staff/comments/{said}/hide", given).status_code == 200


def public_log(square: Square) -> Any:
    answer = square.app.test_client().get("/api/v1/public/comments/log", query_string={"town": "dongwan"})
    return answer.get_json()["items"]


def test_what_is_not_public_goes_and_what_is_public_stays(square: Square) -> None:
    insult, taken, stands, again, disputed = (
        square.say(text, name)
        for text, name in (("骂人的话", "wang"), ("说早了", "li"), ("路口该装灯", "zhao"), ("误会", "qian"), ("不服", "sun"))
    )  # fmt: skip
    for said in (insult, stands):
        flagged = {"reason": "abuse", "note": "他骂了老张"}
        assert square.who("li").post(f"/resident/comments/{said}/flag", flagged).status_code == 201
        assert square.who("qian").post(f"/resident/comments/{said}/second").status_code in (200, 201)
    hide(square, insult, "骂了老张")
    hide(square, again, "看错了")
    assert square.desk().post(f"/staff/comments/{again}/show").status_code == 200
    hide(square, disputed, "像是广告")
    objection = {"text": "我没有做广告"}
    assert square.who("sun").post(f"/resident/comments/{disputed}/objection", objection).status_code == 201
    assert square.who("li").delete(f"/resident/comments/{taken}").status_code == 200
    log, counted = public_log(square), square.row(insult).flag_count
    square.clock.advance(timedelta(days=364))
    assert (due(square), run(square)) == ({}, {})
    before = settings()
    use_settings(replace(before, comment_days=30))
    try:
        assert due(square)["comments"] == 2, "a town may keep them for less"
    finally:
        use_settings(before)
    square.clock.advance(timedelta(days=2))
    assert due(square) == {"comments": 2, "comment_notes": 2, "comment_flags": 2}
    assert square.row(insult).text == "骂人的话", "a dry run erases nothing"
    assert run(square) == {"comments": 2, "comment_notes": 2, "comment_flags": 2}
    assert run(square) == {}
    gone = square.row(insult)
    assert (gone.state, gone.text, gone.resident_id, gone.hidden_note) == ("hidden", "", None, "")
    assert (gone.hidden_reason, gone.flag_count) == ("abuse", counted)
    assert (square.row(taken).state, square.row(taken).text) == ("withdrawn", "")
    assert square.row(disputed).text == "不服", "its objection still waits for a decision"
    assert {one["text"]: one["second_count"] for one in square.shown()} == {"路口该装灯": 1, "误会": 0}
    assert rows(square, select(func.count()).select_from(CommentFlag)) == [0]
    assert rows(square, select(CommentSecond.comment_id)) == [int(stands)]
    assert sorted(rows(square, select(CommentHiding.note))) == ["", "", "像是广告"]
    assert public_log(square) == log, "counts stay"
