"""One row for each piece of content that somebody posted: a text or a photo."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.clock import now
from backend.kernel.db import BigId, BinaryString, Model, UtcDateTime
from backend.kernel.ids import new_id
from backend.moderation.states import PENDING


class ContentReview(Model):
    """Whether one piece of content may be shown in public. The content itself is never copied here.

    ``town_id`` is the town of a subject that is no case; a case knows its own.
    ``part_id`` is the timeline row that a text stands in or belongs to, the photo's id, or the subject's own id.
    ``suggest`` and ``label`` are the platform's words, ``reason`` a code of states.REASONS, ``note`` what the
    person who decided gave as their reason.
    """

    __tablename__ = "content_reviews"
    __table_args__ = (
        CheckConstraint("state in ('pending','passed','refused','needs_person')", name="state_known"),
        CheckConstraint("part in ('text','photo')", name="part_known"),
        UniqueConstraint("subject_kind", "part", "part_id"),
        UniqueConstraint("trace_id"),
        Index("ix_content_reviews_state", "state", "created_at", "id"),
        Index("ix_content_reviews_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    subject_kind: Mapped[str] = mapped_column(BinaryString(24))
    subject_id: Mapped[int] = mapped_column(BigId)
    town_id: Mapped[int | None] = mapped_column(BigId)
    part: Mapped[str] = mapped_column(BinaryString(8))
    part_id: Mapped[int] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(BinaryString(16), default=PENDING)
    suggest: Mapped[str | None] = mapped_column(BinaryString(8))
    label: Mapped[str] = mapped_column(BinaryString(16), default="")
    reason: Mapped[str] = mapped_column(BinaryString(24), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    trace_id: Mapped[str | None] = mapped_column(BinaryString(64))
    decided_by: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
