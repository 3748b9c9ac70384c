"""What must be true of every case and of its parts, whatever happened: read from the rows alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from backend.cases.models import Case
from backend.kernel.db import db, transaction
from backend.workflow.chain import verify
from backend.workflow.kinds import kind_of
from backend.workflow.models import TimelineEntry, WorkClock
from backend.workflow.queries import chain_of
from backend.workflow.table import Edge, Table

RUNS = {"start": "running", "stop": "stopped", "pause": "paused", "resume": "running"}
Rows = Sequence[TimelineEntry]


@dataclass
class Ledger:
    """The timelines as they were last seen: they may only grow. `walked` counts the edges taken."""

    seen: dict[int, list[str]] = field(default_factory=dict)  # a subject's id → its chain, link by link
    walked: set[tuple[str, str, str]] = field(default_factory=set)  # kind, action, state it was taken from

    def check(self) -> None:
        """AssertionError with the first subject of which something is not true."""
        with transaction(writing=False):
            rows: dict[tuple[str, int], list[TimelineEntry]] = {}
            for row in db.session.scalars(select(TimelineEntry).order_by(TimelineEntry.seq)):
                rows.setdefault((row.subject_kind, row.subject_id), []).append(row)
            clocks: dict[int, dict[str, str]] = {}
            for clock in db.session.scalars(select(WorkClock)):
                clocks.setdefault(clock.subject_id, {})[clock.name] = clock.state
            cases = db.session.execute(select(Case.kind, Case.id)).all()
            assert {tuple(case) for case in cases} <= rows.keys(), "a case without a timeline"
            for (kind, subject_id), entries in rows.items():
                subject = kind_of(kind).load(subject_id)
                assert subject is not None, f"a timeline of {kind} {subject_id}, which is not there"
                self._check(subject, entries, clocks.get(subject_id, {}))

    def _check(self, case: Any, rows: Rows, clocks: Mapping[str, str]) -> None:
        links = [row.chain for row in rows]
        before = self.seen.get(case.id, [])
        assert links[: len(before)] == before, f"{case.id}: history was changed"
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1)), f"{case.id}: gaps in the timeline"
        last = rows[-1]
        assert (case.state, case.chain_head, case.entry_count) == (last.to_state, last.chain, len(rows))
        edges = _edges(case.kind, rows)
        assert case.version == len(edges), f"{case.id}: {case.version} after {len(edges)} changes"
        state = kind_of(case.kind).table.state(case.state)
        assert (case.closed_at is None) == state.is_open, f"{case.id}: closed_at is not as {case.state} says"
        _check_clocks(case, edges, clocks)
        if links != before:
            assert verify(chain_of(case.kind, case.id, "staff")) is None, f"{case.id}: the chain is broken"
        self.seen[case.id] = links
        self.walked |= {(case.kind, edge.action, row.from_state) for row, edge in edges}


def _edges(kind: str, rows: Rows) -> list[tuple[TimelineEntry, Edge]]:
    """Each row with the edge that made it; AssertionError for a step that the table does not have."""
    table: Table = kind_of(kind).table
    assert rows[0].from_state == "", "a timeline begins from nothing"
    for earlier, later in pairwise(rows):
        assert later.from_state == earlier.to_state, f"{later.action} does not begin where the last one ended"
        assert later.at >= earlier.at, f"{later.action} is older than the row before it"
    found = []
    for row in rows:
        edge = table.edge(row.action, row.from_state)
        if edge is None:
            # A line of the program's own for staff (a clock rang, a call-back is owed) changes nothing.
            noted = row.actor_kind == "system" and row.visibility == "staff"
            assert noted, f"{row.action} out of {row.from_state!r} is in no table"
            assert row.to_state == row.from_state, f"{row.action} changed the state"
            continue
        assert row.to_state == (edge.target or row.from_state), f"{row.action} led to {row.to_state}"
        found.append((row, edge))
    return found


def _check_clocks(case: Any, edges: Sequence[tuple[TimelineEntry, Edge]], clocks: Mapping[str, str]) -> None:
    """Each clock is in the state that the edges taken have brought it to."""
    due: dict[str, str] = {}
    for _, edge in edges:
        for effect in edge.clocks:
            held = due.get(effect.clock)
            if effect.operation == "start":
                due[effect.clock] = "running"
            elif effect.operation == "stop" and held:
                due[effect.clock] = "stopped"
            elif (effect.operation, held) in {("pause", "running"), ("resume", "paused")}:
                due[effect.clock] = RUNS[effect.operation]
    # A clock without a limit is not started: the kind says so of this very case.
    due = {name: state for name, state in due.items() if name in clocks or _is_limited(case, name)}
    assert dict(clocks) == due, f"{case.id}: clocks are {dict(clocks)}, the table says {due}"


def _is_limited(case: Any, name: str) -> bool:
    return kind_of(case.kind).limit(case, name) is not None
