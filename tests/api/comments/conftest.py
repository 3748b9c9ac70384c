"""Something to comment on, neighbours who speak, and moderators; the feature that would offer it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.comments import ports, queries, services
from backend.comments.models import Comment
from backend.comments.services import About
from backend.identity.queries import staff_named
from backend.integrations.wechat.protocol import Verdict
from backend.kernel.actor import Actor
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.kernel.errors import AppError
from backend.kernel.ids import ensure_node
from backend.moderation.models import ContentReview
from backend.places import queries as places
from tests.fakes.platform import RecordingPlatform
from tests.support.people import Person, resident, staff

KIND, TOPIC = "test_topic", 4711


@dataclass
class Square:
    """Everyone who takes part."""

    app: Flask
    clock: FrozenClock
    platform: RecordingPlatform
    run_jobs: Callable[[], Any]
    people: dict[str, Person] = field(default_factory=dict)
    heard: list[tuple[str, int]] = field(default_factory=list)

    def town(self, code: str = "dongwan") -> int:
        """The id of a town."""
        with self.app.app_context(), transaction(writing=False):
            return places.town_id_of(code)

    def who(self, name: str) -> Person:
        """A resident at their phone."""
        return self.people.setdefault(f"r:{name}", resident(self.app, name))

    def desk(self, username: str = "fenliu") -> Person:
        """A member of staff at the desk."""
        return self.people.setdefault(f"s:{username}", staff(self.app, username))

    def actor(self, name: str) -> Actor:
        return Actor(kind="resident", id=int(self.who(name).me["id"]), name="居民")

    def say(
        self,
        text: str = "路口该装灯",
        name: str = "wang",
        kind: str = "comment",
        *,
        run: bool = True,
        **more: Any,
    ) -> str:
        """Somebody says something; its id."""
        town, actor, ids = self.town(more.pop("town", "dongwan")), self.actor(name), more.pop("photos", ())

        def unit() -> str:
            about = About(KIND, TOPIC, town)
            return str(
                services.post(actor, about, kind, text, photo_ids=[int(one) for one in ids], **more).id
            )

        with self.app.app_context():
            ensure_node()
            made = run_unit(unit)
        if run:
            self.run_jobs()
        return made

    def answer(self, comment_id: str, text: str, unit: str = "城管所") -> AppError | None:
        """The office answers; what was refused, or nothing."""
        actor = Actor(kind="staff", id=int(self.desk().me["id"]), name="分流甲")
        with self.app.app_context():
            try:
                run_unit(lambda: services.answer(actor, int(comment_id), text, unit))
            except AppError as refused:
                return refused
        return None

    def suspects(self, suggest: Any) -> Square:
        """What the platform says to every text from now on."""
        self.platform.verdict = Verdict(suggest, "20006", "trace")
        return self

    def row(self, comment_id: str) -> Comment:
        """The row as it is now."""
        with self.app.app_context(), transaction(writing=False):
            return db.session.scalars(select(Comment).where(Comment.id == int(comment_id))).one()

    def state(self, comment_id: str) -> str:
        return self.row(comment_id).state

    def shown(self, **more: Any) -> list[dict[str, Any]]:
        """What everybody reads."""
        with self.app.app_context(), transaction(writing=False):
            return list(queries.shown(KIND, TOPIC, **more).items)

    def reviews(self) -> list[ContentReview]:
        with self.app.app_context(), transaction(writing=False):
            return list(db.session.scalars(select(ContentReview).order_by(ContentReview.id)))

    def queue(self, username: str = "fenliu", state: str = "needs_person") -> list[dict[str, Any]]:
        """What the moderators' queue shows."""
        answer = self.desk(username).get("/staff/content-reviews", query_string={"state": state})
        assert answer.status_code == 200, answer.text
        return list(answer.json["items"])

    def decide(
        self, review: dict[str, Any], decision: str, code: str = "", username: str = "fenliu", **more: Any
    ) -> Any:
        """A moderator decides on what the queue showed."""
        given = {"decision": decision, "state": review["state"], "reason_code": code, **more}
        return self.desk(username).post(f"/staff/content-reviews/{review['id']}/decide", given)

    def told(self, name: str = "wang") -> list[str]:
        """The titles in somebody's inbox, oldest first."""
        answer = self.who(name).get("/resident/inbox")
        return [line["title"] for line in reversed(answer.json["items"])]

    def name_of(self, username: str) -> str:
        with self.app.app_context(), transaction(writing=False):
            card = staff_named(int(self.desk(username).me["id"]))
            assert card is not None
            return card.name


@pytest.fixture
def square(
    app: Flask, clock: FrozenClock, platform: RecordingPlatform, run_jobs: Callable[[], Any]
) -> Iterator[Square]:
    made = Square(app, clock, platform, run_jobs)
    subject = ports.Subject(
        label="议题",
        titles=lambda ids: dict.fromkeys(ids, "装不装路灯"),
        page=lambda subject_id: f"/pages-consult/topic?id={subject_id}",
        may_answer=lambda actor, subject_id: actor.may("wall.write"),
        posted=lambda row: made.heard.append(("posted", row.id)),
        shown=lambda row: made.heard.append(("shown", row.id)),
        gone=lambda row: made.heard.append(("gone", row.id)),
    )
    ports.commented_on(KIND, subject)
    yield made
    ports._subjects.pop(KIND)
