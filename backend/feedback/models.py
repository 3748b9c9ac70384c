"""Rows of what people say of the program."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, Model, UtcDateTime
from backend.kernel.ids import new_id


class Feedback(Model):
    """One opinion; text and contact are encrypted, for people write what they like."""

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    text: Mapped[str] = mapped_column(EncryptedText("feedback.text"))
    page: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str | None] = mapped_column(EncryptedText("feedback.contact"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
