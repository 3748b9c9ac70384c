"""The worker: claims, hands jobs to its threads, shows that it is alive, and goes when told to."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.outbox import batches, leases, timers
from backend.outbox.batches import Answered, Ready
from backend.outbox.leases import Lease
from backend.outbox.models import OutboxWorker
from backend.outbox.performing import DONE, FAILED, FENCED, perform
from backend.outbox.services import on_owed

log = logging.getLogger(__name__)
ABANDONED = "abandoned"

POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 5.0
SEED_SECONDS = 60.0
#: How long jobs in flight may take after the worker was told to stop.
GRACE_SECONDS = 25.0
DATABASE_AWAY_SECONDS = 1.0


class Worker:
    """One worker process. `stop` may be called from any thread but the one that runs it.

    The thread that runs it claims jobs and prepares those that may share a transaction. A second one begins
    as many of their calls as there are threads with nothing to do, a third writes the results of calls that
    came back: each several at a time. The other threads call, and do alone what is to be done alone.
    """

    def __init__(self, app: Flask, *, threads: int = 1, poll_seconds: float = POLL_SECONDS) -> None:
        self.app = app
        self.threads = threads
        self.poll_seconds = poll_seconds
        self.name = f"{socket.gethostname()[:48]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.counts: Counter[str] = Counter()
        self._stopping = threading.Event()
        # One lock, and a bell for each who waits: nobody is woken for what is another's.
        self._lock = threading.Lock()
        self._room, self._tasks, self._prepared, self._back = (
            threading.Condition(self._lock) for _ in range(4)
        )
        self._waiting: deque[Lease] = deque()  # to be done alone
        self._ready: deque[Ready] = deque()  # prepared, to be begun
        self._begun: deque[Ready] = deque()  # begun for a thread that is free
        self._answered: list[Answered] = []  # their results are to be written
        self._running = 0  # threads that are at work, or for which something was begun
        self._at_desk = 0  # calls that are just being begun or written
        self._started_at = now()
        self._last: dict[str, float] = {}
        # Jobs beget jobs (a step of a case, then its messages): those are not left to the next poll.
        self._more = threading.Event()
        self._begot = threading.local()
        on_owed(self._note_owed)

    def stop(self) -> None:
        """Take no more jobs; run() returns when those in flight are done."""
        self._stopping.set()
        self._more.set()

    def run(self) -> None:
        """Work until stop() is called."""
        log.info("outbox worker starts", extra={"worker": self.name, "threads": self.threads})
        with ThreadPoolExecutor(self.threads + 2, thread_name_prefix="outbox") as pool:
            pool.submit(self._begin_calls)
            pool.submit(self._write_results)
            for _ in range(self.threads):
                pool.submit(self._work)
            while not self._stopping.is_set():
                try:
                    self._turn()
                except SQLAlchemyError as error:
                    # The database is away or said no; it is asked again, for as long as it takes.
                    log.error(
                        "outbox claim failed",
                        extra={"error": type(error).__name__, "why": str(getattr(error, "orig", ""))},
                    )
                    self._stopping.wait(DATABASE_AWAY_SECONDS)
            self._leave()
        log.info("outbox worker stopped", extra={"worker": self.name} | dict(self.counts))

    def _turn(self) -> None:
        with self.app.app_context():
            self._every("heartbeat", HEARTBEAT_SECONDS, self._beat)
            self._every("seed", SEED_SECONDS, timers.seed)
            self._more.clear()
            with self._lock:
                free = self._free()
            taken = leases.claim(free) if free else []
            self._take(taken)
        if taken:
            self._look_again_if_owed()
        elif free:
            self._more.wait(self.poll_seconds)
        else:
            self._await_room()

    def _free(self) -> int:
        """Jobs to take now: what the threads can begin at once, and two more each (all within a lease, however
        slow the calls are); none before there is room for as many as there are threads, since taking and
        preparing costs little more for ten jobs than for one."""
        free = 3 * self.threads - self._running - len(self._waiting) - len(self._ready)
        return free if free >= self.threads else 0

    def _await_room(self) -> None:
        with self._lock:
            self._room.wait_for(lambda: self._free() or self._stopping.is_set(), self.poll_seconds)

    def _note_owed(self) -> None:
        self._begot.any = True

    def _look_again_if_owed(self) -> None:
        if getattr(self._begot, "any", False):
            self._begot.any = False
            self._more.set()

    def _take(self, taken: Sequence[Lease]) -> None:
        groups, alone = batches.grouped(taken)
        self._put(alone, [])
        for group in groups:
            ready = batches.prepare(group)
            self._put(group if ready is None else [], ready or [])
            self._count([DONE] * (len(group) - len(ready) if ready is not None else 0))

    def _put(self, alone: Sequence[Lease], ready: Sequence[Ready]) -> None:
        with self._lock:
            self._waiting.extend(alone)
            self._ready.extend(ready)
            self._tasks.notify(len(alone))
            self._prepared.notify()

    def _count(self, outcomes: Iterable[str]) -> None:
        with self._lock:
            self.counts.update(outcomes)

    def _work(self) -> None:
        """What one of the threads does."""
        while (task := self._next_task()) is not None:
            outcome: str | Answered = ABANDONED
            try:
                with self.app.app_context():
                    outcome = perform(task) if isinstance(task, Lease) else batches.call(task)
            except Exception as error:
                self._abandon(task if isinstance(task, Lease) else task.lease, error)
            finally:
                with self._lock:
                    self._running -= 1
                    if isinstance(outcome, Answered):
                        self._answered.append(outcome)
                        self._back.notify()
                    else:
                        self.counts[outcome] += 1
                    if self._ready:
                        self._prepared.notify()
                    if self._free():
                        self._room.notify()
            self._look_again_if_owed()

    def _next_task(self) -> Lease | Ready | None:
        """What is begun, or something to be done alone; None when there is no more and the worker goes."""
        with self._lock:
            while True:
                if self._begun:
                    return self._begun.popleft()
                if self._stopping.is_set():
                    if not self._at_desk:
                        return None
                elif self._waiting and self._running < self.threads:
                    self._running += 1
                    return self._waiting.popleft()
                self._tasks.wait(self.poll_seconds)

    @staticmethod
    def _abandon(lease: Lease, error: Exception) -> None:
        # Nothing could be written; the lease ends by itself and the job is taken again.
        about = {"job_id": lease.job.id, "job_kind": lease.job.kind}
        log.error("outbox job abandoned", exc_info=error, extra=about)

    def _begin_calls(self) -> None:
        """Begin as many calls as there are threads with nothing to do, again and again."""
        while (ready := self._next_ready()) is not None:
            begun = False
            try:
                with self.app.app_context():
                    begun = batches.begin(ready)
            except Exception:
                log.exception("outbox calls not begun")
            with self._lock:
                self._at_desk -= len(ready)
                if begun:
                    self._begun.extend(ready)
                else:
                    self._running -= len(ready)
                    self._waiting.extend(one.lease for one in ready)
                self._tasks.notify(len(ready))

    def _next_ready(self) -> list[Ready] | None:
        with self._lock:
            while not self._stopping.is_set():
                room = self.threads - self._running
                ready = [self._ready.popleft() for _ in range(min(room, len(self._ready)))]
                if ready:
                    self._running += len(ready)
                    self._at_desk += len(ready)
                    return ready
                self._prepared.wait(self.poll_seconds)
        return None

    def _write_results(self) -> None:
        """Write the results of the calls that came back, again and again."""
        while (answered := self._next_answered()) is not None:
            outcomes = self._write(answered)
            with self._lock:
                self._at_desk -= len(answered)
                self.counts.update(outcomes)
            self._look_again_if_owed()

    def _next_answered(self) -> list[Answered] | None:
        with self._lock:
            while True:
                answered, self._answered = self._answered, []
                if answered:
                    self._at_desk += len(answered)
                    return answered
                if self._stopping.is_set() and not self._in_flight():
                    return None
                self._back.wait(self.poll_seconds)

    def _write(self, answered: list[Answered]) -> list[str]:
        try:
            with self.app.app_context():
                return batches.finish(answered) or [self._write_one(one) for one in answered]
        except Exception as error:
            for one in answered:
                self._abandon(one.ready.lease, error)
            return [ABANDONED] * len(answered)

    def _write_one(self, one: Answered) -> str:
        try:
            return batches.finish_alone(one)
        except Exception as error:
            self._abandon(one.ready.lease, error)
            return ABANDONED

    def _leave(self) -> None:
        """Give back what was not begun, wait for the rest, and sign off."""
        self._hand_back()
        deadline = time.monotonic() + GRACE_SECONDS
        with self._lock:
            while self._in_flight() and time.monotonic() < deadline:
                self._room.wait(0.1)
        self._hand_back()  # what could not be begun when the worker was told to go
        with self.app.app_context():
            run_unit(self._beat_row)

    def _in_flight(self) -> bool:
        return bool(self._running or self._at_desk or self._answered)

    def _hand_back(self) -> None:
        with self._lock:
            unbegun = [*self._waiting, *(one.lease for one in self._ready)]
            self._waiting.clear()
            self._ready.clear()
            for bell in (self._tasks, self._prepared, self._back):
                bell.notify_all()
        with self.app.app_context():
            leases.hand_back(unbegun)

    def _every(self, what: str, seconds: float, do: Callable[[], None]) -> None:
        at = time.monotonic()
        if at - self._last.get(what, -seconds) >= seconds:
            run_unit(do)
            self._last[what] = at

    def _beat(self) -> None:
        self._beat_row()

    def _beat_row(self) -> None:
        with self._lock:
            counts = dict(self.counts)
        db.session.merge(_row(self.name, self.threads, self._started_at, counts))
        db.session.flush()


def _row(name: str, threads: int, started_at: datetime, counts: dict[str, int]) -> OutboxWorker:
    return OutboxWorker(
        name=name,
        threads=threads,
        started_at=started_at,
        seen_at=now(),
        done=counts.get(DONE, 0),
        failed=counts.get(FAILED, 0),
        fenced=counts.get(FENCED, 0),
    )


def drain(batch: int = 8) -> Counter[str]:
    """Do all that is due now in this thread, within the caller's application context.

    Returns how the tries ended. For `flask outbox run --once` and for tests.
    """
    ended: Counter[str] = Counter()
    run_unit(timers.seed)
    while taken := leases.claim(batch):
        groups, alone = batches.grouped(taken)
        for group in groups:
            ready = batches.prepare(group)
            ended[DONE] += 0 if ready is None else len(group) - len(ready)
            ended.update(_drained(one) for one in ready or ())
            alone += group if ready is None else []
        ended.update(perform(lease) for lease in alone)
    return ended


def _drained(one: Ready) -> str:
    """Call at once what was begun: nothing that waits for its turn may count as begun."""
    if not batches.begin([one]):
        return perform(one.lease)
    answered = batches.call(one)
    if not isinstance(answered, Answered):
        return answered
    return (batches.finish([answered]) or [batches.finish_alone(answered)])[0]
