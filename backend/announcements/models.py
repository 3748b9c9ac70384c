"""Rows of announcements: the text, whom it is for, and who has read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, LongText, Model, UtcDateTime
from backend.kernel.ids import new_id


class Announcement(Model):
    """Something the town tells its staff. ``audience``: {"units": [ids], "roles": [codes]}; both empty: all."""

    __tablename__ = "announcements"
    __table_args__ = (Index("ix_announcements_town", "town_id", "state", "published_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(LongText)
    audience: Mapped[dict[str, Any]] = mapped_column(JsonText)
    must_read: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(BinaryString(12))
    author_id: Mapped[int] = mapped_column(BigId)
    author_name: Mapped[str] = mapped_column(EncryptedText("announcements.author_name"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AnnouncementRead(Model):
    """That one person has read one announcement, and when first."""

    __tablename__ = "announcement_reads"

    announcement_id: Mapped[int] = mapped_column(BigId, ForeignKey("announcements.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
