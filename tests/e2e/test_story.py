"""The whole job as people do it: report, receipt, dispatch, task, check, rating, dispute. A picture of every step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e import steps
from tests.e2e.conftest import Place, Seat
from tests.e2e.desk import LIVE_MS, Desk
from tests.e2e.phone import PUSH_MS, Pages, Phone, code_in, keep
from tests.e2e.pictures import scene

GRID, WORKER = "第3网格", "周志强（演示）"
TEXT = "村口空地堆了一大堆建筑垃圾和砖块，挡着半条路，晚上骑车差点撞上。"
CATEGORY = "积存渣土"  # goes to the grid when a dispatcher says so, and asks for a photo afterwards
REPLY = "建筑垃圾已清走两车，路面冲洗干净，空地立了禁止倾倒的牌子。谢谢您！"
INTERNAL = "内部：清运队已联系，费用走环卫专项。"
DISPUTE = "墙角还有一堆砖块没有清。"


@dataclass
class Story:
    """Who takes part, and what they share."""

    town: Place
    screens: Path
    resident: Phone
    worker: Phone
    dispatcher: Desk
    code: str = ""
    number: int = field(default=0)

    def keep(self, who: Pages | Desk, name: str) -> None:
        """The next picture of the story."""
        self.number += 1
        keep(who.page, self.screens, f"{self.number:02d}-{name}")

    def staff(self, seat: Seat, username: str) -> Desk:
        """Somebody at a desk, logged in."""
        return Desk(seat.page, self.town.url).log_in(username, self.town.passwords[username])


@pytest.fixture
def story(seats: Callable[..., Seat], town: Place, screens: Path) -> Story:
    """A dispatcher whose queue is open, and the phones of a resident and of a worker."""
    for old in screens.glob("[0-9][0-9]-*.png"):
        old.unlink()
    dispatcher = Desk(seats(phone=False).page, town.url).log_in("dispatcher", town.passwords["dispatcher"])
    expect(dispatcher.at("queue-row").first).to_be_visible()
    resident = Phone(seats().page, town.url, "resident1")
    worker = Phone(seats().page, town.url, "worker3")
    return Story(town, screens, resident, worker, dispatcher)


def test_a_report_goes_all_the_way_round(story: Story, seats: Callable[..., Seat]) -> None:
    bind_the_worker(story, story.staff(seats(phone=False), "admin"))
    write_without_login(story)
    send(story)
    anyone_looks_it_up(story, Pages(seats().page, story.town.url, framed=False))
    dispatch(story)
    work(story)
    check(story, story.staff(seats(phone=False), "checker"))
    rate_and_dispute(story)
    decide(story, story.staff(seats(phone=False), "leader"))
    one_timeline(story)


def bind_the_worker(story: Story, admin: Desk) -> None:
    """The administrator makes a one-time code; the grid worker types it into their phone."""
    admin.go("people")
    admin.at("people-search").fill(WORKER)
    admin.at("person-row").filter(has_text=WORKER).locator('[data-testid="person-more"]').click()
    admin.page.locator('[data-testid="person-code"]:visible').click()
    code = admin.at("binding-code-value").inner_text().strip()
    story.keep(admin, "binding-code")
    worker = story.worker
    worker.open_mini()
    story.keep(worker, "home")
    worker.tap("tab-mine")
    worker.tap("mine-login")
    worker.consent_and_log_in()
    worker.tap("mine-bind")
    worker.write("bind-code", code)
    worker.tap("bind-send")
    expect(worker.at("mine-tasks")).to_be_visible()
    story.keep(worker, "worker-bound")
    worker.to_chats()


def write_without_login(story: Story) -> None:
    """Step 1: photos, a sentence, a pin that is moved, a category that the words suggest."""
    phone = story.resident
    story.keep(phone, "resident-phone")
    phone.open_report()
    story.keep(phone, "report-empty")
    where = steps.in_grid(phone.page, GRID)
    phone.add_photos(scene("rubbish", 0, place=where), scene("rubbish", 1))
    expect(phone.at("photo-waiting")).to_have_count(2)
    phone.write("report-text", TEXT)
    expect(phone.at("photo-place-use")).to_be_visible()
    phone.tap("photo-place-use")
    expect(phone.at("place-label")).to_contain_text(GRID)
    before = phone.root.locator(".town-pin:visible").get_attribute("style")
    phone.drag_pin(-10, 14)
    expect(phone.root.locator(".town-pin:visible")).not_to_have_attribute("style", before or "")
    expect(phone.at("place-label")).to_contain_text(GRID)
    story.keep(phone, "report-pin")
    expect(phone.root.get_by_role("radio", name=CATEGORY, exact=True)).to_have_attribute(
        "aria-checked", "true"
    )
    phone.at("category-card").scroll_into_view_if_needed()
    phone.tap("contact-open")
    phone.write("contact-name", "王女士")
    phone.write("contact-phone", "15400000001")
    phone.at("contact-phone").scroll_into_view_if_needed()
    story.keep(phone, "report-category")


def send(story: Story) -> None:
    """Steps 1 and 2: consent and login only now; back again the report goes off by itself; a receipt."""
    phone = story.resident
    phone.tap("report-submit")
    expect(phone.at("consent-agree")).to_be_visible()
    story.keep(phone, "login-consent")
    phone.tap("consent-check")
    phone.tap("consent-agree")
    agree = phone.root.get_by_role("button", name="同意", exact=True)
    expect(agree).to_be_visible()
    story.keep(phone, "wechat-login")
    agree.click()
    expect(phone.at("receipt-done")).to_be_visible(timeout=30_000)
    expect(phone.at("receipt-qr")).to_be_visible()
    expect(phone.at("receipt-due")).to_contain_text("前答复您")
    story.code = code_in(phone.at("receipt-code").inner_text())
    story.keep(phone, "receipt")
    phone.tap("receipt-open")
    expect(phone.at("timeline-entry")).to_have_count(1)
    expect(phone.at("report-text")).to_have_text(TEXT)
    expect(phone.at("photo-view")).to_have_count(2)
    expect(phone.at("next-step")).to_contain_text("镇里正在看您的上报")
    story.keep(phone, "way-submitted")
    phone.to_chats()


def anyone_looks_it_up(story: Story, stranger: Pages) -> None:
    """Step 2: with the code alone, state and dates, and nothing else."""
    stranger.open("pages/progress/index")
    stranger.write("progress-code", story.code)
    stranger.tap("progress-look")
    result = stranger.at("progress-result")
    expect(result).to_contain_text("待受理")
    expect(result).to_contain_text("承诺答复")
    story.keep(stranger, "look-up")
    seen = stranger.page.locator("body").inner_text()
    for hidden in (TEXT[:8], CATEGORY, "第3网格", "示例三村", "王"):
        assert hidden not in seen
    expect(stranger.root.locator('[data-testid="photo-view"]')).to_have_count(0)


def dispatch(story: Story) -> None:
    """Step 3: the case is in the open queue without a reload; the rule names the handler and says why."""
    desk = story.dispatcher
    desk.page.evaluate("window.neverReloaded = true")
    expect(desk.row(story.code)).to_be_visible(timeout=LIVE_MS)
    assert desk.page.evaluate("window.neverReloaded")
    story.keep(desk, "queue-live")
    desk.row(story.code).click()
    desk.state_is("待受理")
    expect(desk.at("case-text")).to_have_text(TEXT)
    expect(desk.at("case-photos").locator("img")).to_have_count(2)
    expect(desk.at("case-map")).to_be_visible()
    expect(desk.at("proposal")).to_contain_text(GRID)
    expect(desk.at("proposal")).to_contain_text("其余交所在网格")
    expect(desk.at("contact-reveal")).to_have_count(0)
    story.keep(desk, "case-new")
    desk.begin("accept_and_dispatch")
    expect(desk.at("assignee-proposed")).to_be_checked()
    story.keep(desk, "dispatch-form")
    desk.submit()
    desk.state_is("待接单")
    desk.begin("note")
    desk.field("note").fill(INTERNAL)
    desk.submit()
    expect(desk.at("internal-mark")).to_be_visible()
    story.keep(desk, "dispatched")


def work(story: Story) -> None:
    """Step 4: the pushed message opens the task; accepted, done, with a note and a photo of afterwards."""
    phone = story.worker
    phone.open_chat()
    card = phone.wait_for_message("新任务提醒", TEXT[:12], GRID)
    story.keep(phone, "worker-message")
    card.click()
    expect(phone.at("task-text")).to_have_text(TEXT)
    expect(phone.at("photo-view")).to_have_count(2)
    expect(phone.at("task-place")).to_contain_text(GRID)
    story.keep(phone, "task")
    phone.at("timeline").scroll_into_view_if_needed()
    story.keep(phone, "task-way")
    phone.tap("action-start")
    expect(phone.at("action-handle")).to_be_visible()
    phone.tap("action-handle")
    phone.write("field-note", "叫了铲车，清走两车，路面冲洗过了。")
    phone.tap("action-send")
    expect(phone.root.get_by_text("核查时要能看到现场已经清理干净").last).to_be_visible()
    phone.add_photos(scene("rubbish", 0, after=True))
    story.keep(phone, "task-handle")
    phone.tap("action-send")
    expect(phone.at("timeline-entry").first).to_contain_text("已处理，等待核查", timeout=30_000)
    expect(phone.at("action-handle")).to_have_count(0)
    story.keep(phone, "task-handled")
    phone.to_chats()


def check(story: Story, checker: Desk) -> None:
    """Step 5: a different person looks at it, compares and answers."""
    checker.find(story.code)
    checker.state_is("待核查")
    expect(checker.at("internal-mark")).to_be_visible()
    checker.begin("pass_check")
    checker.choose("已解决")
    checker.field("reply").fill(REPLY)
    story.keep(checker, "check")
    checker.submit()
    checker.state_is("已办结")


def rate_and_dispute(story: Story) -> None:
    """Step 5: a message at each step, the reply, the rating, and a dispute all the same."""
    phone = story.resident
    phone.open_chat()
    phone.wait_for_message("诉求办理进度通知", "待接单", TEXT[:12])
    phone.wait_for_message("诉求办理进度通知", "办理中", TEXT[:12])
    closed = phone.wait_for_message("诉求办结通知", "已解决", TEXT[:12])
    story.keep(phone, "resident-messages")
    closed.click()
    expect(phone.at("reply")).to_contain_text(REPLY)
    seen = phone.root.locator("body").inner_text()
    assert INTERNAL not in seen
    assert "内部备注" not in seen
    story.keep(phone, "reply")
    phone.tap("rate-open")
    phone.tap("option-basically")
    phone.write("field-note", "来得挺快。")
    story.keep(phone, "rate")
    phone.tap("action-send")
    expect(phone.at("my-rating")).to_contain_text("基本满意")
    phone.tap("action-dispute")
    phone.write("field-note", DISPUTE)
    phone.tap("action-send")
    expect(phone.at("timeline-entry").first).to_contain_text("您要求重办")
    expect(phone.root.locator(".wd-overlay:visible")).to_have_count(0)
    phone.at("timeline-entry").first.scroll_into_view_if_needed()
    story.keep(phone, "disputed")


def decide(story: Story, leader: Desk) -> None:
    """Step 5: a person decides about the re-opening."""
    leader.find(story.code)
    leader.state_is("申请重办")
    expect(leader.at("case-rating")).to_contain_text("基本满意")
    leader.begin("approve_reopen")
    story.keep(leader, "reopen")
    leader.submit()
    leader.state_is("待接单")


def one_timeline(story: Story) -> None:
    """Step 6: one timeline with who, when and what; the resident's leaves the internal note out."""
    desk, phone = story.dispatcher, story.resident
    desk.state_is("待接单")
    expect(desk.at("timeline")).to_contain_text("同意重办")
    told = desk.at("timeline").inner_text()
    for line in ("已收到", "受理", "接单", "已处理", "核查通过", "评价", "要求重办", "同意重办"):
        assert line in told
    assert INTERNAL in told
    desk.at("case-open-full").click()
    expect(desk.at("timeline")).to_contain_text(INTERNAL)
    story.keep(desk, "case-whole")
    phone.to_chats()
    phone.open_chat()
    reopened = phone.page.locator(".thread .msg", has_text="待接单").filter(has_text=TEXT[:12])
    expect(reopened).to_have_count(2, timeout=PUSH_MS)
    reopened.last.click()
    expect(phone.at("timeline-entry").first).to_contain_text("同意重办")
    expect(phone.at("timeline-entry")).to_have_count(8)
    assert INTERNAL not in phone.root.locator("body").inner_text()
    phone.at("timeline").scroll_into_view_if_needed()
    story.keep(phone, "way-whole")
