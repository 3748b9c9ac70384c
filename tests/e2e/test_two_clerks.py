"""Two members of staff act on one case: the second is told who changed what, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.desk import Desk
from tests.e2e.phone import code_in, keep

REPLY = "已经安排人去看，三天内修好；这句话不能丢。"


def test_the_second_of_two_keeps_the_reply(seats: Callable[..., Seat], town: Place, screens: Path) -> None:
    first = Desk(seats(phone=False).page, town.url).log_in("checker", town.passwords["checker"])
    second = Desk(seats(phone=False).page, town.url).log_in("checker2", town.passwords["checker2"])
    first.at("chip-handled").click()
    row = first.at("queue-row").last
    code = code_in(row.inner_text())
    row.click()
    second.find(code)
    expect(second.at("viewers")).to_contain_text("核查员甲")
    second.begin("pass_check")
    second.choose("部分解决")
    second.field("reply").fill(REPLY)
    first.begin("fail_check")
    first.field("note").fill("照片里看不出已经修好。")
    first.submit()
    first.state_is("办理中")
    second.at("action-submit").click()
    expect(second.at("conflict")).to_contain_text("核查员甲 刚刚先办了")
    expect(second.at("conflict")).to_contain_text("办理中")
    expect(second.at("conflict")).to_be_in_viewport()
    expect(second.field("reply")).to_have_value(REPLY)
    expect(second.at("case-state")).to_have_text("办理中")
    keep(second.page, screens, "bad-conflict")


def test_a_reply_outlives_reload_and_an_expired_login(seats: Callable[..., Seat], town: Place) -> None:
    desk = Desk(seats(phone=False).page, town.url).log_in("checker", town.passwords["checker"])
    desk.at("chip-handled").click()
    desk.at("queue-row").first.click()
    desk.begin("pass_check")
    desk.choose("已解决")
    desk.field("reply").fill(REPLY)
    desk.page.reload()
    expect(desk.field("reply")).to_have_value(REPLY)
    desk.page.context.clear_cookies()
    desk.at("action-submit").click()
    again = desk.page.get_by_role("dialog")
    expect(again).to_be_visible()
    again.get_by_test_id("login-password").fill(town.passwords["checker"])
    again.get_by_test_id("login-submit").click()
    expect(again).to_have_count(0)
    expect(desk.field("reply")).to_have_value(REPLY)
    desk.submit()
    desk.state_is("已办结")
    expect(desk.at("case-reply")).to_contain_text(REPLY)
