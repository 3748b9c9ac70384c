"""Fixtures of every group: an application on a fresh database, a frozen clock, people who are logged in.

The database is SQLite, or MariaDB with TEST_DATABASE=mariadb (script/test) or a DATABASE_URL.
"""

from __future__ import annotations

import contextvars
import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.app import create_app
from backend.kernel.clock import FrozenClock, SystemClock, use_clock
from backend.kernel.db import db
from backend.outbox.worker import drain
from config.settings import Settings, load
from tests.fakes.platform import RecordingPlatform
from tests.support.database import FreshDatabase, database_url
from tests.support.guards import forbid_calls_in_transactions, forbid_network
from tests.support.people import Person, resident, staff
from tests.support.settings import environment_of_tests

#: of each table of cases; what differs between the engines shows in the first of them
CASES_ON_MARIADB = 2
#: what reckons in Python, and what fills a town that is looked at: the engine beneath makes no difference to them
ON_SQLITE_ONLY = ("/api/demo/", "/test_common_ground.py", "/test_no_kinds_of_people.py")
# A Tuesday, ten in the morning in Shanghai: a working day in a week without holidays.
MORNING = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On MariaDB a table of cases is walked in part: each test is there, its first cases; SQLite walks them all."""
    if os.environ.get("TEST_DATABASE") != "mariadb":
        return
    seen: Counter[str] = Counter()
    left = []
    for item in items:
        if any(part in item.nodeid for part in ON_SQLITE_ONLY):
            left.append(item)
        elif isinstance(item, pytest.Function) and hasattr(item, "callspec") and "/api/" in item.nodeid:
            seen[item.nodeid.partition("[")[0]] += 1
            if seen[item.nodeid.partition("[")[0]] > CASES_ON_MARIADB:
                left.append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        gone = set(left)
        items[:] = [item for item in items if item not in gone]


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        forbid_network(patch)
        forbid_calls_in_transactions(patch)
        yield


@pytest.fixture
def clock() -> Iterator[FrozenClock]:
    """Time stands still on a working morning and moves when told: clock.advance(timedelta(...))."""
    frozen = FrozenClock(MORNING)
    use_clock(frozen)
    yield frozen
    use_clock(SystemClock())


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with throw-away keys; the platform's address leads nowhere."""
    folder = tmp_path_factory.mktemp("town")
    return load(environment_of_tests(database_url(folder), folder))


@pytest.fixture(scope="session")
def built(settings: Settings) -> Iterator[tuple[Flask, FreshDatabase]]:
    """The application and its database, built once by the real migrations and the real loader."""
    app = create_app(settings)
    app.test_client_class = CleanClient
    fresh = FreshDatabase(app)
    load_town(app)
    fresh.remember()
    gc.freeze()  # what stays for the whole run is not looked through again after every test
    yield app, fresh
    fresh.drop()


def load_town(app: Flask) -> None:
    """Run `flask town load`; fails with what it printed."""
    done = app.test_cli_runner().invoke(args=["town", "load"])
    if done.exit_code != 0:
        raise RuntimeError(f"flask town load failed: {done.output}") from done.exception


@pytest.fixture
def app(built: tuple[Flask, FreshDatabase], clock: FrozenClock) -> Iterator[Flask]:
    """The application on a database that holds the small town and nothing else, at a frozen time."""
    application, fresh = built
    yield application
    gc.collect()  # a session that somebody dropped gives its connection back now, not in the next test
    gc.freeze()  # what outlived its test stays, and would be looked through again after each of the thousands
    fresh.reset()
    application.extensions["limiter"].storage.reset()


class CleanClient(FlaskClient):
    """A client whose every request runs in a context of its own, as on a real server.

    Without it a request would share the application context, so the session and `g`, of the test.
    """

    def open(self, *args: Any, **options: Any) -> Any:
        return contextvars.Context().run(super().open, *args, **options)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who is not logged in."""
    return app.test_client()


@pytest.fixture
def platform(app: Flask) -> Iterator[RecordingPlatform]:
    """WeChat as a notebook, in the place of the real client."""
    real = app.extensions["wechat"]
    app.extensions["wechat"] = RecordingPlatform()
    yield app.extensions["wechat"]
    app.extensions["wechat"] = real


@pytest.fixture
def resident_client(app: Flask, platform: RecordingPlatform) -> Callable[[str], Person]:
    """resident_client("wang"): that resident, logged in through the mini-program."""

    def logged_in(person: str = "wang") -> Person:
        return resident(app, person)

    return logged_in


@pytest.fixture
def staff_client(app: Flask) -> Callable[[str], Person]:
    """staff_client("fenliu"): that member of staff of tests/town, at the desk."""
    return lambda username: staff(app, username)


@pytest.fixture
def run_jobs(app: Flask, platform: RecordingPlatform) -> Callable[[], Counter[str]]:
    """run_jobs(): do everything the outbox owes by now; returns how the jobs ended."""

    def run() -> Counter[str]:
        with app.app_context():
            return drain()

    return run


@pytest.fixture
def db_session(app: Flask) -> Iterator[Session]:
    """The session of an application context that stays open for the test.

    Commit what you add before a request, and `rollback()` before reading what a request changed.
    """
    with app.app_context():
        yield db.session  # type: ignore[misc]
        db.session.rollback()


@pytest.fixture
def town_files() -> Path:
    """The folder with the small town's own data."""
    return Path(__file__).parent / "town"
