"""Neighbours who post and write each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.kernel.db import db, transaction
from backend.neighbours.models import NeighbourPost
from backend.search.models import SearchText
from tests.factories.cases import Cast
from tests.factories.identity import place_id, visitor
from tests.factories.mutual import PUT_UP
from tests.fakes.platform import RecordingPlatform


class Street(Cast):
    """Everyone who takes part."""

    def __init__(self, app: Flask, run_jobs: Callable[[], Any], platform: RecordingPlatform) -> None:
        super().__init__(app)
        self.run_jobs, self.platform = run_jobs, platform

    def put_up(self, who: str = "wang", *, run: bool = True, **more: Any) -> Any:
        """A post from the form; shown once the checks have run. The answer."""
        village = str(place_id(self.app, "V01"))
        body = PUT_UP | {"village_id": village, "expires_on": "2026-03-20", **more}
        answer = self.resident(who).post("/resident/neighbours", body)
        if run:
            self.run_jobs()
        return answer

    def posted(self, who: str = "wang", **more: Any) -> str:
        """The same; it must succeed. Its id."""
        answer = self.put_up(who, **more)
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"])

    def listed(self, **query: str) -> list[dict[str, Any]]:
        """What everybody sees."""
        answer: Any = visitor(self.app).get("/public/neighbours", query_string={"town": "dongwan", **query})
        assert answer.status_code == 200, answer.text
        return list(answer.json["items"])

    def row(self, post_id: str) -> NeighbourPost:
        """The row as it is now."""
        with self.app.app_context(), transaction(writing=False):
            return db.session.get_one(NeighbourPost, int(post_id))

    def indexed(self) -> int:
        """How many posts the search knows."""
        with self.app.app_context(), transaction(writing=False):
            known = select(func.count()).where(SearchText.kind == "neighbour_post")
            return db.session.scalar(known) or 0

    def do(self, post_id: str, action: str, who: str = "wang", **given: Any) -> Any:
        """A step of the author's; the answer."""
        given.setdefault("version", self.row(post_id).version)
        return self.resident(who).post(f"/resident/neighbours/{post_id}/actions/{action}", given)

    def ask(self, post_id: str, who: str = "zhao", text: str = "我想要一些，哪天方便？") -> Any:
        """Somebody writes about a post; the answer."""
        return self.resident(who).post(f"/resident/neighbours/{post_id}/threads", {"text": text})


@pytest.fixture
def street(app: Flask, platform: RecordingPlatform, run_jobs: Callable[[], Any]) -> Street:
    """Everyone who takes part."""
    return Street(app, run_jobs, platform)
