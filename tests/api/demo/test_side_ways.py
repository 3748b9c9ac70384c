"""What left the straight way in the demonstration: done by the services, and nobody is told of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.cases.models import Case
from backend.demo.load import Plan, load
from backend.demo.towns import NANSHAHE
from backend.kernel.clock import today
from backend.kernel.settings import settings
from backend.outbox.models import OutboxJob
from backend.petitions import guide
from backend.petitions.models import Petition, PetitionDocument
from backend.reports.models import CallBack, Report, Supervision
from backend.reports.states import TABLE
from backend.tasks.models import ChildTask
from backend.workflow.clocks import forget_calendar

CONFIG = Path(__file__).resolve().parents[3] / "config"


@pytest.mark.slow
def test_every_side_way_has_somebody_on_it(
    app: Flask, db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    its_own = replace(settings(), town_config=CONFIG)  # the invented town is no town of the tests
    monkeypatch.setattr(guide, "settings", lambda: its_own)
    done = app.test_cli_runner().invoke(args=["town", "load", "--dir", str(CONFIG)])
    assert done.exit_code == 0, done.output
    forget_calendar()
    db_session.rollback()
    load((Plan(NANSHAHE, 600, 30, 1, side_ways=True),))
    raised = Counter(db_session.scalars(select(Supervision.state)))
    assert raised == {"open": 1, "answered": 1}
    called = Counter(db_session.scalars(select(CallBack.state)))
    assert called["open"] >= 1
    assert Counter(db_session.scalars(select(ChildTask.state))) == {"assigned": 1, "handling": 1}
    assert max(db_session.scalars(select(Case.open_tasks))) == 2
    channels = Counter(db_session.scalars(select(Report.channel)))
    assert (channels["phone"], channels["upstream"], channels["worker"]) == (1, 1, 1)
    settled = db_session.scalars(
        select(Case).join(Report, Report.case_id == Case.id).where(Report.channel == "worker")
    ).one()
    assert (settled.state, settled.outcome) == ("closed", "resolved")
    kinds = set(db_session.scalars(select(OutboxJob.kind)))
    wake_up = {"report.suspension_over", "report.review_suspension"}
    papers = {"petition_documents.make"}
    topics = {"poll.close", "common_ground.make", "content.check"}  # of what people say nobody is told
    assert kinds == {"clock.warning", "clock.breach"} | wake_up | papers | topics, (
        "nobody is told of what never happened"
    )
    assert {state.code for state in TABLE.states} == set(db_session.scalars(select(Case.state)))
    assert set(db_session.scalars(select(Case.pending_request))) == {"", "extension", "suspension"}
    assert {bool(n) for n in db_session.scalars(select(Case.return_count))} == {False, True}
    assert {bool(n) for n in db_session.scalars(select(Case.extension_count))} == {False, True}
    told = Counter(db_session.scalars(select(Petition.state)))
    assert told == {
        "registered": 3,
        "handling": 2,
        "opinion_drafted": 1,
        "answered": 1,
        "reviewing": 1,
        "guided": 1,
    }
    assert all(row.received_on <= today() for row in db_session.scalars(select(Petition)))
    assert Counter(db_session.scalars(select(PetitionDocument.kind)))["opinion"] == 2
    pending = db_session.scalars(select(Petition).where(Petition.pending_request == "extension")).one()
    assert pending.state == "handling"
