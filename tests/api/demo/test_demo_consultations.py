"""The demonstration's topics: one at each stage that a visitor wants to see, told the same way every time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.comments import marks
from backend.comments.models import Comment
from backend.consultations.models import Consultation, ConsultationResolution
from backend.consultations.statement_models import StatementVote
from backend.demo.consultation_texts import TOPICS
from backend.demo.load import Plan, load
from backend.demo.towns import NANSHAHE
from backend.kernel.settings import settings
from backend.outbox.models import OutboxJob
from backend.petitions import guide
from backend.polls import queries as polls
from backend.workflow.clocks import forget_calendar
from tests.factories.identity import visitor

CONFIG = Path(__file__).resolve().parents[3] / "config"


@pytest.fixture
def demo(app: Flask, db_session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    """The larger town, with few cases; its petitions are told with it, so that they find its topics."""
    its_own = replace(settings(), town_config=CONFIG)
    monkeypatch.setattr(guide, "settings", lambda: its_own)
    done = app.test_cli_runner().invoke(args=["town", "load", "--dir", str(CONFIG)])
    assert done.exit_code == 0, done.output
    forget_calendar()
    db_session.rollback()
    load((Plan(NANSHAHE, 900, 60, 1, side_ways=True),))
    return db_session


def test_the_topics_of_the_demonstration(app: Flask, demo: Session) -> None:
    rows = {row.title: row for row in demo.scalars(select(Consultation))}
    assert {title: row.state for title, row in rows.items()} == {
        "村口到小学的路灯怎么装": "open",
        "农忙时节晒粮占路怎么办": "carrying_out",
        "集体机动地的租金今年怎么用": "published",
        "农家书屋周末能不能开门": "proposed",
        "卫生室夜里有没有人值班": "carried_out",
        "邻里之间的树木归属": "declined",
    }
    lamps = rows["村口到小学的路灯怎么装"]
    assert lamps.frozen
    assert (polls.poll_card("consultation", lamps.id) or {})["entitled"] == 612
    voters = select(func.count(StatementVote.holder.distinct()))
    assert demo.scalar(voters) == 36, "enough for the picture of the common ground"
    steps = demo.scalars(select(ConsultationResolution).order_by(ConsultationResolution.id)).all()
    assert [(s.step, s.passed) for s in steps] == [
        ("proposal", True), ("committees", True), ("party_meeting", True), ("assembly", True),
    ]  # fmt: skip
    assert set(demo.scalars(select(Comment.state).where(Comment.subject_kind == "consultation"))) == {"shown"}
    told = demo.scalars(select(OutboxJob.lane).where(OutboxJob.kind == "timeline"))
    assert not [lane for lane in told if lane and lane.startswith("consultation:")]
    page = visitor(app).get(f"/public/consultations/{lamps.id}").get_json()
    assert (page["days_left"], page["meeting"]["seats_taken"]) == (7, 5)
    assert (page["comment_count"], page["statement_count"]) == (6, 6)


def test_no_text_of_them_holds_personal_data() -> None:
    for topic in TOPICS:
        said = [one.text + one.answer for one in topic.said]
        assert marks.find("\n".join([topic.title, topic.body, *said, *topic.statements])) == []
