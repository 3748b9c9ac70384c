"""Rows of the town's report card."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime
from backend.kernel.ids import new_id


class ReportCard(Model):
    """The figures of a month as they were published, or as somebody may yet publish them.

    Number 0 is the card, each further number a correction of it: nothing that was published is
    written over. `figures` holds what is shown and nothing to reckon it from.
    """

    __tablename__ = "report_cards"
    __table_args__ = (UniqueConstraint("town_id", "month", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    #: the first day of the month in Shanghai
    month: Mapped[date] = mapped_column(Date)
    number: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[str] = mapped_column(BinaryString(12), default="drafted")  # drafted | published
    version: Mapped[int] = mapped_column(Integer, default=1)
    figures: Mapped[dict[str, Any]] = mapped_column(JsonText)
    #: of a correction: why
    reason: Mapped[str] = mapped_column(String(300), default="")
    #: who had it made; None: the program, when the month had ended
    made_by: Mapped[int | None] = mapped_column(BigId)
    made_by_name: Mapped[str] = mapped_column(String(60), default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(BigId)
    published_by_name: Mapped[str] = mapped_column(String(60), default="")
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
