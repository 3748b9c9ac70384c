"""Jobs that share transactions: what holds for one alone holds for each of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from backend.kernel.clock import FrozenClock
from backend.kernel.db import in_transaction, run_unit
from backend.outbox import ErrorClass, Failure, Job, Postpone, batches, handles, leases, pauses
from backend.outbox.models import DEAD, DONE, IN_DOUBT, LEASED, PENDING
from backend.outbox.registry import LEASE_SECONDS
from backend.outbox.worker import Worker, drain
from tests.api.outbox.test_worker import SECONDS, working
from tests.fakes.outbox import Recorder, failing, put, row, rows, states

BUSY = Failure(ErrorClass.TRANSIENT, "busy", -1)


class Together(Recorder):
    """A recorder whose jobs share transactions; ``units`` are the jobs of each shared preparing and finishing."""

    together = True

    def __init__(self) -> None:
        super().__init__(channel="platform")
        self.units: list[tuple[str, list[int]]] = []
        self.refuses: Callable[[Job], None] = lambda job: None

    def prepare(self, job: Job) -> Callable[[], Any]:
        self.refuses(job)
        return super().prepare(job)

    def prepare_all(self, jobs: Sequence[Job]) -> list[Callable[[], Any] | None]:
        self.units.append(("prepare", [job.payload["n"] for job in jobs]))
        return super().prepare_all(jobs)

    def complete_all(self, done: Sequence[tuple[Job, Any]]) -> None:
        self.units.append(("complete", [job.payload["n"] for job, _ in done]))
        super().complete_all(done)


@pytest.fixture
def together(recorder: Recorder) -> Together:
    """The handler of kind "test"; `recorder` has made the registry this test's own."""
    from backend.outbox import registry

    made = Together()
    registry._names.pop("test")
    handles("test")(made)
    return made


def begun(count: int) -> list[batches.Ready]:
    """So many jobs, claimed, prepared and begun."""
    (group,), alone = batches.grouped(leases.claim(count))
    assert alone == []
    ready = batches.prepare(group)
    assert ready is not None
    assert batches.begin(ready)
    return ready


def answered(ready: Sequence[batches.Ready]) -> list[batches.Answered]:
    found = [batches.call(one) for one in ready]
    return [one for one in found if isinstance(one, batches.Answered)]


def test_many_are_prepared_and_finished_in_one_transaction_each(
    in_app: Flask, clock: FrozenClock, together: Together
) -> None:
    open_during_call: list[bool] = []
    together.answer = lambda job: open_during_call.append(in_transaction())
    for n in range(3):
        put(n)
    ready = begun(3)
    assert [job.calling for job in rows()] == [True] * 3
    assert batches.finish(answered(ready)) == ["done"] * 3
    assert together.units == [("prepare", [0, 1, 2]), ("complete", [0, 1, 2])]
    assert open_during_call == [False] * 3
    assert [(job.state, job.lease_token, job.calling) for job in rows()] == [(DONE, None, False)] * 3


def test_one_that_cannot_be_prepared_holds_up_no_other(
    in_app: Flask, clock: FrozenClock, together: Together
) -> None:
    def refuses(job: Job) -> None:
        if job.payload["n"] == 1:
            raise Failure(ErrorClass.PERMANENT, "no such template")

    together.refuses = refuses
    for n in range(3):
        put(n)
    drain()
    assert states() == {0: DONE, 1: DEAD, 2: DONE}
    assert sorted(together.called) == [0, 2], "each was sent once, though the group was broken"


def test_one_whose_call_fails_is_tried_again_alone(
    in_app: Flask, clock: FrozenClock, together: Together
) -> None:
    together.answer = lambda job: failing(BUSY)(job) if job.payload["n"] == 1 else "ok"
    for n in range(3):
        put(n)
    drain()
    assert states() == {0: DONE, 1: PENDING, 2: DONE}
    together.units.clear()
    together.answer = lambda job: "ok"
    clock.advance(timedelta(seconds=6))
    run_unit(lambda: pauses.lift("platform"))
    drain()
    assert states()[1] == DONE
    assert ("prepare", [1]) not in together.units


