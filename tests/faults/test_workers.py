"""Workers as real processes: one that was stopped and woken, one that is told to go."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from lib.programs import worker as worker_program
from lib.supervise import Program
from sqlalchemy import func, select, text, update

from backend.cases.queries import subject_card
from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node
from backend.notifications.audiences import Person
from backend.notifications.models import SENT, Delivery, SubscriptionGrant
from backend.notifications.services import push
from backend.notifications.table import MINI, OFFICIAL, PROGRESS
from backend.outbox.models import DONE, LEASED, PENDING, OutboxJob, OutboxWorker
from backend.workflow.models import TimelineEntry
from tests.faults.world import Someone, World

PATIENCE = 40.0
SLOW_MS = 4000
THREADS = 8


@pytest.fixture
def no_worker(world: World) -> Iterator[None]:
    """Without the town's own worker, which must owe nothing before it goes."""
    standing = set(world.town.programs)
    until("the outbox is empty", lambda: not owed(world))
    _go(world.town.programs["worker"], (0, -signal.SIGTERM))  # the latter while it is still starting
    yield
    world.platform("faults", method="DELETE")
    for name in set(world.town.programs) - standing:  # left over when the test failed
        world.town.kill(name)
    world.town.programs["worker"].start()


def until(what: str, holds: Callable[[], Any]) -> Any:
    """Wait for what another process does; its rows are all that tells us."""
    deadline = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < deadline, f"not within {PATIENCE} s: {what}"
        time.sleep(0.05)
    return found


def owed(world: World) -> int:
    """Jobs that are due, or that somebody has."""
    due = select(func.count()).where(
        OutboxJob.kind.in_(["timeline", "message", "report.route"]), OutboxJob.state.in_((PENDING, LEASED))
    )
    return int(world.read(lambda: db.session.scalar(due)))


def another_worker(world: World, name: str) -> Program:
    """A worker process of this test's own; it ends with the town at the latest."""
    program = world.town.programs[name] = worker_program(world.town.env)
    program.log = world.town.folder / f"{name}.log"
    program.start()
    return program


def _go(program: Program, codes: tuple[int, ...] = (0,)) -> None:
    """SIGTERM, and wait until it has gone."""
    program.signal(signal.SIGTERM)
    assert program.process is not None
    assert program.process.wait(PATIENCE) in codes


def owe_messages(
    world: World, key: str, people: list[Someone], channel: Literal["mini", "official"]
) -> list[int]:
    """Owe each of them one message about one case; the ids of their jobs, in order."""
    status, receipt = world.report(world.residents[0], key)
    assert status == 201, receipt
    case_id = int(receipt["id"])

    def unit() -> int:
        entry: int = db.session.scalars(
            select(TimelineEntry.id).where(TimelineEntry.subject_id == case_id)
        ).one()
        card = subject_card("report", case_id)
        assert card is not None
        for person in people:
            push(Person(person.kind, person.id), PROGRESS, channel, entry, card)
        return entry

    with world.inside.app_context():
        ensure_node()
        entry = run_unit(unit)  # jobs are written when it commits, so they are looked for afterwards
    keys = select(Delivery.job_key).where(Delivery.cause_id == entry)
    jobs = select(OutboxJob.id).where(OutboxJob.job_key.in_(keys)).order_by(OutboxJob.id)
    return list(world.read(lambda: db.session.scalars(jobs).all()))


def job(world: World, job_id: int) -> dict[str, Any]:
    """A job's row as it stands."""
    found: dict[str, Any] = world.read(
        lambda: dict(
            db.session.execute(select(OutboxJob.__table__).where(OutboxJob.id == job_id)).one()._mapping
        )
    )
    return found


def _delivery(world: World, job_id: int) -> dict[str, Any]:
    key = job(world, job_id)["job_key"]
    found: dict[str, Any] = world.read(
        lambda: dict(
            db.session.execute(select(Delivery.__table__).where(Delivery.job_key == key)).one()._mapping
        )
    )
    return found


def _arrived(world: World, job_id: int, channel: str) -> list[str]:
    """Whose phones have a message about the case of that job."""
    page = f"id={_delivery(world, job_id)['subject_id']}"
    messages = world.platform(f"messages?app={channel}&limit=100000")["items"]
    return sorted(m["openid"] for m in messages if m["page"].endswith(page) and m["errcode"] == 0)


def _granted(world: World, person: Someone) -> int:
    left = select(func.sum(SubscriptionGrant.remaining)).where(
        SubscriptionGrant.openid == person.phone.mini_openid
    )
    return int(world.read(lambda: db.session.scalar(left)))


def _fenced(world: World) -> int:
    return int(world.read(lambda: db.session.scalar(select(func.sum(OutboxWorker.fenced)))))


