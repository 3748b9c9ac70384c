"""What places asks of floors above it, in its own words; wired in app.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class PublicLimits:
    """Limits that /public/config tells the front ends; app.extensions["public_limits"]."""

    max_photos: int
    max_photo_bytes: int
    photo_types: tuple[str, ...]
    text_max: int


_units_at: Callable[[int], int] | None = None
_open_cases_at: Callable[[str, int], int] | None = None


def count_units_by(count: Callable[[int], int]) -> None:
    """Identity says how many active units have their seat at a place (by id)."""
    global _units_at
    _units_at = count


def count_open_cases_by(count: Callable[[str, int], int]) -> None:
    """The cases say how many open ones lie in a place (level, id)."""
    global _open_cases_at
    _open_cases_at = count


def units_at(place_id: int) -> int:
    """Active units of a place; 0 while nobody is wired in."""
    return _units_at(place_id) if _units_at else 0


def open_cases_at(level: str, place_id: int) -> int:
    """Open cases in a place; 0 while nobody is wired in."""
    return _open_cases_at(level, place_id) if _open_cases_at else 0
