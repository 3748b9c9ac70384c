"""The demonstration's wall: what the services would have made of the invented cases, with follow-ups in several states."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.comments.models import Comment
from backend.demo.load import Plan, load
from backend.demo.towns import NANSHAHE
from backend.demo.wall import ENTRIES, SCENES
from backend.outbox.models import OutboxJob
from backend.wall import redaction
from backend.wall.models import WallEntry, WallFollowUp, WallPhoto
from backend.wall.report_card_models import ReportCard
from backend.workflow.clocks import forget_calendar

CONFIG = Path(__file__).resolve().parents[3] / "config"


@pytest.fixture
def demo(app: Flask, db_session: Session) -> Session:
    """The larger town with enough cases for every entry."""
    done = app.test_cli_runner().invoke(args=["town", "load", "--dir", str(CONFIG)])
    assert done.exit_code == 0, done.output
    forget_calendar()
    db_session.rollback()
    load((Plan(NANSHAHE, 900, 60, 1, wall=True),))
    return db_session


def test_the_wall_of_the_demonstration(app: Flask, demo: Session) -> None:
    entries = list(demo.scalars(select(WallEntry).order_by(WallEntry.id)))
    assert [entry.title for entry in entries] == [told.title for told in ENTRIES]
    assert {entry.state for entry in entries} == {"published"}
    assert len({entry.village_name for entry in entries}) > 3
    assert set(Counter(photo.entry_id for photo in demo.scalars(select(WallPhoto))).values()) == {2}
    keys = list(demo.scalars(select(WallPhoto.file_key)))
    asked = Counter(row.state for row in demo.scalars(select(WallFollowUp)))
    assert asked == {"asked": 2, "answered": 2, "reopen_asked": 1, "reopen_refused": 1}
    assert {row.shown for row in demo.scalars(select(WallFollowUp))} == {True}
    assert sum(entry.unanswered_count for entry in entries) == 3
    assert {row.state for row in demo.scalars(select(Comment).where(Comment.kind == "follow_up"))} == {
        "shown"
    }
    told = demo.scalars(select(OutboxJob.lane).where(OutboxJob.kind == "timeline"))
    assert not [lane for lane in told if lane and lane.startswith("wall_")]
    demo.rollback()
    for key in keys:
        assert app.extensions["store"].read(key)[:3] == b"\xff\xd8\xff"


def test_the_report_cards_of_the_months_that_have_ended(app: Flask, demo: Session) -> None:
    cards = list(demo.scalars(select(ReportCard).order_by(ReportCard.month)))
    assert [card.state for card in cards] == ["published", "published", "drafted"]
    received = [next(one for one in card.figures["figures"] if one["code"] == "received") for card in cards]
    assert all(one["value"] for one in received), "each month has its cases"


def test_no_text_of_it_holds_personal_data() -> None:
    for told in ENTRIES:
        texts = {"title": told.title, "matter": told.matter, "done": told.done}
        texts |= {f"asked {number}": asked.text for number, asked in enumerate(told.asked)}
        assert redaction.check(texts) == []
        assert told.scene in SCENES
