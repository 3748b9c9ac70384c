"""Somebody's phone in the stand-in platform, driven as its owner would: WeChat's chats, its browser, the pages in it."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect

PHONE_APP, LOGIN_PAGE = "服务通知", "公众号网页登录"
#: a push travels by the outbox and the phone asks every two seconds
PUSH_MS = 25_000


class Pages:
    """The residents' pages, in WeChat's browser of a phone or in an ordinary one (`frame` None)."""

    def __init__(self, page: Page, base: str, *, framed: bool) -> None:
        self.page, self.base, self.framed = page, base, framed
        self.root = page.frame_locator("#frame") if framed else page

    def at(self, testid: str) -> Locator:
        """What is on screen under that handle; pages further back in the stack do not count."""
        return self.root.locator(f'[data-testid="{testid}"]:visible')

    def tap(self, testid: str) -> None:
        """Tap it."""
        self.at(testid).first.click()

    def text(self, words: str) -> Locator:
        """The visible elements that hold these words."""
        return self.root.locator(":visible", has_text=words).last

    def write(self, testid: str, words: str) -> None:
        """Put the words into a field."""
        self.at(testid).locator("textarea, input").first.fill(words)

    def reload_until(self, shown: Locator) -> None:
        """Look again until it is there: what everybody reads is kept for a moment (ADR 0017)."""
        deadline = time.monotonic() + PUSH_MS / 1000
        while True:
            self.page.reload()
            try:
                expect(shown).to_be_visible(timeout=2000)
                return
            except AssertionError:
                if time.monotonic() > deadline:
                    raise

    def written(self, testid: str) -> Locator:
        """The field itself, for expect(…).to_have_value."""
        return self.at(testid).locator("textarea, input").first

    def add_photos(self, *photos: bytes, button: Locator | None = None) -> None:
        """Choose photos as from the album."""
        files = [
            FilePayload(name=f"{number}.jpg", mimeType="image/jpeg", buffer=data)
            for number, data in enumerate(photos)
        ]
        self.add_files(*files, button=button)

    def add_files(self, *files: FilePayload, button: Locator | None = None) -> None:
        """Choose files in the browser's own dialog."""
        with self.page.expect_file_chooser() as asked:
            (button or self.at("photo-add").first).click()
        asked.value.set_files(list(files))

    def open(self, path: str) -> None:
        """Go to a page of the residents' pages by its address (ordinary browser only)."""
        assert not self.framed, "a phone opens pages from its own screen"
        self.page.goto(f"{self.base}/m/{path}")

    def consent_and_log_in(self) -> None:
        """The sheet that asks to log in, then one tap on WeChat's login page."""
        expect(self.at("consent-agree")).to_be_visible()
        self.tap("consent-check")
        self.tap("consent-agree")
        self.root.get_by_role("button", name="同意", exact=True).click()

    def pick_on_map(self, across: float, down: float) -> None:
        """Tap the map at a share of its width and height."""
        canvas = self.root.locator(".leaflet-container:visible").first
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box, "the map is not on screen"
        self.page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * down)

    def drag_pin(self, right: float, down: float) -> None:
        """Move the pin by so many pixels."""
        pin = self.root.locator(".town-pin:visible").first
        pin.scroll_into_view_if_needed()
        box = pin.bounding_box()
        assert box, "there is no pin on the map"
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + right / 2, y + down / 2)
        self.page.mouse.move(x + right, y + down)
        self.page.mouse.up()


class Phone(Pages):
    """One person's phone; opening it makes this browser that person's WeChat."""

    def __init__(self, page: Page, base: str, person: str) -> None:
        super().__init__(page, base, framed=True)
        self.person = person
        page.goto(f"{base}/sandbox/phone/{person}")
        expect(page.locator("#screen .chat, #screen .hint").first).to_be_visible()

    def open_report(self) -> None:
        """Tap 随手拍 below the chats."""
        self.page.locator("#open-report").click()
        expect(self.at("report-text")).to_be_visible()

    def open_mini(self) -> None:
        """Open the residents' pages at their home."""
        self.page.locator("#open-mini").click()
        expect(self.at("home-report")).to_be_visible()

    def close_web(self) -> None:
        """Close WeChat's browser: the chats again."""
        self.page.locator("#web-close").click()

    def to_chats(self) -> None:
        """The list of chats."""
        if self.page.locator("#web").is_visible():
            self.close_web()
        if self.page.locator("#back").is_visible():
            self.page.locator("#back").click()

    def open_chat(self, app: str = "official") -> None:
        """Open the messages of the official account, or of the mini-program (`mini`)."""
        self.page.locator(f'[data-chat="{app}"]').click()

    def message(self, *words: str) -> Locator:
        """The newest card that holds all of these words."""
        cards = self.page.locator(".thread .msg")
        for word in words:
            cards = cards.filter(has_text=word)
        return cards.last

    def wait_for_message(self, *words: str) -> Locator:
        """The card, once it has arrived."""
        card = self.message(*words)
        expect(card).to_be_visible(timeout=PUSH_MS)
        return card


def shoot(page: Page, path: Path) -> None:
    """A picture for people to look at; nobody looks where CI runs, and each costs half a second of the processor."""
    if os.environ.get("CI") != "true":
        page.screenshot(path=path)


def keep(page: Page, folder: Path, name: str) -> None:
    """A picture of what is on screen, once pictures and movements have come to rest."""
    if "/sandbox/phone/" in page.url:
        page.evaluate("scrollTo(0, 0)")  # the phone itself, and not its settings below
    page.wait_for_load_state("load")
    expect(page.locator(".el-skeleton:visible, .wd-skeleton:visible")).to_have_count(0)
    for frame in page.frames:
        expect(frame.get_by_text("正在画出本镇的边界").filter(visible=True)).to_have_count(0)
        frame.evaluate(
            """() => Promise.race([
              Promise.all([...document.images].map(image => image.decode().catch(() => null))
                .concat(document.getAnimations().filter(one => one.effect?.getComputedTiming().iterations !== Infinity)
                  .map(one => one.finished.catch(() => null)))),
              new Promise(done => setTimeout(done, 3000))])"""
        )
    shoot(page, folder / f"{name}.png")


def code_in(words: str) -> str:
    """The look-up code as it is shown: three groups of four."""
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", words)
    assert found, f"no look-up code in {words!r}"
    return found.group(0)


def log_in_as(page: Page, base: str, person: str) -> Pages:
    """An ordinary window that is `person`'s WeChat, logged in, on the page 我的."""
    Phone(page, base, person)
    pages = Pages(page, base, framed=False)
    pages.open("pages/mine/index")
    pages.tap("mine-login")
    pages.consent_and_log_in()
    expect(pages.at("mine-notify")).to_be_visible()
    return pages
