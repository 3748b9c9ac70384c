"""Rows of 我需要帮助 and of the visits a household has agreed to.

Nothing here says what kind of person somebody is. Why a visit is asked for belongs to that one request: it is
encrypted, so that no query can sort by it, and deleted with the request (domain-rules §8.1, guards 1 and 6).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, Model, UtcDateTime
from backend.kernel.ids import new_id

#: states that have a closing date; states.ENDED says the same, and a test holds both equal
_ENDED = "'closed', 'cancelled'"


class HelpRequest(Model):
    """A visit that somebody asks for, for themselves or for their family."""

    __tablename__ = "help_requests"
    __table_args__ = (
        CheckConstraint(f"(state IN ({_ENDED})) = (closed_at IS NOT NULL)", name="closed_has_date"),
        Index("ix_help_requests_desk", "town_id", "state", "created_at", "id"),
        Index("ix_help_requests_village", "village_id", "state", "created_at", "id"),
        Index("ix_help_requests_worker", "assignee_staff_id", "state", "created_at", "id"),
        Index("ix_help_requests_resident", "resident_id", "created_at", "id"),
        Index("ix_help_requests_ended", "closed_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(24), default="help_request")
    #: 0: somebody whose data was erased
    resident_id: Mapped[int] = mapped_column(BigId)
    town_id: Mapped[int] = mapped_column(BigId)
    area_id: Mapped[int | None] = mapped_column(BigId)
    village_id: Mapped[int | None] = mapped_column(BigId)
    grid_id: Mapped[int | None] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(BinaryString(32))
    version: Mapped[int] = mapped_column(Integer, default=1)
    entry_count: Mapped[int] = mapped_column(Integer, default=0)
    chain_head: Mapped[str] = mapped_column(BinaryString(64))
    #: self | family
    for_whom: Mapped[str | None] = mapped_column(EncryptedText("help_requests.for_whom"))
    #: a code of words.REASONS: of this request, of nobody
    reason: Mapped[str | None] = mapped_column(EncryptedText("help_requests.reason"))
    place: Mapped[str | None] = mapped_column(EncryptedText("help_requests.place"))
    text: Mapped[str | None] = mapped_column(EncryptedText("help_requests.text"))
    phone: Mapped[str | None] = mapped_column(EncryptedText("help_requests.phone"))
    #: what was seen and done there
    visit_note: Mapped[str | None] = mapped_column(EncryptedText("help_requests.visit_note"))
    assignee_staff_id: Mapped[int | None] = mapped_column(BigId)
    assignee_unit_id: Mapped[int | None] = mapped_column(BigId)
    visited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def places(self) -> dict[str, int | None]:
        """Where it lies, level by level."""
        return {
            "town": self.town_id,
            "area": self.area_id,
            "village": self.village_id,
            "grid": self.grid_id,
        }


class CareAgreement(Model):
    """A household's word that somebody may come by; taken back at any moment, without a reason."""

    __tablename__ = "care_agreements"
    __table_args__ = (
        Index("ix_care_agreements_village", "village_id", "created_at", "id"),
        Index("ix_care_agreements_town", "town_id", "created_at", "id"),
        Index("ix_care_agreements_resident", "resident_id", "created_at", "id"),
        Index("ix_care_agreements_state", "state", "id"),
        Index("ix_care_agreements_ended", "ended_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    #: waiting (on paper, until a second person has read it) | active | revoked
    state: Mapped[str] = mapped_column(BinaryString(12))
    version: Mapped[int] = mapped_column(Integer, default=1)
    #: who agreed in the mini-program; None: on paper
    resident_id: Mapped[int | None] = mapped_column(BigId)
    town_id: Mapped[int] = mapped_column(BigId)
    area_id: Mapped[int | None] = mapped_column(BigId)
    village_id: Mapped[int | None] = mapped_column(BigId)
    grid_id: Mapped[int | None] = mapped_column(BigId)
    #: weekly | monthly | festivals
    rhythm: Mapped[str] = mapped_column(BinaryString(12))
    #: how the household wants to be called, of a paper; never a description
    name: Mapped[str | None] = mapped_column(EncryptedText("care_agreements.name"))
    place: Mapped[str | None] = mapped_column(EncryptedText("care_agreements.place"))
    phone: Mapped[str | None] = mapped_column(EncryptedText("care_agreements.phone"))
    worker_id: Mapped[int | None] = mapped_column(BigId)
    entered_by: Mapped[int | None] = mapped_column(BigId)
    confirmed_by: Mapped[int | None] = mapped_column(BigId)
    #: the day in Shanghai on which the household agreed
    agreed_on: Mapped[date] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def places(self) -> dict[str, int | None]:
        """Where it lies, level by level."""
        return {
            "town": self.town_id,
            "area": self.area_id,
            "village": self.village_id,
            "grid": self.grid_id,
        }


class CareVisit(Model):
    """One planned visit under an agreement; none is ever planned without one."""

    __tablename__ = "care_visits"
    __table_args__ = (
        UniqueConstraint("agreement_id", "day"),
        Index("ix_care_visits_worker", "worker_id", "state", "day"),
        Index("ix_care_visits_day", "state", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    agreement_id: Mapped[int] = mapped_column(BigId, ForeignKey("care_agreements.id"))
    #: the day in Shanghai
    day: Mapped[date] = mapped_column(Date)
    #: planned | visited | not_met | cancelled
    state: Mapped[str] = mapped_column(BinaryString(12))
    version: Mapped[int] = mapped_column(Integer, default=1)
    worker_id: Mapped[int | None] = mapped_column(BigId)
    note: Mapped[str | None] = mapped_column(EncryptedText("care_visits.note"))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
