"""What the yearly volume takes from other features; the composition root puts it in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class VolumeEntry:
    """One text of a volume: its title, its day in Shanghai, whose it is, and its paragraphs as plain text."""

    title: str
    on: date
    source: str
    paragraphs: Sequence[str]


#: (town id, first day, last day) → what was public of those days, the oldest first
EntriesOf = Callable[[int, date, date], Iterable[VolumeEntry]]

_chapters: dict[str, EntriesOf] = {}


def chapter_by(label: str, entries_of: EntriesOf) -> None:
    """Register a chapter of volumes; the same label again replaces it."""
    _chapters[label] = entries_of


def chapters(town_id: int, first: date, last: date) -> list[tuple[str, list[VolumeEntry]]]:
    """What others bring into a volume of these days; chapters without a text are left out."""
    made = [(label, list(entries_of(town_id, first, last))) for label, entries_of in _chapters.items()]
    return [(label, entries) for label, entries in made if entries]
