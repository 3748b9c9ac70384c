"""What the system's page needs of features on its own floor; wired by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Failures:
    """Messages that did not arrive: how many failed for good, how many nobody knows of."""

    failed: int
    in_doubt: int


@dataclass(frozen=True)
class TemplateCheck:
    """The outcome of the last comparison of the message templates with the platform's."""

    checked_at: datetime
    problems: tuple[str, ...]
    unreadable: str


_failures: list[Callable[[int], Failures]] = []
_templates: list[Callable[[], TemplateCheck | None]] = []


def count_failures_by(count: Callable[[int], Failures]) -> None:
    """How a town's failed messages are counted."""
    _failures[:] = [count]


def failures(town_id: int) -> Failures:
    """A town's failed messages; none before it is wired."""
    return _failures[0](town_id) if _failures else Failures(0, 0)


def check_templates_by(find: Callable[[], TemplateCheck | None]) -> None:
    """How the outcome of the last template check is found."""
    _templates[:] = [find]


def templates() -> TemplateCheck | None:
    """The last template check; None before the first."""
    return _templates[0]() if _templates else None
