"""What a state means for lists, figures and words: whether the promise runs in it, whether it answered anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from backend.cases.kinds import all_case_kinds
from backend.cases.words import due_words, is_overdue
from backend.workflow.table import State


def _states() -> Iterator[State]:
    return (s for kind in all_case_kinds() for s in kind.workflow.table.states)


def running_states() -> tuple[str, ...]:
    """The open states in which time passes: only in them is something due or late (HOT-08, GRID-11)."""
    return tuple(dict.fromkeys(s.code for s in _states() if s.is_open and not s.stands_still))


def answered_states() -> tuple[str, ...]:
    """The ended states that count as closed: not those not accepted, withdrawn or merged (§2.3)."""
    return tuple(dict.fromkeys(s.code for s in _states() if not s.is_open and s.answer))


def time_words(state: State, due_at: datetime | None, closed_at: datetime | None) -> str:
    """How much time is left, or how it was kept; nothing where nothing was answered."""
    if not state.is_open and not state.answer:
        return ""
    return due_words(due_at, closed_at, paused=state.stands_still)


def is_late(state: State, due_at: datetime | None, closed_at: datetime | None) -> bool:
    """Whether the promise is being broken now."""
    return state.is_open and not state.stands_still and is_overdue(due_at, closed_at)
