"""Who opened a case, and when: one row for a person, a case and an hour.

The citizen may ask to see it (domain-rules §8.1 point 8), by unit and role, never by the clerk's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Select, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from backend.cases.models import Case
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import BigId, Model, UtcDateTime, db
from backend.outbox.services import insert_once


class CaseReading(Model):
    """A member of staff had the case open within that hour (aware UTC, on the hour)."""

    __tablename__ = "case_readings"
    __table_args__ = (Index("ix_case_readings_hour", "hour"),)

    case_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    staff_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    unit_name: Mapped[str] = mapped_column(String(80), default="")


def note_reading(case: Case, actor: Actor) -> Case:
    """Note that a member of staff opened the case; one statement, and nothing the second time in an hour."""
    if actor.kind == "staff":
        row = {
            "case_id": case.id,
            "staff_id": actor.id,
            "hour": now().replace(minute=0, second=0, microsecond=0),
            "unit_name": actor.unit_name,
        }
        db.session.execute(insert_once(CaseReading, row, "case_id", "staff_id", "hour"))
    return case


def readings_of(case_id: int) -> Sequence[CaseReading]:
    """Who opened the case, newest hour first."""
    return (
        db.session.execute(
            select(CaseReading).where(CaseReading.case_id == case_id).order_by(CaseReading.hour.desc())
        )
        .scalars()
        .all()
    )


def old_readings(before: datetime) -> Select[Any]:
    """Readings in hours before that moment, each by its hour; they are erased hour by hour."""
    return select(CaseReading.hour).where(CaseReading.hour < before).distinct()


def forget_readings(hours: Sequence[Any]) -> Sequence[Any]:
    """Erase the readings of these hours."""
    db.session.execute(delete(CaseReading).where(CaseReading.hour.in_(hours)))
    return hours
