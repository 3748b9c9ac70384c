"""What others find fault with in a case's content, shown to its clerks; app.py says who is asked."""

from __future__ import annotations

from collections.abc import Callable

_flag_of: Callable[[str, int], dict[str, str] | None] | None = None


def flag_content_by(flag_of: Callable[[str, int], dict[str, str] | None]) -> None:
    """`flag_of(kind, case id)` says {code, label} of the worst found, or None."""
    global _flag_of
    _flag_of = flag_of


def content_flag(kind: str, case_id: int) -> dict[str, str] | None:
    """The flag of a case's content; None while nobody is wired in."""
    return _flag_of(kind, case_id) if _flag_of is not None else None
