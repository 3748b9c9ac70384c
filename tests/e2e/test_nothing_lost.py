"""Bad input gets its own sentence, and nothing typed or uploaded is lost by it, a reload, or a login that expired."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.phone import Pages, Phone, code_in, keep, log_in_as
from tests.factories.photos import photo

TEXT = "文化广场的健身器材断裂了，孩子差点摔着"
UPLOADS_MS = 30_000
RESIDENTS = cycle(("resident1", "resident2", "resident3"))


@pytest.fixture
def outside(seats: Callable[..., Seat], town: Place) -> Pages:
    """The form in an ordinary browser, which no WeChat opened."""
    pages = Pages(seats().page, town.url, framed=False)
    pages.open("pages/report/index")
    return pages


@pytest.fixture
def resident(seats: Callable[..., Seat], town: Place) -> Pages:
    """The form of a resident who is logged in; another one each time, since a person sends six a minute at most."""
    pages = log_in_as(seats().page, town.url, next(RESIDENTS))
    pages.tap("tab-report")
    return pages


def begin(pages: Pages, *photos: bytes) -> None:
    """A sentence, photos, a village."""
    pages.write("report-text", TEXT)
    if photos:
        pages.add_photos(*photos)
        expect(pages.at("photo-remove")).to_have_count(len(photos))
    pages.tap("place-village")
    pages.root.locator('[data-testid^="village-"]:visible', has_text="示例五村").first.click()
    expect(pages.at("place-label")).to_have_text("示例五村")


def is_all_there(pages: Pages, photos: int) -> None:
    """What begin() wrote is still there."""
    expect(pages.written("report-text")).to_have_value(TEXT)
    expect(pages.at("photo-remove")).to_have_count(photos)
    expect(pages.at("place-label")).to_have_text("示例五村")


def test_a_draft_outlives_reload_back_button_and_the_way_into_wechat(outside: Pages, screens: Path) -> None:
    begin(outside, photo(), photo((320, 240)))
    outside.page.reload()
    is_all_there(outside, 2)
    outside.tap("tab-home")
    expect(outside.at("home-draft")).to_contain_text(TEXT[:6])
    outside.tap("home-draft")
    outside.tap("footer-feedback")
    expect(outside.at("feedback-text")).to_be_visible()
    outside.page.go_back()
    is_all_there(outside, 2)
    outside.page.goto("about:blank")
    outside.page.go_back()
    is_all_there(outside, 2)
    outside.tap("report-submit")
    expect(outside.root.get_by_role("dialog", name="请在微信里继续")).to_be_visible()
    expect(outside.at("login-copy")).to_be_visible()
    keep(outside.page, screens, "bad-outside-wechat")
    outside.tap("login-later")
    is_all_there(outside, 2)
    phone = Phone(outside.page, outside.base, "resident2")
    phone.open_report()
    is_all_there(phone, 2)


def test_a_login_that_expired_while_writing(resident: Pages) -> None:
    begin(resident, photo())
    expect(resident.at("photo-done")).to_have_count(1, timeout=UPLOADS_MS)
    token = resident.page.evaluate("localStorage.getItem('session.token')")
    ended = resident.page.request.delete(
        f"{resident.base}/api/v1/resident/session", headers={"Authorization": f"Bearer {token}"}
    )
    assert ended.ok
    resident.tap("report-submit")
    expect(resident.root.get_by_role("dialog")).to_contain_text("登录已过期，您写的都还在")
    is_all_there(resident, 1)
    resident.consent_and_log_in()
    expect(resident.at("receipt-done")).to_be_visible(timeout=UPLOADS_MS)
    resident.tap("receipt-open")
    expect(resident.at("report-text")).to_have_text(TEXT)
    expect(resident.at("photo-view")).to_have_count(1)


def test_what_the_server_refuses_stays_on_the_form(resident: Pages, screens: Path) -> None:
    begin(resident, photo())
    resident.tap("contact-open")
    resident.write("contact-phone", "123")
    resident.tap("report-submit")
    expect(resident.at("contact-phone")).to_contain_text("电话号码不对", timeout=UPLOADS_MS)
    expect(resident.at("contact-phone")).to_be_in_viewport()
    expect(resident.at("report-error")).to_contain_text("标红")
    keep(resident.page, screens, "bad-telephone")
    is_all_there(resident, 1)
    resident.write("contact-phone", "15400000002")
    resident.tap("report-submit")
    expect(resident.at("receipt-done")).to_be_visible(timeout=UPLOADS_MS)


def test_too_long_and_empty_texts(outside: Pages) -> None:
    outside.tap("report-submit")
    expect(outside.at("report-error")).to_have_text("请写一句话，说说是什么问题。")
    long = "路灯坏了。" * 10_000
    outside.write("report-text", long)
    outside.tap("report-submit")
    expect(outside.at("report-error")).to_contain_text("最多 500 个字")
    expect(outside.written("report-text")).to_have_value(long)


def test_no_network_while_sending_makes_one_report(resident: Pages) -> None:
    begin(resident, photo())
    expect(resident.at("photo-done")).to_have_count(1, timeout=UPLOADS_MS)
    resident.page.context.set_offline(True)
    resident.tap("report-submit")
    expect(resident.at("report-error")).to_contain_text("网络")
    is_all_there(resident, 1)
    resident.page.context.set_offline(False)
    resident.tap("report-submit")
    expect(resident.at("receipt-done")).to_be_visible(timeout=UPLOADS_MS)
    code_in(resident.at("receipt-code").inner_text())


def test_a_pin_outside_the_town(outside: Pages, screens: Path) -> None:
    expect(outside.root.locator(".leaflet-container path").first).to_be_attached()
    outside.pick_on_map(0.03, 0.05)
    expect(outside.at("place-error")).to_contain_text("选村名")
    expect(outside.at("place-error").locator(".error-text")).to_have_text(re.compile("镇"))
    keep(outside.page, screens, "bad-place")
    begin(outside)
    expect(outside.at("place-error")).to_have_count(0)
    is_all_there(outside, 0)


def test_photos_that_are_none_and_one_too_many(resident: Pages, screens: Path) -> None:
    begin(resident)
    resident.add_files(
        FilePayload(name="报告.jpg", mimeType="image/jpeg", buffer=b"this is no photo at all" * 40)
    )
    expect(resident.at("photo-failed")).to_have_count(1, timeout=UPLOADS_MS)
    expect(resident.root.get_by_role("alert").filter(visible=True)).to_contain_text("不是")
    is_all_there(resident, 1)
    keep(resident.page, screens, "bad-photo")
    resident.tap("photo-remove")
    expect(resident.at("photo-remove")).to_have_count(0)
    resident.add_photos(*[photo((160, 120 + n)) for n in range(10)])
    expect(resident.root.get_by_text("最多 9 张照片")).to_be_visible()
    expect(resident.at("photo-remove")).to_have_count(9)
    expect(resident.at("photo-add")).to_have_count(0)
    expect(resident.at("photo-done")).to_have_count(9, timeout=UPLOADS_MS)
    is_all_there(resident, 9)


def test_codes_that_nobody_has(outside: Pages, screens: Path) -> None:
    outside.open("pages/progress/index")
    outside.write("progress-code", "ABC")
    outside.tap("progress-look")
    expect(outside.at("progress-code")).to_contain_text("查询码是 12 位")
    outside.write("progress-code", "7KQ4-M2XN-9ABC")
    outside.tap("progress-look")
    expect(outside.at("progress-code")).to_contain_text("没有查到这个查询码")
    expect(outside.written("progress-code")).to_have_value("7KQ4-M2XN-9ABC")
    keep(outside.page, screens, "bad-code")
