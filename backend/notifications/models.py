"""Rows of the notifications: what was sent to whom, the inbox, what WeChat lets us send."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime
from backend.kernel.ids import new_id

PENDING = "pending"
SENT = "sent"
FAILED = "failed"
IN_DOUBT = "in_doubt"
#: Not sent on purpose: no grant, opted out, nobody to send to. The inbox has it.
SKIPPED = "skipped"
STATES = (PENDING, SENT, FAILED, IN_DOUBT, SKIPPED)
#: the kind of cause that is a row of a timeline
TIMELINE = "timeline"


class Delivery(Model):
    """One message pushed (or owed) to one person through one channel, for one cause.

    Holds no wording: the message is rendered from the timeline row each time it is sent.
    The place columns are copies, so that the staff's list can be scoped without a join.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint(
            "cause_kind",
            "cause_id",
            "person_kind",
            "person_id",
            "template",
            "channel",
            name="uq_deliveries_cause_person",
        ),
        Index("ix_deliveries_list", "town_id", "state", "created_at", "id"),
        Index("ix_deliveries_person", "person_kind", "person_id"),
        Index("ix_deliveries_message", "platform_message_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    cause_kind: Mapped[str] = mapped_column(BinaryString(32))
    cause_id: Mapped[int] = mapped_column(BigId)
    person_kind: Mapped[str] = mapped_column(BinaryString(16))
    person_id: Mapped[int] = mapped_column(BigId)
    template: Mapped[str] = mapped_column(BinaryString(32))
    channel: Mapped[str] = mapped_column(BinaryString(16))
    subject_kind: Mapped[str] = mapped_column(BinaryString(32))
    subject_id: Mapped[int] = mapped_column(BigId)
    subject_code: Mapped[str] = mapped_column(BinaryString(16))
    town_id: Mapped[int] = mapped_column(BigId)
    area_id: Mapped[int | None] = mapped_column(BigId)
    village_id: Mapped[int | None] = mapped_column(BigId)
    grid_id: Mapped[int | None] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(BinaryString(16), default=PENDING)
    openid: Mapped[str | None] = mapped_column(BinaryString(64))
    platform_message_id: Mapped[str | None] = mapped_column(BinaryString(64))
    job_key: Mapped[str] = mapped_column(BinaryString(160))
    error_code: Mapped[int | None] = mapped_column(Integer)
    error: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InboxMessage(Model):
    """A line in a person's inbox: always written, whatever the other channels allow."""

    __tablename__ = "inbox_messages"
    __table_args__ = (
        UniqueConstraint(
            "cause_kind",
            "cause_id",
            "person_kind",
            "person_id",
            "template",
            name="uq_inbox_messages_cause_person",
        ),
        Index("ix_inbox_messages_list", "person_kind", "person_id", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    cause_kind: Mapped[str] = mapped_column(BinaryString(32))
    cause_id: Mapped[int] = mapped_column(BigId)
    person_kind: Mapped[str] = mapped_column(BinaryString(16))
    person_id: Mapped[int] = mapped_column(BigId)
    template: Mapped[str] = mapped_column(BinaryString(32))
    title: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(EncryptedText("inbox_messages.text"))
    page: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SubscriptionGrant(Model):
    """How many messages of one template one openid still lets us send.

    WeChat cannot be asked for this number: it is kept from the platform's own events and
    from our sends, never from what a client claims.
    """

    __tablename__ = "subscription_grants"
    __table_args__ = (
        UniqueConstraint("app", "openid", "template_id", name="uq_subscription_grants_openid_template"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    app: Mapped[str] = mapped_column(BinaryString(16))
    openid: Mapped[str] = mapped_column(BinaryString(64))
    template_id: Mapped[str] = mapped_column(BinaryString(64))
    remaining: Mapped[int] = mapped_column(Integer, default=0)
    long_term: Mapped[bool] = mapped_column(Boolean, default=False)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlatformCheck(Model):
    """What the last comparison with the platform found: the worker asks, the web process shows it in /metrics.

    ``problems`` has a sentence each; ``unreadable`` says why the platform could not be asked (the findings are
    then those of the time before), empty when it could.
    """

    __tablename__ = "platform_checks"

    name: Mapped[str] = mapped_column(BinaryString(32), primary_key=True)
    problems: Mapped[list[str]] = mapped_column(JsonText, default=list)
    unreadable: Mapped[str] = mapped_column(String(200), default="")
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
