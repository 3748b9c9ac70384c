"""Rows of a village's finance sheets (OPEN-04, OPEN-14): head, entries, foot; amounts are whole fen everywhere.

What was written of people stands encrypted (`said`); beside it stands what everybody may read (`shown`), where
persons are masked. A sheet that was published is never changed: a correction is the next `number` of its month.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime
from backend.kernel.ids import new_id

ACCOUNT_MOST = 60
#: an amount in whole fen, 64 bits
Fen = BigId


class FinanceSheet(Model):
    """One village's month. `month`: 2026-10. `number`: 1, then one more for each correction.

    `foot`: what stands below the entries, {key: text}, encrypted as JSON. `digest`: SHA-256 of what is shown,
    made when it is sealed. `shown`: a public notice refers to it.
    """

    __tablename__ = "finance_sheets"
    __table_args__ = (
        UniqueConstraint("village_id", "month", "number"),
        Index("ix_finance_sheets_town", "town_id", "month"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    village_id: Mapped[int] = mapped_column(BigId)
    month: Mapped[str] = mapped_column(BinaryString(7))
    number: Mapped[int] = mapped_column(Integer, default=1)
    state: Mapped[str] = mapped_column(BinaryString(12))
    version: Mapped[int] = mapped_column(Integer, default=1)
    account: Mapped[str] = mapped_column(String(ACCOUNT_MOST), default="")
    opening_fen: Mapped[int] = mapped_column(Fen, default=0)
    income_fen: Mapped[int] = mapped_column(Fen, default=0)
    expense_fen: Mapped[int] = mapped_column(Fen, default=0)
    closing_fen: Mapped[int] = mapped_column(Fen, default=0)
    receivable_fen: Mapped[int] = mapped_column(Fen, default=0)
    payable_fen: Mapped[int] = mapped_column(Fen, default=0)
    line_count: Mapped[int] = mapped_column(Integer, default=0)
    foot: Mapped[str] = mapped_column(EncryptedText("finance_sheets.foot"))
    digest: Mapped[str] = mapped_column(BinaryString(64), default="")
    shown: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")
    created_by: Mapped[int] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FinanceLine(Model):
    """One entry: income or expense, never both.

    `said`: {words, counterpart, handler, witness, approver, note} as written, encrypted; `shown`: the same, masked.
    """

    __tablename__ = "finance_lines"

    sheet_id: Mapped[int] = mapped_column(BigId, ForeignKey("finance_sheets.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    happened_on: Mapped[date] = mapped_column(Date)
    voucher: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(BinaryString(40))
    direction: Mapped[str] = mapped_column(BinaryString(8))
    income_fen: Mapped[int] = mapped_column(Fen)
    expense_fen: Mapped[int] = mapped_column(Fen)
    papers: Mapped[int] = mapped_column(Integer)
    said: Mapped[str] = mapped_column(EncryptedText("finance_lines.said"))
    shown: Mapped[dict[str, str]] = mapped_column(JsonText)


class FinanceJob(Model):
    """An import, or a page to be printed: what the worker does, and how far it is. Only its owner sees it.

    `errors`: [{"cell", "message"}] of an import that was refused as a whole.
    """

    __tablename__ = "finance_jobs"
    __table_args__ = (
        Index("ix_finance_jobs_staff", "staff_id", "created_at"),
        Index("ix_finance_jobs_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    village_id: Mapped[int] = mapped_column(BigId)
    staff_id: Mapped[int] = mapped_column(BigId)
    way: Mapped[str] = mapped_column(BinaryString(8))
    month: Mapped[str] = mapped_column(BinaryString(7))
    sheet_id: Mapped[int | None] = mapped_column(BigId)
    file_name: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(BinaryString(12))
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    errors: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default=list)
    #: the version of the sheet that is replaced, as its editor saw it
    seen: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FinancePart(Model):
    """A piece of a job's file, base64, encrypted: with the job in one database, there together or not at all."""

    __tablename__ = "finance_parts"

    job_id: Mapped[int] = mapped_column(BigId, ForeignKey("finance_jobs.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    data: Mapped[str] = mapped_column(EncryptedText("finance_parts.data"))
