"""A report that somebody posted, the platform as a notebook, and the people who decide."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.integrations.wechat.protocol import PlatformEvent, Verdict
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.moderation.models import ContentReview
from backend.notifications import platform_events
from tests.factories import cases as factory
from tests.fakes.platform import RecordingPlatform
from tests.support.people import Person, resident, staff

_events = itertools.count(1)


@dataclass
class Stage:
    """Everyone who takes part."""

    app: Flask
    clock: FrozenClock
    platform: RecordingPlatform
    run_jobs: Callable[[], Any]
    desks: dict[str, Person] = field(default_factory=dict)

    def suspects(self, suggest: Any, label: str = "20006") -> Stage:
        """What the platform says to every text from now on."""
        self.platform.verdict = Verdict(suggest, label, "trace-text")
        return self

    def submit(self, name: str = "wang", *, photos: int = 0, run: bool = True, **changes: Any) -> str:
        """A report posted in the mini-program; its id."""
        phone = resident(self.app, name)
        ids = [self.photo(int(phone.me["id"])) for _ in range(photos)]
        answer = phone.post("/resident/reports", factory.body(media_ids=ids, **changes))
        assert answer.status_code == 201, answer.text
        if run:
            self.run_jobs()
        return str(answer.json["id"])

    def photo(self, owner_id: int, kind: str = "resident") -> str:
        """A checked photo that waits to be attached."""
        with self.app.app_context():
            return str(run_unit(lambda: factory._photo(owner_id, "report", kind)))

    def desk(self, username: str = "fenliu") -> Person:
        """The member of staff at the desk."""
        if username not in self.desks:
            self.desks[username] = staff(self.app, username)
        return self.desks[username]

    def rows(self) -> list[ContentReview]:
        """Every review, oldest first, photos after the text they came with."""
        with self.app.app_context(), transaction(writing=False):
            found = db.session.scalars(
                select(ContentReview).order_by(
                    ContentReview.created_at, ContentReview.part.desc(), ContentReview.id
                )
            )
            return list(found)

    def states(self) -> list[tuple[str, str, str]]:
        """(part, state, reason) of every review."""
        return [(row.part, row.state, row.reason) for row in self.rows()]

    def listed(
        self, state: str = "needs_person", username: str = "fenliu", **query: str
    ) -> list[dict[str, Any]]:
        """What the list shows."""
        answer = self.desk(username).get("/staff/content-reviews", query_string={"state": state, **query})
        assert answer.status_code == 200, answer.text
        return list(answer.json["items"])

    def decide(
        self, review: dict[str, Any], decision: str, reason: str = "", username: str = "fenliu"
    ) -> Any:
        """A person decides on what the list showed."""
        given = {"decision": decision, "state": review["state"], "reason": reason}
        return self.desk(username).post(f"/staff/content-reviews/{review['id']}/decide", given)

    def verdict(self, trace: str, suggest: str = "pass", errcode: int = 0, label: Any = "100") -> None:
        """The platform pushes its verdict on a photo."""
        raw = {
            "trace_id": trace,
            "version": 2,
            "errcode": errcode,
            "result": {"suggest": suggest, "label": label},
        }
        event = PlatformEvent("mini", "wxa_media_check", "mini-wang", self.clock.now(), (), raw)
        with self.app.app_context():
            run_unit(lambda: platform_events.take(event, f"verdict:{next(_events)}"))
        self.run_jobs()

    def flag(self, case_id: str) -> Any:
        """What the case shows its clerks."""
        return self.desk().get(f"/staff/cases/{case_id}").json["content_flag"]

    def checked(self, api: str = "check_text") -> list[tuple[Any, ...]]:
        """What the platform was asked."""
        return [arguments for name, arguments in self.platform.calls if name == api]


@pytest.fixture
def stage(app: Flask, clock: FrozenClock, platform: RecordingPlatform, run_jobs: Callable[[], Any]) -> Stage:
    return Stage(app, clock, platform, run_jobs)
