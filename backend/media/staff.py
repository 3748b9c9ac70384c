"""Uploads of staff: photos of work done."""

from __future__ import annotations

from collections.abc import Callable

from backend.kernel.http import Blueprint
from backend.media.uploads import upload_routes


def make_blueprint(guard: Callable[[], None]) -> Blueprint:
    """/api/v1/staff/uploads; app.py hands in the guard of staff."""
    return upload_routes("media_staff", "/api/v1/staff", "照片：工作人员", guard)
