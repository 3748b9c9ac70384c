"""Rows of 问题回音壁. Everything that is read in public is a copy of its own; nothing is read through from a case."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, LongText, Model, UtcDateTime
from backend.kernel.ids import new_id

#: states that have a closing date; states.py says the same, and a test holds both equal
_ENTRY_ENDED = "'published', 'unpublished', 'discarded'"
_FOLLOW_UP_ENDED = "'answered', 'reopen_refused', 'hidden'"


class WallEntry(Model):
    """One entry of the wall. All `_on` are dates in Shanghai, days are calendar days from receipt (day zero).

    The texts were checked for phone and ID numbers, plates, house numbers and the names of the case before they
    were kept, at every saving. A place is never finer than the micro-grid (domain-rules §1.5).
    """

    __tablename__ = "wall_entries"
    __table_args__ = (
        CheckConstraint(f"(state IN ({_ENTRY_ENDED})) = (closed_at IS NOT NULL)", name="closed_has_date"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_has_date"),
        UniqueConstraint("source_key"),
        Index("ix_wall_entries_newest", "town_id", "state", "published_at", "id"),
        Index("ix_wall_entries_village", "town_id", "state", "village_id", "published_at", "id"),
        Index("ix_wall_entries_category", "town_id", "state", "category_code", "published_at", "id"),
        Index("ix_wall_entries_unit", "town_id", "state", "unit_id", "published_at", "id"),
        Index("ix_wall_entries_followed", "town_id", "state", "follower_count", "id"),
        Index("ix_wall_entries_waiting", "town_id", "state", "waiting_since", "id"),
        Index("ix_wall_entries_desk", "town_id", "state", "created_at", "id"),
        Index("ix_wall_entries_mine", "written_by", "created_at", "id"),
        Index("ix_wall_entries_source", "source_kind", "source_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(24), default="wall_entry")
    #: of its page and its share card; tells nothing of the case
    code: Mapped[str] = mapped_column(BinaryString(12), unique=True)
    #: report | petition; never shown in public
    source_kind: Mapped[str] = mapped_column(BinaryString(24))
    source_id: Mapped[int] = mapped_column(BigId)
    #: "report:<id>" while the entry is not discarded, so that two do not write the same at once
    source_key: Mapped[str | None] = mapped_column(BinaryString(48))
    town_id: Mapped[int] = mapped_column(BigId)
    area_id: Mapped[int | None] = mapped_column(BigId)
    village_id: Mapped[int | None] = mapped_column(BigId)
    grid_id: Mapped[int | None] = mapped_column(BigId)
    micro_grid_id: Mapped[int | None] = mapped_column(BigId)
    village_name: Mapped[str] = mapped_column(String(60), default="")
    place_label: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(BinaryString(32))
    version: Mapped[int] = mapped_column(Integer, default=1)
    entry_count: Mapped[int] = mapped_column(Integer, default=0)
    chain_head: Mapped[str] = mapped_column(BinaryString(64))
    category_code: Mapped[str] = mapped_column(BinaryString(32))
    category_name: Mapped[str] = mapped_column(String(60))
    unit_id: Mapped[int | None] = mapped_column(BigId)
    unit_name: Mapped[str] = mapped_column(String(80), default="")
    title: Mapped[str] = mapped_column(String(60))
    matter: Mapped[str] = mapped_column(LongText)
    done: Mapped[str] = mapped_column(LongText)
    received_on: Mapped[date] = mapped_column(Date)
    closed_on: Mapped[date] = mapped_column(Date)
    days_taken: Mapped[int] = mapped_column(Integer)
    days_promised: Mapped[int | None] = mapped_column(Integer)
    on_time: Mapped[bool | None] = mapped_column(Boolean)
    #: of the case, as it was given: satisfied | mostly | dissatisfied; None: no reply
    score: Mapped[str | None] = mapped_column(BinaryString(16))
    #: whether it may go up only with the citizen's consent
    needs_consent: Mapped[bool] = mapped_column(Boolean, default=False)
    written_by: Mapped[int] = mapped_column(BigId)
    #: everybody who has written in it since it was last published: none of them may approve it
    writers: Mapped[list[str]] = mapped_column(JsonText, default=list)
    approved_by: Mapped[int | None] = mapped_column(BigId)
    #: [{"on": "2026-11-22", "text": …}]: since when it is not on the wall, and why; since when again
    notes: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default=list)
    follower_count: Mapped[int] = mapped_column(Integer, default=0)
    #: follow-up questions that are shown; of these, the unanswered ones, and since when the oldest of them waits
    follow_up_count: Mapped[int] = mapped_column(Integer, default=0)
    unanswered_count: Mapped[int] = mapped_column(Integer, default=0)
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: when it went up for the first time, and the last
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    republished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def places(self) -> dict[str, int | None]:
        """Where it lies, level by level: what scopes are compared with."""
        return {
            "town": self.town_id,
            "area": self.area_id,
            "village": self.village_id,
            "grid": self.grid_id,
            "micro_grid": self.micro_grid_id,
        }


class WallPhoto(Model):
    """A public copy of a photo, made anew without anything but pixels, with what was drawn over pixelated.

    `boxes`: [{"x", "y", "w", "h"}] in parts of width and height, 0 to 1. The original is never touched.
    """

    __tablename__ = "wall_photos"
    __table_args__ = (UniqueConstraint("entry_id", "role"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    entry_id: Mapped[int] = mapped_column(BigId, ForeignKey("wall_entries.id"))
    #: before | after
    role: Mapped[str] = mapped_column(BinaryString(8))
    media_id: Mapped[int] = mapped_column(BigId)
    boxes: Mapped[list[dict[str, float]]] = mapped_column(JsonText, default=list)
    #: who looked for faces and plates, and when; a photo that nobody looked at does not go up
    faces_checked_by: Mapped[int | None] = mapped_column(BigId)
    faces_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    file_key: Mapped[str] = mapped_column(BinaryString(120))
    thumb_key: Mapped[str] = mapped_column(BinaryString(120))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    #: SHA-256 of the public copy, hex
    sha256: Mapped[str] = mapped_column(BinaryString(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WallConsent(Model):
    """The citizen's word on whether their matter may be shown on the wall: asked, given, refused, withdrawn."""

    __tablename__ = "wall_consents"
    __table_args__ = (
        UniqueConstraint("source_kind", "source_id"),
        Index("ix_wall_consents_resident", "resident_id", "asked_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    source_kind: Mapped[str] = mapped_column(BinaryString(24))
    source_id: Mapped[int] = mapped_column(BigId)
    town_id: Mapped[int] = mapped_column(BigId)
    resident_id: Mapped[int] = mapped_column(BigId)
    #: asked | agreed | refused | withdrawn
    state: Mapped[str] = mapped_column(BinaryString(16))
    #: None when the citizen said it unasked
    asked_by: Mapped[int | None] = mapped_column(BigId)
    message: Mapped[str | None] = mapped_column(EncryptedText("wall_consents.message"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WallFollow(Model):
    """A resident who wants to hear what becomes of the questions on an entry."""

    __tablename__ = "wall_follows"
    __table_args__ = (Index("ix_wall_follows_resident", "resident_id"),)

    entry_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("wall_entries.id"), primary_key=True, autoincrement=False
    )
    resident_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WallFollowUp(Model):
    """A follow-up question: its clock and what became of it. Its words, photos and seconds are a comment's.

    `shown`: whether the comment may be read in public now.
    """

    __tablename__ = "wall_follow_ups"
    __table_args__ = (
        CheckConstraint(f"(state IN ({_FOLLOW_UP_ENDED})) = (closed_at IS NOT NULL)", name="closed_has_date"),
        UniqueConstraint("comment_id"),
        Index("ix_wall_follow_ups_entry", "entry_id", "shown", "created_at", "id"),
        Index("ix_wall_follow_ups_desk", "town_id", "state", "created_at", "id"),
        Index("ix_wall_follow_ups_list", "town_id", "created_at", "id"),
        Index("ix_wall_follow_ups_source", "source_kind", "source_id", "state"),
        Index("ix_wall_follow_ups_resident", "resident_id", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(24), default="wall_follow_up")
    entry_id: Mapped[int] = mapped_column(BigId, ForeignKey("wall_entries.id"))
    comment_id: Mapped[int] = mapped_column(BigId)
    source_kind: Mapped[str] = mapped_column(BinaryString(24))
    source_id: Mapped[int] = mapped_column(BigId)
    resident_id: Mapped[int] = mapped_column(BigId)
    town_id: Mapped[int] = mapped_column(BigId)
    area_id: Mapped[int | None] = mapped_column(BigId)
    village_id: Mapped[int | None] = mapped_column(BigId)
    grid_id: Mapped[int | None] = mapped_column(BigId)
    micro_grid_id: Mapped[int | None] = mapped_column(BigId)
    unit_id: Mapped[int | None] = mapped_column(BigId)
    unit_name: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(BinaryString(32))
    version: Mapped[int] = mapped_column(Integer, default=1)
    entry_count: Mapped[int] = mapped_column(Integer, default=0)
    chain_head: Mapped[str] = mapped_column(BinaryString(64))
    shown: Mapped[bool] = mapped_column(Boolean, default=False)
    #: its clock ran out before anybody answered; stays
    overdue: Mapped[bool] = mapped_column(Boolean, default=False)
    #: the public answer, or the public reason why it is not opened again
    answer: Mapped[str] = mapped_column(LongText, default="")
    answered_unit: Mapped[str] = mapped_column(String(80), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def places(self) -> dict[str, int | None]:
        """Where its entry lies, level by level."""
        return {
            "town": self.town_id,
            "area": self.area_id,
            "village": self.village_id,
            "grid": self.grid_id,
            "micro_grid": self.micro_grid_id,
        }
