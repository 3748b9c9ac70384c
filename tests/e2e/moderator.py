"""Who looks over what people say in public: in a browser outside the mini-program the platform's check names nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import requests
from playwright.sync_api import Page, Response

from tests.e2e.conftest import Place
from tests.e2e.hours import Hours

#: holds content.review; sits at no other desk of these tests
MODERATOR = "dispatcher2"


@contextmanager
def looked_over(page: Page, town: Place, address: str) -> Iterator[None]:
    """What is sent to `address` inside is let through by a moderator once the platform's check has doubted it."""

    def is_it(one: Response) -> bool:
        return address in one.url and one.request.method == "POST"

    with page.expect_response(is_it) as answer:
        yield
    sent = answer.value.json()
    Hours(town.folder).settle()
    with requests.Session() as desk:
        desk.headers["X-Requested-With"] = "console"
        person = {"username": MODERATOR, "password": town.passwords[MODERATOR]}
        desk.post(f"{town.url}/api/v1/staff/session", json=person).raise_for_status()
        number = sent.get("comment_id", sent["id"])
        shown = desk.post(f"{town.url}/api/v1/staff/comments/{number}/show", json={"note": ""})
        assert shown.ok, shown.text
