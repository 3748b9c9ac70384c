"""Rows beside petitions that are no petition: visits that were announced, and why somebody read the persons."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, Model, UtcDateTime
from backend.kernel.ids import new_id


class PetitionVisit(Model):
    """A visit to the office (走访, PET-18) that a resident announced; `visit_on`: a date in Shanghai."""

    __tablename__ = "petition_visits"
    __table_args__ = (
        Index("ix_petition_visits_desk", "town_id", "visit_on", "id"),
        Index("ix_petition_visits_resident", "resident_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    resident_id: Mapped[int | None] = mapped_column(BigId)
    #: asked | confirmed | cancelled
    state: Mapped[str] = mapped_column(BinaryString(16))
    version: Mapped[int] = mapped_column(Integer, default=1)
    visit_on: Mapped[date] = mapped_column(Date)
    #: as the town writes it: 08:30-12:00
    slot: Mapped[str] = mapped_column(BinaryString(16))
    topic: Mapped[str] = mapped_column(BinaryString(32))
    matter: Mapped[str | None] = mapped_column(EncryptedText("petition_visits.matter"))
    name: Mapped[str | None] = mapped_column(EncryptedText("petition_visits.name"))
    phone: Mapped[str | None] = mapped_column(EncryptedText("petition_visits.phone"))
    #: those who come for others, as a JSON list of names; at most five
    representatives: Mapped[str | None] = mapped_column(EncryptedText("petition_visits.representatives"))
    people: Mapped[int] = mapped_column(Integer)
    #: what the office said to the resident last
    answer: Mapped[str | None] = mapped_column(EncryptedText("petition_visits.answer"))
    #: resident | office; "" while nobody has
    cancelled_by: Mapped[str] = mapped_column(BinaryString(16), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PetitionContactReading(Model):
    """Somebody looked at the persons of one petition, and why; the reason may name one, so it is encrypted."""

    __tablename__ = "petition_contact_readings"
    __table_args__ = (Index("ix_petition_contact_readings_petition", "petition_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    petition_id: Mapped[int] = mapped_column(BigId)
    staff_id: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(EncryptedText("petition_contact_readings.reason"))
