"""Which days an agreement plans, and the timer that plans them. Days are Shanghai's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar
from sqlalchemy import select

from backend.care.models import CareAgreement, CareVisit
from backend.care.words import ACTIVE, PLANNED
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.outbox.services import insert_once
from backend.workflow.models import Holiday

#: how far ahead visits are planned: the household sees them, and a word takes them back
HORIZON_DAYS = 35
WEEK, MONTH = 7, 28
#: by the names the State Council's notice uses; a visit is the working day before
FESTIVALS = ("元旦", "春节", "端午", "中秋", "国庆")
_PACKAGE = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Dragon Boat Festival": "端午",
    "Mid-autumn Festival": "中秋",
    "National Day": "国庆",
}
BATCH = 500


def plan_due() -> int:
    """Plan what every living agreement still lacks within the horizon; how many agreements were looked at."""
    seen, after = 0, 0
    while True:
        query = select(CareAgreement).where(CareAgreement.state == ACTIVE, CareAgreement.id > after)
        rows = list(db.session.scalars(query.order_by(CareAgreement.id).limit(BATCH).with_for_update()))
        for row in rows:
            plan(row)
        seen += len(rows)
        if len(rows) < BATCH:
            return seen
        after = rows[-1].id


def plan(agreement: CareAgreement) -> None:
    """The days that are missing; the agreement is locked. Without an agreement in force nothing is planned."""
    if agreement.state != ACTIVE:
        return
    for day in days(agreement.rhythm, agreement.agreed_on, today(), today() + timedelta(days=HORIZON_DAYS)):
        values = {
            "id": new_id(),
            "agreement_id": agreement.id,
            "day": day,
            "state": PLANNED,
            "version": 1,
            "worker_id": agreement.worker_id,
            "created_at": now(),
        }
        db.session.execute(insert_once(CareVisit, values, "agreement_id", "day"))
    db.session.flush()


def days(rhythm: str, since: date, first: date, last: date) -> Iterator[date]:
    """The days of a rhythm after `first` and not after `last`: each week or each four weeks from `since`, or
    the day before each festival."""
    if rhythm == "festivals":
        yield from _before_festivals(first, last)
        return
    every = WEEK if rhythm == "weekly" else MONTH
    passed = max(0, (first - since).days) // every
    day = since + timedelta(days=every * (passed + 1))
    while day <= last:
        if day > first:
            yield day
        day += timedelta(days=every)


def _before_festivals(first: date, last: date) -> Iterator[date]:
    own = {row.day: row.name for row in db.session.scalars(select(Holiday).where(Holiday.working.is_(False)))}
    day, before = first + timedelta(days=1), _festival(first + timedelta(days=1), own)
    while day <= last:
        tomorrow = _festival(day + timedelta(days=1), own)
        if tomorrow and not before:
            yield day
        day, before = day + timedelta(days=1), tomorrow


def _festival(day: date, own: dict[date, str]) -> bool:
    """Whether that day is a day off of one of the festivals: by the town's table, else by the package."""
    if day in own:
        return any(name in own[day] for name in FESTIVALS)
    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return False
    return bool(off) and _PACKAGE.get(str(name)) in FESTIVALS


def ahead(agreement_id: int) -> list[CareVisit]:
    """What is planned and not done, from today on or overdue, locked."""
    query = select(CareVisit).where(CareVisit.agreement_id == agreement_id, CareVisit.state == PLANNED)
    return list(db.session.scalars(query.order_by(CareVisit.day).with_for_update()))
