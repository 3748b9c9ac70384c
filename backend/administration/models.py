"""Rows of the administration floor: standard replies, trials of routing rules, what a person keeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import BigId, BinaryString, JsonText, LongText, Model, UtcDateTime
from backend.kernel.ids import new_id


class StandardReply(Model):
    """A text of the town that fills in a reply or a note; for one category or for all."""

    __tablename__ = "standard_replies"
    __table_args__ = (Index("ix_standard_replies_town", "town_id", "active", "position"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    category_code: Mapped[str] = mapped_column(BinaryString(32), default="")
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(LongText)
    position: Mapped[int] = mapped_column(Integer, default=0)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RuleTrial(Model):
    """A dry run of drafted routing rules over past cases, and what it found."""

    __tablename__ = "rule_trials"
    __table_args__ = (Index("ix_rule_trials_staff", "staff_id", "created_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    staff_id: Mapped[int] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(BinaryString(8))
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    request: Mapped[dict[str, Any]] = mapped_column(JsonText)
    result: Mapped[dict[str, Any]] = mapped_column(JsonText, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffPreference(Model):
    """What one person keeps for one page: columns shown, filters."""

    __tablename__ = "staff_preferences"

    staff_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(BinaryString(40), primary_key=True)
    value: Mapped[Any] = mapped_column(JsonText)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
