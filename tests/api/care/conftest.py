"""A household that asks for a visit, the village that plans, the worker who goes there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.care.models import CareVisit, HelpRequest
from backend.kernel.db import db, transaction
from tests.factories.cases import Cast
from tests.factories.identity import place_id
from tests.fakes.platform import RecordingPlatform

ASKING = {
    "town": "dongwan",
    "for_whom": "family",
    "reason": "alone",
    "place": "村东头第三排",
    "text": "老人一个人在家，腿脚不便",
    "phone": "13812345678",
}
AGREEING = {
    "town": "dongwan",
    "rhythm": "weekly",
    "place": "村东头第三排",
    "phone": "13812345678",
    "agreed": True,
}


class Home(Cast):
    """Everyone who takes part. V02 has one grid, whose worker is wangge3; V01 has two."""

    def __init__(self, app: Flask, run_jobs: Callable[[], Any]) -> None:
        super().__init__(app)
        self.run_jobs = run_jobs

    def village(self, code: str) -> str:
        """A village's id."""
        return str(place_id(self.app, code))

    def ask(self, who: str = "wang", village: str = "V02", **more: Any) -> str:
        """A request from the form; its id."""
        body = ASKING | {"village_id": self.village(village), **more}
        answer = self.resident(who).post("/resident/help-requests", body)
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"])

    def own(self, request_id: str, who: str = "wang") -> Any:
        """One's own request."""
        return self.resident(who).get(f"/resident/help-requests/{request_id}").json

    def row(self, request_id: str) -> HelpRequest | None:
        """The row as it is now."""
        with self.app.app_context(), transaction(writing=False):
            return db.session.get(HelpRequest, int(request_id))

    def do(self, who: str, request_id: str, action: str, **given: Any) -> Any:
        """A step of a member of staff; the answer."""
        row = self.row(request_id)
        given.setdefault("version", row.version if row is not None else 1)
        return self.desk(who).post(f"/staff/help-requests/{request_id}/actions/{action}", given)

    def agree(self, who: str = "wang", village: str = "V02", **more: Any) -> Any:
        """A household's word; the answer."""
        body = AGREEING | {"village_id": self.village(village), **more}
        return self.resident(who).post("/resident/care-agreements", body)

    def visits(self, **where: Any) -> list[CareVisit]:
        """The visits as rows, by day."""
        with self.app.app_context(), transaction(writing=False):
            return list(db.session.scalars(select(CareVisit).filter_by(**where).order_by(CareVisit.day)))

    def titles(self, who: str) -> list[str]:
        """What somebody was told."""
        seen = self.resident(who).get("/resident/inbox").json["items"]
        return [one["title"] for one in seen]


@pytest.fixture
def home(app: Flask, platform: RecordingPlatform, run_jobs: Callable[[], Any]) -> Home:
    """Everyone who takes part."""
    return Home(app, run_jobs)
