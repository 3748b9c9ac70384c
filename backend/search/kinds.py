"""What can be found: each kind of public text with its Chinese name, and how what was found is shown.

A kind says so itself, through the composition root: the search knows no feature.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Found:
    """One public text as the search shows it. `on` is a date of Shanghai; `path` opens it on the phone."""

    title: str
    text: str
    on: date
    path: str
    village_name: str = ""


#: The public texts with these ids; one that is public no longer is left out.
Cards = Callable[[Sequence[int]], Mapping[int, Found]]


@dataclass(frozen=True)
class SearchKind:
    """A kind of public text: its name on screen and its cards."""

    code: str
    label: str
    cards: Cards


KINDS: dict[str, SearchKind] = {}


def shows(code: str, label: str, cards: Cards) -> None:
    """Say that texts of this kind are found; called by the composition root, safe to call again."""
    KINDS[code] = SearchKind(code, label, cards)
