"""The staff's console, driven as at a desk."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import FilePayload, Locator, Page, expect

#: the queue asks every five seconds, an open case every fifteen
LIVE_MS = 25_000


class Desk:
    """One member of staff in the console."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base

    def at(self, testid: str) -> Locator:
        """What is on screen under that handle."""
        return self.page.locator(f'[data-testid="{testid}"]:visible')

    def log_in(self, username: str, password: str) -> Desk:
        """From the log-in page to the first page of this person."""
        self.page.goto(f"{self.base}/console/")
        self.at("login-username").fill(username)
        self.at("login-password").fill(password)
        self.at("login-submit").click()
        expect(self.at("user-menu")).to_be_visible()
        return self

    def go(self, page: str) -> None:
        """Another page of the menu."""
        self.at(f"menu-{page}").click()
        self.page.wait_for_url(f"**/console/{page}*")

    def row(self, code: str) -> Locator:
        """The queue's row with that look-up code."""
        return self.at("queue-row").filter(has_text=code)

    def find(self, code: str) -> None:
        """Open the case with that code beside the queue, by searching for it; one that lies open is read anew."""
        if self.at("case").filter(has_text=code).is_visible():
            self.page.reload()
        self.at("search").fill(code)
        self.at("search").press("Enter")
        self.row(code).click()
        expect(self.at("case").filter(has_text=code)).to_be_visible()

    def state_is(self, label: str) -> None:
        """The open case is in that state by now."""
        expect(self.at("case-state")).to_have_text(label, timeout=LIVE_MS)

    def begin(self, action: str) -> None:
        """Open the form of an action, from behind 更多 where it waits there."""
        more = self.at("actions-more").filter(has_text="更多")
        if not self.at(f"action-{action}").is_visible() and more.is_visible():
            more.click()
        self.at(f"action-{action}").click()
        expect(self.at("action-form")).to_be_visible()

    def field(self, name: str) -> Locator:
        """The text field of the open form."""
        return self.at("action-form").locator(
            f'textarea[data-testid="field-{name}"], [data-testid="field-{name}"] textarea'
        )

    def fill(self, name: str, words: str) -> None:
        """A text or a line of the open form."""
        self.at("action-form").locator(
            f'textarea[data-testid="field-{name}"], [data-testid="field-{name}"] textarea, '
            f'input[data-testid="field-{name}"], [data-testid="field-{name}"] input'
        ).first.fill(words)

    def pick_day(self, name: str, day: date) -> None:
        """A date of the open form, typed as a person types it."""
        box = self.at("action-form").locator(f'[data-field="{name}"] input')
        box.fill(f"{day.year}年{day.month}月{day.day}日")
        box.press("Enter")

    def give_to(self, name: str) -> None:
        """Choose to whom the case or its part goes."""
        picker = self.at("assignee-picker")
        picker.locator("label", has_text=name).first.click()

    def choose(self, label: str) -> None:
        """One of the choices of the open form."""
        self.at("action-form").locator("label", has_text=label).first.click()

    def add_after_photos(self, *photos: bytes) -> None:
        """Photos of the open form."""
        self.page.locator('[data-testid="photo-input"]').set_input_files(
            [
                FilePayload(name=f"{n}.jpg", mimeType="image/jpeg", buffer=data)
                for n, data in enumerate(photos)
            ]
        )

    def submit(self) -> None:
        """Send the open form; it closes when it went through."""
        # an action of its own may be called submit too
        self.at("action-form").locator('[data-testid="action-submit"]').click()
        try:
            expect(self.at("action-form")).to_have_count(0)
        except AssertionError as stuck:
            raise AssertionError(f"the form stays open: {self.at('action-form').inner_text()}") from stuck

    def do(self, action: str) -> None:
        """Open and send a form that needs nothing."""
        self.begin(action)
        self.submit()
