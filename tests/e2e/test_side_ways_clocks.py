"""The edges that clocks and events take, from both sides, and the residents' pages of the side ways in both views.

HOT-08 reminded and given up, GRID-11 reviewed and over, PET-07 told how the earlier one ended, HOT-12 beyond the
town, HOT-08 extended. What people do before is done by the API; what the clocks do is done by the running worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from backend.kernel.clock import today
from tests.e2e.conftest import Place, Seat
from tests.e2e.desk import Desk
from tests.e2e.hours import Hours
from tests.e2e.office import DISPATCHER, Office
from tests.e2e.phone import Pages, keep, log_in_as
from tests.support.browser import targets_smaller_than, text_smaller_than

BELOW_THE_HEAD = (
    "card => scrollTo({top: scrollY + card.getBoundingClientRect().top - 72, behavior: 'instant'})"
)
LAMP, POWER = "0601", "1004"  # both the power station's; only the lamp demands a photo of what was done


@pytest.fixture(scope="module")
def office(town: Place) -> Iterator[Office]:
    """The town's people, doing by the API what the pictures begin with."""
    people = Office(town)
    yield people
    people.close()


@pytest.fixture(scope="module")
def hours(town: Place) -> Hours:
    """Days that pass at once."""
    return Hours(town.folder)


@pytest.fixture
def at_desk(seats: Callable[..., Seat], town: Place) -> Callable[[str], Desk]:
    """at_desk("leader"): that person, logged in."""
    return lambda name: Desk(seats(phone=False).page, town.url).log_in(name, town.passwords[name])


@pytest.fixture
def on_phone(seats: Callable[..., Seat], town: Place) -> Callable[[str], Pages]:
    """on_phone("resident3"): that person's pages, logged in."""
    return lambda person: log_in_as(seats().page, town.url, person)


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def picture(pages: Pages, case_id: str, state: str, line: str, screens: Path, name: str) -> None:
    """The resident's page of the case: its state and its newest line, in the larger-type view, then as usual."""
    for view, large in (("on", "-large"), ("off", "")):
        pages.page.evaluate(f"localStorage.setItem('display.elder', '{view}')")
        pages.open(f"pages/case/index?id={case_id}")
        expect(pages.at("state-tag").first).to_have_text(state)
        expect(pages.at("timeline-entry").first).to_contain_text(line)
        keep(pages.page, screens, f"clock-{name}{large}")
        if large:
            assert text_smaller_than(pages.page, 18) == []
            assert targets_smaller_than(pages.page, 60) == []
            pages.at("timeline").evaluate(BELOW_THE_HEAD)
            keep(pages.page, screens, f"clock-{name}-way{large}")


def look(desk: Desk, case_id: str, state: str, line: str, screens: Path, name: str) -> None:
    """The desk's page of the case: its state, and its newest line."""
    desk.page.goto(f"{desk.base}/console/cases/{case_id}")
    desk.state_is(state)
    expect(desk.at("timeline").locator("> li").first).to_contain_text(line)
    keep(desk.page, screens, f"clock-desk-{name}")


def test_who_does_not_answer_is_reminded_once_and_then_it_goes_on(
    at_desk: Callable[[str], Desk],
    on_phone: Callable[[str], Pages],
    office: Office,
    hours: Hours,
    screens: Path,
) -> None:
    """HOT-08, asked by the desk and asked by the handler."""
    case_id = office.report(
        "resident3", "村口路边的电线垂下来了，孩子够得着。", category=POWER, grid="第6网格"
    )
    office.act(DISPATCHER, case_id, "ask_citizen", note="请说明在村口的哪一边，最好拍一张照片。")
    hours.run_out(case_id, "citizen")
    me, desk = on_phone("resident3"), at_desk("dispatcher")
    picture(me, case_id, "待您补充", "再次请您补充说明", screens, "reminded")
    expect(me.at("asked-card")).to_contain_text("在村口的哪一边")
    expect(me.at("asked-card")).to_contain_text("已经提醒过您一次")
    look(desk, case_id, "待居民补充", "再次请居民补充说明", screens, "reminded")
    hours.run_out(case_id, "citizen")
    picture(me, case_id, "待受理", "到期没有收到补充，按现有情况继续办理", screens, "given-up")
    expect(me.at("asked-card")).to_have_count(0)
    look(desk, case_id, "待受理", "到期没有收到补充", screens, "given-up")
    me.open("pages/inbox/index")
    for said in ("请您补充说明", "还在等您补充说明", "继续办理"):
        expect(me.at("inbox-item").filter(has_text=said).first).to_be_visible()
    keep(me.page, screens, "clock-inbox")

    second = office.report("resident3", "家里一到晚上电压就低，灯都发红。", category=POWER, grid="第7网格")
    office.hand_over(second, "power")
    office.act("power", second, "ask_citizen", note="请说明从哪天开始、几点到几点。")
    hours.run_out(second, "citizen")
    look(desk, second, "待居民补充", "再次请居民补充说明", screens, "handler-reminded")
    hours.run_out(second, "citizen")
    look(desk, second, "办理中", "到期没有收到补充", screens, "handler-given-up")
    me.open(f"pages/case/index?id={second}")
    expect(me.at("state-tag").first).to_have_text("办理中")
    expect(me.at("timeline-entry").first).to_contain_text("到期没有收到补充")


