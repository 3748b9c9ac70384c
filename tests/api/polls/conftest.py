"""A village with confirmed villagers, and a poll in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node
from backend.polls import services
from tests.factories.identity import Caller, desk, place_id, resident, visitor
from tests.support.ballots import Phone

OPTIONS = ("同意", "不同意", "弃权")


@dataclass
class Village:
    """湾头村 (V01) of 东湾镇 with its people, its phones and its polls."""

    app: Flask
    clock: FrozenClock
    people: dict[str, Caller] = field(default_factory=dict)

    def villager(self, person: str, village: str = "V01", head: str = "cunzhang1") -> Caller:
        """Somebody whom the village has confirmed."""
        if person not in self.people:
            caller = resident(self.app, person)
            asked: Any = caller.post(
                "/resident/villager",
                {"village_id": str(place_id(self.app, village)), "name": f"村民{person}"},
                key=f"ask-{person}",
            ).json
            decided = desk(self.app, head).post(
                f"/staff/villagers/{asked['id']}/decision", {"decision": "confirm", "state_seen": "asked"}
            )
            assert decided.status_code == 200, decided.text
            self.people[person] = caller
        return self.people[person]

    def open(
        self,
        *,
        entitled: int = 50,
        village: str | None = "V01",
        options: Sequence[str] = OPTIONS,
        days: int = 15,
    ) -> dict[str, Any]:
        """A new poll as the public page shows it."""
        town_id = place_id(self.app, "dongwan")
        village_id = None if village is None else place_id(self.app, village)

        def opened() -> int:
            self.polls = getattr(self, "polls", 0) + 1
            begins = now()
            return services.open_poll(
                "test", self.polls, town_id, village_id, "村口的路修不修？", options, entitled,
                begins, begins + timedelta(days=days),
            ).id  # fmt: skip

        return self.look(self.inside(opened))

    def look(self, poll_id: int | str) -> dict[str, Any]:
        """The poll as anybody sees it."""
        seen = visitor(self.app).get(f"/public/polls/{poll_id}")
        assert seen.status_code == 200, seen.text
        shown: dict[str, Any] = seen.json  # type: ignore[assignment]
        return shown

    def paper(self, person: str, poll: dict[str, Any]) -> Phone:
        """The villager's phone with its paper."""
        phone = Phone.of(poll)
        got = self.villager(person).post(f"/resident/polls/{poll['id']}/paper", {"blinded": phone.blinded})
        assert got.status_code == 200, got.text
        told: Any = got.json
        return phone.finish(told["signature"])

    def cast(self, phone: Phone, option: str, **options: Any) -> Any:
        """Somebody without a name puts that phone's ballot into the box."""
        return visitor(self.app).post(
            f"/public/polls/{phone.poll_id}/ballots", phone.ballot(option), **options
        )

    def vote(self, person: str, poll: dict[str, Any], option: str) -> Phone:
        """Paper and ballot."""
        phone = self.paper(person, poll)
        cast = self.cast(phone, option)
        assert cast.status_code == 200, cast.text
        return phone

    def inside(self, unit: Callable[[], Any]) -> Any:
        """Something done within the program."""
        with self.app.app_context():
            ensure_node()
            return run_unit(unit)

    def rows(self, model: Any) -> list[Any]:
        """Every row of a table."""
        with self.app.app_context():
            return list(db.session.scalars(db.select(model)))


@pytest.fixture
def village(app: Flask, clock: FrozenClock) -> Village:
    """湾头村, where nobody is confirmed yet."""
    return Village(app, clock)
