"""Statements, what people think of them, the open picture; and that nobody's own position is anywhere to be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from backend.audit.models import AuditEntry
from backend.consultations import common_ground, statements
from backend.consultations.statement_models import CommonGround, StatementVote
from backend.kernel.actor import Actor
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.kernel.idempotency import IdempotencyKey
from backend.kernel.ids import ensure_node
from backend.outbox.models import OutboxJob
from tests.factories.consultation_cast import ConsultationCast
from tests.fakes.platform import RecordingPlatform
from tests.support.people import resident

TEXTS = ("桥头先装", "要用太阳能的", "钱由镇里出", "晚上十点关一半", "老路口不用装")
#: what the two camps think of these
CAMPS = ((1, 1, 1, 1, -1), (1, -1, 1, -1, 1))


class Table:
    """An open topic with statements and the people round it."""

    def __init__(self, app: Flask, clock: FrozenClock, run_jobs: Callable[[], Any]) -> None:
        self.app, self.clock, self.run_jobs = app, clock, run_jobs
        self.cast = ConsultationCast(app)
        self.topic = self.cast.topic_in("open")
        self.statements: list[str] = []

    def propose(self, who: str = "wang", *texts: str) -> Table:
        """Somebody puts statements before the others, which pass the checks."""
        for one in texts or TEXTS:
            self.clock.advance(timedelta(seconds=20))
            answer = self.cast.resident(who).post(
                f"/resident/consultations/{self.topic}/statements", {"text": one}
            )
            assert answer.status_code == 201, answer.text
            self.statements.append(answer.json["id"])
        self.run_jobs()
        return self

    def vote(self, who: str, statement: str, value: str) -> Any:
        return self.cast.resident(who).post(f"/resident/statements/{statement}/vote", {"value": value})

    def crowd(self, size: int, *, first: int = 100_000) -> None:
        """So many people, of the two camps by turns, speak of every statement (by the service, for speed)."""
        words = {1: "agree", -1: "disagree", 0: "pass"}

        def speak() -> None:
            for one in range(size):
                actor = Actor(kind="resident", id=first + one, name="居民")
                for place, statement in enumerate(self.statements):
                    value = CAMPS[one % 2][place % len(TEXTS)]
                    statements.vote(actor, int(statement), words[value])

        with self.app.app_context():
            ensure_node()
            run_unit(speak)

    def make(self) -> None:
        """Ten minutes later the worker makes the picture."""
        self.clock.advance(timedelta(seconds=statements.DEBOUNCE))
        self.run_jobs()

    def picture(self) -> dict[str, Any]:
        answer = self.app.test_client().get(f"/api/v1/public/consultations/{self.topic}/common-ground")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def rows(self) -> list[StatementVote]:
        with self.app.app_context(), transaction(writing=False):
            return list(db.session.scalars(select(StatementVote)))


@pytest.fixture
def table(app: Flask, clock: FrozenClock, platform: RecordingPlatform, run_jobs: Callable[[], Any]) -> Table:
    return Table(app, clock, run_jobs)


def test_a_statement_is_put_checked_and_laid_before_people(table: Table) -> None:
    table.propose("wang", "桥头先装")
    listed = table.app.test_client().get(f"/api/v1/public/consultations/{table.topic}/statements").get_json()
    assert [one["text"] for one in listed["items"]] == ["桥头先装"]
    hand = table.cast.resident("li").get(f"/resident/consultations/{table.topic}/statements").json
    assert [one["id"] for one in hand["items"]] == table.statements
    assert (hand["left"], hand["total"], hand["open"]) == (1, 1, True)
    assert table.vote("li", table.statements[0], "agree").json == {"voted": True, "left": 0}
    hand = table.cast.resident("li").get(f"/resident/consultations/{table.topic}/statements").json
    assert (hand["items"], hand["left"], hand["total"]) == ([], 0, 1)


def test_one_person_one_word_on_each_and_it_may_change(table: Table) -> None:
    table.propose("wang", "桥头先装")
    for value, stored in (("agree", 1), ("agree", 1), ("disagree", -1), ("pass", 0)):
        assert table.vote("li", table.statements[0], value).status_code == 200
        assert [row.value for row in table.rows()] == [stored]


@pytest.mark.parametrize("text_", ["", "长" * 141])
def test_a_statement_is_short(table: Table, text_: str) -> None:
    answer = table.cast.resident("wang").post(
        f"/resident/consultations/{table.topic}/statements", {"text": text_}
    )
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["text"])


def test_a_statement_with_a_phone_number_waits_with_its_place(table: Table) -> None:
    said = {"text": "找13812345678要说法"}
    answer = table.cast.resident("wang").post(f"/resident/consultations/{table.topic}/statements", said).json
    assert (answer["state"], [mark["start"] for mark in answer["marks"]]) == ("held", [1])
    assert table.vote("li", answer["id"], "agree").status_code == 404


def test_what_is_no_statement_is_not_voted_on(table: Table) -> None:
    said = table.cast.speaks("wang", table.topic)
    assert said.status_code == 201, said.text
    table.run_jobs()
    assert table.vote("li", said.json["id"], "agree").status_code == 404
    assert table.vote("li", "12", "agree").status_code == 404


def test_after_the_period_nothing_is_taken(table: Table) -> None:
    table.propose("wang", "桥头先装")
    table.cast.step("system", table.topic, "period_over")
    assert table.vote("li", table.statements[0], "agree").status_code == 409
    late = table.cast.resident("wang").post(
        f"/resident/consultations/{table.topic}/statements", {"text": "晚了"}
    )
    assert late.status_code == 409
    assert table.rows() == []


def test_nothing_is_shown_below_twenty(table: Table) -> None:
    table.propose()
    table.crowd(19)
    table.make()
    assert table.picture() == {
        "shown": False, "needed": 20, "participants": 19, "grouped": 0, "made_at": None, "one_group": True,
        "groups": [], "unites": [], "divides": [], "statements": [],
    }  # fmt: skip


def test_twenty_see_what_they_share_and_what_divides_them(table: Table) -> None:
    table.propose()
    table.crowd(24)
    table.make()
    seen = table.picture()
    assert (seen["shown"], seen["participants"], seen["grouped"], seen["one_group"]) == (True, 24, 24, False)
    assert [(group["code"], group["n"]) for group in seen["groups"]] == [("A", 12), ("B", 12)]
    assert {one["text"] for one in seen["unites"]} == {"桥头先装", "钱由镇里出"}
    assert {one["text"] for one in seen["divides"]} == {"要用太阳能的", "晚上十点关一半", "老路口不用装"}
    [bridge] = [one for one in seen["statements"] if one["text"] == "桥头先装"]
    assert bridge["all"] == {"n": 24, "agree": 24, "disagree": 0, "pass": 0}
    assert all(group["typical"] for group in seen["groups"])


def test_the_next_picture_waits_for_five_different_people(table: Table) -> None:
    table.propose()
    table.crowd(24)
    table.make()
    table.crowd(4, first=200_000)
    table.crowd(4, first=200_000)
    table.make()
    assert table.picture()["participants"] == 24, "two pictures must not differ by a few people"
    table.crowd(1, first=300_000)
    table.make()
    assert table.picture()["participants"] == 29


def test_a_hidden_statement_leaves_the_picture_at_once(table: Table) -> None:
    table.propose()
    table.crowd(24)
    table.make()
    hidden = {"reason": "abuse"}
    assert (
        table.cast.desk("fenliu").post(f"/staff/comments/{table.statements[0]}/hide", hidden).status_code
        == 200
    )
    seen = json.dumps(table.picture(), ensure_ascii=False)
    assert "桥头先装" not in seen
    assert "钱由镇里出" in seen


def test_a_crowd_of_voters_makes_one_job(table: Table) -> None:
    table.propose()
    table.crowd(24)
    with table.app.app_context(), transaction(writing=False):
        owed = db.session.scalars(select(OutboxJob).where(OutboxJob.kind == statements.RECOMPUTE)).all()
    assert len(owed) == 1


def test_a_child_that_fails_leaves_the_old_picture_and_is_tried_again(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.propose()
    table.crowd(24)
    monkeypatch.setattr(common_ground.sys, "executable", "/bin/false")
    table.make()
    assert table.picture()["shown"] is False
    monkeypatch.undo()
    table.clock.advance(timedelta(hours=1))
    table.run_jobs()
    assert table.picture()["shown"] is True


# --- nobody's own position --------------------------------------------------------------------------------


def test_no_answer_says_what_somebody_thinks(table: Table) -> None:
    """Two voters who think the opposite are given, byte for byte, the same answers."""
    table.propose()
    table.crowd(24)
    for who, value in (("li", "agree"), ("zhao", "disagree")):
        for statement in table.statements:
            assert table.vote(who, statement, value).status_code == 200
    table.make()

    def all_they_see(who: str) -> list[Any]:
        phone = table.cast.resident(who)
        topic = f"/resident/consultations/{table.topic}"
        marks = {"subject_kind": "consultation", "subject_id": str(table.topic)}
        return [
            phone.get(f"{topic}/statements").json,
            phone.get(f"{topic}/mine").json,
            phone.get("/resident/comments").json,
            phone.get("/resident/comment-marks", query_string=marks).json,
            [line["text"] for line in phone.get("/resident/inbox").json["items"]],
            statements_copy(table, int(phone.me["id"])),
        ]

    assert all_they_see("li") == all_they_see("zhao")


def statements_copy(table: Table, resident_id: int) -> Any:
    with table.app.app_context(), transaction(writing=False):
        return statements.copy(resident_id)


def test_votes_cannot_be_joined_to_people(table: Table) -> None:
    """Not by key, order, time, idempotency record, audit or outbox."""
    table.propose()
    everyone = ("li", "zhao", "sun", "qian")
    for who in everyone:
        assert table.vote(who, table.statements[0], "disagree").status_code == 200
    ids = [str(table.cast.resident(who).me["id"]) for who in everyone]
    assert {column.name for column in StatementVote.__table__.columns} == {
        "consultation_id", "holder", "statement_id", "value", "round"
    }  # fmt: skip
    with table.app.app_context(), transaction(writing=False):
        stored = [row.holder for row in db.session.execute(text("select holder from statement_votes"))]
        kept = db.session.scalars(select(IdempotencyKey)).all()
        audited = json.dumps([row.detail for row in db.session.scalars(select(AuditEntry))])
        owed = json.dumps([row.payload for row in db.session.scalars(select(OutboxJob))])
        secret = db.session.scalars(select(CommonGround.secret)).one()
        raw = db.session.execute(text("select secret from common_grounds")).scalar_one()
        table_sql = ""
        if db.engine.dialect.name == "sqlite":
            named = "select sql from sqlite_master where name = 'statement_votes'"
            table_sql = db.session.execute(text(named)).scalar_one()
    assert stored == sorted(stored), "the order is the keys' own"
    assert stored != [statements.holder_of(secret, int(one)) for one in ids], (
        "not the order in which they spoke"
    )
    assert not any(one in holder for one in ids for holder in stored)
    assert [key.status for key in kept] == [201] * len(TEXTS), "a vote leaves no idempotency record"
    assert not table_sql or "WITHOUT ROWID" in table_sql, "no row number tells who came first"
    assert not any(holder in audited + owed for holder in stored)
    assert "disagree" not in audited + owed
    assert secret not in raw


# --- the end, and a person's own rights -------------------------------------------------------------------


def test_at_the_end_the_picture_stays_and_the_votes_go(table: Table) -> None:
    table.propose()
    table.crowd(24)
    table.make()
    seen = table.picture()
    table.cast.step("lingdao", table.topic, "cancel", note="县里统一改造，不再单独议")
    with table.app.app_context():
        assert run_unit(statements.forget_ended) == 1
        assert run_unit(statements.forget_ended) == 0
    assert table.rows() == []
    assert table.picture() == seen


def test_a_person_takes_their_votes_out(table: Table) -> None:
    table.propose()
    for statement in table.statements:
        table.vote("li", statement, "agree")
    table.vote("zhao", table.statements[0], "agree")
    who = int(table.cast.resident("li").me["id"])
    [section] = statements_copy(table, who)
    assert section["records"][0]["facts"] == [("表过态的观点条数", 5)]
    with table.app.app_context():
        assert run_unit(lambda: statements.let_go(who)) == {"statement_votes": [table.topic]}
    assert len(table.rows()) == 1


@pytest.mark.parametrize("both", [True, False])
def test_two_accounts_of_one_person_speak_once(table: Table, both: bool) -> None:
    table.propose("wang", "桥头先装")
    table.vote("li", table.statements[0], "disagree")
    if both:
        table.vote("zhao", table.statements[0], "agree")
    gone, kept = (int(table.cast.resident(who).me["id"]) for who in ("li", "zhao"))
    with table.app.app_context():
        run_unit(lambda: statements.merge_resident(kept, gone))
        secret = run_unit(lambda: db.session.scalars(select(CommonGround.secret)).one())
    assert [(row.holder, row.value) for row in table.rows()] == [
        (statements.holder_of(secret, kept), 1 if both else -1)
    ]


def test_a_withdrawn_statement_cannot_be_voted_on(table: Table) -> None:
    table.propose("wang", "桥头先装")
    author = resident(table.app, "wang")
    assert author.delete(f"/resident/comments/{table.statements[0]}").status_code == 200
    assert table.vote("li", table.statements[0], "agree").status_code == 404
