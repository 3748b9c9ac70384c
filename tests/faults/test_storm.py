"""kill -9 of web and worker at random moments while states are changed, on MariaDB.

Every acknowledged change is on the timeline, once; timeline and state agree for every case; everything
owed was done; every message owed arrived or is known to be in doubt; and what arrived twice is known to
have been sent twice. `script/faults` runs the same for minutes, with SIGSTOP, kill -9 of the database
and faults of the platform on top, and writes what came of it into docs/reliability.md.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.cases.queries import subject_card
from backend.kernel.db import db
from backend.notifications.audiences import people
from backend.notifications.models import FAILED, IN_DOUBT, PENDING, SENT, SKIPPED, Delivery, InboxMessage
from backend.notifications.table import Audience, Message, messages_for
from backend.outbox.models import DEAD, DONE, LEASED, OutboxJob, OutboxWorker
from backend.outbox.models import PENDING as JOB_PENDING
from backend.workflow.models import TimelineEntry
from tests.faults.aftermath import OWED, Aftermath, look, mark_of_arrival, mark_of_delivery, standing
from tests.faults.chaos import Chaos
from tests.faults.plan import WEB_KILLS, WORKER_KILLS, plan
from tests.faults.storm import CLIENTS, Change, Client, Ledger, Matter
from tests.faults.world import FIGURES, LOST, SAID, World
from tests.machine.ledger import Ledger as Rows
from tests.support.services import MariaDB

MATTERS = 24
# A killed worker's lease of 30 s must end, and what waits in its lanes be done after it.
DRAIN_SECONDS = 100
LONG_DRAIN_SECONDS = 300
SLOW_MS = 150
LOST_ANSWERS = 3


@pytest.fixture(scope="module")
def aftermath(world: World, mariadb: MariaDB) -> Aftermath:
    """Run the storm once; every test of this file looks at what it left."""
    planned, before = plan(), standing(world)
    handlers = world.staff["department_clerk"]
    matters = [
        Matter(world.residents[n], handlers[n % len(handlers)], f"storm-{planned.seed}-{n}")
        for n in range(MATTERS)
    ]
    # Calls that take their time, so that workers die in the middle of them; and answers that get lost.
    world.platform("faults", {"api": "*", "kind": "slow", "ms": SLOW_MS, "times": 0})
    if not planned.is_long:
        world.platform("faults", {"api": "subscribe_send", "kind": "lost_answer", "times": LOST_ANSWERS})
    ledger = Ledger()
    chaos = Chaos(world, ledger, planned, mariadb)
    clients = [Client(world, ledger, matters, planned, n) for n in range(CLIENTS)]
    begun = time.monotonic()
    for client in clients:
        client.start()
    chaos.watch(clients)
    stormed = time.monotonic()
    chaos.stand_up()
    _bring_what_was_begun(world, ledger, matters)
    _drain(world, LONG_DRAIN_SECONDS if planned.is_long else DRAIN_SECONDS)
    chaos.calm()
    world.platform("faults", method="DELETE")
    _tell(planned.seed, chaos, ledger, stormed - begun, time.monotonic() - stormed)
    found = look(world, ledger, before)
    found.plan, found.done = planned, chaos.done
    return found


def _bring_what_was_begun(world: World, ledger: Ledger, matters: list[Matter]) -> None:
    """Reports whose answer was lost are sent again under their key, as a phone does until it hears."""
    for matter in matters:
        for _ in range(20):
            if matter.id:
                break
            try:
                status, answer = world.report(matter.resident, matter.key)
            except LOST:
                continue
            assert status == 201, answer
            matter.id = answer["id"]
            ledger.submitted.setdefault(matter.key, int(matter.id))


def _tell(seed: int, chaos: Chaos, ledger: Ledger, seconds: float, drained: float) -> None:
    SAID.append(
        f"storm {seed}: {len(ledger)} changes acknowledged in {seconds:.0f} s, {len(ledger.unanswered)} "
        f"unanswered, done {dict(chaos.done)}, restarted {dict(chaos.restarts)}, refused "
        f"{dict(ledger.refused)}, all that was owed done {drained:.0f} s later"
    )
    FIGURES.update(
        seed=seed, seconds=round(seconds), changes=len(ledger), reports=len(ledger.submitted),
        unanswered=len(ledger.unanswered), done=dict(chaos.done), faults=chaos.faults,
        refused=dict(ledger.refused), drained=round(drained),
        actions=dict(Counter(change.action for change in ledger.acknowledged)),
    )  # fmt: skip


def _drain(world: World, patience: float) -> None:
    """Wait until the worker owes nothing more; it is another process, and nothing tells us but its rows."""
    left = select(OutboxJob.kind, OutboxJob.state, OutboxJob.last_error).where(
        OutboxJob.kind.in_(OWED), OutboxJob.state.in_((JOB_PENDING, LEASED))
    )
    deadline = time.monotonic() + patience
    while waiting := world.read(lambda: db.session.execute(left).all()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{len(waiting)} jobs are still owed after {patience} s: {waiting[:5]}")
        time.sleep(0.3)


def test_the_storm_was_one(aftermath: Aftermath) -> None:
    """Enough was changed and enough was killed, and nobody was answered what is out of order."""
    planned, done, ledger = aftermath.plan, aftermath.done, aftermath.ledger
    assert not ledger.wrong, ledger.wrong[:5]
    assert len(ledger) >= planned.changes
    for victim, least in (("web", WEB_KILLS // 2), ("worker", WORKER_KILLS // 2)):
        assert done[victim] >= least, done
    if planned.is_long:
        assert min(done["stop"], done["database"]) >= planned.seconds // 120, done


def test_every_key_made_one_case(aftermath: Aftermath) -> None:
    """Sent again and again under one key while servers died: one case each, and none that nobody was told of."""
    made = aftermath.ledger.submitted
    assert len(set(made.values())) == len(made) >= MATTERS
    assert set(made.values()) == aftermath.cases.keys()


def test_every_acknowledged_change_is_on_the_timeline_once(aftermath: Aftermath) -> None:
    told = aftermath.ledger.acknowledged
    rows = {row.id: row for row in aftermath.rows}
    named = [change for change in told if change.entry_id]
    assert len({change.entry_id for change in named}) == len(named) > 0, "two were told of the same line"
    for change in named:
        row = rows.get(change.entry_id)
        assert row is not None, f"lost: {change}"
        assert (row.subject_id, row.action, row.actor_id) == (change.case_id, change.action, change.actor_id)
    lost = Counter(map(_who, told)) - Counter(map(_by, rows.values()))
    assert not lost, f"lost: {lost}"
    assert all(change.version > change.seen for change in told)


def test_what_nobody_was_told_of_was_tried_by_somebody(aftermath: Aftermath) -> None:
    """A line without an acknowledgement is a try whose answer was lost, one line for one try at most."""
    tries = Counter(map(_who, aftermath.ledger.unanswered))
    by_people = (row for row in aftermath.rows if row.seq > 1 and row.actor_kind != "system")
    untold = Counter(map(_by, by_people)) - Counter(map(_who, aftermath.ledger.acknowledged))
    SAID.append(f"{sum(untold.values())} changes came true without an answer, of {sum(tries.values())} tries")
    FIGURES["true_without_answer"] = sum(untold.values())
    assert untold <= tries, untold - tries


def _who(change: Change) -> tuple[int, str, int]:
    return change.case_id, change.action, change.actor_id


def _by(row: TimelineEntry) -> tuple[int, str, int]:
    return row.subject_id, row.action, row.actor_id


def test_timeline_and_state_agree(aftermath: Aftermath, world: World) -> None:
    """For every case and part of one: state, versions, clocks and the chain of entries, read from the rows."""
    rows = Rows()
    with world.inside.app_context():
        rows.check()
    assert {subject_id for _, subject_id in aftermath.entries} <= rows.seen.keys()
    FIGURES["verified"] = len(rows.seen)
    for case_id in aftermath.cases:
        seen = [c.version for c in aftermath.ledger.acknowledged if c.case_id == case_id]
        assert len(set(seen)) == len(seen), "two changes were given the same version"


def test_every_row_had_its_effect(aftermath: Aftermath) -> None:
    for row in aftermath.rows:
        assert aftermath.jobs[f"timeline:{row.id}"].state == DONE
    for case_id in aftermath.cases:
        assert aftermath.jobs[f"report.route:{case_id}"].state == DONE


def test_every_message_owed_was_sent_or_is_known_not_to_be(aftermath: Aftermath, world: World) -> None:
    lines = select(
        InboxMessage.cause_id, InboxMessage.person_kind, InboxMessage.person_id, InboxMessage.template
    )
    inbox = Counter(tuple(row) for row in world.read(lambda: db.session.execute(lines).all()))
    pushes: dict[tuple[Any, ...], list[Delivery]] = defaultdict(list)
    for one in aftermath.deliveries:
        pushes[one.cause_id, one.person_kind, one.person_id, one.template].append(one)
    owed, pushed = _owed(aftermath, world)
    for who in owed:
        assert inbox[who] == 1, f"{inbox[who]} lines in the inbox for {who}"
    for who in pushed:
        _came_to_an_end(pushes[who])
    assert max(Counter(inbox).values()) == 1
    ends = Counter(_end(found) for found in pushes.values())
    SAID.append(f"{len(pushed)} messages owed for certain, {len(pushes)} pushed: {dict(ends)}")
    FIGURES.update(owed=len(pushes), ends=dict(ends))
    assert len(pushed) > len(pushes) * 0.7
    assert ends[SENT] > len(pushes) * 0.85


def _owed(aftermath: Aftermath, world: World) -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    """Who was owed which line for certain, and which of these lines is pushed too.

    Whoever has a case now need not be who had it then: rows that do not name their handler are left out.
    """
    reachable = {(someone.kind, someone.id) for someone in world.everyone()}
    owed, pushed = set(), set()

    def of(row: TimelineEntry, message: Message) -> None:
        card = subject_card(row.subject_kind, row.subject_id)
        assert card is not None
        for person in people(message.audience, row, card):
            who = (row.id, person.kind, person.id, message.template)
            owed.add(who)
            if message.push and (person.kind, person.id) in reachable:
                pushed.add(who)

    def unit() -> None:
        for row in aftermath.rows:
            for message in messages_for(row.subject_kind, row.action, row.data.get("clock")):
                if message.audience is not Audience.HANDLER or row.data.get("unit_id"):
                    of(row, message)

    world.read(unit)
    return owed, pushed


def _came_to_an_end(found: list[Delivery]) -> None:
    """Sent, in doubt or failed with a reason; a skipped one has its other channel."""
    assert found, "a message is missing"
    assert PENDING not in {one.state for one in found}
    assert all(one.error for one in found if one.state in {IN_DOUBT, FAILED, SKIPPED})
    assert any(one.state in {SENT, IN_DOUBT, FAILED} for one in found), [one.state for one in found]


def _end(found: list[Delivery]) -> str:
    states = {one.state for one in found}
    return next(state for state in (SENT, IN_DOUBT, FAILED, SKIPPED, PENDING) if state in states)


def test_what_arrived_was_owed_and_what_arrived_twice_is_explained(
    aftermath: Aftermath, world: World
) -> None:
    """A message may arrive once more for each time that its outcome was unknown to us, and never else."""
    sent: Counter[tuple[str, ...]] = Counter()
    most: Counter[tuple[str, ...]] = Counter()
    for one in aftermath.deliveries:
        job = aftermath.jobs[one.job_key]
        assert job.state == DONE if one.state in {SENT, SKIPPED} else job.state in {DEAD, "in_doubt", DONE}
        mark = mark_of_delivery(one, world)
        sent[mark] += one.state == SENT
        most[mark] += 1 + job.unknowns if one.state != SKIPPED else job.unknowns
    arrived = Counter(mark_of_arrival(message) for message in aftermath.arrived)
    assert arrived <= most, f"unexplained: {arrived - most}"
    assert sent <= arrived, f"said to be sent, never arrived: {sent - arrived}"
    doubles = sum((arrived - sent).values())
    unknowns = sum(aftermath.jobs[one.job_key].unknowns for one in aftermath.deliveries)
    fenced = select(func.sum(OutboxWorker.fenced))
    FIGURES.update(
        arrived=sum(arrived.values()), doubles=doubles, unknowns=unknowns,
        fenced=int(world.read(lambda: db.session.scalar(fenced)) or 0),
    )  # fmt: skip
    SAID.append(
        f"{sum(arrived.values())} messages arrived, {doubles} beyond those sent once; {unknowns} unknown outcomes"
    )
