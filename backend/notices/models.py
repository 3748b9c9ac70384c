"""Rows of 三务公开: notices with their supplements, who signed them, their files, the committees, and readings.

A supplement is a notice of its own that says which one it corrects: it goes through the same chain, has its own
hash, and leaves what it corrects untouched (OPEN-05; docs/adr/0018).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import BigId, BinaryString, JsonText, LongText, Model, UtcDateTime
from backend.kernel.ids import new_id

#: states that have a closing date; states.py says the same, and a test holds both equal
_ENDED = "'archived', 'withdrawn'"


class Notice(Model):
    """One notice, or one supplement of a notice. All `_on` are dates in Shanghai.

    `version` is the engine's; `number` counts what was published of a notice: 1, and 2, 3 … for supplements.
    """

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint(f"(state IN ({_ENDED})) = (closed_at IS NOT NULL)", name="closed_has_date"),
        CheckConstraint(
            "state NOT IN ('published', 'archived') OR (published_at IS NOT NULL AND canonical IS NOT NULL)",
            name="published_has_hash",
        ),
        UniqueConstraint("corrects_id", "number"),
        Index("ix_notices_public", "town_id", "listed", "published_at", "id"),
        Index("ix_notices_village", "village_id", "listed", "published_at", "id"),
        Index("ix_notices_desk", "town_id", "state", "created_at", "id"),
        Index("ix_notices_desk_village", "village_id", "state", "created_at", "id"),
        Index("ix_notices_period", "town_id", "period", "category", "published_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(24), default="notice")
    code: Mapped[str] = mapped_column(BinaryString(12), unique=True)
    town_id: Mapped[int] = mapped_column(BigId)
    area_id: Mapped[int | None] = mapped_column(BigId)
    #: None: the town's own
    village_id: Mapped[int | None] = mapped_column(BigId)
    corrects_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("notices.id"))
    number: Mapped[int | None] = mapped_column(Integer)
    #: why it is corrected; of supplements
    reason: Mapped[str] = mapped_column(String(300), default="")
    #: party | village | finance
    section: Mapped[str] = mapped_column(BinaryString(12))
    category: Mapped[str] = mapped_column(BinaryString(32))
    title: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(LongText)
    #: public | village (OPEN-17)
    audience: Mapped[str] = mapped_column(BinaryString(12))
    #: 2026-10, 2026-Q3, 2026-H1 or ""
    period: Mapped[str] = mapped_column(BinaryString(8), default="")
    sheet_id: Mapped[int | None] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(BinaryString(32))
    version: Mapped[int] = mapped_column(Integer, default=1)
    entry_count: Mapped[int] = mapped_column(Integer, default=0)
    chain_head: Mapped[str] = mapped_column(BinaryString(64))
    drafted_by: Mapped[int] = mapped_column(BigId)
    #: ids of everybody who has written in it since it was last sent up: none of them signs it
    writers: Mapped[list[str]] = mapped_column(JsonText, default=list)
    #: how often it was sent up; signatures of an earlier round are history
    round: Mapped[int] = mapped_column(Integer, default=0)
    #: where lists show it: "" | public | village; a supplement is never listed
    listed: Mapped[str] = mapped_column(BinaryString(12), default="")
    supplements: Mapped[int] = mapped_column(Integer, default=0)
    days_late: Mapped[int] = mapped_column(Integer, default=0)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_on: Mapped[date | None] = mapped_column(Date)
    shown_until: Mapped[date | None] = mapped_column(Date)
    #: what was published, as canonical JSON, and its SHA-256
    canonical: Mapped[str | None] = mapped_column(LongText)
    hash: Mapped[str] = mapped_column(BinaryString(64), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def places(self) -> dict[str, int | None]:
        """Where it lies: a village, or the whole town."""
        return {"town": self.town_id, "area": self.area_id, "village": self.village_id}


class NoticeSignature(Model):
    """Who took a step of the chain, on which day, with which opinion (OPEN-07). Nobody twice in one round."""

    __tablename__ = "notice_signatures"
    __table_args__ = (UniqueConstraint("notice_id", "round", "staff_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    notice_id: Mapped[int] = mapped_column(BigId, ForeignKey("notices.id"))
    round: Mapped[int] = mapped_column(Integer)
    #: submit | agree | object | confirm | return | publish
    step: Mapped[str] = mapped_column(BinaryString(12))
    staff_id: Mapped[int] = mapped_column(BigId)
    name: Mapped[str] = mapped_column(String(40))
    duty: Mapped[str] = mapped_column(String(80))
    opinion: Mapped[str] = mapped_column(String(500), default="")
    signed_on: Mapped[date] = mapped_column(Date)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoticeFile(Model):
    """A PDF, an Excel table or a photo of a notice. `pages`: [{"key", "width", "height"}]; `table`: rows of texts."""

    __tablename__ = "notice_files"
    __table_args__ = (
        CheckConstraint("form in ('pdf','excel','photo')", name="form_known"),
        CheckConstraint("state in ('ready','drawing','failed')", name="state_known"),
        Index("ix_notice_files_notice", "notice_id", "position", "id"),
        Index("ix_notice_files_key", "file_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    notice_id: Mapped[int] = mapped_column(BigId, ForeignKey("notices.id"))
    form: Mapped[str] = mapped_column(BinaryString(8))
    name: Mapped[str] = mapped_column(String(80))
    media_type: Mapped[str] = mapped_column(BinaryString(80))
    file_key: Mapped[str] = mapped_column(BinaryString(120))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(BinaryString(64))
    state: Mapped[str] = mapped_column(BinaryString(8))
    pages: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default=list)
    #: pages that the file has; more than are drawn of a long one
    page_count: Mapped[int] = mapped_column(Integer, default=0)
    table: Mapped[list[Any] | None] = mapped_column("table_rows", JsonText, nullable=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CommitteeMember(Model):
    """Somebody on a village's supervision committee (OPEN-09), from a day until a day; with an account or without."""

    __tablename__ = "committee_members"
    __table_args__ = (
        Index("ix_committee_members_village", "village_id", "until_on", "id"),
        Index("ix_committee_members_staff", "staff_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    village_id: Mapped[int] = mapped_column(BigId)
    staff_id: Mapped[int | None] = mapped_column(BigId)
    name: Mapped[str] = mapped_column(String(40))
    #: whether somebody asked and was told that they are no close kin of the village's committee or its accountant
    no_kin: Mapped[bool] = mapped_column(Boolean, default=False)
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date] = mapped_column(Date)
    entered_by: Mapped[int] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoticeReads(Model):
    """How often a notice was opened on a day in Shanghai. Nothing of who."""

    __tablename__ = "notice_reads"

    notice_id: Mapped[int] = mapped_column(BigId, ForeignKey("notices.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    count: Mapped[int] = mapped_column("times", Integer)
