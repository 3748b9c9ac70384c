"""What 邻里互助 needs of others; neighbours are told by a line in their inbox. The composition root wires it."""

from __future__ import annotations

from collections.abc import Callable

_tell: list[Callable[[int, str, str, str, int], None]] = []


def tells_by(tell: Callable[[int, str, str, str, int], None]) -> None:
    """Register `tell(resident_id, title, text, page, cause_id)`: a line in the person's inbox."""
    _tell[:] = [tell]


def tell(resident_id: int, title: str, text: str, page: str, cause_id: int) -> None:
    """Put a line into the person's inbox, once for each cause."""
    for one in _tell:
        one(resident_id, title, text, page, cause_id)
