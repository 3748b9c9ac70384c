"""问题回音壁 on the phone: read by anyone, asked on in public by one, seconded by a neighbour."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.moderator import looked_over
from tests.e2e.phone import Pages, keep, log_in_as


def test_anyone_finds_what_became_of_things(phone: Page, town: Place, screens: Path) -> None:
    """Without a login and without a name in any request; in the larger type too."""
    asked: list[str] = []
    phone.on("request", lambda one: asked.append(one.url) if "/public/wall" in one.url else None)
    named: list[str] = []
    phone.on("request", lambda one: named.append(one.url) if "authorization" in one.headers else None)
    anyone = Pages(phone, town.url, framed=False)
    anyone.open("")
    expect(anyone.at("wall-item")).to_have_count(1)  # the newest stands on the home page
    keep(phone, screens, "home-with-wall")
    anyone.tap("home-wall")
    expect(anyone.at("wall-item").nth(5)).to_be_visible()
    keep(phone, screens, "wall")
    anyone.tap("wall-order-waiting")
    expect(anyone.at("wall-item").first).to_contain_text("没有答")
    anyone.write("wall-words", "路灯")
    anyone.tap("wall-find")
    for title in anyone.at("wall-item").all():
        expect(title).to_contain_text("路灯")
    anyone.tap("wall-clear")
    anyone.tap("wall-as-map")
    expect(phone.locator(".town-spot:visible").first).to_be_visible()
    keep(phone, screens, "wall-map")
    anyone.tap("wall-item")
    expect(anyone.at("wall-days")).to_contain_text("天")
    anyone.tap("compare-before")
    keep(phone, screens, "wall-entry")
    assert any("order=waiting" in url for url in asked)
    assert not named


def ask_on(me: Pages, town: Place, words: str) -> None:
    """The question, its miss at the field, nothing lost to a reload, sent."""
    me.tap("wall-ask")
    me.tap("words-send")
    expect(me.page.get_by_role("alert").filter(has_text="请写一句")).to_be_visible()
    me.write("words-text", words)
    me.page.reload()
    expect(me.at("wall-ask")).to_contain_text("接着写")
    me.tap("wall-ask")
    expect(me.written("words-text")).to_have_value(words)
    with looked_over(me.page, town, "/follow-ups"):
        me.tap("words-send")
        expect(
            me.at("follow-up-unseen").filter(has_text=words)
        ).to_be_visible()  # its asker sees where it stands


def test_a_follow_up_is_asked_in_public_and_seconded(
    seats: Callable[..., Seat], town: Place, screens: Path
) -> None:
    me = log_in_as(seats().page, town.url, "resident1")
    me.open("pages-wall/home/index")
    me.at("wall-item").nth(3 + secrets.randbelow(6)).click()  # one unanswered question each on an entry
    expect(me.at("wall-title")).to_be_visible()
    address = me.page.url.partition("/m/")[2]
    words = f"雨后又有一点漫水 {secrets.token_hex(3)}"
    ask_on(me, town, words)
    mine = me.at("follow-up").filter(has_text=words)
    me.reload_until(mine)
    expect(mine).to_contain_text("（您）")
    expect(mine).to_contain_text("等待答复")
    keep(me.page, screens, "wall-follow-up")
    neighbour = log_in_as(seats().page, town.url, "resident2")
    neighbour.open(address)
    theirs = neighbour.at("follow-up").filter(has_text=words)
    expect(theirs).not_to_contain_text("（您）")
    theirs.locator('[data-testid="follow-up-second"]').click()
    expect(theirs.locator('[data-testid="follow-up-second"]')).to_contain_text("1")
    neighbour.tap("wall-follow")
    expect(neighbour.at("wall-follow")).to_contain_text("已关注")
    neighbour.page.reload()
    expect(neighbour.at("wall-follow")).to_contain_text("已关注")
