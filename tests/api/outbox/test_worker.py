"""The worker process from outside: it works until told to stop, and shows that it is alive."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.outbox import Job, enqueue, leases, queries
from backend.outbox.models import PENDING, OutboxJob
from backend.outbox.worker import Worker
from tests.fakes.outbox import Recorder

SECONDS = 20


@contextmanager
def working(worker: Worker) -> Iterator[None]:
    """The worker runs in a thread of its own meanwhile, and has ended afterwards."""
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(SECONDS)
        assert not thread.is_alive(), "the worker did not stop"


def put(*numbers: int, **options: Any) -> None:
    for n in numbers:
        run_unit(lambda n=n: enqueue("test", {"n": n}, **options))


def test_jobs_are_done_and_counted(in_app: Flask, clock: FrozenClock, recorder: Recorder) -> None:
    finished = threading.Event()
    recorder.during_complete = lambda job: finished.set() if job.payload["n"] == 9 else None
    worker = Worker(in_app, threads=1, poll_seconds=0.05)
    put(*range(10))
    with working(worker):
        assert finished.wait(SECONDS)
    assert recorder.completed == list(range(10))
    assert queries.workers_alive() == 1
    (shown,) = queries.workers()
    assert shown.done >= 10


def test_a_job_written_while_the_worker_idles_is_found(
    in_app: Flask, clock: FrozenClock, recorder: Recorder
) -> None:
    finished = threading.Event()
    recorder.during_complete = lambda job: finished.set()
    with working(Worker(in_app, threads=1, poll_seconds=0.05)):
        put(1)
        assert finished.wait(SECONDS)


def test_told_to_stop_it_finishes_what_it_began_and_gives_back_the_rest(
    in_app: Flask, clock: FrozenClock, recorder: Recorder
) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow(job: Job) -> str:
        began.set()
        assert go_on.wait(SECONDS)
        return "ok"

    recorder.answer = slow
    put(*range(5))
    worker = Worker(in_app, threads=1, poll_seconds=0.05)
    with working(worker):
        assert began.wait(SECONDS)
        worker.stop()
        go_on.set()
    assert recorder.called == recorder.completed == [0]
    with transaction(writing=False):
        rest = db.session.scalars(
            select(OutboxJob).where(OutboxJob.kind == "test", OutboxJob.state != "done")
        ).all()
    assert [(job.state, job.attempts, job.lease_token) for job in rest] == [(PENDING, 0, None)] * 4


def test_a_database_that_is_away_is_asked_again(
    in_app: Flask, clock: FrozenClock, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, failures = leases.claim, [1, 2]
    finished = threading.Event()
    recorder.during_complete = lambda job: finished.set()

    def unsteady(limit: int) -> list[leases.Lease]:
        if failures:
            failures.pop()
            raise OperationalError("claim", {}, Exception("gone away"))
        return claim(limit)

    monkeypatch.setattr(leases, "claim", unsteady)
    monkeypatch.setattr("backend.outbox.worker.DATABASE_AWAY_SECONDS", 0.01)
    put(1)
    with working(Worker(in_app, threads=1, poll_seconds=0.05)):
        assert finished.wait(SECONDS)


def test_nobody_alive_is_seen(in_app: Flask, clock: FrozenClock) -> None:
    assert queries.workers_alive() == 0


class TestCommands:
    def test_once_does_what_is_due(self, in_app: Flask, clock: FrozenClock, recorder: Recorder) -> None:
        put(1)
        done = in_app.test_cli_runner().invoke(args=["outbox", "run", "--once"])
        assert done.exit_code == 0, done.output
        assert recorder.completed == [1]

    def test_sqlite_has_one_writer(self, in_app: Flask) -> None:
        if db.engine.dialect.name != "sqlite":
            pytest.skip("MariaDB takes as many threads as one likes")
        refused = in_app.test_cli_runner().invoke(args=["outbox", "run", "--threads", "4"])
        assert refused.exit_code == 2
        assert "one thread" in refused.output

    def test_status_names_what_came_to_rest_and_retry_sends_it(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        run = in_app.test_cli_runner().invoke

        def refuse(job: Job) -> None:
            raise ValueError("13812345678 is somebody's number")

        recorder.answer = refuse
        recorder.repeatable = False
        put(1)
        for _ in range(2):
            run(args=["outbox", "run", "--once"])
            clock.move_to(clock.now().replace(minute=clock.now().minute + 1))
        status = run(args=["outbox", "status"])
        assert status.exit_code == 0, status.output
        assert "in_doubt" in status.output
        assert "ValueError" in status.output
        assert "138" not in status.output
        job_id = queries.at_rest()[0].id
        recorder.answer = lambda job: "ok"
        assert run(args=["outbox", "retry", str(job_id)]).exit_code == 0
        run(args=["outbox", "run", "--once"])
        assert recorder.completed == [1]
        again = run(args=["outbox", "retry", str(job_id)])
        assert again.exit_code == 1
        assert "not_at_rest" in again.output
