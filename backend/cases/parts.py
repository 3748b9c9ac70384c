"""Parts of cases that others keep (child tasks): listed with a worker's cases, told of by the same messages.

The core knows them by these functions only; app.py says who answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from backend.identity.queries import StaffCard
from backend.kernel.actor import Actor

if TYPE_CHECKING:
    from backend.cases.queries import SubjectCard

_cards: dict[str, Callable[[int], SubjectCard | None]] = {}
_waiting: list[Callable[[Actor], list[dict[str, Any]]]] = []
_counts: list[Callable[[StaffCard], int]] = []


def parts_by(
    kind: str,
    card: Callable[[int], SubjectCard | None],
    waiting: Callable[[Actor], list[dict[str, Any]]],
    count: Callable[[StaffCard], int],
) -> None:
    """`card`: what a message needs to know of one; `waiting`: a worker's, as lines of the task list; `count`."""
    if kind not in _cards:
        _waiting.append(waiting)
        _counts.append(count)
    _cards[kind] = card


def card_of(kind: str, part_id: int) -> SubjectCard | None:
    """The card of a part; None when it is gone, or nobody keeps such parts."""
    known = _cards.get(kind)
    return known(part_id) if known is not None else None


def waiting_for(actor: Actor) -> list[dict[str, Any]]:
    """The parts that wait for this worker, as lines of the task list."""
    return [line for waiting in _waiting for line in waiting(actor)]


def count_for(staff: StaffCard) -> int:
    """How many parts wait for a member of staff."""
    return sum(count(staff) for count in _counts)
