"""Rows of what people say in public about something: comments, questions, follow-ups, statements."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.comments.states import PENDING
from backend.kernel.clock import now
from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime
from backend.kernel.ids import new_id


class Comment(Model):
    """One thing that one resident said. It stands in public only while its state is ``shown``.

    The text is encrypted: what is held back is held because of what stands in it. ``village_id`` is the author's
    village where the village has confirmed it, as it was on that day. ``marks`` are the places with personal data,
    [start, end, what]. ``resident_id`` goes when the author's data is erased. ``flags_answered`` is how many flags
    had been raised when a moderator last decided.
    """

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint("state in ('pending','shown','held','hidden','withdrawn')", name="state_known"),
        CheckConstraint("kind in ('comment','question','follow_up','statement')", name="kind_known"),
        CheckConstraint("stance in ('','for','against')", name="stance_known"),
        CheckConstraint("state <> 'hidden' or hidden_reason <> ''", name="hidden_has_reason"),
        Index("ix_comments_subject", "subject_kind", "subject_id", "kind", "state", "created_at", "id"),
        Index("ix_comments_seconds", "subject_kind", "subject_id", "state", "second_count", "id"),
        Index("ix_comments_resident", "resident_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    subject_kind: Mapped[str] = mapped_column(BinaryString(24))
    subject_id: Mapped[int] = mapped_column(BigId)
    town_id: Mapped[int] = mapped_column(BigId)
    village_id: Mapped[int | None] = mapped_column(BigId)
    resident_id: Mapped[int | None] = mapped_column(BigId)
    kind: Mapped[str] = mapped_column(BinaryString(12))
    stance: Mapped[str] = mapped_column(BinaryString(8), default="")
    text: Mapped[str] = mapped_column(EncryptedText("comments.text"))
    marks: Mapped[list[list[Any]]] = mapped_column(JsonText, default=list)
    state: Mapped[str] = mapped_column(BinaryString(12), default=PENDING)
    held_because: Mapped[str] = mapped_column(BinaryString(12), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(EncryptedText("comments.answer"), default="")
    answered_unit: Mapped[str] = mapped_column(String(60), default="")
    answered_by: Mapped[int | None] = mapped_column(BigId)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_by: Mapped[int | None] = mapped_column(BigId)
    hidden_reason: Mapped[str] = mapped_column(BinaryString(12), default="")
    hidden_note: Mapped[str] = mapped_column(String(200), default="")
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    objection: Mapped[str] = mapped_column(EncryptedText("comments.objection"), default="")
    objected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    objection_result: Mapped[str] = mapped_column(BinaryString(12), default="")
    objection_by: Mapped[int | None] = mapped_column(BigId)
    flag_count: Mapped[int] = mapped_column(Integer, default=0)
    flags_answered: Mapped[int] = mapped_column(Integer, default=0)
    second_count: Mapped[int] = mapped_column(Integer, default=0)
    has_photos: Mapped[bool] = mapped_column(Boolean, default=False)


class CommentFlag(Model):
    """Somebody says that a comment should not stand there; one for each person."""

    __tablename__ = "comment_flags"
    __table_args__ = (Index("ix_comment_flags_resident", "resident_id"),)

    comment_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    resident_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(BinaryString(12))
    note: Mapped[str] = mapped_column(EncryptedText("comment_flags.note"), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class CommentSecond(Model):
    """A neighbour seconds a comment; once for each person."""

    __tablename__ = "comment_seconds"
    __table_args__ = (Index("ix_comment_seconds_resident", "resident_id"),)

    comment_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    resident_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class CommentHiding(Model):
    """Each time a comment was hidden: who, why, and what became of it. Kept when the comment goes (public log).

    ``staff_id`` is None where the platform's check did it. ``undone_at`` is set when it is shown again.
    """

    __tablename__ = "comment_hidings"
    __table_args__ = (Index("ix_comment_hidings_town", "town_id", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    comment_id: Mapped[int] = mapped_column(BigId, index=True)
    town_id: Mapped[int] = mapped_column(BigId)
    staff_id: Mapped[int | None] = mapped_column(BigId)
    reason: Mapped[str] = mapped_column(BinaryString(12))
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    objected: Mapped[bool] = mapped_column(Boolean, default=False)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
