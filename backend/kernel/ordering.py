"""The order of a list that people arrange by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from backend.kernel.errors import Conflict


class Placed(Protocol):
    """A row that has its place in a list, counted from 0."""

    @property
    def id(self) -> int:
        """By which the wanted order names it."""

    @property
    def position(self) -> int:
        """Where it stands now."""


Row = TypeVar("Row", bound=Placed)


def moved(rows: Iterable[Row], ids: Sequence[int], what: str) -> list[tuple[Row, int]]:
    """The rows that stand elsewhere when they are put into the order of `ids`, each with its new place.

    Raises Conflict (changed_meanwhile) unless `ids` names every row once: the order was made for another
    list. `what` is what the refusal calls the rows.
    """
    held = {row.id: row for row in rows}
    if held.keys() != set(ids) or len(ids) != len(held):
        raise Conflict("changed_meanwhile", f"{what}刚刚有增减，请刷新后再排。")
    places = [(held[row_id], position) for position, row_id in enumerate(ids)]
    return [(row, position) for row, position in places if row.position != position]
