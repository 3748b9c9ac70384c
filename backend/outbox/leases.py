"""Taking jobs and letting go of them. Every change after the claim is fenced by the lease's token."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, false, select, tuple_, update

from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.outbox.models import DONE, LEASED, PENDING, OutboxJob
from backend.outbox.queries import lane_is_free
from backend.outbox.registry import LEASE_SECONDS, Job, handler_of


class LostLease(Exception):
    """The lease ended and somebody else has the job: whatever was being written must not be."""


@dataclass(frozen=True)
class Lease:
    """A job that is ours until the lease ends."""

    job: Job
    token: str


def claim(limit: int) -> list[Lease]:
    """Take up to ``limit`` jobs and commit: expired leases first, then what is due.

    Expired leases go before any backlog, or a job whose worker died would wait behind all that
    was enqueued since. On MariaDB rows that another worker is taking are skipped; on SQLite the
    whole claim holds the write lock (BEGIN IMMEDIATE).
    """
    return run_unit(lambda: _claim(limit, now()))


def _claim(limit: int, at: datetime) -> list[Lease]:
    rows = _lock(_due(LEASED, at).limit(limit))
    if len(rows) < limit:
        rows += _lock(_due(PENDING, at).where(lane_is_free()).limit(limit - len(rows)))
    if not rows:
        return []
    token = secrets.token_hex(16)
    # MariaDB assigns from left to right: `unknowns` must still see the old `calling`.
    db.session.execute(
        update(OutboxJob)
        .where(OutboxJob.id.in_([row.id for row in rows]))
        .ordered_values(
            (OutboxJob.state, LEASED),
            (OutboxJob.lease_token, token),
            (OutboxJob.due_at, at + timedelta(seconds=LEASE_SECONDS)),
            (OutboxJob.attempts, OutboxJob.attempts + 1),
            (OutboxJob.unknowns, OutboxJob.unknowns + OutboxJob.calling),
            (OutboxJob.calling, false()),
        )
        .execution_options(synchronize_session=False)
    )
    return [Lease(_job(row), token) for row in rows]


def _due(state: str, at: datetime) -> Select[Any]:
    table = OutboxJob.__table__.c
    return (
        select(
            table.id,
            table.kind,
            table.payload,
            table.job_key,
            table.lane,
            table.attempts,
            table.calling,
            table.unknowns,
            table.created_at,
        )
        .where(OutboxJob.state == state, OutboxJob.due_at <= at)
        .order_by(OutboxJob.due_at, OutboxJob.id)
    )


def _lock(wanted: Select[Any]) -> list[Any]:
    return list(db.session.execute(wanted.with_for_update(skip_locked=True)).all())


def _job(row: Any) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        payload=row.payload,
        job_key=row.job_key,
        lane=row.lane,
        attempts=row.attempts + 1,
        unknowns=row.unknowns + int(row.calling),
        created_at=row.created_at,
    )


def renew(lease: Lease, *, calling: bool) -> None:
    """Lengthen the lease from now; ``calling``: a call to the outside is about to begin.

    Raises LostLease when the job is no longer ours: then nothing may be sent.
    """
    handler = handler_of(lease.job.kind)
    seconds = handler.lease_seconds if handler else LEASE_SECONDS
    _fenced(lease, due_at=now() + timedelta(seconds=seconds), calling=calling)


def begin_all(leases: Sequence[Lease], seconds: int, only_if: ColumnElement[bool]) -> None:
    """Lengthen the leases by ``seconds`` from now, since their calls to the outside are about to begin.

    Raises LostLease when one of the jobs is no longer ours, or ``only_if`` does not hold.
    """
    _all_fenced(leases, only_if, due_at=now() + timedelta(seconds=seconds), calling=True)


def finish(lease: Lease) -> None:
    """Mark the job done. Raises LostLease when it is no longer ours."""
    _fenced(lease, **_done())


def finish_all(leases: Sequence[Lease]) -> None:
    """Mark the jobs done. Raises LostLease when one of them is no longer ours."""
    _all_fenced(leases, **_done())


def _done() -> dict[str, Any]:
    at = now()
    return {
        "state": DONE,
        "due_at": at,
        "finished_at": at,
        "lease_token": None,
        "calling": False,
        "error_class": None,
        "last_error": None,
    }


def settle(
    lease: Lease,
    state: str,
    due_at: datetime | None,
    *,
    counts: bool,
    unknowns: int,
    error_class: str,
    error: str,
) -> None:
    """Write what became of a failed try: ``pending`` until ``due_at``, or a final state.

    Raises LostLease when the job is no longer ours.
    """
    at = now()
    _fenced(
        lease,
        state=state,
        due_at=due_at or at,
        attempts=lease.job.attempts if counts else lease.job.attempts - 1,
        unknowns=unknowns,
        calling=False,
        lease_token=None,
        error_class=error_class,
        last_error=error[:500],
        finished_at=None if state == PENDING else at,
    )


def hand_back(leases: Sequence[Lease]) -> None:
    """Return jobs that were never begun, as if they had not been taken; commits."""

    def unit() -> None:
        for lease in leases:
            db.session.execute(
                update(OutboxJob)
                .where(OutboxJob.id == lease.job.id, OutboxJob.lease_token == lease.token)
                .values(state=PENDING, due_at=now(), attempts=lease.job.attempts - 1, lease_token=None)
                .execution_options(synchronize_session=False)
            )

    if leases:
        run_unit(unit)


def _fenced(lease: Lease, **values: Any) -> None:
    changed = db.session.execute(
        update(OutboxJob)
        .where(
            OutboxJob.id == lease.job.id,
            OutboxJob.lease_token == lease.token,
            OutboxJob.state == LEASED,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if getattr(changed, "rowcount", 0) != 1:
        raise LostLease(f"outbox job {lease.job.id}")


def _all_fenced(leases: Sequence[Lease], *only_if: ColumnElement[bool], **values: Any) -> None:
    held = [(lease.job.id, lease.token) for lease in leases]
    table: Any = OutboxJob.__table__
    changed = db.session.execute(
        update(table)
        .where(
            table.c.id.in_([job_id for job_id, _ in held]),  # finds the rows; the pairs are what must hold
            tuple_(table.c.id, table.c.lease_token).in_(held),
            table.c.state == LEASED,
            *only_if,
        )
        .values(**values)
    )
    if getattr(changed, "rowcount", 0) != len(held):
        raise LostLease(f"one of {len(held)} outbox jobs")
