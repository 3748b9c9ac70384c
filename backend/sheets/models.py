"""Rows of sheets: the job, and the bytes and rows that belong to it, encrypted, in parts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime
from backend.kernel.ids import new_id


class SheetJob(Model):
    """One import or export that somebody asked for; only they see it."""

    __tablename__ = "sheet_jobs"
    __table_args__ = (
        Index("ix_sheet_jobs_staff", "staff_id", "created_at", "id"),
        Index("ix_sheet_jobs_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    staff_id: Mapped[int] = mapped_column(BigId)
    direction: Mapped[str] = mapped_column(BinaryString(8))
    kind: Mapped[str] = mapped_column(BinaryString(32))
    state: Mapped[str] = mapped_column(BinaryString(20))
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    params: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    summary: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    file_name: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SheetPart(Model):
    """A piece of what belongs to a job: the file sent in, rows read, the file to be fetched.

    In the database, not in the store: a file and its job then exist together or not at all, and
    nobody holds an address that opens it. Encrypted: people's names and phones are in them.
    """

    __tablename__ = "sheet_parts"

    job_id: Mapped[int] = mapped_column(BigId, ForeignKey("sheet_jobs.id"), primary_key=True)
    name: Mapped[str] = mapped_column(BinaryString(8), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    data: Mapped[str] = mapped_column(EncryptedText("sheet_parts.data"))
