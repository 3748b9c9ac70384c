"""What moderation needs from others; app.py wires it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import cast

from flask import current_app

from backend.integrations.content_check.protocol import ContentChecker

#: Texts by subject id, for a kind of subject that is no case.
TextsOf = Callable[[Iterable[int]], Mapping[int, str]]

_texts: dict[str, tuple[str, TextsOf]] = {}


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
