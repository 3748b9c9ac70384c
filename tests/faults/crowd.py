"""People who bring reports and work on them over HTTP, and the ledger of what was acknowledged to them."""

from __future__ import annotations

import threading
import urllib.error
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from tests.support.town import Town, ask

# A report's way: who does what, and what they give with it.
WAY: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("dispatcher", "accept_and_dispatch", {}),
    ("department_clerk", "start", {}),
    ("department_clerk", "handle", {"note": "换了灯泡"}),
    ("checker", "pass_check", {"reply": "灯已修好，请看看", "outcome": "resolved"}),
    ("resident", "rate", {"score": "satisfied"}),
)
LOST = (urllib.error.URLError, HTTPException, OSError)


@dataclass
class Ledger:
    """What people were told had happened."""

    reports: dict[str, str] = field(default_factory=dict)  # idempotency key → report id
    changes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # report id → actions
    unanswered: int = 0
    refused: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __len__(self) -> int:
        return len(self.reports) + sum(len(actions) for actions in self.changes.values())


@dataclass(frozen=True)
class Hands:
    """Who may be asked to do something: sessions by role."""

    residents: list[str]
    staff: dict[str, list[tuple[str, str]]]  # role → (staff id, cookie)


class Journey:
    """One report on its way, step by step, whatever happens to the servers meanwhile."""

    def __init__(self, town: Town, hands: Hands, ledger: Ledger, number: int, unit_id: str) -> None:
        self.town, self.ledger, self.number = town, ledger, number
        self.key = f"journey-{number}"
        self.resident = hands.residents[number % len(hands.residents)]
        self.staff = {role: people[number % len(people)] for role, people in hands.staff.items()}
        self.unit_id = unit_id
        self.id = ""

    def steps(self, patience: threading.Event) -> Iterator[None]:
        """Do the next thing at each step; `patience` paces the tries while nobody answers."""
        while not self._submit():
            patience.wait(0.2)
            yield
        yield
        for who, action, given in WAY:
            while not self._act(who, action, given):
                patience.wait(0.2)
                yield
            yield

    def _submit(self) -> bool:
        body = {
            "town": "dongwan",
            "text": f"第 {self.number} 盏路灯不亮",
            "category_code": "0201",
            "point": {"lon": 117.21, "lat": 35.005},
        }
        answer = self._ask("POST", "/resident/reports", body, {"Idempotency-Key": self.key}, self.resident)
        if answer is None:
            return False
        self.id = answer["id"]
        with self.ledger.lock:
            known = self.ledger.reports.setdefault(self.key, self.id)
        assert known == self.id, "one key made two reports"
        return True

    def _act(self, who: str, action: str, given: dict[str, Any]) -> bool:
        side = f"/resident/reports/{self.id}" if who == "resident" else f"/staff/cases/{self.id}"
        seen = self._ask("GET", f"/resident/reports/{self.id}", None, {}, self.resident)
        if seen is None:
            return False
        if self._already(seen, action):
            return True  # the answer got lost, the change did not
        body = {"version": seen["version"], **given}
        if action == "accept_and_dispatch":
            body |= {"unit_id": self.unit_id, "staff_id": self.staff["department_clerk"][0]}
        token = self.resident if who == "resident" else ""
        headers = {} if token else self._desk(who)
        answer = self._ask("POST", f"{side}/actions/{action}", body, headers, token)
        if answer is None:
            return False
        with self.ledger.lock:
            self.ledger.changes[self.id].append(action)
        return True

    def _already(self, seen: dict[str, Any], action: str) -> bool:
        if action == "rate":
            return seen["rating"] is not None
        order = ["submitted", "dispatched", "handling", "handled", "closed"]
        return order.index(seen["state"]) > [step[1] for step in WAY].index(action)

    def _desk(self, role: str) -> dict[str, str]:
        return {"Cookie": f"staff_session={self.staff[role][1]}", "X-Requested-With": "console"}

    def _ask(self, method: str, path: str, body: Any, headers: dict[str, str], token: str) -> Any:
        """The answer of a success; None when nobody answered, or the server is busy starting."""
        try:
            status, answer = ask(
                method, f"{self.town.url}/api/v1{path}", body, token=token, headers=headers, seconds=10
            )
        except LOST:
            with self.ledger.lock:
                self.ledger.unanswered += 1
            return None
        if status in {200, 201}:
            return answer
        if status not in {429, 503}:
            with self.ledger.lock:
                self.ledger.refused.append(f"{method} {path}: {status} {str(answer)[:200]}")
        return None
