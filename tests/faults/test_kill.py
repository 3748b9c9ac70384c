"""kill -9 of web and worker at random moments during 500 changes of state.

Every acknowledged change is there, once; every message owed is sent or known to be in doubt; timeline
and state agree; nobody was told twice.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from backend.app import create_app
from backend.cases.models import Case
from backend.identity import merging, sessions
from backend.identity.models import OrgUnit, Staff, StaffRole
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node
from backend.notifications.models import IN_DOUBT, SENT, Delivery, InboxMessage
from backend.outbox.models import UNDELIVERED, OutboxJob
from backend.workflow.models import TimelineEntry
from config.settings import load
from tests.faults.crowd import WAY, Hands, Journey, Ledger
from tests.support.town import Town, ask

CHANGES = 500
CLIENTS = 8
JOURNEYS = -(-CHANGES // (len(WAY) + 1))
FEWEST_KILLS = 12
DRAIN_SECONDS = 60
# The lines of the timeline that a resident is pushed a message for, one each.
PUSHED = {"accept_and_dispatch", "start", "pass_check"}


@pytest.fixture
def inside(town: Town) -> Flask:
    """The same application within the test, for sessions beforehand and for counting afterwards."""
    return create_app(load(town.env))


def _hands(town: Town, inside: Flask) -> tuple[Hands, str]:
    """Sessions for everybody, and the unit that handles."""
    for number in range(30):
        ask("POST", f"{town.url}/sandbox/api/people", {"name": f"路人{number}"})
    people = ask("GET", f"{town.url}/sandbox/api/people")[1]["items"]
    with inside.app_context():
        ensure_node()

        def open_sessions() -> tuple[Hands, str]:
            residents = []
            for person in people:
                account = merging.account_for("official", person["official_openid"], None)
                account.followed = True
                residents.append(sessions.open_for_resident(account.resident_id, "official").token)
            staff: dict[str, list[tuple[str, str]]] = {}
            crowd = (
                select(Staff.id, StaffRole.role)
                .join(StaffRole, StaffRole.staff_id == Staff.id)
                .join(OrgUnit, OrgUnit.id == Staff.unit_id)
                .where(OrgUnit.code.in_(["hall", "urban"]), Staff.name != "")
            )
            for staff_id, role in db.session.execute(crowd):
                staff.setdefault(role, []).append((str(staff_id), sessions.open_for_staff(staff_id).token))
            unit = db.session.execute(select(OrgUnit.id).where(OrgUnit.code == "urban")).scalar_one()
            return Hands(residents, staff), str(unit)

        return run_unit(open_sessions)


def _follow_everyone(town: Town) -> None:
    for person in ask("GET", f"{town.url}/sandbox/api/people")[1]["items"]:
        ask("PATCH", f"{town.url}/sandbox/api/people/{person['id']}", {"followed": True})


class Killer(threading.Thread):
    """Kills something every now and then and starts it again, until told to stop."""

    def __init__(self, town: Town, seed: int) -> None:
        super().__init__()
        self.town, self.chance, self.enough = town, random.Random(seed), threading.Event()
        self.kills: Counter[str] = Counter()

    def run(self) -> None:
        while not self.enough.wait(self.chance.uniform(0.3, 1.2)):
            self.start_what_ended()
            self.kill(self.chance.choice(["web", "web process", "worker", "worker"]))

    def kill(self, what: str) -> None:
        if what == "web process":  # one of granian's two; granian starts another
            children = self._children()
            if children:
                os.kill(self.chance.choice(children), signal.SIGKILL)
                self.kills[what] += 1
            return
        self.town.kill(what)
        self.kills[what] += 1
        self.town.programs[what].start()
        if what == "web":
            self.town.wait_until_ready()

    def start_what_ended(self) -> None:
        """As systemd would: granian ends itself when its processes die too often in a row."""
        for name in ("web", "worker"):
            if not self.town.programs[name].running:
                self.town.programs[name].start()
        self.town.wait_until_ready()

    def _children(self) -> list[int]:
        process = self.town.programs["web"].process
        assert process is not None
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        return [int(pid) for pid in listed.read_text().split()] if listed.exists() else []


def _travel(
    town: Town, hands: Hands, unit: str, ledger: Ledger, numbers: list[int], over: threading.Event
) -> None:
    for number in numbers:
        for _ in Journey(town, hands, ledger, number, unit).steps(over):
            if over.is_set():
                return


def _run_the_crowd(town: Town, hands: Hands, unit: str, killer: Killer) -> Ledger:
    ledger, over = Ledger(), threading.Event()
    lots = [list(range(first, JOURNEYS, CLIENTS)) for first in range(CLIENTS)]
    clients = [threading.Thread(target=_travel, args=(town, hands, unit, ledger, lot, over)) for lot in lots]
    killer.start()
    for client in clients:
        client.start()
    deadline = time.monotonic() + 120
    for client in clients:
        client.join(max(0.1, deadline - time.monotonic()))
    killer.enough.set()
    killer.join()
    over.set()
    for client in clients:
        client.join()
    return ledger


def _wait_until_nothing_is_owed(inside: Flask) -> None:
    """Until no job is due any more; AssertionError when the worker does not get there."""
    deadline = time.monotonic() + DRAIN_SECONDS
    left: list[Any] = []
    while time.monotonic() < deadline:
        with inside.app_context():
            left = list(
                db.session.execute(
                    select(OutboxJob.kind, OutboxJob.state, OutboxJob.last_error).where(
                        OutboxJob.kind.in_(["timeline", "message"]), OutboxJob.state.in_(UNDELIVERED)
                    )
                )
            )
        if not left:
            return
        time.sleep(0.2)  # another process works; there is no event to wait for
    raise AssertionError(f"{len(left)} jobs are still owed: {left[:5]}")


def test_nothing_is_lost_when_everything_is_killed(town: Town, inside: Flask) -> None:
    hands, unit = _hands(town, inside)
    _follow_everyone(town)
    seed = random.randrange(10**6)
    killer = Killer(town, seed)
    ledger = _run_the_crowd(town, hands, unit, killer)
    print(
        f"seed {seed}: {len(ledger)} acknowledged, {ledger.unanswered} unanswered, kills {dict(killer.kills)}"
    )
    killer.start_what_ended()
    assert not ledger.refused, ledger.refused[:5]
    assert len(ledger.reports) == JOURNEYS
    assert killer.kills.total() >= FEWEST_KILLS, killer.kills
    _wait_until_nothing_is_owed(inside)
    with inside.app_context():
        _every_change_is_there_once(ledger)
        _timeline_and_state_agree()
        _messages_are_sent_or_in_doubt(town)


def _every_change_is_there_once(ledger: Ledger) -> None:
    cases = set(db.session.scalars(select(Case.id)))
    assert cases == {int(one) for one in ledger.reports.values()}, "one report for each key, no more"
    found: dict[int, list[str]] = {}
    for row in db.session.execute(
        select(TimelineEntry.subject_id, TimelineEntry.action).order_by(TimelineEntry.seq)
    ):
        found.setdefault(row.subject_id, []).append(row.action)
    whole_way = ["submit", *(action for _, action, _ in WAY)]
    for case_id in cases:
        actions = [action for action in found[case_id] if not action.startswith("clock")]
        assert actions == whole_way, f"case {case_id}: {actions}"
        told = ledger.changes[str(case_id)]
        assert [action for action in whole_way if action in told] == told


def _timeline_and_state_agree() -> None:
    for case in db.session.scalars(select(Case)):
        rows = db.session.scalars(
            select(TimelineEntry).where(TimelineEntry.subject_id == case.id).order_by(TimelineEntry.seq)
        ).all()
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        assert (rows[-1].to_state, case.entry_count, case.chain_head) == (
            case.state,
            len(rows),
            rows[-1].chain,
        )
        for before, after in itertools.pairwise(rows):
            assert after.from_state == before.to_state


def _messages_are_sent_or_in_doubt(town: Town) -> None:
    owed = {
        row.id: row.subject_id
        for row in db.session.execute(
            select(TimelineEntry.id, TimelineEntry.subject_id).where(TimelineEntry.action.in_(PUSHED))
        )
    }
    deliveries = db.session.scalars(select(Delivery).where(Delivery.person_kind == "resident")).all()
    assert Counter(one.cause_id for one in deliveries) == Counter(owed), (
        "one message for each line that owes one"
    )
    states = Counter(one.state for one in deliveries)
    assert states.keys() <= {SENT, IN_DOUBT}, states
    # What the platform has, against what we think it has.
    arrived = ask("GET", f"{town.url}/sandbox/api/messages?app=official&limit=5000")[1]["items"]
    accepted = Counter(one["client_msg_id"] for one in arrived if one["errcode"] == 0)
    assert not [key for key, times in accepted.items() if times > 1], "somebody was told twice"
    sent = sum(1 for one in deliveries if one.state == SENT)
    assert sent <= len(accepted) <= len(deliveries), (sent, len(accepted), states)
    inbox = db.session.execute(
        select(InboxMessage.cause_id, text("count(*)"))
        .where(InboxMessage.person_kind == "resident")
        .group_by(InboxMessage.cause_id)
    ).all()
    assert all(count == 1 for _, count in inbox)
    submitted = db.session.scalars(select(TimelineEntry.id).where(TimelineEntry.action == "submit")).all()
    assert {cause for cause, _ in inbox} >= owed.keys() | set(submitted)
    print(json.dumps({"messages": len(deliveries), "states": dict(states), "arrived": len(accepted)}))
