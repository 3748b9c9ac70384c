"""kill -9 of web and worker at random moments during 500 changes of state, on MariaDB.

Every acknowledged change is on the timeline, once; timeline and state agree; everything owed was done;
every message owed arrived or is known to be in doubt; and what arrived twice is known to have been
sent twice.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from backend.cases.models import Case
from backend.kernel.db import db
from backend.notifications.models import FAILED, IN_DOUBT, PENDING, SENT, SKIPPED, Delivery, InboxMessage
from backend.notifications.table import Audience, messages_for
from backend.outbox.models import DEAD, DONE, LEASED, OutboxJob
from backend.outbox.models import PENDING as JOB_PENDING
from backend.workflow.chain import verify
from backend.workflow.models import TimelineEntry
from backend.workflow.queries import chain_of
from tests.faults.storm import CLIENTS, Change, Client, Killer, Ledger, Matter
from tests.faults.world import SAID, World

CHANGES = 500
MATTERS = 24
WEB_KILLS, WORKER_KILLS = 10, 6
# A killed worker's lease of 30 s must end, and what waits in its lanes be done after it.
DRAIN_SECONDS = 100
SLOW_MS = 150
LOST_ANSWERS = 3
OWED = ("timeline", "message", "report.route")


@dataclass
class Aftermath:
    """What the storm left, once all that was owed was done."""

    ledger: Ledger
    entries: dict[int, list[TimelineEntry]]  # case id → its timeline
    cases: dict[int, Case]
    deliveries: list[Delivery]
    jobs: dict[str, OutboxJob]  # by key
    arrived: list[dict[str, Any]]  # at the stand-in, what it accepted

    @property
    def rows(self) -> Iterator[TimelineEntry]:
        """Every row of every timeline of the storm."""
        for rows in self.entries.values():
            yield from rows


@pytest.fixture(scope="module")
def aftermath(world: World) -> Aftermath:
    """Run the storm once; every test of this file looks at what it left."""
    seed = int(os.environ.get("STORM_SEED") or random.randrange(10**6))
    chance = random.Random(seed)
    handlers = world.staff["department_clerk"]
    matters = [
        Matter(world.residents[n], handlers[n % len(handlers)], f"storm-{seed}-{n}") for n in range(MATTERS)
    ]
    victims = ["web"] * WEB_KILLS + ["worker"] * WORKER_KILLS
    chance.shuffle(victims)
    moments = dict(zip(sorted(chance.sample(range(5, CHANGES - 5), len(victims))), victims, strict=True))
    # Calls that take their time, so that workers die in the middle of them; and answers that get lost.
    world.platform("faults", {"api": "*", "kind": "slow", "ms": SLOW_MS, "times": 0})
    world.platform("faults", {"api": "subscribe_send", "kind": "lost_answer", "times": LOST_ANSWERS})
    ledger = Ledger()
    killer = Killer(world, ledger, moments, seed)
    clients = [Client(world, ledger, matters, CHANGES, seed + n) for n in range(CLIENTS)]
    begun = time.monotonic()
    for client in clients:
        client.start()
    killer.watch(clients)
    stormed = time.monotonic()
    world.town.wait_until_ready()
    _drain(world)
    world.platform("faults", method="DELETE")
    SAID.append(
        f"storm {seed}: {len(ledger)} changes acknowledged in {stormed - begun:.0f} s, "
        f"{len(ledger.unanswered)} unanswered, kill -9 {dict(killer.kills)}, restarted {dict(killer.restarts)}, refused {dict(ledger.refused)}, "
        f"all that was owed done {time.monotonic() - stormed:.0f} s later"
    )
    assert not ledger.wrong, ledger.wrong[:5]
    assert len(ledger) >= CHANGES
    assert killer.kills["web"] >= WEB_KILLS // 2, killer.kills
    assert killer.kills["worker"] >= WORKER_KILLS // 2, killer.kills
    found: Aftermath = world.read(lambda: _look(world, ledger))
    return found


def _drain(world: World) -> None:
    """Wait until the worker owes nothing more; it is another process, and nothing tells us but its rows."""
    left = select(OutboxJob.kind, OutboxJob.state, OutboxJob.last_error).where(
        OutboxJob.kind.in_(OWED), OutboxJob.state.in_((JOB_PENDING, LEASED))
    )
    deadline = time.monotonic() + DRAIN_SECONDS
    while waiting := world.read(lambda: db.session.execute(left).all()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{len(waiting)} jobs are still owed after {DRAIN_SECONDS} s: {waiting[:5]}")
        time.sleep(0.3)


def _look(world: World, ledger: Ledger) -> Aftermath:
    ids = list(ledger.submitted.values())
    mine = [r.id for r in world.residents[:MATTERS]]
    entries: dict[int, list[TimelineEntry]] = defaultdict(list)
    cases = db.session.scalars(select(Case).where(Case.resident_id.in_(mine), Case.id.in_(ids))).all()
    wanted = select(TimelineEntry).where(TimelineEntry.subject_id.in_(ids))
    for row in db.session.scalars(wanted.order_by(TimelineEntry.subject_id, TimelineEntry.seq)):
        entries[row.subject_id].append(row)
    deliveries = db.session.scalars(select(Delivery).where(Delivery.subject_id.in_(ids))).all()
    jobs = db.session.scalars(select(OutboxJob).where(OutboxJob.kind.in_(OWED))).all()
    pages = {f"?id={case_id}" for case_id in ids}
    messages = world.platform("messages?limit=100000")["items"]
    arrived = [m for m in messages if m["errcode"] == 0 and any(page in m["page"] for page in pages)]
    return Aftermath(
        ledger,
        dict(entries),
        {case.id: case for case in cases},
        list(deliveries),
        {job.job_key or "": job for job in jobs},
        arrived,
    )


def test_every_key_made_one_case(aftermath: Aftermath, world: World) -> None:
    """Sent again and again under one key while servers died: one case each."""
    mine = [r.id for r in world.residents[:MATTERS]]
    stormy = select(Case.id).where(Case.resident_id.in_(mine), Case.title == "村口的路灯不亮了")
    held = set(world.read(lambda: db.session.scalars(stormy).all()))
    assert len(set(aftermath.ledger.submitted.values())) == len(aftermath.ledger.submitted) == MATTERS
    before = {int(case_id) for case_id in held} - set(aftermath.ledger.submitted.values())
    assert not [i for i in before if i > min(aftermath.ledger.submitted.values())], (
        "a case nobody was told of"
    )


def test_every_acknowledged_change_is_on_the_timeline_once(aftermath: Aftermath) -> None:
    told = aftermath.ledger.acknowledged
    rows = {row.id: row for row in aftermath.rows}
    assert len({change.entry_id for change in told}) == len(told), "two were told of the same line"
    for change in told:
        row = rows.get(change.entry_id)
        assert row is not None, f"lost: {change}"
        assert (row.subject_id, row.action, row.actor_id) == (change.case_id, change.action, change.actor_id)
        assert (row.to_state, change.version) == (change.state, change.seen + 1)


def test_what_nobody_was_told_of_was_tried_by_somebody(aftermath: Aftermath) -> None:
    """A line without an acknowledgement is a try whose answer was lost, one line for one try at most."""
    told = {change.entry_id for change in aftermath.ledger.acknowledged}
    tries = Counter(_who(change) for change in aftermath.ledger.unanswered)
    untold = Counter(
        (row.subject_id, row.action, row.actor_id)
        for row in aftermath.rows
        if row.id not in told and row.action != "submit"
    )
    SAID.append(f"{sum(untold.values())} changes came true without an answer, of {sum(tries.values())} tries")
    assert untold <= tries, untold - tries


def _who(change: Change) -> tuple[int, str, int]:
    return change.case_id, change.action, change.actor_id


def test_timeline_and_state_agree(aftermath: Aftermath, world: World) -> None:
    for case_id, case in aftermath.cases.items():
        rows = aftermath.entries[case_id]
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        assert rows[0].action == "submit"
        assert (rows[-1].to_state, rows[-1].chain) == (case.state, case.chain_head)
        assert (case.entry_count, case.version) == (len(rows), len(rows))
        for before, after in pairwise(rows):
            assert after.from_state == before.to_state
        assert world.read(lambda: verify(chain_of("report", case_id, "staff"))) is None  # noqa: B023
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
    owed: set[tuple[Any, ...]] = set()
    for row in aftermath.rows:
        for message in messages_for("report", row.action):
            who = (
                row.id,
                *_addressee(message.audience, row, aftermath.cases[row.subject_id]),
                message.template,
            )
            assert inbox[who] == 1, f"{inbox[who]} lines in the inbox for {who}"
            if message.push:
                owed.add(who)
                _came_to_an_end(pushes[who])
    assert pushes.keys() <= owed, "a message that nobody was owed"
    states = Counter(one.state for one in aftermath.deliveries)
    SAID.append(f"{len(owed)} messages owed: {dict(states)}")
    assert states[SENT] > len(owed) * 0.9


def _addressee(audience: Audience, row: TimelineEntry, case: Case) -> tuple[str, int]:
    if audience is Audience.RESIDENT:
        assert case.resident_id is not None
        return "resident", case.resident_id
    assert audience is Audience.HANDLER
    return "staff", int(row.data["staff_id"])


def _came_to_an_end(found: list[Delivery]) -> None:
    """Sent, in doubt or failed with a reason; a skipped one has its other channel."""
    assert found, "a message is missing"
    assert PENDING not in {one.state for one in found}
    assert all(one.error for one in found if one.state in {IN_DOUBT, FAILED, SKIPPED})
    assert any(one.state in {SENT, IN_DOUBT, FAILED} for one in found), [one.state for one in found]


def test_what_arrived_was_owed_and_what_arrived_twice_is_explained(
    aftermath: Aftermath, world: World
) -> None:
    """A message may arrive once more for each time that its outcome was unknown to us, and never else."""
    sent: Counter[tuple[str, ...]] = Counter()
    most: Counter[tuple[str, ...]] = Counter()
    for one in aftermath.deliveries:
        job = aftermath.jobs[one.job_key]
        assert job.state == DONE if one.state in {SENT, SKIPPED} else job.state in {DEAD, "in_doubt", DONE}
        sent[_matched(one, world)] += one.state == SENT
        most[_matched(one, world)] += 1 + job.unknowns if one.state != SKIPPED else job.unknowns
    arrived = Counter(_mark(message) for message in aftermath.arrived)
    assert arrived <= most, f"unexplained: {arrived - most}"
    assert sent <= arrived, f"said to be sent, never arrived: {sent - arrived}"
    doubles = sum((arrived - sent).values())
    unknowns = sum(aftermath.jobs[one.job_key].unknowns for one in aftermath.deliveries)
    SAID.append(
        f"{sum(arrived.values())} messages arrived, {doubles} beyond those sent once; {unknowns} unknown outcomes"
    )


def _matched(one: Delivery, world: World) -> tuple[str, ...]:
    """What a delivery looks like at the stand-in: the official account's carry our id, the others' do not."""
    if one.channel == "official":
        return ("official", str(one.id))
    person = next(p for p in world.everyone() if (p.kind, p.id) == (one.person_kind, one.person_id))
    return ("mini", person.phone.mini_openid, one.template, str(one.subject_id))


def _mark(message: dict[str, Any]) -> tuple[str, ...]:
    if message["app"] == "official":
        return ("official", message["client_msg_id"])
    names = {
        "SbxMiniProgress": "case_progress",
        "SbxMiniClosed": "case_closed",
        "SbxMiniTask": "task_assigned",
    }
    template = names[message["template_id"].split("-", 1)[0]]
    return ("mini", message["openid"], template, message["page"].rpartition("=")[2])
