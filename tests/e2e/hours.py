"""The days that pass between two pictures: a job that waits for its date falls due now, and the worker does it.

Only the date of the job in the outbox (and the last day of a publication) is brought forward; what then happens
is the running town's own doing.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from backend.kernel.clock import now, today
from backend.reports.more_time import OVER_JOB, REVIEW_JOB
from backend.workflow.clocks import BREACH

DONE_SECONDS = 25.0
LOOK_SECONDS = 0.05
PAST = "2000-01-01 00:00:00.000000"
BUSY = "SELECT count(*) FROM outbox_jobs WHERE state = 'leased' OR (state = 'pending' AND due_at <= ?)"


class Hours:
    """The waiting jobs of a town that keeps its data in SQLite in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "town.db"

    def run_out(self, case_id: str, clock: str) -> None:
        """The running clock of that name runs out; returns when all is done that follows from it, messages too."""
        query = "SELECT id, version FROM work_clocks WHERE subject_id = ? AND name = ? AND state = 'running'"
        with closing(self._open()) as database:
            clock_id, version = database.execute(query, (int(case_id), clock)).fetchone()
        self._pass(f"{BREACH}:{clock_id}:{version}")

    def review(self, case_id: str) -> None:
        """The first month of the first suspension is over."""
        self._pass(f"{REVIEW_JOB}:{case_id}:1:1")

    def suspension_over(self, case_id: str) -> None:
        """The last day of the first suspension is over."""
        self._pass(f"{OVER_JOB}:{case_id}:1")

    def publication_over(self, topic_id: str) -> None:
        """The last day of a topic's publication was yesterday (CON-03)."""
        yesterday = (today() - timedelta(days=1)).isoformat()
        with closing(self._open()) as database:
            moved = database.execute(
                "UPDATE consultations SET published_until = ? WHERE id = ? AND state = 'published'",
                (yesterday, int(topic_id)),
            )
            assert moved.rowcount == 1, "the topic is not published"
        self.run_out(topic_id, "publication")

    def settle(self) -> None:
        """Returns when the worker has nothing left to do now. Raises AssertionError after 25 seconds."""
        deadline = time.monotonic() + DONE_SECONDS
        with closing(self._open()) as database:
            while database.execute(
                BUSY, (now().isoformat(sep=" ", timespec="microseconds")[:26],)
            ).fetchone()[0]:
                assert time.monotonic() < deadline, "the worker does not come to the end of its jobs"
                time.sleep(LOOK_SECONDS)  # it is another process

    def _pass(self, job_key: str) -> None:
        with closing(self._open()) as database:
            moved = database.execute(
                "UPDATE outbox_jobs SET due_at = ? WHERE job_key = ? AND state = 'pending'", (PAST, job_key)
            )
            assert moved.rowcount == 1, f"no job {job_key} waits for its date"
        self.settle()

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.file, timeout=15, isolation_level=None)
