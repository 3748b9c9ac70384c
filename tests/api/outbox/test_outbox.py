"""The outbox from enqueue to the end of a job, on whichever database the run uses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, in_transaction, run_unit, transaction
from backend.outbox import ErrorClass, Failure, Job, Postpone, enqueue, handles, leases
from backend.outbox.models import DEAD, DONE, IN_DOUBT, LEASED, PENDING, OutboxJob
from backend.outbox.performing import FENCED, perform
from backend.outbox.registry import LEASE_SECONDS
from backend.outbox.retry import MAX_TRIES
from backend.outbox.worker import drain
from tests.fakes.outbox import Recorder, failing, put, row, rows, states

BUSY = Failure(ErrorClass.TRANSIENT, "busy", -1)
LATER = timedelta(hours=2)


class TestEnqueue:
    def test_is_part_of_the_callers_transaction(self, in_app: Flask) -> None:
        def unit() -> None:
            enqueue("test", {"n": 1})
            raise KeyError("a defect")

        with pytest.raises(KeyError):
            run_unit(unit)
        assert rows() == []

    def test_the_same_key_twice_is_one_job_and_leaves_the_transaction_usable(self, in_app: Flask) -> None:
        def unit() -> None:
            enqueue("test", {"n": 1}, key="once")
            enqueue("test", {"n": 2}, key="once")
            enqueue("test", {"n": 3}, key="Once")  # keys are compared byte by byte

        run_unit(unit)
        put(4, key="once")
        assert [job.payload["n"] for job in rows()] == [1, 3]

    def test_chinese_and_large_numbers_come_back_as_they_went_in(
        self, in_app: Flask, recorder: Recorder
    ) -> None:
        seen: list[dict[str, Any]] = []
        recorder.during_complete = lambda job: seen.append(job.payload)
        payload = {"n": 1, "text": "路灯不亮", "id": 2**62 + 1, "list": [1, None, "二"]}
        run_unit(lambda: enqueue("test", payload))
        drain()
        assert seen == [payload]


class TestOneJob:
    def test_is_called_outside_any_transaction_and_finished_with_its_result(
        self, in_app: Flask, recorder: Recorder
    ) -> None:
        open_during_call: list[bool] = []

        def look(job: Job) -> None:
            open_during_call.append(in_transaction())

        recorder.answer = look
        put(1)
        assert drain()["done"] >= 1
        assert open_during_call == [False]
        assert recorder.completed == [1]
        assert (row().state, row().lease_token, row().attempts) == (DONE, None, 1)

    def test_a_timer_waits_for_its_time(self, in_app: Flask, clock: FrozenClock, recorder: Recorder) -> None:
        put(1, not_before=clock.now() + timedelta(hours=1))
        drain()
        assert recorder.called == []
        clock.advance(timedelta(hours=1))
        drain()
        assert recorder.completed == [1]

    def test_a_failure_is_tried_again_on_the_ladder_and_sent_once(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        recorder.answer = failing(BUSY)
        put(1)
        drain()
        assert (row().state, row().error_class, row().last_error) == (PENDING, "transient", "busy")
        assert 5 <= (row().due_at - clock.now()).total_seconds() <= 6
        drain()
        assert len(recorder.called) == 1, "not before it is due"
        recorder.answer = lambda job: "ok"
        clock.advance(timedelta(seconds=6))
        drain()
        assert recorder.completed == [1]

    def test_a_permanent_failure_is_dead_at_once_and_its_owner_is_told(
        self, in_app: Flask, recorder: Recorder
    ) -> None:
        recorder.answer = failing(Failure(ErrorClass.PERMANENT, "wrong page"))
        put(1)
        drain()
        assert row().state == DEAD
        assert recorder.ended == [(1, DEAD)]

    def test_an_unknown_outcome_is_repeated_once_and_then_left_to_a_person(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        recorder.answer = failing(TimeoutError("who knows"))
        put(1)
        for _ in range(5):
            drain()
            clock.advance(LATER)
        assert recorder.called == [1, 1]
        assert recorder.ended == [(1, IN_DOUBT)]
        assert "who knows" not in (row().last_error or ""), "an exception's text may hold personal data"

    def test_a_result_that_cannot_be_written_is_in_doubt_and_not_sent_again(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        def broken(job: Job) -> None:
            raise KeyError("a defect")

        recorder.during_complete = broken
        put(1)
        drain()
        clock.advance(LATER)
        drain()
        assert recorder.called == [1]
        assert row().state == IN_DOUBT

    def test_complete_and_finish_are_one_transaction(self, in_app: Flask, recorder: Recorder) -> None:
        @handles("test.transactional")
        def work(job: Job) -> None:
            enqueue("test", {"n": 7})
            raise KeyError("a defect")

        run_unit(lambda: enqueue("test.transactional", {}))
        drain()
        assert rows() == [], "what complete() wrote went back with the finish"

    def test_a_job_put_off_by_its_handler_counts_no_try(
        self, in_app: Flask, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch, recorder: Recorder
    ) -> None:
        until = clock.now() + timedelta(minutes=30)

        def not_now(job: Job) -> Callable[[], Any]:
            raise Postpone(until)

        monkeypatch.setattr(recorder, "prepare", not_now)
        put(1)
        drain()
        assert (row().state, row().attempts) == (PENDING, 0)
        assert row().due_at >= until

    def test_a_kind_that_nobody_handles_yet_waits(self, in_app: Flask) -> None:
        run_unit(lambda: enqueue("from.a.newer.release", {}))
        drain()
        with transaction(writing=False):
            job = db.session.scalars(select(OutboxJob).where(OutboxJob.kind == "from.a.newer.release")).one()
        assert (job.state, job.last_error) == (PENDING, "nobody handles this kind")


class TestLeases:
    def test_what_one_claims_another_does_not_get(self, in_app: Flask) -> None:
        for n in range(5):
            put(n)
        first, second = leases.claim(3), leases.claim(3)
        assert [lease.job.payload["n"] for lease in first + second] == [0, 1, 2, 3, 4]
        assert leases.claim(3) == []

    def test_an_expired_lease_goes_before_any_backlog(self, in_app: Flask, clock: FrozenClock) -> None:
        put(0)
        leases.claim(1)
        clock.advance(timedelta(seconds=1))
        for n in range(1, 30):
            put(n)
        clock.advance(timedelta(seconds=LEASE_SECONDS))
        taken = leases.claim(3)
        assert [lease.job.payload["n"] for lease in taken] == [0, 1, 2]
        assert taken[0].job.attempts == 2

    def test_a_woken_workers_finish_changes_nothing(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        put(1)
        (stopped,) = leases.claim(1)

        def sleep_through_the_lease(job: Job) -> str:
            clock.advance(timedelta(seconds=LEASE_SECONDS + 1))
            (taken,) = leases.claim(1)
            recorder.answer = lambda job: "ok"
            assert perform(taken) == "done"
            return "late"

        recorder.answer = sleep_through_the_lease
        assert perform(stopped) == FENCED
        assert recorder.completed == [1], "completed by the one that held the lease, once"
        assert row().state == DONE

    def test_a_lost_lease_sends_nothing(self, in_app: Flask, clock: FrozenClock, recorder: Recorder) -> None:
        put(1)
        (old,) = leases.claim(1)
        clock.advance(timedelta(seconds=LEASE_SECONDS))
        leases.claim(1)
        assert perform(old) == FENCED
        assert recorder.called == []

    def test_a_woken_workers_failure_changes_nothing(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        put(1)
        (old,) = leases.claim(1)

        def fail_late(job: Job) -> None:
            clock.advance(timedelta(seconds=LEASE_SECONDS + 1))
            leases.claim(1)
            raise BUSY

        recorder.answer = fail_late
        assert perform(old) == FENCED
        assert row().state == LEASED

    def test_a_worker_that_died_while_sending_leaves_an_unknown_outcome(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        put(1)
        for _ in range(2):
            (lease,) = leases.claim(1)

            def begin(held: leases.Lease = lease) -> None:
                leases.renew(held, calling=True)

            run_unit(begin)
            clock.advance(timedelta(seconds=LEASE_SECONDS))  # killed here
        drain()
        assert recorder.called == [], "a third sending would be one too many"
        assert recorder.ended == [(1, IN_DOUBT)]

    def test_a_job_that_kills_its_workers_ends_dead(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder
    ) -> None:
        put(1)
        for _ in range(MAX_TRIES):
            assert len(leases.claim(1)) == 1
            clock.advance(timedelta(seconds=LEASE_SECONDS))
        drain()
        assert row().state == DEAD
        assert recorder.called == []

    def test_jobs_handed_back_are_as_if_never_taken(self, in_app: Flask, recorder: Recorder) -> None:
        put(1)
        taken = leases.claim(1)
        leases.hand_back(taken)
        assert (row().state, row().attempts, row().lease_token) == (PENDING, 0, None)
        assert drain()["done"] >= 1


class TestLanes:
    def test_one_at_a_time_in_order(self, in_app: Flask, recorder: Recorder) -> None:
        for n in range(3):
            put(n, lane="case:1")
        put(10, lane="case:2")
        assert [lease.job.payload["n"] for lease in leases.claim(10)] == [0, 10]
        assert leases.claim(10) == []

    def test_order_holds_across_a_retry(self, in_app: Flask, clock: FrozenClock, recorder: Recorder) -> None:
        recorder.answer = lambda job: failing(BUSY)(job) if len(recorder.called) == 1 else "ok"
        for n in range(3):
            put(n, lane="case:1")
        drain()
        assert recorder.completed == [], "the later ones wait while the first is owed"
        clock.advance(timedelta(seconds=6))
        drain()
        assert recorder.completed == [0, 1, 2]

    @pytest.mark.parametrize(
        ("error", "state"),
        [(Failure(ErrorClass.PERMANENT, "no"), DEAD), (Failure(ErrorClass.UNKNOWN, "?"), IN_DOUBT)],
    )
    def test_one_at_rest_no_longer_blocks(
        self, in_app: Flask, clock: FrozenClock, recorder: Recorder, error: Failure, state: str
    ) -> None:
        recorder.answer = lambda job: failing(error)(job) if job.payload["n"] == 0 else "ok"
        put(0, lane="case:1")
        put(1, lane="case:1")
        drain()
        clock.advance(LATER)
        drain()
        assert states() == {0: state, 1: DONE}
