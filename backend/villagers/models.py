"""Rows of who is a villager of which village, as the village itself has confirmed it once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, Model, UtcDateTime
from backend.kernel.ids import new_id

REASON_MOST = 200


class Villager(Model):
    """One asking of one resident to be known as a villager, and what became of it.

    `live_resident_id` is the resident while it is asked or confirmed, and empty afterwards: unique, so that
    nobody stands in two villages. Of an ended one the name is gone; `name_index` (a keyed hash) stays, so
    that the village sees when the same name was confirmed before.
    """

    __tablename__ = "villagers"
    __table_args__ = (
        UniqueConstraint("live_resident_id", name="uq_villagers_live_resident_id"),
        Index("ix_villagers_resident", "resident_id"),
        Index("ix_villagers_village", "village_id", "state", "asked_at", "id"),
        Index("ix_villagers_town", "town_id", "state", "asked_at", "id"),
        Index("ix_villagers_name_index", "name_index"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    resident_id: Mapped[int] = mapped_column(BigId)
    live_resident_id: Mapped[int | None] = mapped_column(BigId)
    town_id: Mapped[int] = mapped_column(BigId)
    village_id: Mapped[int] = mapped_column(BigId)
    name: Mapped[str | None] = mapped_column(EncryptedText("villagers.name"))
    name_index: Mapped[str | None] = mapped_column(BinaryString(64))
    state: Mapped[str] = mapped_column(BinaryString(12))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(BigId)
    reason: Mapped[str] = mapped_column(String(REASON_MOST), default="", server_default="")
    #: elected by the villagers into their assembly (村民代表), as the village says
    representative: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
