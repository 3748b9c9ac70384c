"""三务公开 on the phone: villagers demand publication together, each once and nobody by name (OPEN-03)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.hours import Hours
from tests.e2e.moderator import MODERATOR
from tests.e2e.phone import Pages, keep, log_in_as

STAFF = {"X-Requested-With": "console"}


@pytest.fixture
def village(town: Place) -> Iterator[requests.Session]:
    """The head of 示例四村 at their desk."""
    with requests.Session() as desk:
        desk.headers.update(STAFF)
        person = {"username": "village04", "password": town.passwords["village04"]}
        desk.post(f"{town.url}/api/v1/staff/session", json=person).raise_for_status()
        yield desk


def villager(me: Pages, town: Place, village: requests.Session) -> None:
    """Asked on the phone, confirmed by the village."""
    name = "示例" + "".join(secrets.choice("春夏秋冬东南西北") for _ in range(2))
    me.open("pages-consult/villager/index")
    me.tap("villager-village")
    me.root.get_by_role("radio", name="示例四村", exact=True).click()
    me.write("villager-name", name)
    me.tap("villager-ask")
    expect(me.at("villager-card")).to_contain_text("等村里核实")
    waiting = village.get(f"{town.url}/api/v1/staff/villagers").json()["items"]
    one = next(item for item in waiting if item["name"] == name)
    said = {"decision": "confirm", "reason": "", "state_seen": "asked"}
    village.post(f"{town.url}/api/v1/staff/villagers/{one['id']}/decision", json=said).raise_for_status()


def let_through(town: Place, kind: str, number: str) -> None:
    """A moderator reads what the platform's check named nobody for, and lets it be shown."""
    Hours(town.folder).settle()
    with requests.Session() as desk:
        desk.headers.update(STAFF)
        person = {"username": MODERATOR, "password": town.passwords[MODERATOR]}
        desk.post(f"{town.url}/api/v1/staff/session", json=person).raise_for_status()
        about = {"subject_kind": kind, "subject_id": number}
        one = desk.get(f"{town.url}/api/v1/staff/comments", params=about).json()["items"][0]
        desk.post(f"{town.url}/api/v1/staff/comments/{one['id']}/show", json={"note": ""}).raise_for_status()


def test_villagers_demand_publication_together(
    seats: Callable[..., Seat], town: Place, village: requests.Session, screens: Path
) -> None:
    """Only whom the village knows may ask; a neighbour joins, leaves and joins again, and is named nowhere."""
    me = log_in_as(seats().page, town.url, "worker2")
    me.open("")
    me.tap("home-open")
    me.tap("open-requests")
    me.tap("request-ask")
    expect(me.page.get_by_text("先请村里核实一次")).to_be_visible()
    me.page.get_by_text("去核实").click()
    expect(me.at("villager-form")).to_be_visible()
    villager(me, town, village)
    me.open("pages-open/requests/index")
    me.tap("request-ask")
    me.tap("words-send")
    expect(me.page.get_by_role("alert").filter(has_text="请写一句想请村里公开什么")).to_be_visible()
    words = f"请公开村东修路的合同和付款 {secrets.token_hex(3)}"
    me.write("words-text", words)
    me.page.reload()
    expect(me.at("request-ask")).to_contain_text("接着写")
    me.tap("request-ask")
    with me.page.expect_response(lambda one: one.url.endswith("/resident/publishing-requests")) as answer:
        me.tap("words-send")
    expect(me.at("request-item").filter(has_text=words)).to_be_visible()  # its asker sees where it stands
    let_through(town, "publishing_request", answer.value.json()["id"])
    me.page.reload()
    mine = me.at("request-item").filter(has_text=words)
    expect(mine.locator('[data-testid="request-count"]')).to_contain_text("1")
    expect(mine).to_contain_text("您提出")

    neighbour = log_in_as(seats().page, town.url, "worker3")
    villager(neighbour, town, village)
    neighbour.open("pages-open/requests/index")
    theirs = neighbour.at("request-item").filter(has_text=words)
    theirs.locator('[data-testid="request-join"]').click()
    expect(theirs.locator('[data-testid="request-count"]')).to_contain_text("2")
    keep(neighbour.page, screens, "open-requests")
    theirs.locator('[data-testid="request-leave"]').click()
    expect(theirs.locator('[data-testid="request-count"]')).to_contain_text("1")
    theirs.locator('[data-testid="request-join"]').click()
    expect(theirs.locator('[data-testid="request-leave"]')).to_be_visible()
    me.page.reload()
    expect(mine.locator('[data-testid="request-count"]')).to_contain_text("2")
