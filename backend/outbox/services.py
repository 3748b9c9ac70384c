"""The only writers of outbox rows besides the worker: enqueue, send again, prune."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import FromClause, Table, delete, select, update
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.sql.dml import Insert

from backend.kernel.clock import now
from backend.kernel.db import db, write_at_commit
from backend.kernel.errors import Conflict, NotFound
from backend.outbox.models import DEAD, DISCARDED, DONE, IN_DOUBT, PENDING, OutboxJob, OutboxWorker

KEEP_DONE = timedelta(days=30)
KEEP_WORKERS = timedelta(days=1)
PRUNE_BATCH = 1000


@dataclass(frozen=True)
class Owed:
    """A piece of work to be owed; what the fields mean stands at `enqueue`."""

    kind: str
    payload: Mapping[str, Any]
    key: str | None = None
    not_before: datetime | None = None
    lane: str | None = None


def enqueue(
    kind: str,
    payload: Mapping[str, Any],
    *,
    key: str | None = None,
    not_before: datetime | None = None,
    lane: str | None = None,
) -> None:
    """Owe a piece of work, in the caller's transaction: both are there or neither is.

    ``key``: a second job with the same key is quietly not written (kept for 30 days after it is
    done). ``not_before``: aware; a job with it is a timer. ``lane``: jobs of a lane are done one
    at a time in the order they were enqueued.
    """
    enqueue_all([Owed(kind, payload, key, not_before, lane)])


def enqueue_all(jobs: Sequence[Owed]) -> None:
    """Owe several pieces of work, in this order; what a unit owes is written in one statement at its commit."""
    if not jobs:
        return
    at = now()
    rows = [
        {
            "kind": job.kind,
            "payload": dict(job.payload),
            "job_key": job.key,
            "lane": job.lane,
            "state": PENDING,
            "due_at": at if job.not_before is None else job.not_before,
            "attempts": 0,
            "calling": False,
            "unknowns": 0,
            "created_at": at,
        }
        for job in jobs
    ]
    write_at_commit(_write, rows)


_listeners: list[Callable[[], None]] = []


def on_owed(listener: Callable[[], None]) -> None:
    """Have `listener` called, in the thread whose unit it is, when a unit owes something that is due at once."""
    _listeners.append(listener)


def _write(rows: list[dict[str, Any]]) -> None:
    if any(row["due_at"] <= row["created_at"] for row in rows):
        for listener in _listeners:
            listener()
    # The statement is made once and its rows are given beside it: compiled once, too.
    db.session.execute(_once(OutboxJob.__table__, db.session.get_bind().dialect.name, "job_key"), rows)


def insert_once(model: type[Any], values: Mapping[str, Any], *unique: str) -> Insert:
    """An INSERT that changes nothing when the columns ``unique`` are taken, on either database."""
    return _once(model.__table__, db.session.get_bind().dialect.name, *unique).values(**values)


@cache
def _once(table: FromClause, dialect: str, *unique: str) -> Insert:
    """Not INSERT IGNORE, which would also let over-long and missing values pass."""
    assert isinstance(table, Table)
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing(index_elements=list(unique))
    return mysql.insert(table).on_duplicate_key_update({unique[0]: table.c[unique[0]]})


def send_again(job_id: int, *, even_done: bool = False) -> None:
    """Put a dead or doubtful job back at the start, on its own row and key.

    ``even_done``: a job that was done too, when what it did turned out later not to have worked.
    Raises NotFound, or Conflict when the job is not one that has come to rest.
    """
    at_rest = (DEAD, IN_DOUBT, DONE) if even_done else (DEAD, IN_DOUBT)
    taken = db.session.execute(
        update(OutboxJob)
        .where(OutboxJob.id == job_id, OutboxJob.state.in_(at_rest))
        .values(
            state=PENDING,
            due_at=now(),
            attempts=0,
            unknowns=0,
            calling=False,
            lease_token=None,
            finished_at=None,
        )
    )
    if getattr(taken, "rowcount", 0) == 1:
        return
    state = db.session.scalar(select(OutboxJob.state).where(OutboxJob.id == job_id))
    if state is None:
        raise NotFound
    raise Conflict("not_at_rest", "这条消息正在发送或已经送达，不需要重发。", details={"state": state})


def discard(job_id: int) -> str:
    """Let a dead or doubtful job rest for good, because a person says so; its kind.

    Raises NotFound, or Conflict when the job is not one that has come to rest.
    """
    job = db.session.get(OutboxJob, job_id, with_for_update=True)
    if job is None:
        raise NotFound
    if job.state not in (DEAD, IN_DOUBT):
        raise Conflict(
            "not_at_rest", "这个任务正在进行或已经完成，不需要放弃。", details={"state": job.state}
        )
    job.state, job.finished_at = DISCARDED, now()
    db.session.flush()
    return job.kind


def job_id_of(key: str) -> int | None:
    """The id of the job with that key."""
    return db.session.scalar(select(OutboxJob.id).where(OutboxJob.job_key == key))


def prune() -> int:
    """Delete jobs done more than 30 days ago (a batch of them) and workers long gone; how many jobs."""
    at = now()
    db.session.execute(delete(OutboxWorker).where(OutboxWorker.seen_at < at - KEEP_WORKERS))
    ids = db.session.scalars(
        select(OutboxJob.id)
        .where(OutboxJob.state.in_((DONE, DISCARDED)), OutboxJob.due_at < at - KEEP_DONE)
        .order_by(OutboxJob.due_at, OutboxJob.id)
        .limit(PRUNE_BATCH)
    ).all()
    if ids:
        db.session.execute(delete(OutboxJob).where(OutboxJob.id.in_(ids)))
    return len(ids)
