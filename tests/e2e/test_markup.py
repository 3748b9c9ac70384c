"""What is meant to act in somebody's browser is read there as what it is: letters, on the phone and at the desk."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.desk import Desk
from tests.e2e.test_open_phone import committee

MARK = secrets.token_hex(2)
TITLE = f'<img src=x onerror="__xss=1"><b data-xss>{MARK}</b>'
BODY = f'{TITLE}<svg/onload="__xss=2"></textarea><script>__xss=3</script>{{{{1+1}}}}'
CHAIN = (
    ("clerk01", "submit"),
    ("supervisor01", "agree"),
    ("secretary01", "confirm"),
    ("village01", "publish"),
)


@dataclass
class Staff:
    """The staff by the API, each signed in once."""

    town: Place

    def __post_init__(self) -> None:
        self.known: dict[str, requests.Session] = {}

    def send(self, who: str, path: str, **body: Any) -> dict[str, Any]:
        """A POST below /staff that must succeed; its answer."""
        api = f"{self.town.url}/api/v1/staff"
        if who not in self.known:
            desk = self.known[who] = requests.Session()
            desk.headers["X-Requested-With"] = "console"
            person = {"username": who, "password": self.town.passwords[who]}
            desk.post(f"{api}/session", json=person).raise_for_status()
        key = {"Idempotency-Key": secrets.token_hex(8)}
        made = self.known[who].post(f"{api}/{path}", json=body, headers=key)
        assert made.ok, made.text
        return dict(made.json())

    def first(self, who: str, path: str) -> dict[str, Any]:
        """The first of a list that this person may read."""
        found = self.known[who].get(f"{self.town.url}/api/v1/{path}")
        assert found.ok, found.text
        return dict(found.json()["items"][0])


@pytest.fixture
def staff(town: Place) -> Iterator[Staff]:
    """Whoever works in the town and in 示例一村."""
    all_of_them = Staff(town)
    yield all_of_them
    for one in all_of_them.known.values():
        one.close()


@pytest.fixture
def taken_down(staff: Staff) -> Iterator[list[Callable[[], object]]]:
    """What is called once the test is over, however it ended."""
    deeds: list[Callable[[], object]] = []
    yield deeds
    for deed in deeds:
        deed()


def planted(staff: Staff, taken_down: list[Callable[[], object]]) -> dict[str, str]:
    """A notice, an article and a topic made of nothing else: where each is read.

    `taken_down` gets what is to be done afterwards: an article stands on a page that other tests read for Chinese.
    """
    shown = requests.get(f"{staff.town.url}/api/v1/public/map?town=nanshahe", timeout=10).json()["features"]
    village = next(one["properties"]["id"] for one in shown if one["properties"]["name"] == "示例一村")
    committee(staff.town, village)
    written = {"village_id": village, "category": "village_consulted"}
    notice = staff.send("clerk01", "notices", title=TITLE, body=BODY, **written)
    for who, action in CHAIN:
        note = {"note": BODY} if action in {"agree", "confirm"} else {}
        path = f"notices/{notice['id']}/actions/{action}"
        notice |= staff.send(who, path, version=notice["version"], **note)
    topic = staff.send("dispatcher2", "consultations", origin="town", title=TITLE, body=BODY)
    accepting = {"weight": "ordinary", "track": "plain", "note": BODY}
    opening = {"asked": BODY, "who_may": BODY, "use_of_result": BODY}
    for who, action, given in (("leader", "accept", accepting), ("dispatcher2", "open", opening)):
        topic |= staff.send(
            who, f"consultations/{topic['id']}/actions/{action}", version=topic["version"], **given
        )
    series = staff.first("dispatcher2", "public/series?town=nanshahe")["id"]
    words = {"title": TITLE, "summary": BODY, "html": f"<p>{MARK}</p>"}
    article = staff.send("dispatcher2", "articles", series_id=series, **words)
    path = f"articles/{article['id']}/actions"
    version = staff.send("dispatcher2", f"{path}/publish", version=article["version"])["version"]
    taken_down.append(lambda: staff.send("dispatcher2", f"{path}/withdraw", version=version, note="试过了"))
    return {
        f"/m/pages-open/notice/index?id={notice['id']}": f"/console/notices/{notice['id']}",
        f"/m/pages-consult/topic/index?id={topic['id']}": f"/console/consultations/{topic['id']}",
        f"/m/pages-town/article/index?id={article['id']}": f"/console/bulletin/{article['id']}",
    }


def harmless(page: Page, address: str) -> None:
    """The words are read there, and nothing of them is more than words."""
    page.goto(address)
    expect(page.get_by_text(TITLE).filter(visible=True).first).to_be_visible()
    page.wait_for_load_state("load")
    assert page.evaluate("window.__xss") is None, address
    assert page.locator("[data-xss], img[src='x'], svg[onload]").count() == 0, address


def test_words_that_would_act_are_read_on_the_phone_and_at_the_desk(
    seats: Callable[..., Seat], town: Place, staff: Staff, taken_down: list[Callable[[], object]]
) -> None:
    phone, desk = seats().page, seats(phone=False).page
    dialogs: list[str] = []
    for page in (phone, desk):
        page.on("dialog", lambda one: (dialogs.append(one.message), one.dismiss()))
    pages = planted(staff, taken_down)
    Desk(desk, town.url).log_in(
        "dispatcher", town.passwords["dispatcher"]
    )  # one log-in of a person at a time
    for on_phone, at_desk in pages.items():
        harmless(phone, on_phone)
        harmless(desk, at_desk)
    assert dialogs == []
