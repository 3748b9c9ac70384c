"""A resident's uploads."""

from __future__ import annotations

from collections.abc import Callable

from backend.kernel.http import Blueprint
from backend.media.uploads import upload_routes


def make_blueprint(guard: Callable[[], None]) -> Blueprint:
    """/api/v1/resident/uploads; app.py hands in the residents' guard."""
    return upload_routes("media_resident", "/api/v1/resident", "照片：居民", guard)
