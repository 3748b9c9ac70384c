"""Kinds of subjects register here: their table, who may, what is demanded, how long it may take."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from backend.kernel.actor import Actor
from backend.workflow.table import Edge, Field, Limit, Table


@dataclass(frozen=True)
class Kind:
    """Everything the engine needs to know of one kind of subject.

    may         policy: whether this actor may take this edge of this subject (pure)
    demands     the fields this edge demands of this subject, tightened by its category
    limit       how long the named clock of this subject runs; None: the clock is not started
    load        the subject's row, locked, or None; only the engine and its timers call it
    main_clock  the clock whose date is the citizen's, copied to the subject's `due_at`
    on_ring     what the kind does itself when a named clock warns or runs out: (subject, clock, which of
                clocks.WARNING and clocks.BREACH); the subject is locked
    inner       clocks within the office: their dates are never the citizen's
    quiet       clocks that leave no line of their own when they ring: what on_ring does says it
    """

    table: Table
    may: Callable[[Any, Edge, Actor], bool]
    demands: Callable[[Any, Edge], tuple[Field, ...]]
    limit: Callable[[Any, str], Limit | None]
    load: Callable[[int], Any | None]
    main_clock: str
    on_ring: Callable[[Any, str, str], None] | None = None
    quiet: frozenset[str] = frozenset()
    inner: frozenset[str] = frozenset()


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; ValueError with every fault of its table."""
    problems = kind.table.problems()
    if problems:
        raise ValueError("; ".join(problems))
    _kinds[kind.table.kind] = kind


def kind_of(code: str) -> Kind:
    """The kind of that code; KeyError when none has registered."""
    return _kinds[code]


def all_kinds() -> Iterable[Kind]:
    """Every registered kind, in the order of their codes."""
    return (_kinds[code] for code in sorted(_kinds))
