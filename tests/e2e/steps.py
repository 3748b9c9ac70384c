"""What people do in the pages, in the words of the job."""

from __future__ import annotations

import time
from typing import Any

import shapely
from playwright.sync_api import Page, expect
from shapely.geometry import shape

from backend.places.geometry import gcj02_to_wgs84
from tests.factories.photos import camera_photo, photo

MESSAGE_SECONDS = 25


def become(page: Page, person: str) -> None:
    """From now on this browser is `person`'s WeChat (the stand-in's phone page says so)."""
    page.goto(f"/sandbox/phone/{person}")
    expect(page.get_by_text("服务通知")).to_be_visible()


def in_grid(page: Page, name: str, town: str = "nanshahe") -> tuple[float, float]:
    """A point deep inside a grid, in WGS-84 as a camera writes it."""
    found: dict[str, Any] = page.request.get(f"/api/v1/public/map?town={town}").json()
    grid = next(
        one
        for one in found["features"]
        if one["properties"]["level"] == "grid" and one["properties"]["name"] == name
    )
    inside = shapely.maximum_inscribed_circle(shape(grid["geometry"])).coords[0]
    return gcj02_to_wgs84(inside[0], inside[1])


def jpeg(name: str, data: bytes) -> dict[str, Any]:
    """A file as the file chooser takes it."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def add_photos(page: Page, *files: dict[str, Any]) -> None:
    """Tap the camera and choose files."""
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("photo-add").last.click()
    chooser.value.set_files(list(files))


def fill_report(page: Page, text: str, *, grid: str, category: str) -> None:
    """Photos that know where they were taken, a sentence, the offered place, a category."""
    lon, lat = in_grid(page, grid)
    page.goto("/m/")
    page.get_by_test_id("home-report").click()
    add_photos(
        page, jpeg("1.jpg", camera_photo(lon, lat, size=(1600, 1200))), jpeg("2.jpg", photo((1200, 900)))
    )
    expect(page.get_by_test_id("photo-remove")).to_have_count(2)
    page.get_by_test_id("report-text").locator("textarea").fill(text)
    page.get_by_test_id("photo-place-use").click()
    expect(page.get_by_test_id("place-label")).to_contain_text(grid)
    page.get_by_test_id("category-all").click()
    page.get_by_text(category, exact=True).last.click()


def log_in_by_wechat(page: Page) -> None:
    """Agree to the privacy notice, and at the stand-in's login page."""
    page.get_by_test_id("consent-check").click()
    page.get_by_test_id("consent-agree").click()
    page.get_by_role("button", name="同意", exact=True).or_(
        page.get_by_role("link", name="同意", exact=True)
    ).click()


def log_in_at_desk(page: Page, username: str, password: str) -> None:
    """The console's login form."""
    page.goto("/console/")
    page.get_by_test_id("login-username").locator("input").or_(
        page.locator("input[data-testid=login-username]")
    ).fill(username)
    page.get_by_test_id("login-password").locator("input").or_(
        page.locator("input[data-testid=login-password]")
    ).fill(password)
    page.get_by_test_id("login-submit").click()


def messages_of(page: Page, person: str) -> list[dict[str, Any]]:
    """What arrived on somebody's phone, oldest first."""
    found: dict[str, Any] = page.request.get(f"/sandbox/api/phone/{person}").json()
    return list(found["messages"])


def await_message(page: Page, person: str, words: str) -> dict[str, Any]:
    """The newest message with these words, once it is on the phone; the phone page is left open on it."""
    deadline = time.monotonic() + MESSAGE_SECONDS
    while time.monotonic() < deadline:
        found = [one for one in messages_of(page, person) if words in f"{one['title']}{one['lines']}"]
        if found:
            page.goto(f"/sandbox/phone/{person}")
            return found[-1]
        page.wait_for_timeout(200)  # the worker is another process
    raise AssertionError(f"no message with {words!r} reached {person}: {messages_of(page, person)}")
