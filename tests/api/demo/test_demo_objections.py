"""The demonstration's questions: one answered, one late, one gone up to the town, and a request that seven joined."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from backend.demo.objections import ASKED, DEMANDED, bring_objections
from backend.identity.models import Resident
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.notices.texts import demand_clean
from backend.outbox.models import OutboxJob
from tests.factories.finance import clerk
from tests.factories.objection_cast import ObjectionCast


def test_a_village_is_asked_about_a_months_sheet(app: Flask) -> None:
    cast = ObjectionCast(app)
    notice_id = cast.notice(published_on=today() - timedelta(days=12), sheet_lines=5)

    def told() -> int:
        people = [Resident(id=new_id(), consent_version="1", consented_at=now()) for _ in range(12)]
        db.session.add_all(people)
        db.session.flush()
        actors = [Actor(kind="resident", id=one.id, name="居民", channel="mini") for one in people]
        staff = {"village01": clerk("cunzhang1"), "dispatcher": clerk("fenliu")}
        with db.session.begin_nested():  # as the loader does: what is owed is written at once, and taken back
            return bring_objections(cast.town, staff, actors)

    assert cast.within(told) == 3
    read = app.test_client().get
    page: Any = read(f"/api/v1/public/notices/{notice_id}/objections").get_json()
    assert [(one["state"], one["line"], one["overdue"]) for one in page["items"]] == [
        ("escalated", 3, False),
        ("asked", None, True),
        ("answered", 1, False),
    ]
    requests: Any = read("/api/v1/public/publishing-requests?town=dongwan").get_json()
    assert [(one["joined"], one["needed"]) for one in requests["items"]] == [(7, 10)]
    kinds = ("timeline", "report.route", "content.check")
    owed = select(func.count()).select_from(OutboxJob).where(OutboxJob.kind.in_(kinds))
    assert cast.within(lambda: db.session.scalar(owed)) == 0, "nobody is told of what never happened"


def test_no_text_of_them_holds_personal_data() -> None:
    said = [one for asked in ASKED for one in (asked.text, asked.answer, asked.unsatisfied)]
    demand_clean({str(number): text for number, text in enumerate([*said, DEMANDED])})
