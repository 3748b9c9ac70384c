"""One invented case told from end to end: the rows that the engine would have written.

Bulk inserts must not lie: every step is an edge of the kind's own table, the case's state is the
last timeline row's, the chain verifies, clocks start and stop as the edges say. The engine itself
is not used only because 2,000 cases must be there in seconds, and because nobody is to get a
message about what never happened.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.cases.models import Case
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.ids import new_id
from backend.reports.kind import limit as limit_of_case
from backend.reports.models import Category
from backend.reports.states import ANSWER_CLOCK, TABLE
from backend.workflow import chain
from backend.workflow.calendar import WorkingCalendar
from backend.workflow.clocks import BREACH, WARNING
from backend.workflow.table import Limit

RINGS = {WARNING: "clock_warning", BREACH: "clock_breach"}


@dataclass
class Step:
    """Something somebody does, some time after what went before."""

    action: str
    actor: Actor
    given: dict[str, Any] = field(default_factory=dict)
    photos: int = 0
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class Rows:
    """What is to be inserted, table by table."""

    cases: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    timeline: list[dict[str, Any]] = field(default_factory=list)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    media: list[dict[str, Any]] = field(default_factory=list)


class Story:
    """A case while it is being told; ``case`` and ``report`` are the columns of its two rows."""

    def __init__(
        self,
        case: dict[str, Any],
        report: dict[str, Any],
        category: Category,  # held, so that the session knows it and limits cost no question
        calendar: WorkingCalendar,
        rng: random.Random,
    ) -> None:
        self.case, self.report, self.category, self._calendar, self._rng = (
            case,
            report,
            category,
            calendar,
            rng,
        )
        self.case |= {"version": 0, "entry_count": 0, "chain_head": chain.START, "state": ""}
        #: the kind of picture that fits ("" for none) and what is written, done and answered
        self.scene = ""
        self.words: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]] = ((), (), ())
        self.entries: list[dict[str, Any]] = []
        self.clocks: dict[str, dict[str, Any]] = {}

    def take(self, step: Step, at: datetime) -> None:
        """Take an edge at a moment; KeyError when the table has no such edge from here."""
        self.ring_until(at)
        edge = TABLE.edge(step.action, self.case["state"])
        if edge is None:
            raise KeyError(f"no edge {step.action!r} from {self.case['state']!r}")
        before = self.case["state"]
        self.case["state"] = edge.target or before
        if self.case["state"] != before:
            self.case["closed_at"] = None if TABLE.state(self.case["state"]).is_open else at
        self.case["version"] += 1
        note = step.given.get("note") or step.given.get("reply") or None
        self._write(step.actor, step.action, before, edge.visibility, at, note, self._data(step))
        for effect in edge.clocks:
            getattr(self, f"_{effect.operation}")(effect.clock, at)
            if effect.clock == ANSWER_CLOCK and ANSWER_CLOCK in self.clocks:
                self.case["due_at"] = self.clocks[ANSWER_CLOCK]["due_at"]
        self._carry_out(step, at)
        self.case["updated_at"] = at

    def ring_until(self, at: datetime) -> None:
        """Write the warnings and breaches of running clocks that fall before a moment."""
        due: list[tuple[datetime, str, dict[str, Any]]] = []
        for clock in self.clocks.values():
            if clock["state"] != "running":
                continue
            warning = self._calendar.warning(clock["started_at"], clock["due_at"])
            for moment, what, column in (
                (warning, WARNING, "warned_at"),
                (clock["due_at"], BREACH, "breached_at"),
            ):
                if moment < at and clock[column] is None:
                    clock[column] = moment
                    due.append((moment, what, clock))
        for moment, what, clock in sorted(due, key=lambda ring: ring[0]):
            data = {"clock": clock["name"], "due_at": clock["due_at"].isoformat()}
            self._write(SYSTEM, RINGS[what], self.case["state"], "staff", moment, None, data)

    def running(self) -> list[dict[str, Any]]:
        """The clocks whose timers are still owed."""
        return [clock for clock in self.clocks.values() if clock["state"] == "running"]

    def into(self, rows: Rows) -> None:
        """Hand over what was told."""
        rows.cases.append(self.case)
        rows.reports.append(self.report)
        rows.timeline.extend(self.entries)
        rows.clocks.extend(self.clocks.values())

    def _data(self, step: Step) -> dict[str, Any]:
        """What the timeline row keeps beside the note, as reports.services writes it."""
        case, given = self.case, step.given
        if step.action == "submit":
            return dict(step.data)
        data: dict[str, Any] = dict(step.data)
        if "unit_id" in given:
            data |= {
                "unit": given["unit_name"],
                "unit_id": str(given["unit_id"]),
                "staff_id": str(given["staff_id"] or ""),
            }
        elif case["assignee_unit_name"]:
            data |= {
                "unit": case["assignee_unit_name"],
                "unit_id": str(case["assignee_unit_id"] or ""),
                "staff_id": str(case["assignee_staff_id"] or ""),
            }
        data |= {name: given[name] for name in ("outcome", "score") if given.get(name)}
        if given.get("media_ids"):
            data["media_ids"] = [str(media_id) for media_id in given["media_ids"]]
        return data

    def _carry_out(self, step: Step, at: datetime) -> None:
        case, given, action = self.case, step.given, step.action
        if "unit_id" in given:
            case["assignee_unit_id"], case["assignee_unit_name"] = given["unit_id"], given["unit_name"]
            case["assignee_staff_id"], case["assignee_role"] = given["staff_id"], given["role"]
        if action == "start" and case["assignee_staff_id"] is None:
            case["assignee_staff_id"] = step.actor.id
        elif action == "handle":
            case["handled_by"] = step.actor.id
        elif action == "pass_check":
            case["outcome"], self.report["reply"] = given["outcome"], given["reply"]
        elif action == "approve_reopen":
            case["reopen_count"] += 1
            case["rating"] = case["rated_at"] = case["outcome"] = None
        elif action == "rate":
            case["rating"], case["rated_at"] = given["score"], at
            self.report["rating_comment"] = given.get("note") or None

    def _write(
        self,
        actor: Actor,
        action: str,
        before: str,
        visibility: str,
        at: datetime,
        note: str | None,
        data: dict[str, Any],
    ) -> None:
        case = self.case
        case["entry_count"] += 1
        salt, inner = self._rng.randbytes(16).hex(), self._rng.randbytes(16).hex()
        commitment = chain.commit(salt, chain.content(actor.name, actor.unit_name, note, data, inner))
        case["chain_head"] = chain.link(
            case["chain_head"], case["entry_count"], at, action, case["state"], commitment
        )
        self.entries.append(
            {
                "id": new_id(),
                "subject_kind": case["kind"],
                "subject_id": case["id"],
                "seq": case["entry_count"],
                "at": at,
                "actor_kind": actor.kind,
                "actor_id": actor.id,
                "actor_name": actor.name or None,
                "unit_name": actor.unit_name,
                "action": action,
                "from_state": before,
                "to_state": case["state"],
                "visibility": visibility,
                "note": note,
                "data": data,
                "salt": salt,
                "inner_salt": inner,
                "commitment": commitment,
                "chain": case["chain_head"],
            }
        )

    def _start(self, name: str, at: datetime) -> None:
        limit = self._limit(name)
        held = self.clocks.get(name)
        self.clocks[name] = {
            "id": held["id"] if held else new_id(),
            "subject_kind": self.case["kind"],
            "subject_id": self.case["id"],
            "name": name,
            "amount": limit.amount,
            "unit": limit.unit,
            "state": "running",
            "version": held["version"] + 1 if held else 1,
            "started_at": at,
            "due_at": self._calendar.due(at, limit),
            "paused_at": None,
            "pauses": [],
            "stopped_at": None,
            "warned_at": None,
            "breached_at": None,
        }

    def _stop(self, name: str, at: datetime) -> None:
        clock = self.clocks.get(name)
        if clock is not None and clock["state"] != "stopped":
            clock |= {"state": "stopped", "stopped_at": at, "version": clock["version"] + 1}

    def _limit(self, name: str) -> Limit:
        """The kind's own limit for the case as it is now."""
        found = limit_of_case(Case(**_columns(self.case)), name)
        if found is None:
            raise LookupError(f"no limit for the clock {name!r}")
        return found


def _columns(case: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "kind", "town_id", "category_id", "category_code", "reopen_count", "outcome")
    return {name: case[name] for name in names}
