"""Rows of subscriptions: who wants to hear of what, what was published, and which digests went out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime
from backend.kernel.ids import new_id

#: in place of a village: everything of the town
ANYWHERE = 0


class PublicationSubscription(Model):
    """That a resident hears of one kind, of one village or of the whole town: at once, or in the day's digest."""

    __tablename__ = "publication_subscriptions"
    __table_args__ = (
        CheckConstraint("way in ('each','daily')", name="way_known"),
        UniqueConstraint(
            "resident_id", "town_id", "kind", "village_id", name="uq_publication_subscriptions_resident_id"
        ),
        Index("ix_publication_subscriptions_spread", "town_id", "way", "resident_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    resident_id: Mapped[int] = mapped_column(BigId)
    town_id: Mapped[int] = mapped_column(BigId)
    kind: Mapped[str] = mapped_column(BinaryString(16))
    village_id: Mapped[int] = mapped_column(BigId, default=ANYWHERE)
    way: Mapped[str] = mapped_column(BinaryString(8))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Publication(Model):
    """One thing that was published: what the messages about it say. It is said once, however often it is called."""

    __tablename__ = "publications"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        Index("ix_publications_digest", "town_id", "published_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(16))
    subject_id: Mapped[int] = mapped_column(BigId)
    town_id: Mapped[int] = mapped_column(BigId)
    #: whose it is, as strings; empty: the town's, for everybody
    villages: Mapped[list[str]] = mapped_column(JsonText)
    #: public | village: told to the village's confirmed villagers alone (OPEN-17)
    audience: Mapped[str] = mapped_column(BinaryString(8))
    title: Mapped[str] = mapped_column(String(120))
    #: of the mini-program
    path: Mapped[str] = mapped_column(String(200))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def said(self) -> dict[str, Any]:
        """What a message needs of it."""
        return {"kind": self.kind, "title": self.title, "path": self.path}


class PublicationDigest(Model):
    """A town's digest of one day in Shanghai: what was published after the last one and before `until`."""

    __tablename__ = "publication_digests"
    __table_args__ = (UniqueConstraint("town_id", "day"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    day: Mapped[date] = mapped_column(Date)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
