"""Rows of 随手拍: the report beside its case, and the town's catalogue of categories."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Double, ForeignKey, Integer, String, UniqueConstraint
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
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    #: when it was last changed on screen; `flask town load` does not undo that in silence (ADR 0005)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