def test_a_stopped_and_woken_workers_finish_changes_nothing(world: World, no_worker: None) -> None:
    person = world.residents[-2]
    before, fenced = _granted(world, person), _fenced(world)
    world.platform("faults", {"api": "subscribe_send", "kind": "slow", "ms": SLOW_MS, "times": 1})
    first = another_worker(world, "stopped")
    (job_id,) = owe_messages(world, "stopped", [person], MINI)
    until("the platform has the first worker's call", lambda: not world.platform("faults")["items"])
    _stop_between_transactions(world, first)
    try:
        assert job(world, job_id)["calling"]
        # Else the second would be refused: the platform takes one message at a time for a person.
        until("the message is on the phone", lambda: _arrived(world, job_id, MINI))
        # The lease ends now instead of in half a minute: to everybody else it is the same.
        _end_lease(world, job_id)
        second = another_worker(world, "second")
        until("the second worker has done it", lambda: job(world, job_id)["state"] == DONE)
    finally:
        first.signal(signal.SIGCONT)
    done, delivery = job(world, job_id), _delivery(world, job_id)
    assert (done["attempts"], done["unknowns"], delivery["state"]) == (2, 1, SENT)
    assert _granted(world, person) == before - 1
    until("the woken worker's finish was refused", lambda: "lease lost" in _log(world, "stopped"))
    _go(first)
    _go(second)
    assert job(world, job_id) == done
    assert _delivery(world, job_id) == delivery
    assert _granted(world, person) == before - 1
    assert _fenced(world) == fenced + 1


def _stop_between_transactions(world: World, program: Program) -> None:
    """SIGSTOP at a moment when nobody holds a row: stopped while it takes jobs it would keep what it has locked,
    and the database has its own limit for that (`kernel/db`)."""
    locked = text("SELECT count(*) FROM information_schema.innodb_trx WHERE trx_lock_structs > 0")

    def stopped() -> bool:
        program.signal(signal.SIGSTOP)
        time.sleep(0.2)  # the table of transactions is 0.1 s old at most; what was under way ends meanwhile
        if not world.read(lambda: db.session.scalar(locked)):
            return True
        program.signal(signal.SIGCONT)
        return False

    until("the worker is stopped and holds nothing", stopped)


def _end_lease(world: World, job_id: int) -> None:
    ended = update(OutboxJob).where(OutboxJob.id == job_id).values(due_at=now() - timedelta(seconds=1))
    with world.inside.app_context():
        run_unit(lambda: db.session.execute(ended))


def _log(world: World, name: str) -> str:
    path: Path = world.town.folder / f"{name}.log"
    return path.read_text("utf-8")


def test_a_worker_told_to_go_hands_its_leases_back(world: World, no_worker: None) -> None:
    """What it has begun is finished, what it has not begun is as if it had never been taken."""
    people = world.residents[1 : 2 * THREADS + 5]
    world.platform("faults", {"api": "template_send", "kind": "slow", "ms": SLOW_MS, "times": 0})
    jobs = owe_messages(world, "told-to-go", people, OFFICIAL)
    assert len(jobs) == len(people)
    going = another_worker(world, "going")
    until("all its threads are calling", lambda: _count(world, jobs, OutboxJob.calling) == THREADS)
    until("more is leased than begun", lambda: _count(world, jobs, OutboxJob.state == LEASED) > THREADS)
    going.signal(signal.SIGTERM)
    assert going.process is not None
    begun = time.monotonic()
    assert going.process.wait(PATIENCE) == 0
    assert time.monotonic() - begun < 30
    rows = [job(world, job_id) for job_id in jobs]
    assert {row["state"] for row in rows} == {DONE, PENDING}
    assert sum(row["state"] == DONE for row in rows) == THREADS
    for row in rows:
        handed_back = row["state"] == PENDING
        assert row["attempts"] == (0 if handed_back else 1)
        assert row["lease_token"] is None
        assert not row["calling"]
        assert not row["unknowns"]
    world.platform("faults", method="DELETE")
    other = another_worker(world, "after")
    until(
        "another one does the rest at once", lambda: _count(world, jobs, OutboxJob.state == DONE) == len(jobs)
    )
    _go(other)
    theirs = {person.phone.official_openid for person in people}  # staff may have been told of the case, too
    arrived = [openid for openid in _arrived(world, jobs[0], OFFICIAL) if openid in theirs]
    assert arrived == sorted(theirs)


def _count(world: World, jobs: list[int], condition: Any) -> int:
    wanted = select(func.count()).where(OutboxJob.id.in_(jobs), condition)
    return int(world.read(lambda: db.session.scalar(wanted)))


assert hasattr(os, "killpg"), "signals to process groups are needed"
