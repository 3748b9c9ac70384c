"""Clocks: start, stop, pause, resume, re-date, agree on a date; warning and breach as outbox timers.

A timer carries the clock's version and does nothing when the clock has stopped, paused or been
re-dated since. The calendar's corrections are read once a minute at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from backend.kernel.clock import now, start_of_day
from backend.kernel.db import db, unit_memory
from backend.kernel.ids import new_id
from backend.outbox.services import Owed, enqueue_all
from backend.workflow.calendar import WorkingCalendar
from backend.workflow.kinds import Kind, kind_of
from backend.workflow.models import Holiday, WorkClock
from backend.workflow.table import ClockEffect, Limit

FRESH = timedelta(minutes=1)
WARNING, BREACH = "clock.warning", "clock.breach"


class _Cache:
    calendar: WorkingCalendar | None = None
    read_at: datetime | None = None


_HELD = "clocks"


def calendar() -> WorkingCalendar:
    """The working calendar with the town's corrections."""
    moment = now()
    stale = _Cache.read_at is None or not _Cache.read_at <= moment < _Cache.read_at + FRESH
    if _Cache.calendar is None or stale:
        rows = db.session.execute(select(Holiday.day, Holiday.working)).all()
        _Cache.calendar = WorkingCalendar({row.day: row.working for row in rows})
        _Cache.read_at = moment
    return _Cache.calendar


def forget_calendar() -> None:
    """Read the holiday table anew at the next question."""
    _Cache.calendar = None


def held_by(subject: Any) -> dict[str, WorkClock]:
    """The subject's clocks by name."""
    return {clock.name: clock for clock in of_subject(subject.kind, subject.id)}


def apply(
    subject: Any, kind: Kind, effects: Iterable[ClockEffect], known: dict[str, WorkClock] | None = None
) -> None:
    """Do to the subject's clocks what an edge says. `known`: those it holds, when they were read already."""
    effects = tuple(effects)
    if not effects:
        return
    held = held_by(subject) if known is None else known
    dated = {name: clock.version for name, clock in held.items() if clock.state == "running"}
    for effect in effects:
        clock = held.get(effect.clock)
        if effect.operation == "start":
            started = _start(subject, kind, effect.clock, clock)
            if started is not None:
                held[effect.clock] = started
        elif clock is not None and clock.state != "stopped":
            {"stop": _stop, "pause": _pause, "resume": _resume}[effect.operation](clock)
    subject.due_at = _promised(held.values(), kind)
    unit_memory()[_HELD, subject.kind, subject.id] = held
    running = (clock for clock in held.values() if clock.state == "running")
    enqueue_all([timer for c in running if dated.get(c.name) != c.version for timer in _timers(c)])


def _promised(held: Iterable[WorkClock], kind: Kind) -> datetime | None:
    """The date that is owed to the citizen now.

    The main clock's; but while it has stopped and another one runs (a request to re-open that waits
    for its decision), that one's: what was answered in time does not become late by being disputed.
    Clocks within the office never are a promise.
    """
    promises = (c for c in held if c.name not in kind.inner)
    clocks = sorted(promises, key=lambda c: (c.state == "stopped", c.name != kind.main_clock))
    return clocks[0].due_at if clocks else None


def as_left(subject_kind: str, subject_id: int) -> list[WorkClock]:
    """The subject's clocks, oldest first: as this transaction left them, when it has just moved them."""
    held = unit_memory().get((_HELD, subject_kind, subject_id))
    return of_subject(subject_kind, subject_id) if held is None else sorted(held.values(), key=_age)


def _age(clock: WorkClock) -> int:
    return clock.id


def of_subject(subject_kind: str, subject_id: int) -> list[WorkClock]:
    """The subject's clocks, oldest first."""
    return list(
        db.session.execute(
            select(WorkClock)
            .where(WorkClock.subject_kind == subject_kind, WorkClock.subject_id == subject_id)
            .order_by(WorkClock.id)
            .execution_options(populate_existing=True)
        ).scalars()
    )


def _start(subject: Any, kind: Kind, name: str, clock: WorkClock | None) -> WorkClock | None:
    limit = kind.limit(subject, name)
    if limit is None:
        return None
    moment = now()
    due = calendar().due(moment, limit)
    if clock is None:
        clock = WorkClock(id=new_id(), subject_kind=subject.kind, subject_id=subject.id, name=name, version=0)
        db.session.add(clock)
    clock.amount, clock.unit, clock.started_at, clock.due_at = limit.amount, limit.unit, moment, due
    clock.state, clock.paused_at, clock.stopped_at = "running", None, None
    clock.warned_at = clock.breached_at = None
    clock.pauses, clock.agreed = [], []
    clock.version += 1
    return clock


def _stop(clock: WorkClock) -> None:
    clock.state, clock.stopped_at = "stopped", now()
    clock.version += 1


def _pause(clock: WorkClock) -> None:
    if clock.state == "running":
        clock.state, clock.paused_at = "paused", now()
        clock.version += 1


