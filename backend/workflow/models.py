"""Rows of the engine: the timeline of every subject, its clocks, and the holiday table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime
from backend.kernel.ids import new_id


class Subject(Protocol):
    """Whatever has states: a row with these columns."""

    id: Mapped[int]
    kind: Mapped[str]
    state: Mapped[str]
    version: Mapped[int]
    entry_count: Mapped[int]
    chain_head: Mapped[str]
    due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class TimelineEntry(Model):
    """One thing that happened to one subject. Rows are appended, never changed.

    `commitment` is a salted hash of the plaintext, `chain` the hash over it and the entry
    before: the text can be encrypted anew, or erased by law, and the chain still verifies.
    """

    __tablename__ = "timeline"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "seq"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    subject_kind: Mapped[str] = mapped_column(BinaryString(24))
    subject_id: Mapped[int] = mapped_column(BigId)
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_kind: Mapped[str] = mapped_column(BinaryString(12))
    actor_id: Mapped[int] = mapped_column(BigId)
    actor_name: Mapped[str | None] = mapped_column(EncryptedText("timeline.actor_name"))
    unit_name: Mapped[str] = mapped_column(String(80), default="")
    action: Mapped[str] = mapped_column(BinaryString(32))
    from_state: Mapped[str] = mapped_column(BinaryString(32), default="")
    to_state: Mapped[str] = mapped_column(BinaryString(32))
    visibility: Mapped[str] = mapped_column(BinaryString(8))
    note: Mapped[str | None] = mapped_column(EncryptedText("timeline.note"))
    data: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    #: empty once the text was erased by law
    salt: Mapped[str] = mapped_column(BinaryString(32))
    #: hides who acted from a verifier who may read the rest; rows from before it was there have none
    inner_salt: Mapped[str | None] = mapped_column(BinaryString(32))
    commitment: Mapped[str] = mapped_column(BinaryString(64))
    chain: Mapped[str] = mapped_column(BinaryString(64))


class WorkClock(Model):
    """One running promise of one subject. `version` grows with every change of its dates,
    so that a timer of an earlier date does nothing."""

    __tablename__ = "work_clocks"
    __table_args__ = (
        Index("ix_work_clocks_subject", "subject_kind", "subject_id"),
        Index("ix_work_clocks_open", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    subject_kind: Mapped[str] = mapped_column(BinaryString(24))
    subject_id: Mapped[int] = mapped_column(BigId)
    name: Mapped[str] = mapped_column(BinaryString(24))
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(BinaryString(16))
    state: Mapped[str] = mapped_column(BinaryString(8), default="running")
    version: Mapped[int] = mapped_column(default=1)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: the pauses that are over, as [from, to] in ISO 8601: counting anew must give them back
    pauses: Mapped[list[list[str]]] = mapped_column(JsonText, default=list)
    #: dates that were agreed instead of counted, as {due, at, why} in ISO 8601; the last one stands
    agreed: Mapped[list[dict[str, str]]] = mapped_column(JsonText, default=list)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    breached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Holiday(Model):
    """A day on which the town departs from the weekday rule: a holiday, or a make-up working day."""

    __tablename__ = "holidays"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(String(40), default="")


class HolidayYear(Model):
    """A year whose arrangement of holidays was put in whole, and from where: a file or the screen."""

    __tablename__ = "holiday_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(BinaryString(8))
    days: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
