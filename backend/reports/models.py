"""Rows of 随手拍: the report beside its case, and the town's catalogue of categories."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Double, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, LongText, Model, UtcDateTime
from backend.kernel.ids import new_id


class Report(Model):
    """What the resident brought, beside its case. Names, phones and addresses are encrypted."""

    __tablename__ = "reports"

    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(LongText)
    point_lon: Mapped[float | None] = mapped_column(Double)
    point_lat: Mapped[float | None] = mapped_column(Double)
    #: when the exact point gave way to the middle of its grid (PI-08)
    coarse_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str | None] = mapped_column(EncryptedText("reports.address"))
    contact_name: Mapped[str | None] = mapped_column(EncryptedText("reports.contact_name"))
    contact_phone: Mapped[str | None] = mapped_column(EncryptedText("reports.contact_phone"))
    channel: Mapped[str] = mapped_column(BinaryString(16))
    reply: Mapped[str | None] = mapped_column(EncryptedText("reports.reply"))
    rating_comment: Mapped[str | None] = mapped_column(EncryptedText("reports.rating_comment"))


class Category(Model):
    """One item of a town's catalogue (domain-rules §3.3), with its limits (§2.2)."""

    __tablename__ = "report_categories"
    __table_args__ = (UniqueConstraint("town_id", "code"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    code: Mapped[str] = mapped_column(BinaryString(32))
    name: Mapped[str] = mapped_column(String(60))
    group_code: Mapped[str] = mapped_column(BinaryString(16))
    group_name: Mapped[str] = mapped_column(String(60))
    urgency: Mapped[str] = mapped_column(BinaryString(12))
    keywords: Mapped[list[str]] = mapped_column(JsonText, default=list)
    after_photo: Mapped[bool] = mapped_column(Boolean, default=False)
    after_photo_reason: Mapped[str] = mapped_column(String(120), default="")
    before_photo: Mapped[bool] = mapped_column(Boolean, default=False)
    before_photo_reason: Mapped[str] = mapped_column(String(120), default="")
    self_settle: Mapped[bool] = mapped_column(Boolean, default=False)  # GRID-03 自办
    limit_amount: Mapped[int] = mapped_column(Integer)
    limit_unit: Mapped[str] = mapped_column(BinaryString(16))
    accept_amount: Mapped[int] = mapped_column(Integer)
    accept_unit: Mapped[str] = mapped_column(BinaryString(16))
    emergency_number: Mapped[str] = mapped_column(String(20), default="")
    emergency_words: Mapped[str] = mapped_column(String(200), default="")
    place_required: Mapped[bool] = mapped_column(Boolean, default=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    #: open | consent | never: whether its closed matters may be shown on the wall, or only if the citizen agrees
    wall: Mapped[str] = mapped_column(BinaryString(8), default="never", server_default="never")
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    #: when it was last changed on screen; `flask town load` does not undo that in silence (ADR 0005)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Supervision(Model):
    """督办 of a case (HOT-11): raised by a leader, or once by each rule; answered on the timeline."""

    __tablename__ = "supervisions"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        Index("ix_supervisions_list", "town_id", "state", "raised_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"))
    number: Mapped[int] = mapped_column(Integer)
    town_id: Mapped[int] = mapped_column(BigId)
    cause: Mapped[str] = mapped_column(BinaryString(24))
    state: Mapped[str] = mapped_column(BinaryString(12))  # open | answered | lifted | ended
    note: Mapped[str | None] = mapped_column(EncryptedText("supervisions.note"))
    raised_by: Mapped[int | None] = mapped_column(BigId)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(EncryptedText("supervisions.answer"))
    answered_by: Mapped[int | None] = mapped_column(BigId)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CallBack(Model):
    """回访 of an answer (HOT-09, §2.2): owed after every unsatisfied reply and a sample of the others."""

    __tablename__ = "call_backs"
    __table_args__ = (
        Index("ix_call_backs_case", "case_id"),
        Index("ix_call_backs_list", "town_id", "state", "due_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"))
    town_id: Mapped[int] = mapped_column(BigId)
    reason: Mapped[str] = mapped_column(BinaryString(16))
    state: Mapped[str] = mapped_column(BinaryString(12))  # open | done | unreached | dropped
    owed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    way: Mapped[str] = mapped_column(BinaryString(16), default="")
    solved: Mapped[bool | None] = mapped_column(Boolean)
    satisfaction: Mapped[str] = mapped_column(BinaryString(16), default="")
    note: Mapped[str | None] = mapped_column(EncryptedText("call_backs.note"))
    done_by: Mapped[int | None] = mapped_column(BigId)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
