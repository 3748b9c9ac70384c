"""Clocks of a case: warning and breach ring once, and never for a date that no longer stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.cases.access import load_locked
from backend.cases.words import local_date
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit
from backend.workflow import clocks
from backend.workflow.kinds import kind_of
from backend.workflow.models import WorkClock
from backend.workflow.queries import timeline_of
from backend.workflow.table import ClockEffect
from backend.workflow.timers import ring
from tests.factories.cases import Cast

RunJobs = Callable[[], Counter[str]]
WEEK = (date(2026, 3, 9), date(2026, 3, 20))


def rung(cast: Cast, case_id: int) -> list[str]:
    """What the clocks wrote on the case's timeline."""
    with cast.app.app_context():
        rows = timeline_of("report", case_id, "staff")
        return [entry.action for entry in rows if entry.action.startswith("clock_")]


def clock_of(cast: Cast, case_id: int, name: str = "answer") -> WorkClock:
    with cast.app.app_context():
        found = select(WorkClock).where(WorkClock.subject_id == case_id, WorkClock.name == name)
        return db.session.scalars(found).one()


def effect(cast: Cast, case_id: int, operation: Any, name: str = "answer") -> None:
    """Do to a case's clock what an edge would."""

    def unit() -> None:
        case = load_locked(case_id)
        assert case is not None
        clocks.apply(case, kind_of("report"), [ClockEffect(operation, name)])

    with cast.app.app_context():
        run_unit(unit)


def publish(cast: Cast, *days: tuple[date, bool], span: tuple[date, date] = WEEK) -> int:
    """Publish holidays (False) and worked days (True) for a span; how many clocks moved."""
    with cast.app.app_context():
        return run_unit(lambda: clocks.set_holidays([(d, w, "试验") for d, w in days], *span))


def test_warning_and_breach_ring_once(cast: Cast, run_jobs: RunJobs, clock: FrozenClock) -> None:
    case_id = cast.bring_to("handling")  # due at the end of Tuesday the 17th
    run_jobs()
    answer = clock_of(cast, case_id)
    clock.move_to(answer.started_at + (answer.due_at - answer.started_at) * 0.75 - timedelta(seconds=1))
    run_jobs()
    assert rung(cast, case_id) == []
    clock.advance(timedelta(seconds=1))
    run_jobs()
    run_jobs()
    assert rung(cast, case_id) == ["clock_warning"]
    clock.move_to(answer.due_at)
    run_jobs()
    run_jobs()
    assert rung(cast, case_id) == ["clock_warning", "clock_breach"]
    answer = clock_of(cast, case_id)
    assert answer.warned_at is not None
    assert answer.breached_at == clock.now()
    # a member of staff reads of it, the resident only that it is supervised now (HOT-11)
    staff = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json
    assert [e["title"] for e in staff["timeline"][-2:]] == ["已超过时限", "镇里督办这件事"]
    assert staff["version"] == 4
    titles = [e["title"] for e in cast.resident().get(f"/resident/reports/{case_id}").json["timeline"]]
    assert "已超过时限" not in titles
    assert len(titles) == 4


def test_a_clock_that_has_stopped_does_not_ring(cast: Cast, run_jobs: RunJobs, clock: FrozenClock) -> None:
    case_id = cast.bring_to("closed")
    clock.advance(timedelta(days=60))
    outcomes = run_jobs()
    assert rung(cast, case_id) == []
    assert not set(outcomes) - {"done"}, outcomes


def test_the_clock_of_acceptance_rings_for_what_waits(
    cast: Cast, run_jobs: RunJobs, clock: FrozenClock
) -> None:
    waiting, taken = cast.bring_to("submitted"), cast.bring_to("accepted")
    clock.advance(timedelta(hours=2))  # two working hours, begun at ten
    run_jobs()
    assert rung(cast, waiting) == ["clock_warning", "clock_breach"]
    assert rung(cast, taken) == []


