"""What the wall needs of others, declared by the one who asks; the composition root says who answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from backend.kernel.actor import Actor
from backend.media.queries import MediaCard

OPEN, CONSENT, NEVER = "open", "consent", "never"


@dataclass(frozen=True)
class Source:
    """A closed matter as the wall may use it. `names` and `address` are what may not stand in what is written.

    `use` is OPEN, CONSENT or NEVER: what the town's configuration says of its category, tightened by what the
    matter itself is. `days_promised`: calendar days from receipt. `matter` and `done` are suggestions.
    """

    kind: str
    id: int
    code: str
    town_id: int
    places: Mapping[str, int | None]
    village_name: str
    place_label: str
    category_code: str
    category_name: str
    unit_id: int | None
    unit_name: str
    received_on: date
    closed_on: date
    days_promised: int | None
    score: str | None
    use: str
    resident_id: int | None
    title: str
    matter: str
    done: str
    names: tuple[str, ...] = ()
    address: str = ""
    photos: tuple[MediaCard, ...] = ()


@dataclass(frozen=True)
class Petitions:
    """How petitions are reached.

    for_staff     the matter, if this member of staff may open it and it is answered; else None
    for_resident  the same for the petitioner
    source        the same for the program: the names that may not be written
    """

    for_staff: Callable[[Actor, int], Source | None]
    for_resident: Callable[[Actor, int], Source | None]
    source: Callable[[int], Source | None]


_uses: list[Callable[[int], Mapping[str, str]]] = []
_petitions: list[Petitions] = []
_reopen: list[Callable[[int, str], bool]] = []
_tell: list[Callable[[int, str, str, str, int], None]] = []
_changed: list[Callable[[Sequence[int]], None]] = []


def uses_by(uses: Callable[[int], Mapping[str, str]]) -> None:
    """Register `uses(town_id)` → category code → OPEN, CONSENT or NEVER."""
    _uses[:] = [uses]


def uses(town_id: int) -> Mapping[str, str]:
    """What may be on the wall, by category; nothing at all while nobody is wired in."""
    return _uses[0](town_id) if _uses else {}


def petitions_by(petitions: Petitions) -> None:
    """Register who knows petitions."""
    _petitions[:] = [petitions]


def petitions() -> Petitions | None:
    """Who knows petitions."""
    return _petitions[0] if _petitions else None


def reopen_by(ask: Callable[[int, str], bool]) -> None:
    """Register `ask(case_id, words)`: file a request to re-open a closed case; False when it is not closed."""
    _reopen[:] = [ask]


def ask_reopen(case_id: int, words: str) -> bool:
    """File a request to re-open the case; whether that was possible."""
    return _reopen[0](case_id, words) if _reopen else False


def tells_by(tell: Callable[[int, str, str, str, int], None]) -> None:
    """Register `tell(resident_id, title, text, page, cause_id)`: a line in the person's inbox."""
    _tell[:] = [tell]


def tell(resident_id: int, title: str, text: str, page: str, cause_id: int) -> None:
    """Put a line into the person's inbox, once for each cause."""
    for one in _tell:
        one(resident_id, title, text, page, cause_id)


def on_change(changed: Callable[[Sequence[int]], None]) -> None:
    """Register who follows what the public sees of entries: search, kept pages. Called in the same transaction."""
    if changed not in _changed:
        _changed.append(changed)


def changed(entry_ids: Iterable[int]) -> None:
    """Say that what the public sees of these entries has changed."""
    ids = list(entry_ids)
    for one in _changed:
        one(ids)
