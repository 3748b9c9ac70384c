"""The copied years: every copy has its own ids and codes, and its chain verifies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.cases.models import Case
from backend.demo import district
from backend.demo.load import Plan
from backend.demo.towns import NANSHAHE
from backend.kernel.db import db
from backend.kernel.ids import ensure_node
from backend.media.models import MediaFile
from backend.reports.models import Report
from backend.workflow import chain
from backend.workflow.chain import ChainRow
from backend.workflow.clocks import forget_calendar
from backend.workflow.models import TimelineEntry, WorkClock

CONFIG = Path(__file__).resolve().parents[2] / "config"
BASE, COPIES = 12, 3


@pytest.fixture
def copied(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Case]]:
    """A dozen cases of the invented year, and two copies of them."""
    monkeypatch.setattr(district, "BASE_CASES", BASE)
    monkeypatch.setattr(district, "PLANS", (Plan(NANSHAHE, BASE, 5, 1),))
    done = app.test_cli_runner().invoke(args=["town", "load", "--dir", str(CONFIG)])
    assert done.exit_code == 0, done.output
    with app.app_context():
        ensure_node(1)
        forget_calendar()
        assert district.load_district(COPIES) == BASE * COPIES
        yield list(db.session.scalars(select(Case).order_by(Case.created_at)))
        db.session.rollback()


def test_copies_are_cases_of_their_own(copied: list[Case]) -> None:
    assert len(copied) == len({case.code for case in copied}) == BASE * COPIES
    assert all(len(case.code) == 12 for case in copied)
    assert set(Counter((c.title, c.state, c.entry_count) for c in copied).values()) <= {3, 6, 9}
    of_each = {
        model: db.session.scalar(select(func.count()).select_from(model))
        for model in (Report, WorkClock, MediaFile)
    }
    assert of_each[Report] == BASE * COPIES
    assert of_each[WorkClock] % COPIES == 0
    assert of_each[MediaFile] % COPIES == 0
    assert district.load_district(COPIES) == 0, "asked again it has nothing to do"


def test_the_chain_of_every_copy_verifies(copied: list[Case]) -> None:
    for case in copied:
        entries = db.session.scalars(
            select(TimelineEntry).where(TimelineEntry.subject_id == case.id).order_by(TimelineEntry.seq)
        ).all()
        rows = [
            ChainRow(
                seq=e.seq,
                at=e.at,
                action=e.action,
                to_state=e.to_state,
                commitment=e.commitment,
                chain=e.chain,
            )
            for e in entries
        ]
        assert len(rows) == case.entry_count
        assert (chain.verify(rows), rows[-1].chain) == (None, case.chain_head)
