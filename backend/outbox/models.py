"""Rows of the outbox: jobs that must not be lost, paused channels, workers that are alive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime
from backend.kernel.ids import new_id

PENDING = "pending"
LEASED = "leased"
DONE = "done"
DEAD = "dead"
IN_DOUBT = "in_doubt"
#: Given up by a person, with a reason.
DISCARDED = "discarded"

#: Still owed to somebody: these states hold back later jobs of the same lane.
UNDELIVERED = (PENDING, LEASED)
STATES = (PENDING, LEASED, DONE, DEAD, IN_DOUBT, DISCARDED)


class OutboxJob(Model):
    """One piece of work owed to the outside, written in the transaction that caused it.

    ``due_at`` is the moment at which a worker should next look at the row: for a pending
    row when it is due, for a leased one when its lease ends.  One meaning for both lets one
    index, in the order of the claim, serve pending rows and expired leases alike.
    """

    __tablename__ = "outbox_jobs"
    __table_args__ = (
        Index("ix_outbox_jobs_claim", "state", "due_at", "id"),
        Index("ix_outbox_jobs_lane", "lane", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JsonText)
    job_key: Mapped[str | None] = mapped_column(BinaryString(160), unique=True)
    lane: Mapped[str | None] = mapped_column(BinaryString(96))
    state: Mapped[str] = mapped_column(BinaryString(16), default=PENDING)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    #: A call to the outside was begun under the present lease and has not been answered.
    calling: Mapped[bool] = mapped_column(Boolean, default=False)
    #: Calls that ended without anybody knowing whether they took effect.
    unknowns: Mapped[int] = mapped_column(Integer, default=0)
    lease_token: Mapped[str | None] = mapped_column(BinaryString(32))
    error_class: Mapped[str | None] = mapped_column(BinaryString(16))
    last_error: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OutboxPause(Model):
    """A channel that answered badly: nobody but one probe a minute may use it for a while."""

    __tablename__ = "outbox_pauses"

    channel: Mapped[str] = mapped_column(BinaryString(64), primary_key=True)
    #: Failures in a row, without a success of any job between them.
    strikes: Mapped[int] = mapped_column(Integer, default=0)
    #: None: counted, not paused.
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error_class: Mapped[str] = mapped_column(BinaryString(16))
    reason: Mapped[str] = mapped_column(String(500))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class OutboxWorker(Model):
    """The heartbeat of one worker process; readiness and ``flask outbox status`` read it."""

    __tablename__ = "outbox_workers"

    name: Mapped[str] = mapped_column(BinaryString(96), primary_key=True)
    threads: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done: Mapped[int] = mapped_column(Integer, default=0)
    failed: Mapped[int] = mapped_column(Integer, default=0)
    #: Finishes that changed nothing because the lease had passed to another worker.
    fenced: Mapped[int] = mapped_column(Integer, default=0)


class PeriodicRun(Model):
    """How the last run of a piece of periodic work went; one row for each name."""

    __tablename__ = "outbox_periodic_runs"

    name: Mapped[str] = mapped_column(BinaryString(64), primary_key=True)
    #: the last run that succeeded, and how long it took
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    took_ms: Mapped[int | None] = mapped_column(Integer)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None] = mapped_column(String(500))
