"""Rows of the audit: who did or read what of which record, and the seals over them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime
from backend.kernel.ids import new_id


class AuditEntry(Model):
    """One deed or one reading. Append-only; written in the transaction of the deed itself (SEC-03).

    `digest` is a salted commitment to the plaintext of the row. The seals are made over digests, so
    the actor's name may be encrypted under a new key and the seal still verifies.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_unsealed", "seal_id", "id"),
        Index("ix_audit_entries_subject", "subject_kind", "subject_id", "at"),
        Index("ix_audit_entries_actor", "actor_kind", "actor_id", "at"),
        Index("ix_audit_entries_town", "town_id", "at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int] = mapped_column(BigId)
    actor_name: Mapped[str | None] = mapped_column(EncryptedText("audit_entries.actor_name"))
    what: Mapped[str] = mapped_column(String(64))
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int | None] = mapped_column(BigId)
    detail: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    #: the actor's town, so that a town reads its own log; derived, therefore outside the digest
    town_id: Mapped[int | None] = mapped_column(BigId)
    salt: Mapped[str] = mapped_column(BinaryString(32))
    digest: Mapped[str] = mapped_column(BinaryString(64))
    seal_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("audit_seals.id"))


class AuditSeal(Model):
    """One batch of entries under one Merkle root, chained to the seal before it.

    `hash` = SHA-256 over (number, time, count, root, previous hash). `number` is unique, so that two
    workers that seal at once cannot fork the chain.
    """

    __tablename__ = "audit_seals"
    __table_args__ = (UniqueConstraint("number", name="uq_audit_seals_number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    entries: Mapped[int]
    root: Mapped[str] = mapped_column(BinaryString(64))
    previous: Mapped[str] = mapped_column(BinaryString(64))
    hash: Mapped[str] = mapped_column(BinaryString(64))
