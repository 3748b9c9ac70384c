"""What has nothing in it yet says so, and says what to do next; without a network, too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.desk import Desk
from tests.e2e.phone import keep, log_in_as


def test_somebody_new_is_told_what_to_do_next(seats: Callable[..., Seat], town: Place, screens: Path) -> None:
    pages = log_in_as(seats().page, town.url, "newcomer")
    pages.tap("tab-inbox")
    expect(pages.at("list-empty")).to_contain_text("还没有消息")
    pages.tap("tab-mine")
    pages.tap("mine-reports")
    expect(pages.at("list-empty")).to_contain_text("还没有报过事")
    keep(pages.page, screens, "empty-reports")
    for tab, words in (("rate", "没有待评价的事"), ("closed", "没有已结束的事")):
        pages.tap(f"reports-{tab}")
        expect(pages.at("list-empty")).to_contain_text(words)
    pages.tap("reports-all")
    pages.tap("list-empty-action")
    expect(pages.root.locator(".leaflet-container:visible path").first).to_be_attached()
    pages.page.context.set_offline(True)
    pages.tap("tab-inbox")
    expect(pages.root.get_by_text("网络不通").filter(visible=True).first).to_be_visible()
    keep(pages.page, screens, "empty-offline")
    pages.page.context.set_offline(False)


def test_the_lists_of_a_desk_with_nothing_in_them(seats: Callable[..., Seat], town: Place) -> None:
    name = "beihe-dispatcher"
    desk = Desk(seats(phone=False).page, town.url).log_in(name, town.passwords[name])
    desk.at("search").fill("没有这样的事")
    desk.at("search").press("Enter")
    expect(desk.at("list-empty")).to_contain_text("没有符合条件的事项")
    for page, words in (("messages", "没有发送失败的消息"), ("feedback", "还没有")):
        desk.go(page)
        expect(desk.at("list-empty")).to_contain_text(words)
    desk.page.context.set_offline(True)
    desk.at("menu-queue").click()
    expect(desk.page.get_by_text("网络不通").first).to_be_visible()
    desk.page.context.set_offline(False)
