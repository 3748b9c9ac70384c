"""A town in the middle of its day, kept as a file that every operation starts from. SQLite only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from backend.kernel.clock import FrozenClock, SystemClock, use_clock
from tests.conftest import MORNING
from tests.factories import reports
from tests.fakes.platform import RecordingPlatform
from tests.support.database import FreshDatabase
from tests.support.known import Known, known_values
from tests.support.permissions import ROUTES
from tests.support.permissions.scene import IN_SCOPE, Scene


class Day:
    """The application with that town, and the way back to the morning."""

    def __init__(self, app: Flask, fresh: FreshDatabase, known: Known) -> None:
        self.app, self.fresh, self.known = app, fresh, known

    def begin(self) -> None:
        """As it was, whatever was done since."""
        self.fresh.reset(of="day")
        self.clear_limits()

    def clear_limits(self) -> None:
        """Nobody has called too often."""
        self.app.extensions["limiter"].storage.reset()


@pytest.fixture(scope="module")
def day(built: tuple[Flask, FreshDatabase]) -> Iterator[Day]:
    app, fresh = built
    real, app.extensions["wechat"] = app.extensions["wechat"], RecordingPlatform()
    use_clock(FrozenClock(MORNING))
    _live(app)
    fresh.remember("day")
    yield Day(app, fresh, known_values(app))
    fresh.touched.add("everything")
    fresh.reset()
    use_clock(SystemClock())
    app.extensions["wechat"] = real
    app.extensions["limiter"].storage.reset()


def _live(app: Flask) -> None:
    """A report in each state, and whatever the routes of the matrix are about."""
    for state in reports.WAY:
        reports.in_state(app, state)
        app.extensions["limiter"].storage.reset()
    scene = Scene(app, ROUTES)
    for name, route in ROUTES.items():
        if route.target is not None and route.target.make is not None and route.roles:
            role = sorted(route.roles)[0]
            scene.values(name, scene.desk(role, IN_SCOPE))
    scene.visitor().post("/public/feedback", {"text": "字太小了", "page": "/m/"}, key="an-opinion")
