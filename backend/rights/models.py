"""Rows of a person's own rights: requests that a person answers, copies on demand, the deletion log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime
from backend.kernel.ids import new_id


class RightsRequest(Model):
    """What a person asks for that somebody has to decide; answered within 15 working days (PI-07).

    Of a closed account the row stays without person and text: that it was asked and answered.
    """

    __tablename__ = "rights_requests"
    __table_args__ = (
        Index("ix_rights_requests_resident", "resident_id", "created_at", "id"),
        Index("ix_rights_requests_town", "town_id", "state", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    resident_id: Mapped[int | None] = mapped_column(BigId)
    kind: Mapped[str] = mapped_column(BinaryString(16))
    case_id: Mapped[int | None] = mapped_column(BigId)
    text: Mapped[str | None] = mapped_column(EncryptedText("rights_requests.text"))
    state: Mapped[str] = mapped_column(BinaryString(12), default="open")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[int | None] = mapped_column(BigId)
    unit_name: Mapped[str] = mapped_column(String(80), default="")
    answer: Mapped[str | None] = mapped_column(EncryptedText("rights_requests.answer"))


class RightsCopy(Model):
    """A PDF of everything kept about one person, for that person alone and for 24 hours.

    The file lies encrypted in its row (base64), not in the object store: nobody can be sent a link to it.
    """

    __tablename__ = "rights_copies"
    __table_args__ = (
        Index("ix_rights_copies_resident", "resident_id", "created_at"),
        Index("ix_rights_copies_expires", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    resident_id: Mapped[int] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(BinaryString(12), default="waiting")
    progress: Mapped[int] = mapped_column(default=0)
    content: Mapped[str | None] = mapped_column(EncryptedText("rights_copies.content"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Deletion(Model):
    """What was erased, by which rule and when: kinds, counts and hashed ids, never content. Append-only."""

    __tablename__ = "deletion_log"
    __table_args__ = (Index("ix_deletion_log_at", "at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    rule: Mapped[str] = mapped_column(BinaryString(40))
    kind: Mapped[str] = mapped_column(BinaryString(40))
    because: Mapped[str] = mapped_column(BinaryString(16))
    many: Mapped[int]
    id_hashes: Mapped[list[str]] = mapped_column(JsonText)
