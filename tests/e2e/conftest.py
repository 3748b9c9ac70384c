"""A browser and a whole town for the end-to-end tests. Screenshots are kept under var/screens/.

E2E_URL and E2E_DATA name a town that runs already (script/server), for writing tests.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support.browser import Outgoing
from tests.support.services import find_program
from tests.support.town import ROOT, Town

SCREENS = ROOT / "var" / "screens"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
# How long a page may take on a machine that does other things meanwhile.
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Place:
    """Where the town under test is, the passwords of its demonstration people, and the folder of its data."""

    url: str
    passwords: dict[str, str]
    folder: Path


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The demonstration town, running as script/server runs it."""
    if "E2E_URL" in os.environ:
        folder = Path(os.environ["E2E_DATA"])
        yield Place(os.environ["E2E_URL"], _passwords(folder), folder)
        return
    running = Town(tmp_path_factory.mktemp("town")).prepare(demo=())
    try:
        running.start()
        yield Place(running.url, _passwords(running.folder), running.folder)
    finally:
        running.stop()


def _passwords(folder: Path) -> dict[str, str]:
    known = json.loads((folder / "demo-accounts.json").read_text("utf-8"))
    return {one["username"]: one["password"] for one in [*known["accounts"], *known["others"]]}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    program = os.environ.get("CHROMIUM") or find_program("chromium")
    assert program, "chromium is not installed (apt-get install chromium)"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, headless=True, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@dataclass
class Seat:
    """One person's browser: its page, and what it did that it should not."""

    context: BrowserContext
    page: Page
    watch: Outgoing


@pytest.fixture
def seats(browser: Browser, town: Place) -> Iterator[Callable[..., Seat]]:
    """seats(phone=True): another browser, with nobody's cookies in it."""
    opened: list[Seat] = []

    def another(*, phone: bool = True) -> Seat:
        context = browser.new_context(
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            is_mobile=phone,
            has_touch=phone,
            device_scale_factor=2 if phone else 1,
            base_url=town.url,
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        opened.append(Seat(context, page, Outgoing(page, town.url)))
        return opened[-1]

    yield another
    for seat in opened:
        seat.context.close()
    for seat in opened:
        assert not seat.watch.left, f"requests left the origin: {seat.watch.left[:5]}"
        assert not seat.watch.errors, f"errors in the page: {seat.watch.errors[:5]}"


@pytest.fixture
def phone(seats: Callable[..., Seat]) -> Page:
    """A page of 390 × 844 with touch, in no WeChat."""
    return seats().page


@pytest.fixture
def desk(seats: Callable[..., Seat]) -> Page:
    """A page of 1440 × 900."""
    return seats(phone=False).page


@pytest.fixture(scope="session")
def screens() -> Path:
    """Where pictures go."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    return SCREENS
