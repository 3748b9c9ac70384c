"""When things go wrong for long: poison, outages, quotas, wrong secrets; and what a person sees of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.kernel.errors import Conflict, NotFound
from backend.outbox import ErrorClass, Failure, Job, enqueue, handles, leases, queries, services
from backend.outbox.models import DEAD, DONE, IN_DOUBT, LEASED, PENDING, OutboxPause
from backend.outbox.registry import Call
from backend.outbox.retry import MAX_TRIES, STRIKES
from backend.outbox.worker import drain
from tests.fakes.outbox import Recorder, failing, put, row, rows, states

BUSY = Failure(ErrorClass.TRANSIENT, "busy", -1)
LATER = timedelta(hours=2)


class TestTrouble:
    def test_a_poison_job_ends_dead_while_others_flow(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        recorder.answer = lambda job: failing(BUSY)(job) if job.payload["n"] == 0 else "ok"
        put(0)
        for n in range(1, 40):
            put(n)
            drain()
            clock.advance(LATER)
            if n < 10:
                assert n in recorder.completed
        assert states()[0] == DEAD
        assert sorted(recorder.completed) == list(range(1, 40))
        assert recorder.called.count(0) == MAX_TRIES

    def test_a_platform_down_for_an_hour_loses_nothing_and_sends_nothing_twice(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        recorder.answer = failing(BUSY)
        down_until = clock.now() + timedelta(hours=1)
        n = 0
        while clock.now() < down_until:
            for lane in ("case:1", "case:2", "case:3"):
                put(n, lane=lane)
                n += 1
            drain()
            clock.advance(timedelta(minutes=2))
        tried = len(recorder.called)
        assert tried < 60, "a channel that fails for all is probed, not hammered"
        recorder.answer = lambda job: "ok"
        for _ in range(90):
            drain()
            clock.advance(timedelta(minutes=1))
        assert sorted(recorder.completed) == list(range(n))
        assert len(recorder.called) - tried == n, "each once"
        for first in range(3):
            assert [k for k in recorder.completed if k % 3 == first] == list(range(first, n, 3))

    def test_a_used_up_quota_rests_the_channel_until_midnight(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        recorder.answer = failing(Failure(ErrorClass.QUOTA, "daily quota", 45009))
        for n in range(10):
            put(n)
        drain()
        assert len(recorder.called) == 1, "the others need not find out for themselves"
        assert {job.attempts for job in rows()} == {0}
        recorder.answer = lambda job: "ok"
        clock.advance(timedelta(hours=13, minutes=59))  # 23:59 in Shanghai
        drain()
        assert recorder.completed == []
        clock.advance(timedelta(minutes=1, seconds=10))
        drain()
        assert len(recorder.completed) == 10
        assert queries.pauses() == []

    def test_a_wrong_secret_is_probed_and_mended_without_loss(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        recorder.answer = failing(Failure(ErrorClass.CONFIGURATION, "wrong secret", 40125))
        for n in range(20):
            put(n)
        for _ in range(30):  # half an hour
            drain()
            clock.advance(timedelta(minutes=1))
        assert len(recorder.called) <= 4
        assert queries.stats().paused_channels == ("platform",)
        recorder.answer = lambda job: "ok"
        clock.advance(timedelta(minutes=15))
        drain()
        assert sorted(recorder.completed) == list(range(20))

    def test_one_probe_at_a_time(self, in_app: Flask, clock: FrozenClock, recorder: Recorder) -> None:
        recorder.answer = failing(BUSY)
        for n in range(STRIKES + 20):
            put(n)
        drain()
        assert len(recorder.called) == STRIKES
        for _ in range(3):
            clock.advance(timedelta(seconds=70))
            drain()
        assert len(recorder.called) == STRIKES + 3


class TestAtRest:
    def test_a_person_sends_it_again_on_the_same_row(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        recorder.answer = failing(Failure(ErrorClass.PERMANENT, "wrong page"))
        put(1, key="message:1")
        drain()
        job_id = row().id
        assert [job.id for job in queries.at_rest(kind="test")] == [job_id]
        recorder.answer = lambda job: "ok"
        run_unit(lambda: services.send_again(job_id))
        drain()
        assert (row().id, row().state, row().job_key) == (job_id, DONE, "message:1")
        assert recorder.completed == [1]

    def test_only_what_has_come_to_rest_undelivered(self, in_app: Flask, recorder: Recorder) -> None:
        put(1)
        with pytest.raises(Conflict):
            run_unit(lambda: services.send_again(row().id))
        drain()
        with pytest.raises(Conflict):
            run_unit(lambda: services.send_again(row().id))
        with pytest.raises(NotFound):
            run_unit(lambda: services.send_again(1))

    def test_what_is_done_is_kept_for_a_month(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        put(1)
        drain()
        recorder.answer = failing(Failure(ErrorClass.PERMANENT, "no"))
        put(2)
        drain()
        clock.advance(timedelta(days=29))
        run_unit(services.prune)
        assert states() == {1: DONE, 2: DEAD}
        clock.advance(timedelta(days=2))
        run_unit(services.prune)
        assert states() == {2: DEAD}


class TestFigures:
    def test_lag_is_the_age_of_the_oldest_job_one_could_take(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        drain()  # timers
        assert queries.lag() == 0
        put(1, lane="case:1")
        clock.advance(timedelta(seconds=30))
        put(2, lane="case:1")
        assert queries.lag() == 30
        recorder.answer = failing(BUSY)
        drain()
        clock.advance(timedelta(seconds=4))
        assert queries.lag() == 0, "what waits for its retry, or behind it, is nobody's delay"
        figures = queries.stats()
        assert figures.counts[PENDING] >= 2
        assert figures.oldest_age_seconds == 4, "but people wait for it"

    def test_counts_by_state(self, in_app: Flask, clock: FrozenClock, recorder: Recorder) -> None:
        drain()
        before = queries.stats().counts
        recorder.answer = failing(Failure(ErrorClass.PERMANENT, "no"))
        put(1)
        drain()
        put(2)
        put(3)
        leases.claim(1)
        after = queries.stats().counts
        assert {state: after[state] - before[state] for state in after} == {
            PENDING: 1,
            LEASED: 1,
            DEAD: 1,
            IN_DOUBT: 0,
        }


def test_a_strike_is_forgotten_after_a_success(in_app: Flask, clock: FrozenClock, recorder: Recorder) -> None:
    recorder.answer = failing(BUSY)
    for n in range(STRIKES - 1):
        put(n)
    drain()
    with transaction(writing=False):
        assert db.session.scalar(select(OutboxPause.strikes)) == STRIKES - 1
    recorder.answer = lambda job: "ok"
    put(99)
    drain()
    with transaction(writing=False):
        assert db.session.scalar(select(func.count()).select_from(OutboxPause)) == 0


def test_a_failure_of_the_channel_names_only_calls_of_that_channel(
    in_app: Flask, clock: FrozenClock, recorder: Recorder
) -> None:
    other = Recorder(channel="elsewhere")
    handles("test.other")(other)
    recorder.answer = failing(Failure(ErrorClass.QUOTA, "daily quota", 45009))
    put(1)
    run_unit(lambda: enqueue("test.other", {"n": 2}))
    drain()
    assert (recorder.completed, other.completed) == ([], [2])
    assert isinstance(other.prepare(Job(1, "x", {"n": 1}, None, None, 1, 0, clock.now())), Call)
