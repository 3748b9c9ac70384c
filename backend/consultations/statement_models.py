"""Rows of the common ground: who agrees with which statement (by a key that names nobody), and the picture of it.

A statement itself is a comment of the kind ``statement`` (backend/comments).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Integer, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime


class StatementVote(Model):
    """What one participant thinks of one statement: 1 agrees, -1 disagrees, 0 passes.

    ``holder`` is a keyed hash of the resident under a secret of the consultation. The row has no time, and its
    order is the order of its keys (WITHOUT ROWID on SQLite, clustered on MariaDB). ``round`` is which picture is
    the first to hold it.
    """

    __tablename__ = "statement_votes"
    __table_args__ = (
        CheckConstraint("value in (-1,0,1)", name="value_known"),
        {"sqlite_with_rowid": False},
    )

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(BinaryString(64), primary_key=True)
    statement_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(SmallInteger)
    round: Mapped[int] = mapped_column(Integer, default=0)


class CommonGround(Model):
    """The picture of one consultation: made by the worker, shown at 20 and more participants.

    ``round`` counts the pictures; the secret is empty, and the votes are gone, once the matter has ended.
    """

    __tablename__ = "common_grounds"

    consultation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    secret: Mapped[str] = mapped_column(EncryptedText("common_grounds.secret"))
    round: Mapped[int] = mapped_column(Integer, default=0)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    participants: Mapped[int] = mapped_column(Integer, default=0)
    picture: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
