"""One report on its way, and the people who hear of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.integrations.wechat.protocol import PlatformEvent
from backend.kernel.db import db, run_unit, transaction
from backend.notifications import platform_events
from backend.notifications.models import Delivery, InboxMessage
from tests.fakes.platform import RecordingPlatform, Sent
from tests.support.people import Person, resident, staff

LAMP = {
    "town": "dongwan",
    "text": "路口路灯不亮，晚上很黑",
    "category_code": "0201",
    "point": {"lon": 117.205, "lat": 35.005},
}
_events = itertools.count(1)


@dataclass
class Stage:
    """A town, its people, one report, and WeChat as a notebook."""

    app: Flask
    platform: RecordingPlatform
    run_jobs: Callable[[], Any]
    residents: dict[str, Person] = field(default_factory=dict)
    desks: dict[str, Person] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)

    def resident(self, name: str = "wang") -> Person:
        """The resident, logged in by the mini-program: openid mini-<name>."""
        if name not in self.residents:
            self.residents[name] = resident(self.app, name)
        return self.residents[name]

    def desk(self, username: str) -> Person:
        """The member of staff at the desk."""
        if username not in self.desks:
            self.desks[username] = staff(self.app, username)
        return self.desks[username]

    def worker(self, username: str) -> Person:
        """The member of staff who has bound the WeChat of mini-<username>."""
        phone = self.resident(username)
        code = self.desk(username).post("/staff/me/binding-code")
        assert code.status_code < 300, code.text
        bound = phone.post("/resident/bindings", {"code": code.json["code"]})
        assert bound.status_code < 300, bound.text
        return phone

    def submit(self, name: str = "wang", **changes: Any) -> Stage:
        answer = self.resident(name).post("/resident/reports", LAMP | changes)
        assert answer.status_code == 201, answer.text
        self.report = answer.json
        self.run_jobs()
        return self

    def act(self, username: str, action: str, **given: Any) -> Stage:
        """An action of staff on the report, and all that follows from it."""
        person, path = self.desk(username), f"/staff/cases/{self.report['id']}"
        seen = person.get(path)
        assert seen.status_code == 200, seen.text
        answer = person.post(f"{path}/actions/{action}", {"version": seen.json["version"], **given})
        assert answer.status_code == 200, answer.text
        self.run_jobs()
        return self

    def dispatch(self, unit: str = "urban", action: str = "accept_and_dispatch", **given: Any) -> Stage:
        offered = self.desk("fenliu").get(f"/staff/cases/{self.report['id']}/assignees").json["items"]
        unit_id = next(item["unit_id"] for item in offered if unit in item["unit_name"])
        return self.act("fenliu", action, unit_id=unit_id, **given)

    def template(self, name: str, channel: str = "mini") -> str:
        """The platform's id of one of our templates."""
        found = self.app.extensions["wechat_templates"].get(name, channel)
        assert found is not None
        return str(found.template_id)

    def accept(self, name: str, *templates: str) -> Stage:
        """The person allows one message of each template, and the platform tells us."""
        for template in templates:
            self.push(self.platform.accept(f"mini-{name}", self.template(template)))
        return self

    def push(self, event: PlatformEvent, key: str | None = None) -> Stage:
        """The platform pushes an event."""
        with self.app.app_context():
            run_unit(lambda: platform_events.take(event, key or f"event:{next(_events)}"))
        self.run_jobs()
        return self

    def sent_to(self, name: str) -> list[Sent]:
        """The messages that left to a person's openids."""
        return [sent for sent in self.platform.sent if sent.openid.partition("-")[2] == name]

    def inbox(self, name: str = "wang") -> list[dict[str, Any]]:
        """A person's inbox as the phone shows it, newest first."""
        items: list[dict[str, Any]] = self.resident(name).get("/resident/inbox").json["items"]
        return items

    def deliveries(self) -> list[Delivery]:
        with self.app.app_context(), transaction(writing=False):
            return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))

    def inbox_rows(self) -> list[InboxMessage]:
        with self.app.app_context(), transaction(writing=False):
            return list(db.session.scalars(select(InboxMessage).order_by(InboxMessage.id)))


@pytest.fixture
def stage(app: Flask, platform: RecordingPlatform, run_jobs: Callable[[], Any]) -> Stage:
    """An empty stage in the small town."""
    return Stage(app, platform, run_jobs)
