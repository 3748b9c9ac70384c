"""Work that comes back: every so often, once, whichever worker is there first.

A timer is an outbox job keyed by (name, slot), where a slot is the number of periods since 1970.
Finishing one enqueues the next; the worker also seeds them, so that no accident breaks a chain.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from backend.kernel.clock import now
from backend.kernel.db import db
from backend.outbox.models import PeriodicRun
from backend.outbox.registry import Failure, Handler, Job, handles
from backend.outbox.services import enqueue, insert_once, prune

KIND = "periodic"


@dataclass(frozen=True)
class Periodic:
    """One piece of periodic work."""

    name: str
    every_seconds: int
    work: Callable[[], Any]
    in_transaction: bool


_periodic: dict[str, Periodic] = {}


def periodic(name: str, every_seconds: int, work: Callable[[], Any], *, in_transaction: bool = True) -> None:
    """Have ``work`` done once in every period of ``every_seconds``.

    With ``in_transaction`` it runs in the transaction that finishes the job; without, outside of
    any, and opens its own units (for work that calls the outside or deletes files): it must be
    safe to repeat. A period that passed while no worker ran is made up for once.
    """
    _periodic[name] = Periodic(name, every_seconds, work, in_transaction)


def seed() -> None:
    """Enqueue the present period of everything registered; a no-op where it is there already."""
    for one in _periodic.values():
        _enqueue(one, _slot(one, now()))


def registered() -> tuple[Periodic, ...]:
    """What comes back, by name."""
    return tuple(_periodic[name] for name in sorted(_periodic))


def _slot(one: Periodic, at: datetime) -> int:
    return int(at.timestamp()) // one.every_seconds


def _enqueue(one: Periodic, slot: int) -> None:
    enqueue(
        KIND,
        {"name": one.name, "slot": slot},
        key=f"{KIND}:{one.name}:{slot}",
        not_before=datetime.fromtimestamp(slot * one.every_seconds, UTC),
    )


@handles(KIND)
class _Timer(Handler):
    lease_seconds = 300

    def prepare(self, job: Job) -> Callable[[], Any] | None:
        one = _periodic.get(job.payload["name"])
        return None if one is None or one.in_transaction else lambda: _timed(one.work)

    def complete(self, job: Job, result: Any) -> None:
        one = _periodic.get(job.payload["name"])
        if one is None:
            return
        _note_done(one.name, _timed(one.work) if one.in_transaction else int(result))
        self._next(one, job)

    def gave_up(self, job: Job, failure: Failure, state: str) -> None:
        one = _periodic.get(job.payload["name"])
        if one is not None:
            _note_failed(one.name, failure.message)
            self._next(one, job)

    def _next(self, one: Periodic, job: Job) -> None:
        _enqueue(one, max(int(job.payload["slot"]), _slot(one, now())) + 1)


def _timed(work: Callable[[], Any]) -> int:
    """Do the work; how long it took, in milliseconds."""
    begun = time.perf_counter()
    work()
    return round((time.perf_counter() - begun) * 1000)


def _note_done(name: str, took_ms: int) -> None:
    row = _run(name)
    row.done_at, row.took_ms = now(), took_ms


def _note_failed(name: str, failure: str) -> None:
    row = _run(name)
    row.failed_at, row.failure = now(), failure[:500]


def _run(name: str) -> PeriodicRun:
    db.session.execute(insert_once(PeriodicRun, {"name": name}, "name"))
    return db.session.get_one(PeriodicRun, name)


periodic("outbox.prune", 3600, prune)
