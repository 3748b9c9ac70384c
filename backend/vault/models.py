"""Rows of the vault. What people wrote is here only as ciphertext whose keys this program never had.

Everything sealed is base64 text as the sender's or the reader's device made it. A letter's number is a
random one: a common id would tell its arrival to the millisecond, and only the day is to be known.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import BigId, BinaryString, LongText, Model, UtcDateTime
from backend.kernel.ids import new_id


def timeless_id() -> int:
    """A random id of 62 bits, which tells nothing of when it was made."""
    return secrets.randbits(62) + 1


class VaultKey(Model):
    """A reader's public key, and the private half as the reader's own passphrase wrapped it in the browser.

    `state`: waiting (a colleague has to confirm it), active (letters are sealed to it), retired.
    """

    __tablename__ = "vault_keys"
    __table_args__ = (
        UniqueConstraint("public_key", name="uq_vault_keys_public_key"),
        Index("ix_vault_keys_town", "town_id", "state"),
        Index("ix_vault_keys_staff", "staff_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    staff_id: Mapped[int] = mapped_column(BigId)
    public_key: Mapped[str] = mapped_column(BinaryString(44))
    #: empty once the key is retired and nothing lies under it any more
    wrapped: Mapped[str] = mapped_column(LongText)
    state: Mapped[str] = mapped_column(BinaryString(12))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(BigId)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class VaultLetter(Model):
    """One sealed letter. `receipt`: a hash of one half of what the sender's code derives to."""

    __tablename__ = "vault_letters"
    __table_args__ = (
        UniqueConstraint("receipt", name="uq_vault_letters_receipt"),
        Index("ix_vault_letters_town", "town_id", "received_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=timeless_id, autoincrement=False)
    town_id: Mapped[int] = mapped_column(BigId)
    received_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(BinaryString(12))
    version: Mapped[int] = mapped_column(Integer, default=1)
    receipt: Mapped[str] = mapped_column(BinaryString(64))
    #: the sender's public key: what answers are sealed to
    answer_key: Mapped[str] = mapped_column(BinaryString(44))
    content: Mapped[str] = mapped_column(LongText)
    #: bytes as they are stored: the content and the attachments
    space: Mapped[int] = mapped_column(Integer, server_default="0")


class VaultFile(Model):
    """One attachment, sealed under the letter's own key; its name and type lie within."""

    __tablename__ = "vault_files"
    __table_args__ = (Index("ix_vault_files_letter", "letter_id", "position"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=timeless_id, autoincrement=False)
    letter_id: Mapped[int] = mapped_column(BigId, ForeignKey("vault_letters.id"))
    position: Mapped[int] = mapped_column(Integer)
    sealed: Mapped[str] = mapped_column(LongText)


class VaultWrap(Model):
    """A letter's content key, sealed to one reader's key."""

    __tablename__ = "vault_wraps"
    __table_args__ = (Index("ix_vault_wraps_key", "key_id", "letter_id"),)

    letter_id: Mapped[int] = mapped_column(BigId, ForeignKey("vault_letters.id"), primary_key=True)
    key_id: Mapped[int] = mapped_column(BigId, ForeignKey("vault_keys.id"), primary_key=True)
    wrap: Mapped[str] = mapped_column(BinaryString(160))


class VaultAct(Model):
    """What a reader did: which step and when in clear, everything said of it under the letter's key.

    To whom a letter was transferred and who is named in it stand in `sealed` only (XF 30 ¶3).
    """

    __tablename__ = "vault_acts"
    __table_args__ = (Index("ix_vault_acts_letter", "letter_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    letter_id: Mapped[int] = mapped_column(BigId, ForeignKey("vault_letters.id"))
    action: Mapped[str] = mapped_column(BinaryString(12))
    staff_id: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed: Mapped[str] = mapped_column(LongText)
    #: an answer, sealed to the sender's key; empty for every other step
    for_sender: Mapped[str] = mapped_column(LongText)