def test_what_is_put_off_is_reviewed_each_month_and_goes_on_at_its_date(
    at_desk: Callable[[str], Desk],
    on_phone: Callable[[str], Pages],
    office: Office,
    hours: Hours,
    screens: Path,
) -> None:
    """GRID-11."""
    case_id = office.report(
        "resident3", "村西头的路灯坏了，一到晚上漆黑一片。", category=LAMP, grid="第8网格"
    )
    office.hand_over(case_id, "power")
    until = in_days(75)
    office.act(
        "power", case_id, "ask_suspension", until=until.isoformat(), note="村西头正在修路，路修好才能立杆。"
    )
    office.act("leader", case_id, "approve_suspension", note="路修好就立新灯杆，先拉一盏临时灯。")
    hours.review(case_id)
    desk, me = at_desk("dispatcher"), on_phone("resident3")
    look(desk, case_id, "已挂账", "挂账满月，请复核条件是否具备", screens, "review")
    picture(me, case_id, "已挂账", "条件还不具备，挂账等待", screens, "suspended")
    # Beside it may stand that the town supervises: others reported lamps in that grid, too (HOT-11).
    put_off = me.at("case-side").filter(has_text="恢复办理")
    expect(put_off).to_contain_text(f"{until.month}月{until.day}日")
    expect(me.at("timeline")).not_to_contain_text("复核")  # among colleagues
    hours.suspension_over(case_id)
    look(desk, case_id, "办理中", "挂账到期，恢复办理", screens, "suspension-over")
    picture(me, case_id, "办理中", "挂账到期，恢复办理", screens, "suspension-over")
    expect(put_off).to_have_count(0)


def test_who_brought_the_same_matter_reads_how_it_ended(
    at_desk: Callable[[str], Desk],
    on_phone: Callable[[str], Pages],
    office: Office,
    hours: Hours,
    screens: Path,
) -> None:
    """PET-07."""
    lead = office.report("worker2", "六组的变压器老跳闸，一天停好几回电。", category=POWER, grid="第9网格")
    same = office.report("resident2", "六组总停电，说是变压器跳闸。", category=POWER, grid="第9网格")
    code = office.case(DISPATCHER, lead)["code_display"]
    office.act(DISPATCHER, same, "merge", into_code=code)
    me, desk = on_phone("resident2"), at_desk("dispatcher")
    picture(me, same, "已并案", "与更早的一件并案办理", screens, "merged")
    office.hand_over(lead, "power")
    office.act("power", lead, "handle", note="已更换跳闸开关。")
    reply = "变压器的跳闸开关已经换新，这几天专人盯着，再停电请直接打供电所电话。"
    office.act("checker", lead, "pass_check", outcome="resolved", reply=reply)
    hours.settle()
    picture(me, same, "已并案", "合并办理的事有了结果", screens, "merged-closed")
    expect(me.at("reply")).to_contain_text(reply)
    look(desk, same, "已并案", "合并办理的事有了结果", screens, "merged-closed")


def test_beyond_the_town_and_with_more_time_on_the_phone(
    on_phone: Callable[[str], Pages], office: Office, screens: Path
) -> None:
    """HOT-12, HOT-08."""
    beyond = office.report(
        "resident2", "村东高压线离房顶太近，下雨天滋滋响。", category=POWER, grid="第10网格"
    )
    above = {"body": "滕州市供电公司", "external_number": "TZ-2026-0117", "until": in_days(20).isoformat()}
    office.act(DISPATCHER, beyond, "escalate", **above)
    longer = office.report("resident2", "小广场的路灯三盏都不亮了。", category=LAMP, grid="第11网格")
    office.hand_over(longer, "power")
    due = date.fromisoformat(office.case("power", longer)["due_on"])
    wanted = (due + timedelta(days=2)).isoformat()
    office.act("power", longer, "ask_extension", until=wanted, note="灯具要从外地调。")
    office.act("leader", longer, "approve_extension", note="灯具后天到货，到货就换。")
    me = on_phone("resident2")
    picture(me, beyond, "已转上级", "已转给滕州市供电公司", screens, "escalated")
    expect(me.at("next-step")).to_contain_text("滕州市供电公司")
    picture(me, longer, "办理中", "办理期限延长", screens, "extended")
    expect(me.at("case-side")).to_contain_text("办理期限延长过一次")
