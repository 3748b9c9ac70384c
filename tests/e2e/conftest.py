"""A browser and a whole town for the end-to-end tests. Screenshots are kept under var/screens/."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.services import find_program
from tests.support.town import ROOT, Town

SCREENS = ROOT / "var" / "screens"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The demonstration town, running. E2E_URL names one that runs already (for writing tests)."""
    running = Town(tmp_path_factory.mktemp("town")).prepare(demo=())
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    program = os.environ.get("CHROMIUM") or find_program("chromium")
    assert program, "chromium is not installed (apt-get install chromium)"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, headless=True, args=CHROMIUM_FLAGS)
        yield running
        running.close()


def _context(browser: Browser, town: Town, size: dict[str, int], *, phone: bool) -> BrowserContext:
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        is_mobile=phone,
        has_touch=phone,
        device_scale_factor=2 if phone else 1,
    )
    context.set_default_timeout(10_000)
    return context


@pytest.fixture
def phone(browser: Browser, town: Town) -> Iterator[Page]:
    """A page of 390 × 844 with touch."""
    context = _context(browser, town, PHONE, phone=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(browser: Browser, town: Town) -> Iterator[Page]:
    """A page of 1440 × 900."""
    context = _context(browser, town, DESK, phone=False)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def screens() -> Path:
    """Where pictures go."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    return SCREENS
