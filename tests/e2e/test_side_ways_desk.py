"""The side ways of a case at the desk, from both sides, each seen on the screen.

HOT-03 not ours, HOT-06 returned, HOT-08 more time, HOT-11 supervision, HOT-12 beyond the town, GRID-11
put off, PET-06 parts, PET-07 joined, HOT-09 called back, HOT-14 opened again by the office.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from backend.kernel.clock import today
from tests.e2e.conftest import Place, Seat
from tests.e2e.desk import Desk
from tests.e2e.phone import keep
from tests.factories.photos import photo


@pytest.fixture
def at_desk(seats: Callable[..., Seat], town: Place) -> Callable[[str], Desk]:
    """at_desk("leader"): that person, logged in."""
    return lambda name: Desk(seats(phone=False).page, town.url).log_in(name, town.passwords[name])


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def register(desk: Desk, words: str, *, village: str = "示例五村", category: str = "路灯不亮") -> str:
    """Write down a call; the look-up code from the slip."""
    desk.go("intake")
    again = desk.at("intake-again")
    if again.is_visible():
        again.click()
    desk.at("form-contact_phone").locator("input").fill("13800000000")
    desk.at("intake-text").fill(words)
    for box, wanted in (("intake-category", category), ("intake-village", village)):
        desk.page.locator(f'[data-testid="{box}"] input').fill(wanted)
        desk.page.locator(".el-select-dropdown__item:visible", has_text=wanted).first.click()
    desk.at("intake-send").click()
    return desk.at("intake-code").inner_text().strip()


def test_a_call_goes_out_comes_back_and_gets_more_time(at_desk: Callable[[str], Desk], screens: Path) -> None:
    dispatcher = at_desk("dispatcher")
    code = register(dispatcher, "五村西头三盏路灯都不亮，老人晚上不敢出门")
    keep(dispatcher.page, screens, "side-intake-slip")
    dispatcher.go("queue")
    dispatcher.find(code)
    dispatcher.begin("accept_and_dispatch")
    dispatcher.give_to("供电所办理人")
    dispatcher.submit()
    dispatcher.state_is("待接单")
    clerk = at_desk("power")
    clerk.find(code)
    clerk.do("start")
    clerk.begin("ask_extension")
    clerk.pick_day("until", in_days(6))
    clerk.fill("note", "要等灯杆到货，下周三前装好。")
    keep(clerk.page, screens, "side-ask-extension")
    clerk.submit()
    leader = at_desk("leader")
    leader.find(code)
    expect(leader.at("case-sides")).to_contain_text("申请延期")
    expect(leader.row(code)).to_contain_text("待批延期")
    leader.begin("approve_extension")
    leader.fill("note", "灯杆正在路上，最迟下周三装好。")
    leader.submit()
    expect(leader.at("case-sides")).to_contain_text("已批准延期")
    expect(leader.row(code)).not_to_contain_text("待批延期")
    leader.begin("supervise")
    leader.fill("note", "老人出行不便，请三天内先拉临时灯。")
    leader.submit()
    expect(leader.at("case-oversight")).to_contain_text("请三天内先拉临时灯")
    keep(leader.page, screens, "side-leader")
    leader.go("supervision")
    expect(leader.at("supervision-row").filter(has_text=code)).to_be_visible()
    clerk.find(code)
    clerk.begin("answer_supervision")
    clerk.fill("note", "今天傍晚已拉好临时灯。")
    clerk.submit()
    expect(clerk.at("case-oversight")).to_contain_text("今天傍晚已拉好临时灯")
    clerk.begin("return_to_desk")
    clerk.fill("note", "灯归村里管，请交村委会。")
    clerk.submit()
    dispatcher.find(code)
    dispatcher.state_is("已受理")
    expect(dispatcher.at("case-sides")).to_contain_text("已退回 1 次")
    keep(dispatcher.page, screens, "side-returned")


def test_put_off_parts_and_beyond_the_town(at_desk: Callable[[str], Desk], screens: Path) -> None:
    dispatcher = at_desk("dispatcher")
    code = register(dispatcher, "六村变压器噪音大，夜里睡不着", village="示例六村")
    dispatcher.go("queue")
    dispatcher.find(code)
    dispatcher.begin("accept_and_dispatch")
    dispatcher.give_to("供电所办理人")
    dispatcher.submit()
    dispatcher.begin("add_task")
    dispatcher.give_to("应急管理办公室办理人")
    dispatcher.pick_day("until", in_days(3))
    dispatcher.fill("note", "先查周围有没有安全隐患。")
    dispatcher.submit()
    expect(dispatcher.at("case-tasks")).to_contain_text("先查周围有没有安全隐患")
    keep(dispatcher.page, screens, "side-parts")
    clerk = at_desk("power")
    clerk.find(code)
    clerk.do("start")
    clerk.begin("handle")
    clerk.fill("note", "已减振。")
    clerk.add_after_photos(photo((1200, 900)))
    expect(clerk.page.get_by_role("img", name="已上传的照片")).to_be_visible()
    clerk.at("action-submit").click()
    expect(clerk.at("action-error")).to_contain_text("子任务")
    clerk.at("action-cancel").click()
    emergency = at_desk("emergency")
    emergency.go("parts")
    part = emergency.at("part").filter(has_text=code)
    part.get_by_test_id("task-start").click()
    part.get_by_test_id("task-send").click()
    part.get_by_test_id("task-finish").click()
    part.locator("textarea").fill("查过了，没有隐患。")
    keep(emergency.page, screens, "side-part-at-the-desk")
    part.get_by_test_id("task-send").click()
    expect(part).to_have_count(0)
    clerk.begin("ask_suspension")
    clerk.pick_day("until", in_days(60))
    clerk.fill("note", "要等上级批新变压器。")
    clerk.submit()
    leader = at_desk("leader")
    leader.find(code)
    leader.begin("approve_suspension")
    leader.fill("note", "新变压器批下来就换。")
    leader.submit()
    leader.state_is("已挂账")
    keep(leader.page, screens, "side-suspended")
    dispatcher.find(code)
    dispatcher.do("resume")
    dispatcher.state_is("办理中")
    dispatcher.begin("escalate")
    dispatcher.fill("body", "滕州市供电公司")
    dispatcher.fill("external_number", "TZ-0001")
    dispatcher.pick_day("until", in_days(20))
    dispatcher.submit()
    dispatcher.state_is("已转上级")
    expect(dispatcher.at("case-sides")).to_contain_text("滕州市供电公司")
    dispatcher.begin("upstream_answered")
    dispatcher.fill("note", "市供电公司已更换减振垫。")
    dispatcher.submit()
    dispatcher.state_is("待核查")
    keep(dispatcher.page, screens, "side-upstream")


def test_joined_refused_called_back_and_opened_again(at_desk: Callable[[str], Desk], screens: Path) -> None:
    dispatcher = at_desk("dispatcher")
    lead = register(dispatcher, "七村水渠盖板断了一块", village="示例七村")
    same = register(dispatcher, "七村水渠盖板断了，还是那块", village="示例七村")
    other = register(dispatcher, "家里分家产的官司怎么打", village="示例七村")
    dispatcher.go("queue")
    dispatcher.find(same)
    dispatcher.begin("merge")
    dispatcher.at("case-candidate").filter(has_text=lead).click()
    keep(dispatcher.page, screens, "side-merge")
    dispatcher.submit()
    dispatcher.state_is("已并案")
    dispatcher.find(other)
    dispatcher.begin("refuse")
    dispatcher.choose("应走诉讼")
    dispatcher.fill("body", "滕州市人民法院立案庭")
    dispatcher.fill("note", "分家析产要由法院来判，可先问镇司法所。")
    keep(dispatcher.page, screens, "side-refuse")
    dispatcher.submit()
    dispatcher.state_is("不予受理")
    dispatcher.go("callbacks")
    row = dispatcher.at("callback-row").first
    row.locator("a").first.click()
    dispatcher.begin("call_back")
    for field, choice in (("way", "电话"), ("reached", "是"), ("solved", "否"), ("satisfaction", "不满意")):
        dispatcher.page.locator(f'[data-field="{field}"] label', has_text=choice).last.click()
    dispatcher.fill("note", "说只修了一盏，还有两盏不亮。")
    keep(dispatcher.page, screens, "side-call-back")
    dispatcher.submit()
    expect(dispatcher.at("case-oversight")).to_contain_text("居民说")
    dispatcher.begin("reopen")
    dispatcher.fill("note", "回访说没有修完。")
    dispatcher.submit()
    dispatcher.state_is("待接单")
    keep(dispatcher.page, screens, "side-reopened")


def test_what_is_refused_lifted_and_taken_back(at_desk: Callable[[str], Desk], screens: Path) -> None:
    dispatcher = at_desk("dispatcher")
    lead = register(dispatcher, "八村井盖响，车一过就咣当", village="示例八村")
    code = register(dispatcher, "八村井盖咣当响，吵得睡不着", village="示例八村")
    dispatcher.go("queue")
    dispatcher.find(code)
    dispatcher.begin("merge")
    dispatcher.at("case-candidate").filter(has_text=lead).click()
    dispatcher.submit()
    dispatcher.begin("split")
    dispatcher.fill("note", "不是同一个井盖。")
    dispatcher.submit()
    dispatcher.state_is("已受理")
    dispatcher.begin("escalate")
    dispatcher.fill("body", "滕州市住建局")
    dispatcher.submit()
    dispatcher.begin("upstream_returned")
    dispatcher.fill("note", "市局说归镇里管。")
    dispatcher.submit()
    dispatcher.state_is("已受理")
    dispatcher.begin("dispatch")
    dispatcher.give_to("供电所办理人")
    dispatcher.submit()
    clerk = at_desk("power")
    leader = at_desk("leader")
    clerk.find(code)
    clerk.do("start")
    for asked, refused in (("ask_extension", "refuse_extension"), ("ask_suspension", "refuse_suspension")):
        clerk.begin(asked)
        clerk.pick_day("until", in_days(5))
        clerk.fill("note", "等配件。")
        clerk.submit()
        leader.find(code)
        leader.begin(refused)
        leader.fill("note", "配件镇里就有，请按期办。")
        keep(leader.page, screens, f"side-{refused.replace('_', '-')}")
        leader.submit()
        clerk.find(code)
    leader.begin("supervise")
    leader.fill("note", "请说明进度。")
    leader.submit()
    leader.begin("lift_supervision")
    leader.submit()
    expect(leader.at("case-oversight")).to_contain_text("解除")
    keep(leader.page, screens, "side-lifted")
    dispatcher.find(lead)
    dispatcher.begin("ask_citizen")
    dispatcher.fill("note", "请说明是路口东边还是西边的井盖。")
    dispatcher.submit()
    dispatcher.state_is("待居民补充")
    dispatcher.do("go_on")
    dispatcher.state_is("待受理")
    keep(dispatcher.page, screens, "side-went-on")
