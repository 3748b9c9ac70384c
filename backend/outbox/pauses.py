"""Channels that rest: after failures in a row, a used-up quota or a wrong secret.

While a channel rests its jobs are put off without counting a try, and one job a minute goes
through as a probe. Nothing is lost by a platform that is away for a day, and it is not hammered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, exists, select, update

from backend.kernel.db import db
from backend.outbox.models import OutboxPause
from backend.outbox.retry import PROBE_EVERY, STRIKES, ErrorClass
from backend.outbox.services import insert_once


@dataclass(frozen=True)
class Admission:
    """Whether a call may be made now; ``until``: not before then. ``marked``: failures are on record."""

    until: datetime | None
    marked: bool


def admit(channel: str, at: datetime) -> Admission:
    """Ask for leave to use a channel at ``at``. The first to ask after its rest is the probe."""
    row = db.session.execute(select(OutboxPause.until).where(OutboxPause.channel == channel)).one_or_none()
    if row is None:
        return Admission(None, marked=False)
    if row.until is None:
        return Admission(None, marked=True)
    if row.until > at:
        return Admission(row.until, marked=True)
    probing = db.session.execute(
        update(OutboxPause)
        .where(OutboxPause.channel == channel, OutboxPause.until == row.until)
        .values(until=at + PROBE_EVERY)
    )
    won = getattr(probing, "rowcount", 0) == 1
    return Admission(None if won else at + PROBE_EVERY, marked=True)


def nothing_on_record(channels: Collection[str]) -> ColumnElement[bool]:
    """Whether none of the channels rests or has failures on record: else its jobs ask for leave one by one."""
    return ~exists(select(OutboxPause.channel).where(OutboxPause.channel.in_(channels)))


def strike(channel: str, error_class: ErrorClass, reason: str, at: datetime) -> None:
    """Record a failure that may be the channel's own; after STRIKES in a row it rests a minute."""
    _ensure(channel, error_class, reason, at)
    rest = case((OutboxPause.strikes + 1 >= STRIKES, at + PROBE_EVERY), else_=OutboxPause.until)
    # MariaDB assigns from left to right: `until` must still see the old count.
    db.session.execute(
        update(OutboxPause)
        .where(OutboxPause.channel == channel)
        .ordered_values(
            (OutboxPause.until, rest),
            (OutboxPause.strikes, OutboxPause.strikes + 1),
            (OutboxPause.reason, reason[:500]),
            (OutboxPause.error_class, str(error_class)),
        )
    )


def pause(channel: str, until: datetime, error_class: ErrorClass, reason: str, at: datetime) -> None:
    """Let a channel rest until ``until``."""
    _ensure(channel, error_class, reason, at)
    db.session.execute(
        update(OutboxPause)
        .where(OutboxPause.channel == channel)
        .values(until=until, reason=reason[:500], error_class=str(error_class))
    )


def lift(channel: str) -> None:
    """A call went through: forget the failures."""
    db.session.execute(delete(OutboxPause).where(OutboxPause.channel == channel))


def _ensure(channel: str, error_class: ErrorClass, reason: str, at: datetime) -> None:
    values = {
        "channel": channel,
        "strikes": 0,
        "until": None,
        "error_class": str(error_class),
        "reason": reason[:500],
        "since": at,
    }
    db.session.execute(insert_once(OutboxPause, values, "channel"))
