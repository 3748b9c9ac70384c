"""What comments need of others; app.py wires it. Nothing is ever shown while no check is wired."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from backend.comments.models import Comment
from backend.kernel.actor import Actor


def _nothing(comment: Comment) -> None:
    """Nobody wants to hear of it."""


@dataclass(frozen=True)
class Subject:
    """What is commented on, as its own feature knows it.

    label       what it is called on screen
    titles      subject ids → titles, for messages and for the moderators' queue
    page        the page of the mini-program on which a comment stands
    may_answer  whether a member of staff may answer there, and read what is not shown
    posted      called in the transaction in which somebody speaks (the first opinion freezes a text)
    shown       … in which a comment becomes public for the first time
    gone        … in which a public comment is hidden or withdrawn
    back        … in which one that was hidden is public again
    changed     … in which a public one is seconded, answered, or counts as somebody else's
    """

    label: str
    titles: Callable[[Iterable[int]], Mapping[int, str]]
    page: Callable[[int], str]
    may_answer: Callable[[Actor, int], bool] = lambda actor, subject_id: False
    posted: Callable[[Comment], None] = _nothing
    shown: Callable[[Comment], None] = _nothing
    gone: Callable[[Comment], None] = _nothing
    back: Callable[[Comment], None] = _nothing
    changed: Callable[[Comment], None] = _nothing


class Checks(Protocol):
    """Whoever looks at what was posted: the platform's check, and the moderators' one queue."""

    def posted(self, comment_id: int, town_id: int, photo_ids: list[int], reason: str) -> None:
        """Something was posted; with a `reason` a person must look, else the platform is asked first."""

    def put_back(self, comment_id: int, reason: str) -> None:
        """A person must look again: "flagged" or "objected"."""

    def settle(self, comment_id: int, passed: bool, actor: Actor, note: str) -> None:
        """A person decided beside the queue: everything of that comment is settled with it."""

    def forget(self, comment_id: int) -> None:
        """The comment is gone: there is nothing left to judge."""


_subjects: dict[str, Subject] = {}
_checks: list[Checks] = []
_villages: list[Callable[[int], tuple[int, int] | None]] = []
_tell: list[Callable[[int, str, str, str, int], None]] = []


def commented_on(subject_kind: str, subject: Subject) -> None:
    """Register what may be commented on."""
    _subjects[subject_kind] = subject


def subject_of(subject_kind: str) -> Subject | None:
    """What is commented on; None when no feature has registered it."""
    return _subjects.get(subject_kind)


def subject_kinds() -> tuple[str, ...]:
    """Everything that may be commented on."""
    return tuple(_subjects)


def checked_by(checks: Checks) -> None:
    """Register who looks at what was posted."""
    _checks[:] = [checks]


def checks() -> Checks:
    """Who looks at what was posted; RuntimeError when nobody does, for then nothing may be said."""
    if not _checks:
        raise RuntimeError("comments have no check: wire ports.checked_by()")
    return _checks[0]


def villages_by(village_of: Callable[[int], tuple[int, int] | None]) -> None:
    """Register `village_of(resident_id)` → (village id, town id) of a confirmed villager, or None."""
    _villages[:] = [village_of]


def village_of(resident_id: int, town_id: int) -> int | None:
    """The village in that town in which somebody is a confirmed villager."""
    found = _villages[0](resident_id) if _villages else None
    return found[0] if found is not None and found[1] == town_id else None


def tells_by(tell: Callable[[int, str, str, str, int], None]) -> None:
    """Register `tell(resident_id, title, text, page, cause_id)`: a line in the person's inbox."""
    _tell[:] = [tell]


def tell(resident_id: int, title: str, text: str, page: str, cause_id: int) -> None:
    """Put a line into the person's inbox, once for each cause."""
    for one in _tell:
        one(resident_id, title, text, page, cause_id)
