"""WeChat is away for an hour and comes back: every message leaves once, in the order in which they were due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from backend.identity import merging
from backend.integrations.wechat.protocol import Reaction, WeChatError
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.notifications.models import SENT, Delivery
from backend.outbox.models import LEASED, PENDING, OutboxJob
from tests.factories.cases import Cast
from tests.fakes.platform import RecordingPlatform

HOUR, TURN = timedelta(hours=1), timedelta(minutes=2)
NEIGHBOURS = [f"neighbour{n}" for n in range(6)]


class Outage:
    """WeChat answers nobody while `down`; afterwards every send is written down with when it was due."""

    def __init__(self, app: Flask, platform: RecordingPlatform) -> None:
        self.app, self.down, self.tried = app, True, 0
        self.sent: list[str] = []
        self._called = platform._called
        platform._called = self  # type: ignore[method-assign,assignment]

    def __call__(self, api: str, *arguments: Any) -> None:
        if not api.startswith("send_"):
            return self._called(api, *arguments)
        if self.down:
            self.tried += 1
            raise WeChatError(api, None, Reaction.RETRY, "connection refused")
        self.sent.append(arguments[-1])  # the id that the official account's messages carry: the delivery's
        return self._called(api, *arguments)


def _jobs(app: Flask) -> dict[str, datetime]:
    """The messages that wait, first of their lane, by their delivery: when each is due."""
    wanted = (
        select(Delivery.id, OutboxJob.due_at, OutboxJob.lane)
        .join(OutboxJob, OutboxJob.job_key == Delivery.job_key)
        .where(OutboxJob.state.in_((PENDING, LEASED)))
        .order_by(OutboxJob.id.desc())
    )
    with app.app_context(), transaction(writing=False):
        first = {row.lane: (str(row.id), row.due_at) for row in db.session.execute(wanted)}
    return dict(first.values())


def _deliveries(app: Flask) -> list[Delivery]:
    with app.app_context(), transaction(writing=False):
        return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def _follow(app: Flask, name: str) -> None:
    def unit() -> None:
        merging.account_for("official", f"official-{name}", f"union-{name}").followed = True

    with app.app_context():
        run_unit(unit)


def test_a_platform_that_is_down_for_an_hour(
    app: Flask, platform: RecordingPlatform, clock: FrozenClock, run_jobs: Callable[[], Counter[str]]
) -> None:
    cast, outage, back = Cast(app), Outage(app, platform), clock.now() + HOUR
    cases: list[str] = []
    for name in NEIGHBOURS:
        cast.resident(name)
        _follow(app, name)
    urban = cast.unit("urban")
    steps: list[Callable[[], object]] = [
        *(lambda n=name: cases.append(cast.submit(n)["id"]) for name in NEIGHBOURS),  # type: ignore[misc]
        *(lambda n=n: cast.act("fenliu", cases[n], "accept_and_dispatch", unit_id=urban) for n in range(6)),  # type: ignore[misc]
        *(lambda n=n: cast.act("chengguan", cases[n], "start") for n in range(6)),  # type: ignore[misc]
    ]
    while clock.now() < back:
        for step in steps[:1]:
            step()
        del steps[:1]
        run_jobs()
        clock.advance(TURN)
    assert steps == []
    owed = _deliveries(app)
    assert len(owed) >= 2 * len(NEIGHBOURS)
    assert outage.sent == []
    assert 0 < outage.tried < 100, "a channel that fails for all is probed, not hammered"
    outage.down = False
    while waiting := _jobs(app):
        before = len(outage.sent)
        run_jobs()
        at_once = [waiting[one] for one in outage.sent[before:] if one in waiting]
        assert at_once == sorted(at_once), "sent in another order than due"
        clock.advance(timedelta(seconds=10))
        assert clock.now() < back + 4 * HOUR, f"still owed: {waiting}"
    done = _deliveries(app)
    assert {one.state for one in done} == {SENT}
    assert Counter(outage.sent) == Counter(str(one.id) for one in done), "each exactly once"
    for case_id in {one.subject_id for one in done}:
        theirs = [str(one.id) for one in done if one.subject_id == case_id]
        assert [one for one in outage.sent if one in theirs] == theirs, (
            "a case's messages overtook each other"
        )
