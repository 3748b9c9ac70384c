"""What places asks of floors above it, in its own words; wired in app.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PublicLimits:
    """Limits that /public/config tells the front ends; app.extensions["public_limits"]."""

    max_photos: int
    max_photo_bytes: int
    photo_types: tuple[str, ...]
    text_max: int
