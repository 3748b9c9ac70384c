"""The border between towns: brand, categories and cases of one are not the other's."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.desk import Desk
from tests.e2e.phone import Pages, code_in


def test_the_second_town_has_its_own_brand_and_categories(seats: Callable[..., Seat], town: Place) -> None:
    pages = Pages(seats().page, town.url, framed=False)
    pages.open("")
    expect(pages.at("home-brand")).to_have_text("南事不难办")
    pages.tap("town-switch")
    pages.tap("town-beihe")
    expect(pages.at("home-brand")).to_have_text("北河办事通")
    pages.tap("home-report")
    pages.tap("category-all")
    expect(pages.root.get_by_role("button", name="灌溉机井", exact=True)).to_be_visible()
    expect(pages.root.get_by_role("button", name="积存渣土", exact=True)).to_have_count(0)
    pages.page.reload()
    expect(pages.root.get_by_role("contentinfo").filter(visible=True)).to_contain_text("示例北河镇人民政府")


def test_a_dispatcher_sees_the_own_town_only(seats: Callable[..., Seat], town: Place) -> None:
    here = Desk(seats(phone=False).page, town.url).log_in("dispatcher", town.passwords["dispatcher"])
    code = code_in(here.at("queue-row").first.inner_text())
    here.at("queue-row").first.click()
    here.at("case-open-full").click()
    here.page.wait_for_url("**/console/cases/*")
    there = Desk(seats(phone=False).page, town.url).log_in(
        "beihe-dispatcher", town.passwords["beihe-dispatcher"]
    )
    expect(there.page.get_by_text("北河办事通").first).to_be_visible()
    expect(there.at("queue-row").first).to_be_visible()
    for words in there.at("queue-row").all_inner_texts():
        assert "北河示例" in words
    there.at("search").fill(code)
    there.at("search").press("Enter")
    expect(there.at("list-empty")).to_be_visible()
    there.page.goto(here.page.url)
    expect(there.at("list-error")).to_be_visible()
    expect(there.at("case")).to_have_count(0)
