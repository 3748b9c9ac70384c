"""The worker: claims, hands jobs to its threads, shows that it is alive, and goes when told to."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.outbox import leases, timers
from backend.outbox.leases import Lease
from backend.outbox.models import OutboxWorker
from backend.outbox.performing import DONE, FAILED, FENCED, perform
from backend.outbox.services import on_owed

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 5.0
SEED_SECONDS = 60.0
#: How long jobs in flight may take after the worker was told to stop.
GRACE_SECONDS = 25.0
DATABASE_AWAY_SECONDS = 1.0


class Worker:
    """One worker process. `stop` may be called from a signal handler or another thread."""

    def __init__(self, app: Flask, *, threads: int = 1, poll_seconds: float = POLL_SECONDS) -> None:
        self.app = app
        self.threads = threads
        self.poll_seconds = poll_seconds
        self.name = f"{socket.gethostname()[:48]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.counts: Counter[str] = Counter()
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._waiting: deque[Lease] = deque()
        self._running = 0
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
        with ThreadPoolExecutor(self.threads, thread_name_prefix="outbox") as pool:
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
            free = self._free()
            taken = leases.claim(free) if free else []
        if taken:
            with self._changed:
                self._waiting.extend(taken)
                self._changed.notify_all()
        elif free:
            self._more.wait(self.poll_seconds)
        else:
            self._await_room()

    def _free(self) -> int:
        """Jobs to take now: what the threads can begin at once, and one more each; none before there is
        room for half as many as there are threads, since a claim costs as much for one job as for ten."""
        with self._changed:
            free = 2 * self.threads - self._running - len(self._waiting)
            return free if 2 * free >= self.threads else 0

    def _await_room(self) -> None:
        with self._changed:
            self._changed.wait(self.poll_seconds)

    def _note_owed(self) -> None:
        self._begot.any = True

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._stopping.is_set():
                    self._changed.wait(self.poll_seconds)
                if self._stopping.is_set():
                    return
                lease = self._waiting.popleft()
                self._running += 1
            try:
                outcome = self._perform(lease)
            finally:
                with self._changed:
                    self._running -= 1
                    self._changed.notify_all()
            with self._changed:
                self.counts[outcome] += 1
            if getattr(self._begot, "any", False):
                self._begot.any = False
                self._more.set()

    def _perform(self, lease: Lease) -> str:
        try:
            with self.app.app_context():
                return perform(lease)
        except Exception:
            # Nothing could be written; the lease ends by itself and the job is taken again.
            log.exception("outbox job abandoned", extra={"job_id": lease.job.id, "job_kind": lease.job.kind})
            return "abandoned"

    def _leave(self) -> None:
        """Give back what was not begun, wait for the rest, and sign off."""
        with self._changed:
            unbegun = list(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()
        with self.app.app_context():
            leases.hand_back(unbegun)
        deadline = time.monotonic() + GRACE_SECONDS
        with self._changed:
            while self._running and time.monotonic() < deadline:
                self._changed.wait(0.2)
        with self.app.app_context():
            run_unit(self._beat_row)

    def _every(self, what: str, seconds: float, do: Callable[[], None]) -> None:
        at = time.monotonic()
        if at - self._last.get(what, -seconds) >= seconds:
            run_unit(do)
            self._last[what] = at

    def _beat(self) -> None:
        self._beat_row()

    def _beat_row(self) -> None:
        with self._changed:
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
        for lease in taken:
            ended[perform(lease)] += 1
    return ended
