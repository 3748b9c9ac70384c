"""How subscribers are told; app.py puts it in."""

from __future__ import annotations

from collections.abc import Callable, Collection

#: (town id, residents, cause, cause id, title, text, page): one message to each, once for each cause
Tell = Callable[[int, Collection[int], str, int, str, str, str], None]

_tells: list[Tell] = []


def tells_by(tell: Tell) -> None:
    """Who tells residents."""
    _tells[:] = [tell]


def tell(
    town_id: int, residents: Collection[int], cause: str, cause_id: int, title: str, text: str, page: str
) -> None:
    """Tell these residents, in the caller's transaction; safe to run again."""
    for one in _tells:
        one(town_id, residents, cause, cause_id, title, text, page)
