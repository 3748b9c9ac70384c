"""What moderation needs from others; app.py wires it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app

from backend.integrations.content_check.protocol import ContentChecker
from backend.kernel.actor import Actor

#: Texts by subject id, for a kind of subject that is no case.
TextsOf = Callable[[Iterable[int]], Mapping[int, str]]


@dataclass(frozen=True)
class Judged:
    """A kind of subject that waits for the verdict: it is told of it, and knows its author.

    author_of  the resident who posted a subject, or None
    about      subject ids → what the queue shows beside the words
    found      the program's word on everything posted with a subject: "passed", "doubt" or "refused"
    decided    a person's word on it: passed or not, by whom, the code of the reason, the note
    """

    author_of: Callable[[int], int | None]
    about: Callable[[Iterable[int]], Mapping[int, dict[str, Any]]]
    found: Callable[[int, str], None]
    decided: Callable[[int, bool, Actor, str, str], None]


_texts: dict[str, tuple[str, TextsOf]] = {}
_judged: dict[str, Judged] = {}


def checker() -> ContentChecker:
    """The content check of this application."""
    return cast(Callable[[], ContentChecker], current_app.extensions["content_checker"])()


def read_by(subject_kind: str, label: str, texts_of: TextsOf) -> None:
    """Make known how the texts of a subject that is no case are read, and what it is called on screen."""
    _texts[subject_kind] = (label, texts_of)


def label_of(subject_kind: str) -> str | None:
    """What a subject that is no case is called; None for a case."""
    return _texts[subject_kind][0] if subject_kind in _texts else None


def texts_of(subject_kind: str, ids: Iterable[int]) -> Mapping[int, str]:
    """The texts of those subjects; one that is gone is absent."""
    return _texts[subject_kind][1](ids)


def other_kinds() -> tuple[str, ...]:
    """Every kind of subject that is no case."""
    return tuple(_texts)


def judged_by(subject_kind: str, judged: Judged) -> None:
    """Register a kind of subject that is told what the checks and the moderators find."""
    _judged[subject_kind] = judged


def judged(subject_kind: str) -> Judged | None:
    """Who is told of a kind's verdict; None for cases and opinions, which wait for none."""
    return _judged.get(subject_kind)