def _resume(clock: WorkClock) -> None:
    if clock.state != "paused" or clock.paused_at is None:
        return
    clock.pauses = [*clock.pauses, [moment.isoformat() for moment in (clock.paused_at, now())]]
    clock.due_at = _counted_anew(clock)  # from the start: a year may have been published meanwhile
    clock.state, clock.paused_at = "running", None
    clock.version += 1


def count_from(subject: Any, kind: Kind, name: str, day: date) -> None:
    """Count a running clock from a calendar date (Shanghai) instead of the step's own moment.

    The law counts from receipt, and that may have been days before it was entered. Unlike a date that was
    agreed it is counted anew when a year's holidays are published. Nothing happens to a clock that does not
    run.
    """
    clock = _running(subject, name)
    if clock is not None:
        clock.started_at = start_of_day(day)
        _take_date(subject, kind, clock)


def agree(subject: Any, kind: Kind, name: str, due: datetime, why: str) -> None:
    """Give a running clock a date that was agreed instead of counted: an extension, an upstream deadline.

    The agreed date stands until another is agreed, or until it is withdrawn; later pauses are given
    back to it. Nothing happens to a clock that does not run. `due`: aware.
    """
    clock = _running(subject, name)
    if clock is not None:
        clock.agreed = [*clock.agreed, {"due": due.isoformat(), "at": now().isoformat(), "why": why}]
        _take_date(subject, kind, clock)


def disagree(subject: Any, kind: Kind, name: str, why: str) -> None:
    """Take back what was agreed for that reason: the clock goes by the date it had before."""
    clock = _running(subject, name)
    if clock is not None and any(agreed["why"] == why for agreed in clock.agreed):
        clock.agreed = [agreed for agreed in clock.agreed if agreed["why"] != why]
        _take_date(subject, kind, clock)


def _running(subject: Any, name: str) -> WorkClock | None:
    held = of_subject(subject.kind, subject.id)
    return next((c for c in held if c.name == name and c.state == "running"), None)


def _take_date(subject: Any, kind: Kind, clock: WorkClock) -> None:
    """Let a running clock go by its date as it is counted now, warn and ring anew."""
    clock.due_at = _counted_anew(clock)
    clock.warned_at = clock.breached_at = None
    clock.version += 1
    db.session.flush()
    subject.due_at = _promised(of_subject(subject.kind, subject.id), kind)
    enqueue_all(_timers(clock))


def _timers(clock: WorkClock) -> list[Owed]:
    """The warning and the breach of a running clock, by its present dates."""
    payload = {"clock_id": str(clock.id), "clock_version": clock.version}
    warning = calendar().warning(clock.started_at + _stood_still(clock), clock.due_at)
    return [
        Owed(kind, payload, key=f"{kind}:{clock.id}:{clock.version}", not_before=moment)
        for kind, moment in ((WARNING, warning), (BREACH, clock.due_at))
    ]


def _stood_still(clock: WorkClock) -> timedelta:
    """How long the clock did not run: what was waited for somebody else is no part of the way."""
    pauses = ([datetime.fromisoformat(moment) for moment in pause] for pause in clock.pauses)
    return sum((resumed - paused for paused, resumed in pauses), timedelta())


def set_holidays(days: Iterable[tuple[date, bool, str]], first: date, last: date) -> int:
    """Replace the holiday table from `first` to `last` and re-date every open clock; how many moved.

    `days` are (day, worked or not, name). The law's day counts follow the published calendar, so
    clocks that run when a year is published get their new date (Alaveteli's lesson, peers §3.6).
    """
    db.session.execute(delete(Holiday).where(Holiday.day >= first, Holiday.day <= last))
    db.session.add_all(Holiday(day=day, working=working, name=name) for day, working, name in days)
    db.session.flush()
    forget_calendar()
    return re_date_open_clocks()


def re_date_open_clocks() -> int:
    """Count every running clock's due date anew, pauses included; how many changed."""
    running = db.session.execute(select(WorkClock).where(WorkClock.state == "running")).scalars().all()
    return sum(_re_date(clock) for clock in running if _counted_anew(clock) != clock.due_at)


def _re_date(clock: WorkClock) -> bool:
    """Give a running clock its new date; False when it has stopped a moment ago."""
    kind = kind_of(clock.subject_kind)
    # The subject's row is the lock that perform() takes too, and is taken first here as there.
    subject = kind.load(clock.subject_id)
    db.session.refresh(clock, with_for_update=True)
    if subject is None or clock.state != "running":
        return False
    clock.due_at = _counted_anew(clock)
    clock.version += 1
    enqueue_all(_timers(clock))
    subject.due_at = _promised(of_subject(clock.subject_kind, clock.subject_id), kind)
    db.session.flush()
    return True


def _counted_anew(clock: WorkClock) -> datetime:
    limit = Limit(clock.amount, clock.unit)  # type: ignore[arg-type]  # written from a Limit
    since = clock.started_at
    if clock.agreed:
        due, since = (datetime.fromisoformat(clock.agreed[-1][name]) for name in ("due", "at"))
    else:
        due = calendar().due(since, limit)
    for pause in clock.pauses:
        paused, resumed = (datetime.fromisoformat(moment) for moment in pause)
        if paused >= since:
            due = calendar().resumed(due, paused, resumed, limit)
    return due
