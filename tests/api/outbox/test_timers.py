"""Work that comes back every so often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, in_transaction, transaction
from backend.outbox import periodic, timers
from backend.outbox.models import PENDING, OutboxJob
from backend.outbox.worker import drain

HOUR = 3600


@pytest.fixture(autouse=True)
def _own_timers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "_periodic", {})


@pytest.fixture
def counted() -> tuple[list[bool], Callable[[], None]]:
    """Runs so far (whether each had a transaction), and the work that counts them."""
    runs: list[bool] = []
    return runs, lambda: runs.append(in_transaction())


def test_work_is_done_once_a_period(
    in_app: Flask, clock: FrozenClock, counted: tuple[list[bool], Callable[[], None]]
) -> None:
    runs, work = counted
    periodic("test.hourly", HOUR, work)
    for _ in range(3):
        drain()
    assert len(runs) == 1
    for _ in range(24):
        clock.advance(timedelta(hours=1))
        drain()
        drain()
    assert len(runs) == 25


def test_finishing_one_owes_the_next(
    in_app: Flask, clock: FrozenClock, counted: tuple[list[bool], Callable[[], None]]
) -> None:
    _, work = counted
    periodic("test.hourly", HOUR, work)
    drain()
    with transaction(writing=False):
        due = db.session.scalars(select(OutboxJob.due_at).where(OutboxJob.state == PENDING)).all()
    assert list(due) == [clock.now() + timedelta(hours=1)]


def test_periods_that_passed_without_a_worker_are_made_up_for_once(
    in_app: Flask, clock: FrozenClock, counted: tuple[list[bool], Callable[[], None]]
) -> None:
    runs, work = counted
    periodic("test.hourly", HOUR, work)
    drain()
    clock.advance(timedelta(days=3))
    drain()
    drain()
    # the one that was waiting, and the present period's own, seeded by the worker
    assert len(runs) <= 3
    before = len(runs)
    clock.advance(timedelta(hours=1))
    drain()
    assert len(runs) == before + 1


def test_work_that_fails_comes_back(in_app: Flask, clock: FrozenClock) -> None:
    tries: list[int] = []

    def broken() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("disk full")

    periodic("test.daily", 24 * HOUR, broken)
    for _ in range(4):
        drain()
        clock.advance(timedelta(seconds=60))
    assert len(tries) == 3
    clock.advance(timedelta(days=1))
    drain()
    assert len(tries) == 4


@pytest.mark.parametrize("inside", [True, False])
def test_work_says_whether_it_wants_a_transaction(
    in_app: Flask, inside: bool, counted: tuple[list[bool], Callable[[], None]]
) -> None:
    runs, work = counted
    periodic("test.hourly", HOUR, work, in_transaction=inside)
    drain()
    assert runs == [inside]


def test_work_that_was_taken_out_of_the_program_ends(
    in_app: Flask,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
    counted: tuple[list[bool], Callable[[], None]],
) -> None:
    runs, work = counted
    periodic("test.hourly", HOUR, work)
    drain()
    monkeypatch.setattr(timers, "_periodic", {})
    for _ in range(3):
        clock.advance(timedelta(hours=1))
        drain()
    assert len(runs) == 1
