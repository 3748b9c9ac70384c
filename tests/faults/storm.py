"""The storm: clients that change 500 states while web and worker are killed, and the ledger of what they were told."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.world import LOST, Someone, World

CLIENTS = 6
LONGEST_SECONDS = 110.0
# Who does what in which state, and what they give with it; a case goes round until the storm is over.
WAY: dict[str, tuple[str, str, dict[str, Any]]] = {
    "submitted": ("dispatcher", "accept_and_dispatch", {}),
    "dispatched": ("department_clerk", "start", {}),
    "handling": ("department_clerk", "handle", {"note": "换了灯泡"}),
    "handled": ("checker", "pass_check", {"reply": "灯已修好，请看看", "outcome": "resolved"}),
    "closed": ("resident", "dispute", {"note": "今天又不亮了"}),
    "reopen_requested": ("dispatcher", "approve_reopen", {"note": "再去看看"}),
}


@dataclass(frozen=True)
class Change:
    """One try to change a state. `entry_id` and `version` are the answer's; without an answer they are empty."""

    case_id: int
    action: str
    actor_id: int
    seen: int
    entry_id: int = 0
    version: int = 0
    state: str = ""


@dataclass
class Ledger:
    """What people were told, and what they were not."""

    submitted: dict[str, int] = field(default_factory=dict)  # idempotency key → case id
    acknowledged: list[Change] = field(default_factory=list)
    unanswered: list[Change] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __len__(self) -> int:
        return len(self.acknowledged) + len(self.submitted)


@dataclass
class Matter:
    """A case as the clients last saw it. `handler` is whom it was given to."""

    resident: Someone
    handler: Someone
    key: str
    id: str = ""
    state: str = ""
    version: int = 0


class Client(threading.Thread):
    """Takes any case and does what comes next in it, until the ledger is full."""

    def __init__(self, world: World, ledger: Ledger, matters: list[Matter], wanted: int, seed: int) -> None:
        super().__init__(name=f"client-{seed}")
        self.world, self.ledger, self.matters, self.wanted = world, ledger, matters, wanted
        self.chance = random.Random(seed)
        self.deadline = time.monotonic() + LONGEST_SECONDS

    def run(self) -> None:
        while len(self.ledger) < self.wanted and time.monotonic() < self.deadline:
            matter = self.chance.choice(self.matters)
            try:
                self._submit(matter) if not matter.id else self._act(matter)
            except Exception as error:
                with self.ledger.lock:
                    self.ledger.wrong.append(f"{type(error).__name__}: {error}")
                raise

    def _submit(self, matter: Matter) -> None:
        """Bring the report; again under the same key until there is an answer."""
        try:
            status, answer = self.world.report(matter.resident, matter.key)
        except LOST:
            return
        if self._refused(status, answer, "submit"):
            return
        with self.ledger.lock:
            known = self.ledger.submitted.setdefault(matter.key, int(answer["id"]))
            matter.id, matter.state, matter.version = answer["id"], "submitted", 1
        assert known == int(answer["id"]), f"{matter.key} made two reports"

    def _act(self, matter: Matter) -> None:
        """Do what comes next with the version that was last seen; without an answer, look again."""
        role, action, given = WAY[matter.state]
        seen = matter.version
        person = self._person(matter, role)
        if action == "accept_and_dispatch":
            given = {"unit_id": self.world.unit_id, "staff_id": str(matter.handler.id)}
        tried = Change(int(matter.id), action, person.id, seen)
        try:
            status, answer = self.world.act(person, matter.id, action, seen, **given)
        except LOST:
            with self.ledger.lock:
                self.ledger.unanswered.append(tried)
            self._look(matter)
            return
        if self._refused(status, answer, action):
            self._look(matter)
            return
        with self.ledger.lock:
            self.ledger.acknowledged.append(_answered(tried, answer))
            if answer["version"] > matter.version:
                matter.state, matter.version = answer["state"], answer["version"]

    def _person(self, matter: Matter, role: str) -> Someone:
        if role == "resident":
            return matter.resident
        return matter.handler if role == "department_clerk" else self.chance.choice(self.world.staff[role])

    def _look(self, matter: Matter) -> None:
        """See what the case is like now, for as long as it takes."""
        while time.monotonic() < self.deadline:
            try:
                status, answer = self.world.call(matter.resident, "GET", f"/resident/reports/{matter.id}")
            except LOST:
                continue
            if status == 200:
                with self.ledger.lock:
                    if answer["version"] > matter.version:
                        matter.state, matter.version = answer["state"], answer["version"]
                return
            self._refused(status, answer, "look")

    def _refused(self, status: int, answer: Any, action: str) -> bool:
        """Whether the answer is a refusal that is in order; any other one is noted as wrong."""
        if status in {200, 201}:
            return False
        code = answer.get("code") if isinstance(answer, dict) else str(answer)[:80]
        with self.ledger.lock:
            self.ledger.refused[f"{status} {code}"] += 1
            if status not in {409, 429, 503}:
                self.ledger.wrong.append(f"{action}: {status} {answer}")
        return True


def _answered(tried: Change, answer: dict[str, Any]) -> Change:
    """The change as its answer tells it: the last line of the way that this action made."""
    line = answer["timeline"][-1]
    return Change(
        tried.case_id,
        tried.action,
        tried.actor_id,
        tried.seen,
        int(line["id"]),
        answer["version"],
        answer["state"],
    )


class Killer:
    """kill -9 at moments drawn from a seed, spread over the changes; starts again what has ended, as systemd does.

    granian starts a killed process again by itself, but ends when the same one dies twice within seconds.
    Lives in the thread that started the programs: they are sent a SIGTERM when theirs ends.
    """

    def __init__(self, world: World, ledger: Ledger, moments: dict[int, str], seed: int) -> None:
        self.town, self.ledger, self.moments = world.town, ledger, sorted(moments.items())
        self.chance = random.Random(seed)
        self.kills: Counter[str] = Counter()
        self.restarts: Counter[str] = Counter()

    def watch(self, clients: Sequence[threading.Thread]) -> None:
        """Kill and start again until the last client has ended."""
        while any(client.is_alive() for client in clients):
            self.look_after()
            clients[0].join(0.02)
            if self.moments and len(self.ledger) >= self.moments[0][0]:
                time.sleep(self.chance.uniform(0, 0.2))  # anywhere within what is under way
                self._kill(self.moments.pop(0)[1])
        self.look_after()

    def look_after(self) -> None:
        """Start again what has ended."""
        for name in ("web", "worker"):
            program = self.town.programs[name]
            if not program.running:
                program.signal(signal.SIGKILL)  # its children hold the port
                program.start()
                self.restarts[name] += 1

    def _kill(self, victim: str) -> None:
        if victim == "web":
            children = web_processes(self.town.programs["web"].process)
            if not children:
                return  # both are just being started again
            os.kill(self.chance.choice(children), signal.SIGKILL)
        else:
            self.town.kill(victim)
        self.kills[victim] += 1


def web_processes(server: Any) -> list[int]:
    """granian's processes that answer requests; granian starts another when one dies."""
    tasks = Path(f"/proc/{server.pid}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]
