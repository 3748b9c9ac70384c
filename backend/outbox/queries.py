"""What the outbox looks like from outside: for readiness, /metrics, the command line and the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from backend.kernel.clock import now
from backend.kernel.db import db
from backend.outbox.models import (
    DEAD,
    IN_DOUBT,
    LEASED,
    PENDING,
    UNDELIVERED,
    OutboxJob,
    OutboxPause,
    OutboxWorker,
)

#: A worker that has not been seen for this long is taken for gone.
WORKER_GONE = timedelta(seconds=30)


@dataclass(frozen=True)
class Stats:
    """Counts and ages of what is owed. Rows done are not counted: there are too many."""

    counts: dict[str, int]
    due: int
    oldest_age_seconds: float
    lag_seconds: float
    workers_alive: int
    done_total: int
    fenced_total: int
    paused_channels: tuple[str, ...]


def lane_is_free() -> ColumnElement[bool]:
    """Whether no earlier job of the same lane is still owed."""
    earlier = aliased(OutboxJob)
    return or_(
        OutboxJob.lane.is_(None),
        ~exists(
            select(earlier.id).where(
                earlier.lane == OutboxJob.lane,
                earlier.state.in_(UNDELIVERED),
                earlier.id < OutboxJob.id,
            )
        ),
    )


def lag(at: datetime | None = None) -> float:
    """Seconds by which the workers are behind: the age of the oldest job one could take now."""
    at = at or now()
    due = [
        db.session.scalar(_oldest(LEASED, at)),
        db.session.scalar(_oldest(PENDING, at).where(lane_is_free())),
    ]
    known = [moment for moment in due if moment is not None]
    return (at - min(known)).total_seconds() if known else 0.0


def _oldest(state: str, at: datetime) -> Any:
    return (
        select(OutboxJob.due_at)
        .where(OutboxJob.state == state, OutboxJob.due_at <= at)
        .order_by(OutboxJob.due_at, OutboxJob.id)
        .limit(1)
    )


def workers_alive(at: datetime | None = None) -> int:
    """How many worker processes have shown themselves within WORKER_GONE."""
    at = at or now()
    found = db.session.scalar(
        select(func.count()).select_from(OutboxWorker).where(OutboxWorker.seen_at > at - WORKER_GONE)
    )
    return int(found or 0)


def stats() -> Stats:
    """Everything the gauges show, in a handful of indexed statements."""
    at = now()
    counts = dict.fromkeys((PENDING, LEASED, DEAD, IN_DOUBT), 0)
    for state in counts:
        counts[state] = int(
            db.session.scalar(select(func.count()).select_from(OutboxJob).where(OutboxJob.state == state))
            or 0
        )
    owed = select(func.count(), func.min(OutboxJob.created_at)).where(
        OutboxJob.state.in_(UNDELIVERED), OutboxJob.due_at <= at
    )
    due, oldest = db.session.execute(owed).one()
    done, fenced = db.session.execute(
        select(func.coalesce(func.sum(OutboxWorker.done), 0), func.coalesce(func.sum(OutboxWorker.fenced), 0))
    ).one()
    paused = db.session.scalars(
        select(OutboxPause.channel).where(OutboxPause.until.is_not(None)).order_by(OutboxPause.channel)
    ).all()
    return Stats(
        counts=counts,
        due=int(due),
        oldest_age_seconds=(at - oldest).total_seconds() if oldest else 0.0,
        lag_seconds=lag(at),
        workers_alive=workers_alive(at),
        done_total=int(done),
        fenced_total=int(fenced),
        paused_channels=tuple(paused),
    )


def at_rest(limit: int = 100, kind: str | None = None) -> list[OutboxJob]:
    """Dead and doubtful jobs, newest first: what a person should look at."""
    wanted = select(OutboxJob).where(OutboxJob.state.in_((DEAD, IN_DOUBT)))
    if kind is not None:
        wanted = wanted.where(OutboxJob.kind == kind)
    return list(db.session.scalars(wanted.order_by(OutboxJob.finished_at.desc(), OutboxJob.id).limit(limit)))


def pauses() -> list[OutboxPause]:
    """Channels with failures on record."""
    return list(db.session.scalars(select(OutboxPause).order_by(OutboxPause.channel)))


def workers() -> list[OutboxWorker]:
    """Worker processes of the last day, the latest seen first."""
    return list(db.session.scalars(select(OutboxWorker).order_by(OutboxWorker.seen_at.desc())))
