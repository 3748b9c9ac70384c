"""The one row this integration keeps: the platform token that all processes share."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BinaryString, Model, UtcDateTime


class PlatformToken(Model):
    """The access token of one appid, and who is renewing it.

    ``version`` grows with every renewal: a token is dropped only by somebody who used this very version.
    ``refused`` is the digest of a token the platform would not take, so that getting the same again forces a new one.
    """

    __tablename__ = "platform_tokens"

    appid: Mapped[str] = mapped_column(BinaryString(64), primary_key=True)
    token: Mapped[str | None] = mapped_column(EncryptedText("platform_tokens.token"))
    version: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_token: Mapped[str | None] = mapped_column(BinaryString(32))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused: Mapped[str | None] = mapped_column(BinaryString(64))
    forced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
