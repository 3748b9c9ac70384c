"""Rows of a poll. Papers know the holder and not the vote, ballots the vote and not the holder (CON-10, ADR 0014).

Neither has a time, a number that grows, or anything in common with the other: the key of a paper is a keyed
hash of the resident, the key of a ballot is a hash of a random token that only the voter's phone has seen.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, LongText, Model, UtcDateTime
from backend.kernel.ids import new_id

QUESTION_MOST = 200


class Poll(Model):
    """One question, put to the verified villagers of a village, or of the whole town.

    `options`: [{"code", "label"}]. `key_n`: the public modulus, 512 hex digits. `key_secret` and `secret`
    (under which papers name their holder) are erased when the ballots are counted. `box`: the electronic
    count of a poll that still waits for its offline ballots; `result`: what came out of it.
    """

    __tablename__ = "polls"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", name="uq_polls_subject_kind"),
        Index("ix_polls_due", "state", "closes_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    subject_kind: Mapped[str] = mapped_column(BinaryString(32))
    subject_id: Mapped[int] = mapped_column(BigId)
    town_id: Mapped[int] = mapped_column(BigId)
    village_id: Mapped[int | None] = mapped_column(BigId)
    question: Mapped[str] = mapped_column(String(QUESTION_MOST))
    options: Mapped[list[dict[str, str]]] = mapped_column(JsonText)
    entitled: Mapped[int] = mapped_column(Integer)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(BinaryString(12))
    with_offline: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")
    key_n: Mapped[str] = mapped_column(LongText)
    key_secret: Mapped[str | None] = mapped_column(EncryptedText("polls.key_secret"))
    secret: Mapped[str | None] = mapped_column(EncryptedText("polls.secret"))
    box: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    result: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    counted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PollPaper(Model):
    """That somebody has a paper. `blinded`: a hash of what was signed, so that only the same is signed again."""

    __tablename__ = "poll_papers"
    __table_args__ = ({"sqlite_with_rowid": False},)

    poll_id: Mapped[int] = mapped_column(BigId, ForeignKey("polls.id"), primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(BinaryString(64), primary_key=True)
    blinded: Mapped[str] = mapped_column(BinaryString(64))
    #: votes on paper: gets none on the phone
    offline: Mapped[bool] = mapped_column(Boolean, default=False, server_default="0")
    #: not yet stirred among the others
    fresh: Mapped[bool] = mapped_column(Boolean, default=True, server_default="1")


class PollBallot(Model):
    """One vote."""

    __tablename__ = "poll_ballots"
    __table_args__ = ({"sqlite_with_rowid": False},)

    poll_id: Mapped[int] = mapped_column(BigId, ForeignKey("polls.id"), primary_key=True, autoincrement=False)
    serial: Mapped[str] = mapped_column(BinaryString(64), primary_key=True)
    option: Mapped[str] = mapped_column(BinaryString(8))
    fresh: Mapped[bool] = mapped_column(Boolean, default=True, server_default="1")


class PollOffline(Model):
    """The ballots of the box at the village hall, as one of two people has counted and entered them."""

    __tablename__ = "poll_offline"

    poll_id: Mapped[int] = mapped_column(BigId, ForeignKey("polls.id"), primary_key=True, autoincrement=False)
    round: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    staff_id: Mapped[int] = mapped_column(BigId)
    papers: Mapped[int] = mapped_column(Integer)
    counts: Mapped[dict[str, int]] = mapped_column(JsonText)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
