"""The real client against the stand-in platform, over HTTP, on the run's own database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask

from backend.integrations.wechat.client import TownClient
from backend.integrations.wechat.models import PlatformToken
from backend.integrations.wechat.platform import RealPlatform, make_platform
from backend.kernel.db import db, init_database
from backend.kernel.settings import use_settings
from backend.sandbox.app import RunningSandbox
from backend.sandbox.config import SandboxConfig
from config.settings import Settings, load
from tests.contract.oss_stand_in import OssStandIn
from tests.support.database import database_url
from tests.support.settings import environment_of_tests

AES_KEY = "a" * 43
PAGES = """{"pages": [{"path": "pages/index/index"}, // home
 {"path": "pages/case/index"}], "subPackages": [{"root": "staff", "pages": [{"path": "task/index"}]}]}"""
PROGRESS = "SbxMiniProgress-7hG2kQ0vTz1nYwB4cXe9RmLpUaD"
CLOSED = "SbxMiniClosed-9pW4rLx2MvQ8sFjKd6TzBnYhGcA1"
TASK_OFFICIAL = "SbxOffiTask-6cR1gJxD4wV9mKbTz3QnHfLsYpE8uA0o"


@dataclass
class Levers:
    """The stand-in's own API, as a test pulls it."""

    url: str

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """GET /sandbox/api/<path>."""
        answer = requests.get(f"{self.url}/sandbox/api/{path}", params=query, timeout=5)
        answer.raise_for_status()
        return dict(answer.json())

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """POST /sandbox/api/<path>; the answer even when it is a refusal."""
        return dict(requests.post(f"{self.url}/sandbox/api/{path}", json=body, timeout=5).json())

    def fault(self, api: str, kind: str, times: int = 1, **more: int) -> None:
        """The next `times` calls of `api` go wrong; 0 is for ever."""
        made = self.post("faults", api=api, kind=kind, times=times, **more)
        assert "id" in made, made

    def person(self, person: str) -> dict[str, Any]:
        """Somebody with openids."""
        return next(p for p in self.get("people")["items"] if p["id"] == person)

    def code(self, person: str, kind: str = "mini") -> str:
        """What wx.login (or the phone button) would return on this phone."""
        return str(self.get("mini-code", person=person, kind=kind)["code"])

    def calls(self) -> dict[tuple[str, int], int]:
        """(api, errcode) → how often."""
        return {(row["api"], row["errcode"]): row["n"] for row in self.get("calls")["items"]}

    def messages(self) -> list[dict[str, Any]]:
        """All sends, newest first."""
        return list(self.get("messages")["items"])


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """The stand-in on a free port, with secrets, knowing three pages."""
    pages = tmp_path_factory.mktemp("mini") / "pages.json"
    pages.write_text(PAGES, "utf-8")
    running = RunningSandbox(
        SandboxConfig(
            mini_secret="mini-secret-of-tests",
            official_secret="official-secret-of-tests",
            pages_file=pages,
            media_check_seconds=0.01,
        )
    ).start()
    yield running
    running.stop()


@pytest.fixture
def levers(sandbox: RunningSandbox) -> Levers:
    """The stand-in as on its first day."""
    sandbox.state.reset()
    return Levers(sandbox.url)


@pytest.fixture(scope="session")
def town(
    sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, Settings]]:
    """An application that is nothing but its database and settings: what a platform client needs."""
    folder: Path = tmp_path_factory.mktemp("contract")
    told = environment_of_tests(
        database_url(folder),
        folder,
        SANDBOX_URL=sandbox.url,
        WECHAT_API_BASE=sandbox.url,
        WECHAT_WEB_BASE=f"{sandbox.url}/sandbox",
        MINIPROGRAM_STATE="formal",
    )
    settings = load(told)
    use_settings(settings)
    app = Flask("contract")
    init_database(app, settings.database_url, 30)
    with app.app_context():
        db.metadata.create_all(db.engine, tables=[PlatformToken.__table__])  # type: ignore[list-item]
    yield app, settings
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def in_town(town: tuple[Flask, Settings], levers: Levers) -> Iterator[Settings]:
    """Inside the application, with no token yet."""
    app, settings = town
    use_settings(settings)
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(PlatformToken.__table__.delete())  # type: ignore[attr-defined]
        yield settings
        db.session.remove()


@pytest.fixture
def platform(in_town: Settings) -> RealPlatform:
    """The real client, pointed at the stand-in."""
    return make_platform(in_town)


@pytest.fixture
def quick_client(in_town: Settings) -> Callable[[float], RealPlatform]:
    """A client that waits this many seconds only."""

    def make(seconds: float) -> RealPlatform:
        arguments = {"base": in_town.wechat_api_base, "timeout": (1.0, seconds)}
        mini = TownClient(in_town.wechat_mini_appid, in_town.wechat_mini_secret, **arguments)  # type: ignore[arg-type]
        official = TownClient(in_town.wechat_official_appid, in_town.wechat_official_secret, **arguments)  # type: ignore[arg-type]
        return RealPlatform(mini, official, web_base="/sandbox", state="formal")

    return make


@pytest.fixture(scope="session")
def running_oss() -> Iterator[OssStandIn]:
    """The stand-in OSS on a free port."""
    running = OssStandIn().start()
    yield running
    running.stop()


@pytest.fixture
def oss(running_oss: OssStandIn) -> OssStandIn:
    """An empty bucket."""
    running_oss.empty()
    return running_oss