def test_a_result_that_cannot_be_written_is_in_doubt_and_the_others_are_done(
    in_app: Flask, clock: FrozenClock, together: Together
) -> None:
    def broken(job: Job) -> None:
        if job.payload["n"] == 1:
            raise KeyError("a defect")

    together.during_complete = broken
    for n in range(3):
        put(n)
    results = answered(begun(3))
    assert batches.finish(results) is None
    assert [job.state for job in rows()] == [LEASED] * 3, "nothing was written for any of them"
    assert [batches.finish_alone(one) for one in results] == ["done", "failed", "done"]
    assert states() == {0: DONE, 1: IN_DOUBT, 2: DONE}
    assert together.called == [0, 1, 2]


def test_a_lost_lease_is_neither_begun_nor_finished(
    in_app: Flask, clock: FrozenClock, together: Together
) -> None:
    for n in range(2):
        put(n)
    ready = begun(2)
    clock.advance(timedelta(seconds=LEASE_SECONDS + 1))
    (taken,) = leases.claim(1)
    assert taken.job.payload["n"] == 0
    assert not batches.begin(ready)
    results = answered(ready)
    assert batches.finish(results) is None
    assert [batches.finish_alone(one) for one in results] == ["fenced", "done"]
    assert states() == {0: LEASED, 1: DONE}


def test_a_lease_of_the_same_job_under_another_token_is_another_lease(
    in_app: Flask, clock: FrozenClock, together: Together
) -> None:
    """Both are this process's own: that each id and each token is known must not be enough."""
    put(0)
    (stale,) = begun(1)
    clock.advance(timedelta(seconds=LEASE_SECONDS + 1))
    put(1)
    (again, other) = leases.claim(2)
    assert (again.job.id, again.token) == (stale.lease.job.id, other.token)
    fresh = batches.Ready(other, stale.handler, stale.prepared)
    assert not batches.begin([stale, fresh])
    assert [job.calling for job in rows()] == [False, False]


def test_a_channel_that_rests_is_asked_one_by_one(
    in_app: Flask, clock: FrozenClock, together: Together
) -> None:
    until = clock.now() + timedelta(minutes=30)
    run_unit(lambda: pauses.pause("platform", until, ErrorClass.QUOTA, "daily quota", clock.now()))
    for n in range(3):
        put(n)
    drain()
    assert together.called == []
    assert {(job.state, job.attempts) for job in rows()} == {(PENDING, 0)}
    assert min(job.due_at for job in rows()) >= until


def test_jobs_with_nothing_to_call_are_done_by_preparing_them(
    in_app: Flask, clock: FrozenClock, together: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "prepare", lambda job: None)
    for n in range(3):
        put(n)
    assert drain()["done"] >= 3
    assert together.called == []
    assert together.completed == [0, 1, 2]
    assert states() == {0: DONE, 1: DONE, 2: DONE}


def test_one_put_off_by_its_handler_counts_no_try_and_the_others_go(
    in_app: Flask, clock: FrozenClock, together: Together
) -> None:
    def refuses(job: Job) -> None:
        if job.payload["n"] == 0:
            raise Postpone(clock.now() + timedelta(minutes=30))

    together.refuses = refuses
    for n in range(2):
        put(n)
    drain()
    assert [(job.state, job.attempts) for job in rows()] == [(PENDING, 0), (DONE, 1)]


def test_no_more_is_begun_than_threads_can_call(
    in_app: Flask, clock: FrozenClock, together: Together
) -> None:
    began, go_on = threading.Event(), threading.Event()

    def slow(job: Job) -> str:
        began.set()
        assert go_on.wait(SECONDS)
        return "ok"

    together.answer = slow
    for n in range(5):
        put(n)
    worker = Worker(in_app, threads=1, poll_seconds=0.05)
    with working(worker):
        assert began.wait(SECONDS)
        assert [job.calling for job in rows()] == [True, False, False, False, False]
        worker.stop()
        go_on.set()
    assert together.called == together.completed == [0]
    assert [(job.state, job.attempts, job.lease_token) for job in rows()[1:]] == [(PENDING, 0, None)] * 4


def test_an_only_job_is_as_any_other(in_app: Flask, clock: FrozenClock, together: Together) -> None:
    put(1)
    drain()
    assert (row().state, row().attempts, row().calling) == (DONE, 1, False)
