"""The worker's part of a PDF: its pages as pictures, drawn by a child process (draw_pages.py)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backend.kernel.db import db
from backend.media.ports import store
from backend.notices.files import DRAW
from backend.notices.models import NoticeFile
from backend.outbox import Failure, Handler, Job, handles

CHILD_SECONDS = 60
_ROOT = Path(__file__).resolve().parents[2]


def pages_of(pdf: bytes) -> tuple[int, list[tuple[dict[str, Any], bytes]]] | None:
    """How many pages there are, and (size, JPEG) of the first thirty; None when it cannot be drawn."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "backend.notices.draw_pages"],
            input=pdf,
            capture_output=True,
            timeout=CHILD_SECONDS,
            check=False,
            cwd=_ROOT,
            env={"PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"},
        )
    except subprocess.TimeoutExpired:
        return None
    line, _, rest = done.stdout.partition(b"\n")
    head: dict[str, Any] = json.loads(line) if done.returncode == 0 and line else {"fault": "broken"}
    if "fault" in head:
        return None
    found: list[tuple[dict[str, Any], bytes]] = []
    at = 0
    for page in head["pages"]:
        found.append((page, rest[at : at + page["size"]]))
        at += page["size"]
    return int(head["count"]), found


@handles(DRAW)
class DrawHandler(Handler):
    """Draw the pages and store them beside the file. Repeating writes the same keys."""

    lease_seconds = 120

    def prepare(self, job: Job) -> Callable[[], Any] | None:
        row = db.session.get(NoticeFile, int(job.payload["file_id"]))
        if row is None or row.state != "drawing":
            return None
        key, stem = row.file_key, row.file_key.removesuffix(".pdf")

        def call() -> tuple[int, list[dict[str, Any]]] | None:
            drawn = pages_of(store().read(key))
            if drawn is None:
                return None
            pages = []
            for number, (page, picture) in enumerate(drawn[1], start=1):
                name = f"{stem}-{number}.jpg"
                store().save(name, picture, "image/jpeg")
                pages.append({"key": name, "width": page["width"], "height": page["height"]})
            return drawn[0], pages

        return call

    def complete(self, job: Job, result: Any) -> None:
        row = db.session.get(NoticeFile, int(job.payload["file_id"]), with_for_update=True)
        if row is None or row.state != "drawing":
            return
        if result is None:
            row.state = "failed"
        else:
            row.page_count, row.pages = result
            row.state = "ready"

    def gave_up(self, job: Job, failure: Failure, state: str) -> None:
        row = db.session.get(NoticeFile, int(job.payload["file_id"]), with_for_update=True)
        if row is not None:
            row.state = "failed"
