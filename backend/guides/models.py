"""Rows of 办事指南 and 便民电话: what the town writes for everybody, as it is shown. No person's data."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import BigId, BinaryString, JsonText, LongText, Model, UtcDateTime
from backend.kernel.ids import new_id


class Guide(Model):
    """What a person needs for one matter. `updated_on`: the day in Shanghai on which somebody last looked it over."""

    __tablename__ = "guides"
    __table_args__ = (
        Index("ix_guides_public", "town_id", "state", "updated_at", "id"),
        Index("ix_guides_desk", "town_id", "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    #: shown | hidden
    state: Mapped[str] = mapped_column(BinaryString(12))
    version: Mapped[int] = mapped_column(Integer, default=1)
    title: Mapped[str] = mapped_column(String(60))
    #: the heading it stands under: 社会保障, 户籍, …
    group_name: Mapped[str] = mapped_column(String(20))
    who: Mapped[str] = mapped_column(String(300), default="")
    #: [{"name", "note", "copies"}]
    materials: Mapped[list[dict[str, str | int]]] = mapped_column(JsonText, default=list)
    steps: Mapped[list[str]] = mapped_column(JsonText, default=list)
    place: Mapped[str] = mapped_column(String(120), default="")
    hours: Mapped[str] = mapped_column(String(120), default="")
    #: [{"name", "phone"}]
    phones: Mapped[list[dict[str, str]]] = mapped_column(JsonText, default=list)
    takes: Mapped[str] = mapped_column(String(60), default="")
    fee: Mapped[str] = mapped_column(String(120), default="")
    basis: Mapped[str] = mapped_column(LongText, default="")
    updated_on: Mapped[date] = mapped_column(Date)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PhoneEntry(Model):
    """A number to call: an office's, never a private person's. Without a village it is the whole town's."""

    __tablename__ = "phone_entries"
    __table_args__ = (Index("ix_phone_entries_order", "town_id", "position", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    village_id: Mapped[int | None] = mapped_column(BigId)
    version: Mapped[int] = mapped_column(Integer, default=1)
    group_name: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(BinaryString(20))
    hours: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(String(120), default="")
    position: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
