"""Rows of requests to publish something (OPEN-03), and of how many people a village has.

A request knows who asked, so that they can be told. Who joined is kept under a keyed hash only: each counts once,
may leave again, and nobody can list them.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import BigId, BinaryString, Model, UtcDateTime
from backend.kernel.ids import new_id
from backend.notices.objection_models import places_of

#: states that have a closing date; publishing_request_states says the same, and a test holds both equal
_ENDED = "'published', 'refusal_upheld', 'lapsed', 'withdrawn', 'hidden'"


class PublishingRequest(Model):
    """Villagers ask their village to publish something; its words are a comment's.

    `entitled`: how many villagers there were when it was asked, `needed` a tenth of them rounded up. Enough are also
    `representatives_needed`, a fifth of the villagers' representatives; None where their number is not known.
    """

    __tablename__ = "publishing_requests"
    __table_args__ = (
        CheckConstraint(f"(state IN ({_ENDED})) = (closed_at IS NOT NULL)", name="closed_has_date"),
        UniqueConstraint("comment_id"),
        Index("ix_publishing_requests_village", "village_id", "shown", "created_at", "id"),
        Index("ix_publishing_requests_town", "town_id", "shown", "created_at", "id"),
        Index("ix_publishing_requests_resident", "resident_id", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(24), default="publishing_request")
    comment_id: Mapped[int] = mapped_column(BigId)
    resident_id: Mapped[int | None] = mapped_column(BigId)
    town_id: Mapped[int] = mapped_column(BigId)
    area_id: Mapped[int | None] = mapped_column(BigId)
    village_id: Mapped[int] = mapped_column(BigId)
    #: of the town's categories of notices, "" when it is none of them
    category: Mapped[str] = mapped_column(BinaryString(40), default="")
    state: Mapped[str] = mapped_column(BinaryString(32))
    version: Mapped[int] = mapped_column(Integer, default=1)
    entry_count: Mapped[int] = mapped_column(Integer, default=0)
    chain_head: Mapped[str] = mapped_column(BinaryString(64))
    shown: Mapped[bool] = mapped_column(Boolean, default=False)
    entitled: Mapped[int] = mapped_column(Integer)
    #: entered (by the village) | roll (those who are confirmed)
    entitled_from: Mapped[str] = mapped_column(BinaryString(12))
    needed: Mapped[int] = mapped_column(Integer)
    joined: Mapped[int] = mapped_column(Integer, default=0)
    representatives_needed: Mapped[int | None] = mapped_column(Integer)
    representatives_joined: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    closes_on: Mapped[date] = mapped_column(Date)
    reached_on: Mapped[date | None] = mapped_column(Date)
    #: its answer was not there in time; stays
    overdue: Mapped[bool] = mapped_column(Boolean, default=False)
    #: the notice that answers it
    notice_id: Mapped[int | None] = mapped_column(BigId)
    #: why the village refuses, and what the town says of that; both public
    reason: Mapped[str] = mapped_column(String(500), default="")
    town_reason: Mapped[str] = mapped_column(String(500), default="")
    answered_on: Mapped[date | None] = mapped_column(Date)
    decided_on: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def places(self) -> dict[str, int | None]:
        """The village it is asked of."""
        return places_of(self)


class PublishingRequestJoin(Model):
    """Somebody joined, under a keyed hash of request and person."""

    __tablename__ = "publishing_request_joins"

    request_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("publishing_requests.id"), primary_key=True, autoincrement=False
    )
    holder: Mapped[str] = mapped_column(BinaryString(64), primary_key=True)


class VillageRoll(Model):
    """How many villagers and representatives a village says it has: a tenth, or a fifth, may demand (OPEN-03)."""

    __tablename__ = "village_rolls"

    village_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    town_id: Mapped[int] = mapped_column(BigId)
    villagers: Mapped[int] = mapped_column(Integer)
    #: of the villagers' assembly; None while the village has not said
    representatives: Mapped[int | None] = mapped_column(Integer)
    noted_by: Mapped[int] = mapped_column(BigId)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
