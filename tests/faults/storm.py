"""The storm's clients, who change states while everything dies around them, and the ledger of what they were told."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from backend.kernel.clock import today
from tests.faults.plan import Plan
from tests.faults.world import LOST, Someone, World
from tests.support.walk import Stock, fill

CLIENTS = 6
#: how often a client does something else than what comes next: any edge that is open to somebody
WANDERS = 0.15
# The straight way: who does what in which state, and what they give with it. A case goes round on it.
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
    """A case as the clients last saw it. `handler` is whom it was given to; `gone` when nothing is open."""

    resident: Someone
    handler: Someone
    key: str
    id: str = ""
    code: str = ""
    state: str = ""
    version: int = 0
    round: int = 0

    def renew(self) -> None:
        """The resident brings another one."""
        self.round += 1
        self.key = f"{self.key.partition('/')[0]}/{self.round}"
        self.id = self.code = self.state = ""
        self.version = 0


class Client(threading.Thread):
    """Takes any case and does what comes next in it, or something else, until the ledger is full."""

    def __init__(self, world: World, ledger: Ledger, matters: list[Matter], plan: Plan, number: int) -> None:
        super().__init__(name=f"client-{number}")
        self.world, self.ledger, self.matters, self.plan = world, ledger, matters, plan
        self.chance = random.Random(plan.seed + number)
        self.begun = time.monotonic()
        self.deadline = self.begun + plan.longest

    def run(self) -> None:
        while not self.plan.is_over(len(self.ledger), time.monotonic() - self.begun):
            matter = self.chance.choice(self.matters)
            try:
                self._submit(matter) if not matter.id else self._act(matter)
            except Exception as error:
                with self.ledger.lock:
                    self.ledger.wrong.append(f"{type(error).__name__}: {error}")
                raise
            if self.plan.is_ahead(len(self.ledger), time.monotonic() - self.begun):
                time.sleep(self.chance.uniform(0, 1))

    def _submit(self, matter: Matter) -> None:
        """Bring the report; again under the same key until there is an answer."""
        key = matter.key
        try:
            status, answer = self.world.report(matter.resident, key)
        except LOST:
            return
        if self._refused(status, answer, "submit"):
            return
        with self.ledger.lock:
            known = self.ledger.submitted.setdefault(key, int(answer["id"]))
            if matter.key == key and not matter.id:
                matter.id, matter.code = answer["id"], answer["code"]
                matter.state, matter.version = "submitted", 1
        assert known == int(answer["id"]), f"{key} made two reports"

    def _act(self, matter: Matter) -> None:
        """Do what comes next with the version that was last seen, or whatever is open to somebody."""
        if matter.state in WAY and self.chance.random() > WANDERS:
            role, action, given = WAY[matter.state]
            person = self._person(matter, role)
            if action == "accept_and_dispatch":
                given = {"unit_id": self.world.unit_id, "staff_id": str(matter.handler.id)}
            self._try(matter, person, action, matter.version, given)
            return
        found = self._open_to_somebody(matter)
        if found is not None:
            self._try(matter, *found)
        elif found is None and matter.state not in WAY and self.chance.random() < 0.3:
            with self.ledger.lock:
                matter.renew()

    def _open_to_somebody(self, matter: Matter) -> tuple[Someone, str, int, dict[str, Any]] | None:
        """An edge that is open to somebody now, filled in: who, what, the version they see, what they give."""
        people = [
            matter.resident,
            matter.handler,
            *(self.chance.choice(p) for p in self.world.staff.values()),
        ]
        for person in self.chance.sample(people, len(people)):
            path = "/resident/reports" if person.kind == "resident" else "/staff/cases"
            try:
                status, seen = self.world.call(person, "GET", f"{path}/{matter.id}")
            except LOST:
                continue
            if status == 200 and seen["actions"]:
                action = self.chance.choice(seen["actions"])
                given = fill(action["fields"], self.chance, self._stock(matter))
                return person, action["action"], seen["version"], given
            if status not in {200, 403, 404}:
                self._refused(status, seen, "look")
        return None

    def _stock(self, matter: Matter) -> Stock:
        handlers = self.world.staff["department_clerk"]
        return Stock(
            photo=None,
            units=[(self.world.unit_id, str(someone.id)) for someone in handlers],
            codes=lambda: [m.code for m in self.matters if m.code and m is not matter],
            today=today,
        )

    def _try(self, matter: Matter, person: Someone, action: str, seen: int, given: dict[str, Any]) -> None:
        """Take the edge; without an answer, look again."""
        case_id = matter.id
        if not case_id:
            return  # somebody else has just given the matter up
        tried = Change(int(case_id), action, person.id, seen)
        try:
            status, answer = self.world.act(person, case_id, action, seen, **given)
        except LOST:
            self._unanswered(tried)
            self._look(matter)
            return
        if self._refused(status, answer, action):
            if _leaves_it_open(status, answer):
                self._unanswered(tried)
            self._look(matter)
            return
        with self.ledger.lock:
            self.ledger.acknowledged.append(_answered(tried, answer))
            if matter.id == case_id and answer["version"] > matter.version:
                matter.state, matter.version = answer["state"], answer["version"]
                handlers = self.world.staff["department_clerk"]
                matter.handler = next(
                    (h for h in handlers if str(h.id) == given.get("staff_id")), matter.handler
                )

    def _unanswered(self, tried: Change) -> None:
        with self.ledger.lock:
            self.ledger.unanswered.append(tried)

    def _person(self, matter: Matter, role: str) -> Someone:
        if role == "resident":
            return matter.resident
        return matter.handler if role == "department_clerk" else self.chance.choice(self.world.staff[role])

    def _look(self, matter: Matter) -> None:
        """See what the case is like now, for as long as it takes."""
        case_id = matter.id
        while case_id and matter.id == case_id and time.monotonic() < self.deadline:
            try:
                status, answer = self.world.call(matter.resident, "GET", f"/resident/reports/{case_id}")
            except LOST:
                continue
            if status == 200:
                with self.ledger.lock:
                    if matter.id == case_id and answer["version"] > matter.version:
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
            if status not in IN_ORDER[action in LOOKING]:
                self.ledger.wrong.append(f"{action}: {status} {answer}")
        return True


#: What may be refused. A report and a look meet only a server that is down; an edge may also meet somebody who
#: was faster, or ask for more than can be made up (an earlier case, a unit that nobody has named yet).
LOOKING = {"submit", "look"}
IN_ORDER = {True: {404, 409, 429, 503}, False: {403, 404, 409, 422, 429, 503}}


def _leaves_it_open(status: int, answer: Any) -> bool:
    """Whether the change may have come true all the same.

    The connection to the database broke at COMMIT, or the unit ran again after that and met its own change.
    """
    return status == 503 or (status == 409 and answer.get("code") in {"changed_meanwhile", "action_not_open"})


def _answered(tried: Change, answer: dict[str, Any]) -> Change:
    """The change as its answer tells it: the newest line of the way that this action made."""
    # Staff's lines name their action; a resident's do not, and a line of the program's own may follow theirs.
    line = next((one for one in reversed(answer["timeline"]) if one.get("action") == tried.action), {"id": 0})
    return Change(
        tried.case_id,
        tried.action,
        tried.actor_id,
        tried.seen,
        int(line["id"]),
        answer["version"],
        answer["state"],
    )
