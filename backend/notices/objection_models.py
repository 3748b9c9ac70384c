"""Rows of what villagers ask of a notice (OPEN-08) and report about it (OPEN-10).

The words of a question lie in a comment: the same checks, the same moderators. `line` is the number of a line of
the notice's finance sheet.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import BigId, BinaryString, LongText, Model, UtcDateTime
from backend.kernel.ids import new_id

#: states that have a closing date; objection_states says the same, and a test holds both equal
_ENDED = "'answered', 'satisfied', 'town_answered', 'hidden'"


class NoticeObjection(Model):
    """A question or an objection to one notice, and what became of it. `due_at`: aware UTC, end of the fifth day.

    `shown`: whether its words may be read now. `overdue`: its clock ran out before anybody answered; stays.
    """

    __tablename__ = "notice_objections"
    __table_args__ = (
        CheckConstraint(f"(state IN ({_ENDED})) = (closed_at IS NOT NULL)", name="closed_has_date"),
        UniqueConstraint("comment_id"),
        Index("ix_notice_objections_notice", "notice_id", "shown", "created_at", "id"),
        Index("ix_notice_objections_village", "village_id", "state", "created_at", "id"),
        Index("ix_notice_objections_town", "town_id", "created_at", "id"),
        Index("ix_notice_objections_resident", "resident_id", "created_at", "id"),
        Index("ix_notice_objections_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(24), default="notice_objection")
    #: question | objection
    form: Mapped[str] = mapped_column(BinaryString(12))
    notice_id: Mapped[int] = mapped_column(BigId)
    comment_id: Mapped[int] = mapped_column(BigId)
    line: Mapped[int | None] = mapped_column(Integer)
    resident_id: Mapped[int | None] = mapped_column(BigId)
    town_id: Mapped[int] = mapped_column(BigId)
    area_id: Mapped[int | None] = mapped_column(BigId)
    #: of the notice; None: the town's own
    village_id: Mapped[int | None] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(BinaryString(32))
    version: Mapped[int] = mapped_column(Integer, default=1)
    entry_count: Mapped[int] = mapped_column(Integer, default=0)
    chain_head: Mapped[str] = mapped_column(BinaryString(64))
    shown: Mapped[bool] = mapped_column(Boolean, default=False)
    overdue: Mapped[bool] = mapped_column(Boolean, default=False)
    #: the public answer
    answer: Mapped[str] = mapped_column(LongText, default="")
    answered_unit: Mapped[str] = mapped_column(String(80), default="")
    answered_by: Mapped[int | None] = mapped_column(BigId)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: the town's case it became
    case_id: Mapped[int | None] = mapped_column(BigId)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    town_answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def places(self) -> dict[str, int | None]:
        """Where its notice lies: a village, or the whole town."""
        return places_of(self)


class NoticeReport(Model):
    """A villager's report of late or false publication (OPEN-10): which case of the town it became.

    Who reported stands in that case alone, which the village cannot open.
    """

    __tablename__ = "notice_reports"
    __table_args__ = (
        Index("ix_notice_reports_town", "town_id", "created_at", "id"),
        Index("ix_notice_reports_village", "village_id", "category", "period"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    village_id: Mapped[int | None] = mapped_column(BigId)
    notice_id: Mapped[int | None] = mapped_column(BigId)
    category: Mapped[str] = mapped_column(BinaryString(40), default="")
    period: Mapped[str] = mapped_column(BinaryString(12), default="")
    #: late | false | other
    reason: Mapped[str] = mapped_column(BinaryString(12))
    case_id: Mapped[int] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


def places_of(row: object) -> dict[str, int | None]:
    """Level → place id of a row that lies in a village or in the whole town."""
    found = {level: getattr(row, f"{level}_id") for level in ("town", "area", "village")}
    return {**found, "grid": None, "micro_grid": None}