def test_a_published_holiday_dates_open_clocks_anew(
    cast: Cast, run_jobs: RunJobs, clock: FrozenClock
) -> None:
    open_case, closed_case = cast.bring_to("handling"), cast.bring_to("closed")
    closed_due = cast.column(closed_case, "due_at")
    old = clock_of(cast, open_case)
    assert publish(cast, (date(2026, 3, 13), False)) == 1
    moved = clock_of(cast, open_case)
    # the 18th is a holiday of the tests' town no more: the span was replaced; the 13th is one instead
    assert moved.due_at - old.due_at == timedelta(days=1)
    assert moved.version == old.version + 1
    assert cast.column(open_case, "due_at") == moved.due_at
    assert cast.column(closed_case, "due_at") == closed_due
    # the timers of the old date do nothing, those of the new one ring
    clock.move_to(old.due_at)
    run_jobs()
    assert "clock_breach" not in rung(cast, open_case)
    clock.move_to(moved.due_at)
    run_jobs()
    assert rung(cast, open_case) == ["clock_warning", "clock_breach"]
    assert publish(cast, (date(2026, 3, 13), False)) == 0  # the same table again moves nothing


def test_a_make_up_saturday_brings_the_date_forward(cast: Cast) -> None:
    case_id = cast.bring_to("handling")
    before = clock_of(cast, case_id).due_at
    publish(cast, (date(2026, 3, 14), True))
    assert before - clock_of(cast, case_id).due_at == timedelta(days=1)


@pytest.mark.parametrize(
    ("published", "due"),
    [
        # from Wednesday to Friday two working days are given back; the 18th is the tests' own holiday
        (False, "2026-03-20"),
        # published while it stood still, the 17th is one too; Saturday the 21st is worked
        (True, "2026-03-21"),
    ],
)
def test_a_pause_is_given_back(
    cast: Cast, run_jobs: RunJobs, clock: FrozenClock, published: bool, due: str
) -> None:
    case_id = cast.bring_to("handling")
    before = clock_of(cast, case_id).due_at
    clock.advance(timedelta(days=1))
    effect(cast, case_id, "pause")
    effect(cast, case_id, "pause")  # twice is once
    assert clock_of(cast, case_id).state == "paused"
    clock.advance(timedelta(days=2))
    if published:
        publish(cast, (date(2026, 3, 17), False), (date(2026, 3, 18), False))
    effect(cast, case_id, "resume")
    effect(cast, case_id, "resume")
    after = clock_of(cast, case_id)
    assert local_date(after.due_at) == due
    assert cast.column(case_id, "due_at") == after.due_at
    assert len(after.pauses) == 1
    clock.move_to(before)
    run_jobs()
    assert "clock_breach" not in rung(cast, case_id)
    clock.move_to(after.due_at)
    run_jobs()
    assert rung(cast, case_id).count("clock_breach") == 1


def test_counting_anew_gives_the_pause_back_again(cast: Cast, clock: FrozenClock) -> None:
    case_id = cast.bring_to("handling")
    clock.advance(timedelta(days=1))
    effect(cast, case_id, "pause")
    clock.advance(timedelta(days=2))
    effect(cast, case_id, "resume")
    publish(cast, (date(2026, 3, 18), False), (date(2026, 3, 20), False))
    assert local_date(clock_of(cast, case_id).due_at) == "2026-03-21"


@pytest.mark.parametrize("operation", ["stop", "pause"])
def test_a_timer_that_fires_in_that_very_moment_does_nothing(cast: Cast, operation: str) -> None:
    case_id = cast.bring_to("handling")
    effect(cast, case_id, operation)
    still = clock_of(cast, case_id)
    with cast.app.app_context():
        assert run_unit(lambda: ring(still.id, still.version, clocks.BREACH)) is False
    assert rung(cast, case_id) == []


def test_a_paused_clock_does_not_ring(cast: Cast, run_jobs: RunJobs, clock: FrozenClock) -> None:
    case_id = cast.bring_to("handling")
    effect(cast, case_id, "pause")
    clock.advance(timedelta(days=30))
    run_jobs()
    assert rung(cast, case_id) == []


def test_a_timer_of_a_clock_that_is_gone_does_nothing(cast: Cast) -> None:
    with cast.app.app_context():
        assert run_unit(lambda: ring(1, 1, clocks.BREACH)) is False
