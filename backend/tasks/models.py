"""Rows of child tasks: a part of one case's work, with states and a date of its own."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, Model, UtcDateTime
from backend.kernel.ids import new_id


class ChildTask(Model):
    """One unit's part of a case. Where it lies is copied from the case: scopes are compared with it."""

    __tablename__ = "child_tasks"
    __table_args__ = (
        CheckConstraint("(state IN ('done', 'cancelled')) = (closed_at IS NOT NULL)", name="closed_has_date"),
        Index("ix_child_tasks_case", "case_id", "id"),
        Index("ix_child_tasks_staff", "assignee_staff_id", "state", "due_at", "id"),
        Index("ix_child_tasks_unit", "assignee_unit_id", "state", "due_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(24))
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"))
    town_id: Mapped[int] = mapped_column(BigId)
    area_id: Mapped[int | None] = mapped_column(BigId)
    village_id: Mapped[int | None] = mapped_column(BigId)
    grid_id: Mapped[int | None] = mapped_column(BigId)
    micro_grid_id: Mapped[int | None] = mapped_column(BigId)
    #: what is to be done
    text: Mapped[str] = mapped_column(EncryptedText("child_tasks.text"))
    #: the last day of it, a calendar date in Shanghai
    until: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(BinaryString(32))
    version: Mapped[int] = mapped_column(Integer, default=1)
    entry_count: Mapped[int] = mapped_column(Integer, default=0)
    chain_head: Mapped[str] = mapped_column(BinaryString(64))
    assignee_unit_id: Mapped[int] = mapped_column(BigId)
    assignee_unit_name: Mapped[str] = mapped_column(String(80))
    assignee_staff_id: Mapped[int | None] = mapped_column(BigId)
    handled_by: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def places(self) -> dict[str, int | None]:
        """Where its case lies, level by level."""
        return {
            "town": self.town_id,
            "area": self.area_id,
            "village": self.village_id,
            "grid": self.grid_id,
            "micro_grid": self.micro_grid_id,
        }
