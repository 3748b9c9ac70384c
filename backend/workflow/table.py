"""What a table of states and edges is made of. Pure data: a kind's states.py holds nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Tone = Literal["new", "run", "check", "done", "wait", "late"]
Visibility = Literal["all", "parties", "staff"]
FieldKind = Literal["text", "line", "choice", "photos", "assignee", "rating", "date", "case"]
ClockOperation = Literal["start", "stop", "pause", "resume"]


@dataclass(frozen=True)
class State:
    """A state with its word on the screen and what comes next in the citizen's words.

    `held_by` names who has it where that is not the assignee: a check is somebody else's. In a state
    that `stands_still` the main clock is paused, so that nothing becomes late in it. An ended state that
    is no `answer` (not ours, withdrawn, merged) is in no figure of what was closed (domain-rules §2.3).
    """

    code: str
    label: str
    tone: Tone
    next_step: str
    is_open: bool = True
    held_by: str = ""
    stands_still: bool = False
    answer: bool = True

    @property
    def for_staff(self) -> str:
        """The word as staff read it: 居民 where the resident reads 您."""
        return self.label.replace("您", "居民")


@dataclass(frozen=True)
class Option:
    """One choice of a field."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """Something an edge demands or takes."""

    name: str
    label: str
    kind: FieldKind
    required: bool = True
    most: int | None = None
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class ClockEffect:
    """What an edge does to a named clock."""

    operation: ClockOperation
    clock: str


@dataclass(frozen=True)
class Edge:
    """An action that leads from some states to one state, or leaves the state as it is (`target` None).

    `sources` is ("",) for an action that begins a subject in its target. `title` is the timeline's sentence,
    with {unit} for whoever has it then. The note of a visible row may still be between colleagues:
    `note_to_citizen` False. `rule` is the domain rule that the edge carries out.
    """

    action: str
    label: str
    sources: tuple[str, ...]
    target: str | None
    by: Literal["person", "system"]
    title: str
    visibility: Visibility
    fields: tuple[Field, ...] = ()
    clocks: tuple[ClockEffect, ...] = ()
    tone: Literal["primary", "danger", "plain"] = "plain"
    note_to_citizen: bool = True
    rule: str = ""

    def sentence(self, unit: str, *, to_citizen: bool) -> str:
        """The timeline's sentence, with whoever has it; staff read 居民 where the resident reads 您."""
        words = self.title.replace("{unit}", unit or "办理单位")
        return words if to_citizen else words.replace("您", "居民")


@dataclass(frozen=True)
class Table:
    """All states and edges of one kind."""

    kind: str
    label: str
    initial: str
    states: tuple[State, ...]
    edges: tuple[Edge, ...]
    clock_labels: Mapping[str, str] = field(default_factory=dict)

    def state(self, code: str) -> State:
        """The state of that code; KeyError when the table has none."""
        for state in self.states:
            if state.code == code:
                return state
        raise KeyError(code)

    def edge(self, action: str, source: str) -> Edge | None:
        """The edge for an action out of a state, or None when the table has none."""
        return next((e for e in self.edges if e.action == action and source in e.sources), None)

    def edges_from(self, source: str) -> Iterator[Edge]:
        """Every edge that leaves a state, in the table's order."""
        return (e for e in self.edges if source in e.sources)

    def problems(self) -> list[str]:
        """What is wrong with the table: unknown states, states never entered or never left, double edges."""
        known = {s.code for s in self.states}
        found = [f"initial state {self.initial!r} is unknown"] if self.initial not in known else []
        seen: set[tuple[str, str]] = set()
        for edge in self.edges:
            for code in (*edge.sources, *((edge.target,) if edge.target else ())):
                if code and code not in known:
                    found.append(f"edge {edge.action!r} names the unknown state {code!r}")
            for source in edge.sources:
                if (edge.action, source) in seen:
                    found.append(f"two edges {edge.action!r} leave {source!r}")
                seen.add((edge.action, source))
        entered = {e.target for e in self.edges if e.target} | {self.initial}
        found += self._misjudged_pauses()
        left = {s for e in self.edges if e.target for s in e.sources if e.target != s}
        for state in self.states:
            if state.code not in entered:
                found.append(f"state {state.code!r} is never entered")
            if state.is_open and state.code not in left:
                found.append(f"state {state.code!r} is never left")
        return found

    def _misjudged_pauses(self) -> list[str]:
        """Edges that pause or resume, and lead where the state says otherwise."""
        still = {s.code for s in self.states if s.stands_still}
        found = []
        for edge in self.edges:
            if edge.target is None:
                continue
            paused = {c.clock for c in edge.clocks if c.operation == "pause"}
            if bool(paused) != (edge.target in still):
                found.append(f"edge {edge.action!r} to {edge.target!r} does not pause as the state says")
            ends = {c.operation for c in edge.clocks} & {"resume", "stop"}
            if still.issuperset(edge.sources) and edge.target not in still and not ends:
                found.append(f"edge {edge.action!r} leaves {edge.sources!r} with its clock still paused")
        return found


@dataclass(frozen=True)
class Limit:
    """How long something may take: an amount of one of the units (domain-rules §3.2).

    A `rolled_day` is a natural day, but the last of them is never a day off: it rolls to the next working
    day (PET-24).
    """

    amount: int
    unit: Literal["natural_day", "rolled_day", "working_day", "working_hour", "emergency_hour"]

    def words(self) -> str:
        """The limit as a promise on the screen."""
        names = {
            "natural_day": "天",
            "rolled_day": "天",
            "working_day": "个工作日",
            "working_hour": "个工作小时",
            "emergency_hour": "小时",
        }
        return f"{self.amount}{names[self.unit]}"

    def as_json(self) -> dict[str, Any]:
        """The limit as it is kept in rows."""
        return {"amount": self.amount, "unit": self.unit}
