"""A person's own rights as they do it: the record checked on the phone, who opened it, the copy, the deeds told first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.desk import Desk
from tests.e2e.phone import Pages, code_in, keep, log_in_as
from tests.support.browser import serious_faults, targets_smaller_than, text_smaller_than

PAGES = ("index", "data", "correct", "requests", "guardian", "deed")


def a_closed_case(me: Pages) -> str:
    """Open one's newest closed report; its id."""
    me.open("pages/reports/index")
    me.tap("reports-closed")
    me.at("report-item").first.click()
    expect(me.at("case-proof")).to_be_visible()
    return me.page.url.partition("id=")[2]


def lie(route: Route) -> None:
    """A server that changes a word of the record on the way."""
    told = json.loads(route.fetch().body())
    row = next(r for r in told["rows"] if r["content"] and r["content"]["note"])
    row["content"]["note"] += "（改过）"
    route.fulfill(json=told)


def test_the_record_is_checked_on_the_phone(seats: Callable[..., Seat], town: Place, screens: Path) -> None:
    me = log_in_as(seats().page, town.url, "resident1")
    case_id = a_closed_case(me)
    me.tap("case-proof")
    expect(me.at("proof-whole")).to_contain_text("记录完整")
    keep(me.page, screens, "rights-proof")
    me.page.route("**/proof", lie)
    me.open(f"pages-rights/proof/index?id={case_id}")
    expect(me.at("proof-broken")).to_contain_text("记录不完整")
    keep(me.page, screens, "rights-proof-broken")


def test_a_citizen_sees_who_opened_the_case(seats: Callable[..., Seat], town: Place, screens: Path) -> None:
    me = log_in_as(seats().page, town.url, "resident1")
    me.open("pages/reports/index")
    me.tap("reports-closed")
    me.at("report-item").first.click()
    expect(me.at("case-access")).to_be_visible()
    code = code_in(me.page.locator("body").inner_text())
    desk = Desk(seats(phone=False).page, town.url).log_in("dispatcher", town.passwords["dispatcher"])
    desk.find(code)
    me.tap("case-access")
    line = me.at("access-line").first
    expect(line).to_contain_text("打开了这件事")
    expect(line).to_contain_text("分流员")
    expect(line).not_to_contain_text("分流员甲")
    keep(me.page, screens, "rights-access")


def test_the_copy_and_a_deed_told_before_it_is_done(
    seats: Callable[..., Seat], town: Place, screens: Path
) -> None:
    me = log_in_as(seats().page, town.url, "resident2")
    me.tap("mine-rights")
    expect(me.at("purpose-contact")).to_contain_text("您的同意")
    keep(me.page, screens, "rights-mine")
    me.tap("rights-data")
    expect(me.at("section-reports")).to_be_visible()
    with me.page.expect_download() as copy:
        me.tap("copy-pdf")
    assert Path(copy.value.path()).read_bytes().startswith(b"%PDF-")
    case_id = a_closed_case(me)
    me.tap("case-correct")
    me.tap("deed-delete_case")
    expect(me.at("deed-stays")).to_contain_text("档案法")
    me.tap("deed-confirm")
    expect(me.at("deed-error")).to_contain_text("勾选")
    me.tap("deed-understood")
    keep(me.page, screens, "rights-deed")
    me.tap("deed-confirm")
    expect(me.at("deed-done")).to_contain_text("已经删除")
    me.open("pages/reports/index")
    expect(me.at("report-item").first).to_be_visible()
    assert case_id not in me.page.content()


def test_the_pages_are_fit_for_everybody(seats: Callable[..., Seat], town: Place) -> None:
    me = log_in_as(seats().page, town.url, "resident1")
    found: dict[str, list[str]] = {}
    for view in ("", "elder"):
        if view:
            me.open("pages/mine/index")
            me.tap("mine-elder")
        for name in PAGES:
            me.open(f"pages-rights/{name}/index?deed=withdraw_consent")
            me.page.wait_for_load_state("networkidle")
            faults = [f"{one.rule} {one.nodes[0]}" for one in serious_faults(me.page)]
            if view:
                faults += text_smaller_than(me.page, 18) + targets_smaller_than(me.page, 60)
            if faults:
                found[f"{name} {view}"] = faults
    assert found == {}
