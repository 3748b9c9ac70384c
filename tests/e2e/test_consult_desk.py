"""有事好商量 from every side: proposed on a phone, screened, talked over, concluded group by group, published,
carried out and rated (CON-01 … CON-09)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from backend.kernel.clock import today
from tests.e2e.conftest import Place, Seat
from tests.e2e.desk import Desk
from tests.e2e.hours import Hours
from tests.e2e.moderator import looked_over
from tests.e2e.phone import Pages, keep, log_in_as

Seats = Callable[..., Seat]


def sit(seats: Seats, town: Place, username: str) -> Desk:
    """That member of staff at a desk of their own."""
    return Desk(seats(phone=False).page, town.url).log_in(username, town.passwords[username])


def propose(me: Pages, title: str) -> None:
    """A resident brings a matter."""
    me.open("pages-consult/propose/index")
    me.write("proposal-title", title)
    me.write("proposal-body", "村口太黑，装几盏灯、装在哪里，想请大家商量。")
    me.tap("proposal-send")
    expect(me.at("proposal-done")).to_contain_text("审定")


def opened(desk: Desk, title: str, state: str) -> str:
    """The topic lies open at the desk, in that state; its id."""
    desk.go("consultations")
    row = desk.at("topic-row").filter(has_text=title)
    if not row.is_visible():
        desk.at("consultations-all").click()
    row.get_by_role("link").first.click()
    expect(desk.at("topic")).to_contain_text(state)
    return desk.page.url.rpartition("/")[2]


def step(desk: Desk, action: str, fields: dict[str, str], *choices: str, state: str) -> None:
    """A step whose form is the table's; the state afterwards."""
    desk.begin(action)
    for label in choices:
        desk.choose(label)
    for name, words in fields.items():
        desk.fill(name, words)
    desk.at("action-form").locator('[data-testid="action-submit"]').click()
    expect(desk.at("action-form")).to_have_count(0)
    expect(desk.at("topic")).to_contain_text(state)


def say(seats: Seats, town: Place, topic: str, words: str) -> Pages:
    """A resident is for it, and says why; their phone, at the topic."""
    me = log_in_as(seats().page, town.url, "resident1")
    me.open(f"pages-consult/topic/index?id={topic}")
    me.tap("topic-say")
    me.write("words-text", words)
    me.tap("stance-for")
    with looked_over(me.page, town, "/comments"):
        me.tap("words-send")
        expect(me.at("my-word").filter(has_text=words)).to_be_visible()
    return me


def group(desk: Desk, words: str) -> None:
    """What was said is answered group by group, adopted or not, with the reason (CON-09)."""
    desk.at("topic-step-group").click()
    desk.at("group-add").click()
    desk.at("group-title-0").fill("桥头先装")
    desk.at("group-0-adopted").click()
    desk.at("group-reason-0").fill("桥头最暗，先装一盏。")
    desk.at("ungrouped").filter(has_text=words).locator("select").select_option(index=1)
    expect(desk.at("ungrouped")).to_have_count(0)
    desk.at("groups-save").click()
    expect(desk.at("groups-editor")).to_have_count(0)


def test_a_topic_goes_all_the_way(seats: Seats, town: Place, screens: Path) -> None:
    title = f"村口装几盏灯 {secrets.token_hex(3)}"
    propose(log_in_as(seats().page, town.url, "resident2"), title)
    leader, office = sit(seats, town, "leader"), sit(seats, town, "dispatcher")
    topic = opened(leader, title, "待审定")
    step(leader, "accept", {"note": "关系大家出行"}, "一般事项", "协商定", state="待公开")
    keep(leader.page, screens, "consult-desk-accepted")
    opened(office, title, "待公开")
    asked = {"asked": "装几盏，装在哪里", "who_may": "全镇居民", "use_of_result": "供决定时参考"}
    step(office, "open", asked, state="征求意见中")
    words = f"桥头先装一盏 {secrets.token_hex(3)}"
    me = say(seats, town, topic, words)
    Hours(town.folder).run_out(topic, "collect")
    office.page.reload()
    expect(office.at("topic")).to_contain_text("正在形成结论")
    group(office, words)
    keep(office.page, screens, "consult-desk-groups")
    step(office, "draft_conclusion", {"conclusion": "桥头先装一盏，其余三盏年内装完。"}, state="正在形成结论")
    opened(leader, title, "正在形成结论")
    step(leader, "conclude", {}, state="已形成结论")
    office.page.reload()
    step(office, "publish", {}, state="公示中")
    keep(office.page, screens, "consult-desk-published")
    me.reload_until(me.text("桥头最暗，先装一盏。"))
    keep(me.page, screens, "consult-published")
    Hours(town.folder).publication_over(topic)
    office.page.reload()
    hand_over(office)
    step(office, "finish", {"note": "四盏都亮了。"}, state="请评价")
    keep(office.page, screens, "consult-desk-carried-out")
    me.reload_until(me.at("rating"))
    rate(me, screens)


def hand_over(desk: Desk) -> None:
    """Who carries it out, and by when (CON-02)."""
    desk.begin("hand_over")
    desk.give_to("供电所")
    desk.pick_day("until", today() + timedelta(days=30))
    desk.at("action-form").locator('[data-testid="action-submit"]').click()
    expect(desk.at("action-form")).to_have_count(0)
    expect(desk.at("topic")).to_contain_text("落实中")


def rate(me: Pages, screens: Path) -> None:
    """How it became, in the eyes of one who took part."""
    me.at("rating").locator('[data-testid="score-4"]').click()
    me.tap("rating-send")
    expect(me.at("my-rating")).to_be_visible()
    keep(me.page, screens, "consult-rated")
