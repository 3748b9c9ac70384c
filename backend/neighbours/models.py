"""Rows of 邻里互助. The words and photos of a post are a comment's: they are checked, flagged and taken down there.

Who posts and who asks meet in a thread; neither is told the other's name or number.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, Model, UtcDateTime
from backend.kernel.ids import new_id

#: states that have a closing date; states.ENDED says the same, and a test holds both equal
_ENDED = "'closed', 'expired', 'taken_down', 'withdrawn'"


class NeighbourPost(Model):
    """An offer or a request. `expires_on`: its last day in Shanghai, at most thirty days on."""

    __tablename__ = "neighbour_posts"
    __table_args__ = (
        CheckConstraint(f"(state IN ({_ENDED})) = (closed_at IS NOT NULL)", name="closed_has_date"),
        UniqueConstraint("comment_id"),
        Index("ix_neighbour_posts_public", "town_id", "state", "shown_at", "id"),
        Index("ix_neighbour_posts_village", "village_id", "state", "shown_at", "id"),
        Index("ix_neighbour_posts_desk", "town_id", "created_at", "id"),
        Index("ix_neighbour_posts_resident", "resident_id", "created_at", "id"),
        Index("ix_neighbour_posts_expiry", "state", "expires_on"),
        Index("ix_neighbour_posts_ended", "closed_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(24), default="neighbour_post")
    #: offer | request
    direction: Mapped[str] = mapped_column(BinaryString(12))
    #: help | lost_found | harvest | ride
    category: Mapped[str] = mapped_column(BinaryString(12))
    comment_id: Mapped[int] = mapped_column(BigId)
    #: 0: somebody whose data was erased
    resident_id: Mapped[int] = mapped_column(BigId)
    title: Mapped[str] = mapped_column(String(40))
    town_id: Mapped[int] = mapped_column(BigId)
    area_id: Mapped[int | None] = mapped_column(BigId)
    village_id: Mapped[int | None] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(BinaryString(32))
    version: Mapped[int] = mapped_column(Integer, default=1)
    entry_count: Mapped[int] = mapped_column(Integer, default=0)
    chain_head: Mapped[str] = mapped_column(BinaryString(64))
    expires_on: Mapped[date] = mapped_column(Date)
    #: prolonged once, and not again
    renewed: Mapped[bool] = mapped_column(Boolean, default=False)
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def places(self) -> dict[str, int | None]:
        """Where it lies, level by level."""
        return {"town": self.town_id, "area": self.area_id, "village": self.village_id}


class NeighbourThread(Model):
    """Who posted and who asked, and whether each agrees that numbers are exchanged here."""

    __tablename__ = "neighbour_threads"
    __table_args__ = (
        UniqueConstraint("post_id", "asker_id"),
        Index("ix_neighbour_threads_owner", "owner_id", "last_at", "id"),
        Index("ix_neighbour_threads_asker", "asker_id", "last_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    post_id: Mapped[int] = mapped_column(BigId, ForeignKey("neighbour_posts.id"))
    owner_id: Mapped[int] = mapped_column(BigId)
    asker_id: Mapped[int] = mapped_column(BigId)
    version: Mapped[int] = mapped_column(Integer, default=1)
    owner_agreed: Mapped[bool] = mapped_column(Boolean, default=False)
    asker_agreed: Mapped[bool] = mapped_column(Boolean, default=False)
    owner_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asker_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: either has ended the talk: nothing more is written here
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NeighbourMessage(Model):
    """What one wrote the other."""

    __tablename__ = "neighbour_messages"
    __table_args__ = (Index("ix_neighbour_messages_thread", "thread_id", "sent_at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    thread_id: Mapped[int] = mapped_column(BigId, ForeignKey("neighbour_threads.id"))
    by_owner: Mapped[bool] = mapped_column(Boolean)
    text: Mapped[str] = mapped_column(EncryptedText("neighbour_messages.text"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
