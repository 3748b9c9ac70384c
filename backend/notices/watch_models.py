"""Rows of the frequency watch: who was reminded of what, and what the town ordered to be published (OPEN-10)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import BigId, BinaryString, Model, UtcDateTime
from backend.kernel.ids import new_id


class NoticeReminder(Model):
    """One reminder of one thing owed, sent once for each stage: soon | late | week-1 | week-2 …"""

    __tablename__ = "notice_reminders"
    __table_args__ = (UniqueConstraint("village_id", "category", "period", "stage"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    village_id: Mapped[int] = mapped_column(BigId)
    category: Mapped[str] = mapped_column(BinaryString(40))
    period: Mapped[str] = mapped_column(BinaryString(12))
    stage: Mapped[str] = mapped_column(BinaryString(12))
    sent_on: Mapped[date] = mapped_column(Date)


class NoticeOrder(Model):
    """督促公开: the town orders a village to publish what it owes; its note is public."""

    __tablename__ = "notice_orders"
    __table_args__ = (
        UniqueConstraint("village_id", "category", "period", "ordered_on"),
        Index("ix_notice_orders_town", "town_id", "ordered_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    village_id: Mapped[int] = mapped_column(BigId)
    category: Mapped[str] = mapped_column(BinaryString(40))
    period: Mapped[str] = mapped_column(BinaryString(12))
    note: Mapped[str] = mapped_column(String(300))
    ordered_on: Mapped[date] = mapped_column(Date)
    ordered_by: Mapped[int] = mapped_column(BigId)
    ordered_unit: Mapped[str] = mapped_column(String(80), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
