"""Rows of 有事好商量. What is asked, said of it by the town, and decided is public: it is kept as it is shown.

Nothing here says who thinks what: comments, votes and statements lie in packages of their own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, LongText, Model, UtcDateTime
from backend.kernel.ids import new_id

#: states that have a closing date; states.ENDED says the same, and a test holds both equal
_ENDED = "'declined', 'carried_out', 'looked_back', 'withdrawn', 'cancelled'"


class Consultation(Model):
    """One topic. `due_at`: aware UTC, the end of the promised day; all `_on` are dates in Shanghai."""

    __tablename__ = "consultations"
    __table_args__ = (
        CheckConstraint(f"(state IN ({_ENDED})) = (closed_at IS NOT NULL)", name="closed_has_date"),
        Index("ix_consultations_queue", "town_id", "created_at", "id"),
        Index("ix_consultations_public", "town_id", "public_at", "id"),
        Index("ix_consultations_village", "village_id", "public_at", "id"),
        Index("ix_consultations_state", "town_id", "state", "public_at", "id"),
        Index("ix_consultations_proposer", "proposer_id", "created_at", "id"),
        Index("ix_consultations_unit", "assignee_unit_id", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(24), default="consultation")
    code: Mapped[str] = mapped_column(BinaryString(12), unique=True)
    town_id: Mapped[int] = mapped_column(BigId)
    area_id: Mapped[int | None] = mapped_column(BigId)
    #: None: a matter of the whole town
    village_id: Mapped[int | None] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(BinaryString(32))
    version: Mapped[int] = mapped_column(Integer, default=1)
    entry_count: Mapped[int] = mapped_column(Integer, default=0)
    chain_head: Mapped[str] = mapped_column(BinaryString(64))
    #: resident | village | town
    origin: Mapped[str] = mapped_column(BinaryString(12))
    proposer_id: Mapped[int | None] = mapped_column(BigId)
    registered_by: Mapped[int | None] = mapped_column(BigId)
    title: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(LongText)
    #: plain | four_two (四议两公开, CON-06)
    track: Mapped[str] = mapped_column(BinaryString(12), default="plain")
    major: Mapped[bool] = mapped_column(Boolean, default=False)
    proposed_reason: Mapped[str] = mapped_column(String(500), default="")
    screened_reason: Mapped[str] = mapped_column(String(500), default="")
    #: when it was screened: what is public is listed by it
    public_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked: Mapped[str] = mapped_column(LongText, default="")
    who_may: Mapped[str] = mapped_column(String(300), default="")
    use_of_result: Mapped[str] = mapped_column(String(500), default="")
    opens_on: Mapped[date | None] = mapped_column(Date)
    closes_on: Mapped[date | None] = mapped_column(Date)
    shorter_reason: Mapped[str] = mapped_column(String(300), default="")
    #: since the first opinion the text changes by dated versions only
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    text_version: Mapped[int] = mapped_column(Integer, default=1)
    conclusion: Mapped[str] = mapped_column(LongText, default="")
    drafted_by: Mapped[int | None] = mapped_column(BigId)
    concluded_on: Mapped[date | None] = mapped_column(Date)
    published_on: Mapped[date | None] = mapped_column(Date)
    published_until: Mapped[date | None] = mapped_column(Date)
    assignee_unit_id: Mapped[int | None] = mapped_column(BigId)
    assignee_unit_name: Mapped[str] = mapped_column(String(80), default="")
    carry_out_until: Mapped[date | None] = mapped_column(Date)
    carried_out_on: Mapped[date | None] = mapped_column(Date)
    rating_until: Mapped[date | None] = mapped_column(Date)
    rating_count: Mapped[int] = mapped_column(Integer, default=0)
    rating_sum: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def frozen(self) -> bool:
        """Whether somebody has given an opinion, so that the text changes by dated versions only."""
        return self.frozen_at is not None

    @property
    def places(self) -> dict[str, int | None]:
        """Where it lies: a village, or the whole town."""
        return {
            "town": self.town_id,
            "area": self.area_id,
            "village": self.village_id,
            "grid": None,
            "micro_grid": None,
        }


class ConsultationVersion(Model):
    """The text as it was published under one number, with the reason of the change (none of the first)."""

    __tablename__ = "consultation_versions"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    consultation_id: Mapped[int] = mapped_column(BigId, ForeignKey("consultations.id"))
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(LongText)
    asked: Mapped[str] = mapped_column(LongText, default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    made_by: Mapped[int] = mapped_column(BigId)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsultationMeeting(Model):
    """One meeting: 议事会, 听证会 or 恳谈会 (CON-01). `invited`: who, as published (CON-11)."""

    __tablename__ = "consultation_meetings"
    __table_args__ = (Index("ix_consultation_meetings_topic", "consultation_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    consultation_id: Mapped[int] = mapped_column(BigId, ForeignKey("consultations.id"))
    #: council | hearing | talk
    form: Mapped[str] = mapped_column(BinaryString(12))
    #: called | held | cancelled
    state: Mapped[str] = mapped_column(BinaryString(12), default="called")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(100))
    agenda: Mapped[str] = mapped_column(LongText)
    #: what is read before a hearing, and how those who take part were chosen (CON-11)
    materials: Mapped[str] = mapped_column(LongText, default="")
    chosen_how: Mapped[str] = mapped_column(String(300), default="")
    invited: Mapped[list[str]] = mapped_column(JsonText, default=list)
    seats: Mapped[int] = mapped_column(Integer, default=0)
    seats_taken: Mapped[int] = mapped_column(Integer, default=0)
    minutes: Mapped[str] = mapped_column(LongText, default="")
    expected: Mapped[int | None] = mapped_column(Integer)
    attended: Mapped[int | None] = mapped_column(Integer)
    attendance: Mapped[str] = mapped_column(String(500), default="")
    called_by: Mapped[int] = mapped_column(BigId)
    called_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsultationSeat(Model):
    """A resident keeps a seat at a meeting."""

    __tablename__ = "consultation_seats"
    __table_args__ = (Index("ix_consultation_seats_resident", "resident_id"),)

    meeting_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    resident_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsultationGroup(Model):
    """Comments that say the same, and what became of them, with the reason (CON-09)."""

    __tablename__ = "consultation_groups"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    consultation_id: Mapped[int] = mapped_column(BigId, ForeignKey("consultations.id"))
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(120))
    #: adopted | partly | not_adopted
    decision: Mapped[str] = mapped_column(BinaryString(16))
    reason: Mapped[str] = mapped_column(String(1000))


class ConsultationGroupComment(Model):
    """Which comment lies in which group; each in one only."""

    __tablename__ = "consultation_group_comments"
    __table_args__ = (Index("ix_consultation_group_comments_group", "group_id"),)

    comment_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    group_id: Mapped[int] = mapped_column(BigId, ForeignKey("consultation_groups.id"))


class ConsultationResolution(Model):
    """One of the four deliberations of 四议两公开, with its quorum (CON-06)."""

    __tablename__ = "consultation_resolutions"
    __table_args__ = (Index("ix_consultation_resolutions_topic", "consultation_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    consultation_id: Mapped[int] = mapped_column(BigId, ForeignKey("consultations.id"))
    #: proposal | committees | party_meeting | assembly
    step: Mapped[str] = mapped_column(BinaryString(16))
    #: of the assembly: representatives | adults | households
    form: Mapped[str] = mapped_column(BinaryString(16), default="")
    held_on: Mapped[date] = mapped_column(Date)
    entitled: Mapped[int] = mapped_column(Integer)
    present: Mapped[int] = mapped_column(Integer)
    agreed: Mapped[int] = mapped_column(Integer)
    passed: Mapped[bool] = mapped_column(Boolean)
    quorum_words: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(String(500), default="")
    made_by: Mapped[int] = mapped_column(BigId)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsultationProgress(Model):
    """A dated entry of how far it has been carried out, with its photos."""

    __tablename__ = "consultation_progress"
    __table_args__ = (Index("ix_consultation_progress_topic", "consultation_id", "on_day", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    consultation_id: Mapped[int] = mapped_column(BigId, ForeignKey("consultations.id"))
    on_day: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(LongText)
    media_ids: Mapped[list[Any]] = mapped_column(JsonText, default=list)
    made_by: Mapped[int] = mapped_column(BigId)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsultationFollower(Model):
    """A resident who wants to hear of it."""

    __tablename__ = "consultation_followers"
    __table_args__ = (Index("ix_consultation_followers_resident", "resident_id"),)

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    resident_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsultationRating(Model):
    """A resident's look back, given once: 1 to 5. The words are read by staff only."""

    __tablename__ = "consultation_ratings"
    __table_args__ = (Index("ix_consultation_ratings_resident", "resident_id"),)

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    resident_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    score: Mapped[int] = mapped_column(Integer)
    note: Mapped[str | None] = mapped_column(EncryptedText("consultation_ratings.note"))
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime)
