"""Rows of the core: the case, the rules that route it, a person's saved filters, who is looking."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime
from backend.kernel.ids import new_id


class Case(Model):
    """One matter. Names that may change later (category, place, unit) are copied in, so that
    history does not change with them and the queue reads one table."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(
            "(state IN ('closed', 'not_accepted', 'withdrawn', 'merged')) = (closed_at IS NOT NULL)",
            name="closed_has_date",
        ),
        Index("ix_cases_queue", "town_id", "created_at", "id"),
        Index("ix_cases_queue_state", "town_id", "state", "created_at", "id"),
        Index("ix_cases_queue_due", "town_id", "state", "due_at"),
        Index("ix_cases_village", "village_id", "created_at", "id"),
        Index("ix_cases_grid", "grid_id", "created_at", "id"),
        Index("ix_cases_mine", "assignee_staff_id", "created_at", "id"),
        Index("ix_cases_ours", "assignee_unit_id", "created_at", "id"),
        Index("ix_cases_handled", "handled_by", "created_at", "id"),
        Index("ix_cases_staff", "assignee_staff_id", "state", "created_at", "id"),
        Index("ix_cases_unit", "assignee_unit_id", "state", "created_at", "id"),
        Index("ix_cases_resident", "resident_id", "created_at", "id"),
        Index("ix_cases_merged_into", "merged_into"),
        Index("ix_cases_supervised", "town_id", "supervision_open", "created_at", "id"),
        Index("ix_cases_registered", "registered_by", "created_at", "id"),
        Index("ix_cases_pending", "town_id", "pending_request", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(24))
    code: Mapped[str] = mapped_column(BinaryString(12), unique=True)
    town_id: Mapped[int] = mapped_column(BigId)
    area_id: Mapped[int | None] = mapped_column(BigId)
    village_id: Mapped[int | None] = mapped_column(BigId)
    grid_id: Mapped[int | None] = mapped_column(BigId)
    micro_grid_id: Mapped[int | None] = mapped_column(BigId)
    place_label: Mapped[str] = mapped_column(String(120), default="")
    category_id: Mapped[int] = mapped_column(BigId)
    category_code: Mapped[str] = mapped_column(BinaryString(32))
    category_name: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120))
    urgency: Mapped[str] = mapped_column(BinaryString(12), default="normal")
    state: Mapped[str] = mapped_column(BinaryString(32))
    version: Mapped[int] = mapped_column(Integer, default=1)
    entry_count: Mapped[int] = mapped_column(Integer, default=0)
    chain_head: Mapped[str] = mapped_column(BinaryString(64))
    outcome: Mapped[str | None] = mapped_column(BinaryString(24))
    resident_id: Mapped[int | None] = mapped_column(BigId)
    assignee_unit_id: Mapped[int | None] = mapped_column(BigId)
    assignee_unit_name: Mapped[str] = mapped_column(String(80), default="")
    assignee_staff_id: Mapped[int | None] = mapped_column(BigId)
    assignee_role: Mapped[str] = mapped_column(BinaryString(32), default="")
    handled_by: Mapped[int | None] = mapped_column(BigId)
    cover_key: Mapped[str | None] = mapped_column(BinaryString(160))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rating: Mapped[str | None] = mapped_column(BinaryString(16))
    rated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopen_count: Mapped[int] = mapped_column(Integer, default=0)
    #: since when the law lets the office keep it and nothing else (PIPL 47; PI-08)
    stored_only_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    return_count: Mapped[int] = mapped_column(Integer, default=0)
    returned_units: Mapped[list[str]] = mapped_column(JsonText, default=list)
    extension_count: Mapped[int] = mapped_column(Integer, default=0)
    suspension_count: Mapped[int] = mapped_column(Integer, default=0)
    contested: Mapped[bool] = mapped_column(Boolean, default=False)
    pending_request: Mapped[str] = mapped_column(BinaryString(16), default="")  # extension | suspension
    pending_by: Mapped[int | None] = mapped_column(BigId)
    pending_until: Mapped[date | None] = mapped_column(Date)
    suspended_until: Mapped[date | None] = mapped_column(Date)
    merged_into: Mapped[int | None] = mapped_column(BigId)
    supervision_open: Mapped[bool] = mapped_column(Boolean, default=False)
    supervision_count: Mapped[int] = mapped_column(Integer, default=0)
    open_tasks: Mapped[int] = mapped_column(Integer, default=0)
    upstream_body: Mapped[str] = mapped_column(String(80), default="")
    upstream_number: Mapped[str | None] = mapped_column(BinaryString(64))
    upstream_due_on: Mapped[date | None] = mapped_column(Date)
    registered_by: Mapped[int | None] = mapped_column(BigId)
    confidential: Mapped[bool] = mapped_column(Boolean, default=False)  # HOT-05 保密工单

    @property
    def places(self) -> dict[str, int | None]:
        """Where it lies, level by level: what scopes are compared with."""
        return {
            "town": self.town_id,
            "area": self.area_id,
            "village": self.village_id,
            "grid": self.grid_id,
            "micro_grid": self.micro_grid_id,
        }


class RoutingRule(Model):
    """One rule; the first that fits, in order of position, wins. Every condition that is not empty must hold."""

    __tablename__ = "routing_rules"
    __table_args__ = (UniqueConstraint("town_id", "name"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(80))
    categories: Mapped[list[str]] = mapped_column(JsonText, default=list)
    groups: Mapped[list[str]] = mapped_column(JsonText, default=list)
    place_ids: Mapped[list[str]] = mapped_column(JsonText, default=list)
    urgencies: Mapped[list[str]] = mapped_column(JsonText, default=list)
    unit_id: Mapped[int | None] = mapped_column(BigId)
    to_grid: Mapped[bool] = mapped_column(Boolean, default=False)
    role: Mapped[str] = mapped_column(BinaryString(32), default="")
    auto: Mapped[bool] = mapped_column(Boolean, default=False)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    #: when it was last changed on screen; `flask town load` does not undo that in silence (ADR 0005)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SavedFilter(Model):
    """A filter of the queue that one person keeps under a name."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("staff_id", "name"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    staff_id: Mapped[int] = mapped_column(BigId)
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[dict[str, Any]] = mapped_column(JsonText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseViewer(Model):
    """Who had a case open a moment ago; rows older than a minute mean nothing."""

    __tablename__ = "case_viewers"

    case_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
