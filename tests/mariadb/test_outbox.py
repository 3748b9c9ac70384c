"""The outbox on MariaDB: several workers, locks that are skipped, and statements that use their index."""

from __future__ import annotations

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects import mysql

from backend.kernel.clock import FrozenClock, SystemClock, now, use_clock
from backend.kernel.db import db, run_unit, transaction
from backend.kernel.ids import ensure_node, new_id
from backend.outbox import ErrorClass, Failure, Job, enqueue, handles, leases, pauses, registry
from backend.outbox.models import DONE, LEASED, PENDING, OutboxJob
from backend.outbox.performing import perform
from backend.outbox.worker import Worker
from tests.fakes.outbox import Recorder

WAIT = 60


@pytest.fixture
def in_app(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        assert db.engine.dialect.name == "mysql", "this group runs on MariaDB (TEST_DATABASE=mariadb)"
        ensure_node(1)
        yield app


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    monkeypatch.setattr(registry, "_handlers", dict(registry._handlers))
    monkeypatch.setattr(registry, "_names", dict(registry._names))
    made = Recorder(repeatable=True)
    handles("test")(made)
    return made


@pytest.fixture
def running_clock(clock: FrozenClock) -> None:
    """Threads that wait for retries need time that passes; the fixture `clock` puts the real one back."""
    use_clock(SystemClock())


def put_many(count: int, *, lane: Callable[[int], str | None] = lambda n: None, state: str = PENDING) -> None:
    at = now()
    rows = [
        {
            "id": new_id(),
            "kind": "test",
            "payload": {"n": n},
            "lane": lane(n),
            "state": state,
            "due_at": at,
            "created_at": at,
        }
        for n in range(count)
    ]
    run_unit(lambda: db.session.execute(insert(OutboxJob), rows))


def in_threads(app: Flask, count: int, work: Callable[[], Any]) -> list[Any]:
    """Run ``work`` in ``count`` threads that begin at the same moment."""
    barrier = threading.Barrier(count)

    def one(_: int) -> Any:
        with app.app_context():
            db.session.connection()
            db.session.commit()
            barrier.wait(WAIT)
            return work()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def counts() -> Counter[str]:
    with transaction(writing=False):
        return Counter(db.session.scalars(select(OutboxJob.state).where(OutboxJob.kind == "test")))


def test_eight_claimers_take_each_row_once(in_app: Flask, clock: FrozenClock) -> None:
    put_many(2000)

    def work() -> list[int]:
        taken: list[int] = []
        while batch := leases.claim(20):
            taken += [lease.job.payload["n"] for lease in batch if lease.job.kind == "test"]
        return taken

    taken = [n for part in in_threads(in_app, 8, work) for n in part]
    assert sorted(taken) == list(range(2000))


def test_rows_that_another_worker_is_taking_are_skipped(in_app: Flask, clock: FrozenClock) -> None:
    put_many(10)
    with db.engine.begin() as other:
        held = other.execute(
            select(OutboxJob.id)
            .where(OutboxJob.state == PENDING, OutboxJob.kind == "test")
            .order_by(OutboxJob.due_at, OutboxJob.id)
            .limit(4)
            .with_for_update()
        ).all()
        assert len(held) == 4
        # It would wait for the lock and time out if it did not skip.
        taken = leases.claim(10)
    assert [lease.job.payload["n"] for lease in taken] == [4, 5, 6, 7, 8, 9]


def test_an_open_claim_does_not_hold_up_an_enqueue(in_app: Flask, clock: FrozenClock) -> None:
    put_many(10)
    with db.engine.begin() as claimer:
        claimer.execute(text("SET innodb_lock_wait_timeout = 2"))
        claimer.execute(
            select(OutboxJob.id)
            .where(OutboxJob.state == PENDING, OutboxJob.due_at <= now())
            .order_by(OutboxJob.due_at, OutboxJob.id)
            .limit(5)
            .with_for_update(skip_locked=True)
        ).all()
        with db.engine.begin() as writer:
            writer.execute(text("SET innodb_lock_wait_timeout = 2"))
            writer.execute(
                insert(OutboxJob),
                [
                    {
                        "kind": "test",
                        "payload": {"n": 99},
                        "state": PENDING,
                        "due_at": now(),
                        "created_at": now(),
                    }
                ],
            )


def test_the_same_key_from_two_transactions_at_once_is_one_job(in_app: Flask, clock: FrozenClock) -> None:
    def work() -> None:
        def unit() -> None:
            for n in range(20):
                enqueue("test", {"n": n}, key=f"once:{n}")

        run_unit(unit)

    in_threads(in_app, 6, work)
    assert sum(counts().values()) == 20


def test_an_expired_lease_goes_before_a_long_backlog(in_app: Flask, clock: FrozenClock) -> None:
    put_many(3)
    (dead_workers, *_) = leases.claim(1)
    clock.advance(timedelta(seconds=1))
    put_many(3000)
    clock.advance(timedelta(seconds=leases.LEASE_SECONDS))
    (first, *_) = leases.claim(1)
    assert first.job.id == dead_workers.job.id


def test_of_two_who_hold_the_same_job_one_finishes_it(
    in_app: Flask, clock: FrozenClock, recorder: Recorder
) -> None:
    put_many(1)
    (stopped,) = leases.claim(1)
    clock.advance(timedelta(seconds=leases.LEASE_SECONDS + 1))
    (taken,) = leases.claim(1)
    both = iter([stopped, taken])
    ended = in_threads(in_app, 2, lambda: perform(next(both)))
    assert sorted(ended) == ["done", "fenced"]
    assert recorder.completed == [0]


def test_of_eight_who_ask_after_a_rest_one_is_the_probe(in_app: Flask, clock: FrozenClock) -> None:
    until = clock.now() + timedelta(minutes=1)
    run_unit(lambda: pauses.pause("platform", until, ErrorClass.QUOTA, "daily quota", clock.now()))
    clock.move_to(until)
    answers = in_threads(in_app, 8, lambda: run_unit(lambda: pauses.admit("platform", clock.now())))
    assert [answer.until for answer in answers].count(None) == 1
    assert {answer.until for answer in answers} == {None, until + timedelta(minutes=1)}


def test_lanes_keep_their_order_under_eight_threads_and_failures(
    in_app: Flask, running_clock: None, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    lanes, length = 20, 8
    monkeypatch.setattr("backend.outbox.retry.LADDER", (0.05,))
    chance = random.Random(7)
    lock, in_flight, overlaps = threading.Lock(), set[int](), list[int]()
    sent: dict[int, list[int]] = defaultdict(list)
    everything = threading.Event()

    def send(job: Job) -> str:
        lane = job.payload["n"] % lanes
        with lock:
            if lane in in_flight:
                overlaps.append(lane)
            in_flight.add(lane)
            fails = chance.random() < 0.15
        try:
            if fails:
                raise Failure(ErrorClass.TRANSIENT, "busy")
            with lock:
                sent[lane].append(job.payload["n"])
        finally:
            with lock:
                in_flight.discard(lane)
        return "ok"

    def note(job: Job) -> None:
        with lock:
            if sum(len(part) for part in sent.values()) == lanes * length:
                everything.set()

    recorder.answer, recorder.during_complete = send, note
    put_many(lanes * length, lane=lambda n: f"case:{n % lanes}")
    worker = Worker(in_app, threads=8, poll_seconds=0.02)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        assert everything.wait(WAIT), counts()
    finally:
        worker.stop()
        thread.join(WAIT)
    assert overlaps == []
    assert dict(sent) == {lane: list(range(lane, lanes * length, lanes)) for lane in range(lanes)}
    assert counts() == {DONE: lanes * length}


def test_a_deadlock_in_a_completing_transaction_is_tried_again(
    in_app: Flask, clock: FrozenClock, recorder: Recorder
) -> None:
    """Two jobs whose results lock two rows crosswise: both end done, whoever is the victim."""
    put_many(2)
    run_unit(lambda: [enqueue("row", {}, key="row:a", not_before=now() + timedelta(days=1)),
                      enqueue("row", {}, key="row:b", not_before=now() + timedelta(days=1))])  # fmt: skip
    met = threading.Barrier(2)
    begun: list[int] = []

    def cross(job: Job) -> None:
        begun.append(job.payload["n"])
        first, second = ("row:a", "row:b") if job.payload["n"] == 0 else ("row:b", "row:a")
        for key in (first, second):
            changed = update(OutboxJob).where(OutboxJob.job_key == key)
            db.session.execute(changed.values(attempts=OutboxJob.attempts + 1))
            if key == first and begun.count(job.payload["n"]) == 1:
                met.wait(WAIT)  # each holds its first row now; the victim comes again without waiting

    recorder.during_complete = cross
    held = leases.claim(2)
    both = iter(held)
    assert in_threads(in_app, 2, lambda: perform(next(both))) == ["done", "done"]
    assert len(begun) == 3, "one of the two was the victim, once"
    with transaction(writing=False):
        tries = db.session.scalars(select(OutboxJob.attempts).where(OutboxJob.kind == "row")).all()
    assert list(tries) == [2, 2]


@pytest.mark.parametrize(("state", "free"), [(PENDING, True), (LEASED, False)])
def test_the_claim_reads_its_index_in_order(
    in_app: Flask, clock: FrozenClock, recorder: Recorder, state: str, free: bool
) -> None:
    """A sort under FOR UPDATE would lock every due row."""
    put_many(3000, lane=lambda n: f"case:{n}", state=state)
    run_unit(lambda: db.session.execute(text("ANALYZE TABLE outbox_jobs")).all())
    wanted = leases._due(state, now()).limit(10)
    if free:
        wanted = wanted.where(leases.lane_is_free())
    compiled = wanted.compile(dialect=mysql.dialect(), compile_kwargs={"literal_binds": True})
    with transaction(writing=False):
        plan = db.session.execute(text(f"EXPLAIN {compiled}".replace("%", "%%"))).mappings().all()
        assert plan[0]["key"] == "ix_outbox_jobs_claim", plan
        assert "filesort" not in plan[0]["Extra"], plan
        db.session.execute(text("FLUSH STATUS"))
        assert len(db.session.execute(wanted).all()) == 10
        read = {
            row[0]: int(row[1])
            for row in db.session.execute(text("SHOW SESSION STATUS LIKE 'Handler_read%'")).all()
        }
    assert sum(read.values()) < 200, read
