"""Every page: no serious finding of axe-core, no English where Chinese belongs, sizes of the larger-type view."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.desk import Desk
from tests.e2e.office import Office
from tests.e2e.phone import Pages, log_in_as, shoot
from tests.support.browser import serious_faults, targets_smaller_than, text_smaller_than

#: addresses, codes and keys that are written in Latin letters in Chinese, too
FOREIGN = re.compile(r"https?://\S+|[\w./-]*127\.0\.0\.1\S*|[0-9A-Z]{4}(-[0-9A-Z]{4}){2}|Ctrl|Enter|Esc")
ENGLISH = re.compile(r"[A-Za-z]{3,}")
# a filing number, a user name, what a desk runs and what it sends
KNOWN_WORDS = {"ICP", "PDF", "dispatcher", "Linux", "Chrome", "Excel", "SQLite"}
#: a path, a setting, a unit: what an operator types as it stands
TYPED = re.compile(r"[A-Za-z]+(?:[_/.-]+[A-Za-z]+)+")
MAIN_FUNCTIONS = ("随手拍", "查进度", "我的上报", "便民电话", "提交", "查一查", "登录")


@dataclass
class Findings:
    """What is wrong, by page; everything is looked at before anything is said."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, page: str, lines: list[str]) -> None:
        if lines:
            self.found.setdefault(page, []).extend(lines)

    def look(self, name: str, page: Page) -> None:
        """The page as it stands."""
        self.add(
            name, [f"{one.rule} ({one.impact}): {one.help} {one.nodes[0]}" for one in serious_faults(page)]
        )
        words = page.locator("body").inner_text()
        for code in page.locator(".mono").all_inner_texts():  # user names and codes, shown as such
            words = words.replace(code, " ")
        words = TYPED.sub(" ", FOREIGN.sub(" ", words))
        self.add(name, [f"English: {word}" for word in sorted(set(ENGLISH.findall(words)) - KNOWN_WORDS)])

    def look_large(self, name: str, page: Page) -> None:
        """The page in the larger-type view."""
        self.add(f"{name}, 长辈版", [f"small text {one}" for one in text_smaller_than(page, 18)])
        self.add(f"{name}, 长辈版", [f"small target {one}" for one in targets_smaller_than(page, 60)])

    def __str__(self) -> str:
        return "\n".join(f"{page}\n    " + "\n    ".join(lines) for page, lines in self.found.items())


@pytest.fixture
def findings() -> Iterator[Findings]:
    """Gathers while a test walks, and fails it at the end."""
    gathered = Findings()
    yield gathered
    assert not gathered.found, f"\n{gathered}"


@pytest.fixture(scope="module")
def task(town: Place) -> str:
    """A report of resident1 that was given to worker1; its id."""
    office = Office(town)
    made = office.report("resident1", "村东头堆着几车渣土，下雨就往路上淌。", category="0102", grid="第1网格")
    office.dispatch(made)
    office.close()
    return made


PUBLIC = {
    "": "home-report",
    "pages/report/index": "report-text",
    "pages/inbox/index": "need-login",
    "pages/mine/index": "mine-person",
    "pages/progress/index": "progress-code",
    "pages/privacy/index": "footer-feedback",
    "pages/feedback/index": "feedback-text",
    "pages/reports/index": "need-login",
    "pages/case/index?id=1": "need-login",
    "pages/receipt/index?id=1": "receipt-missing",
    "pages/login/index": "login-failed",
    "pages-work/tasks/index": "need-login",
    "pages-work/task/index?id=1": "need-login",
    "pages-petition/home/index": "petition-file",
    "pages-petition/file/index": "petition-claim",
    "pages-petition/anonymous/index": "petition-claim",
    "pages-petition/progress/index": "petition-look",
    "pages-petition/mine/index": "need-login",
    "pages-petition/detail/index?id=1": "need-login",
    "pages-petition/cosign/index?token=x": "need-login",
    "pages-town/articles/index": "articles-subscribe",
    "pages-town/phones/index": "phone-call",
    "pages-mutual/neighbours/index": "post-add",
    "pages-mutual/help-form/index": "help-send",
}


def settled(page: Page) -> None:
    """Nothing is being loaded or moved any more."""
    expect(page.locator(".wd-skeleton:visible, .el-skeleton:visible")).to_have_count(0)
    expect(page.get_by_text("正在画出本镇的边界").filter(visible=True)).to_have_count(0)


def walk(pages: Pages, addresses: dict[str, str], findings: Findings, who: str, screens: Path) -> None:
    """Each page, and the same in the larger-type view; a picture of both."""
    for address, handle in addresses.items():
        pages.page.evaluate("localStorage.setItem('display.elder', 'off')")
        pages.open(address)
        expect(pages.at(handle).first).to_be_visible()
        settled(pages.page)
        name = f"{who}-{address.split('?')[0].removesuffix('/index').replace('/', '-') or 'home'}"
        shoot(pages.page, screens / f"{name}.png")
        findings.look(f"{who} {address}", pages.page)
        pages.page.evaluate("localStorage.setItem('display.elder', 'on')")
        pages.page.reload()
        expect(pages.at(handle).first).to_be_visible()
        settled(pages.page)
        shoot(pages.page, screens / f"{name}-large.png")
        findings.look_large(f"{who} {address}", pages.page)


def test_faults_are_seen(phone: Page, town: Place) -> None:
    """The looks themselves: what is planted is found."""
    pages = Pages(phone, town.url, framed=False)
    pages.open("pages/privacy/index")
    expect(pages.at("footer-feedback")).to_be_visible()
    phone.evaluate(
        """() => document.querySelector('[role=main]').insertAdjacentHTML('beforeend',
          '<button style="font-size:9px;width:20px;height:20px;padding:0"></button><p style="font-size:9px;color:#ccc">Oops</p>')"""
    )
    planted = Findings()
    planted.look("planted", phone)
    planted.look_large("planted", phone)
    said = str(planted)
    for fault in ("button-name", "color-contrast", "English: Oops", "small text 9px", "small target 20×20"):
        assert fault in said


def test_the_pages_that_need_no_login(phone: Page, town: Place, findings: Findings, screens: Path) -> None:
    pages = Pages(phone, town.url, framed=False)
    pages.open("")
    walk(pages, PUBLIC, findings, "public", screens)


def test_the_pages_of_a_resident(
    seats: Callable[..., Seat], town: Place, task: str, findings: Findings, screens: Path
) -> None:
    pages = log_in_as(seats().page, town.url, "resident1")
    settled(pages.page)
    addresses = {
        "pages/mine/index": "mine-notify",
        "pages/reports/index": "report-item",
        f"pages/case/index?id={task}": "timeline",
        "pages/inbox/index": "inbox-item",
        "pages-work/tasks/index": "tasks-unbound",
    }
    walk(pages, addresses, findings, "resident", screens)


@pytest.fixture(scope="module")
def petition(town: Place) -> str:
    """A petition of resident3 with an agent, to which others are invited; its id."""
    agent = {"name": "示例丁", "phone": "", "relation": "女儿"}
    return Office(town).petition("resident3", "请恢复排水沟", agents=[agent], joint=True)


def test_the_pages_of_a_petitioner(
    seats: Callable[..., Seat], town: Place, petition: str, findings: Findings, screens: Path
) -> None:
    pages = log_in_as(seats().page, town.url, "resident3")
    settled(pages.page)
    addresses = {
        "pages-petition/mine/index": "petition-item",
        f"pages-petition/detail/index?id={petition}": "petition-dates",
    }
    walk(pages, addresses, findings, "petitioner", screens)
    for step, handle in ((1, "agent-name"), (2, "petition-summary")):
        pages.page.evaluate(
            """step => localStorage.setItem('draft.petition', JSON.stringify({ type: 'object', data: {
              topic: 'land', claim: '请恢复排水沟', facts: '三月', name: '示例丙', step,
              agents: [{ name: '示例丁', phone: '', relation: '女儿' }] } }))""",
            step,
        )
        walk(pages, {"pages-petition/file/index": handle}, findings, f"petitioner-{step}", screens)


def test_the_pages_of_a_worker(
    seats: Callable[..., Seat], town: Place, task: str, findings: Findings, screens: Path
) -> None:
    pages = log_in_as(seats().page, town.url, "worker1")
    settled(pages.page)
    addresses = {
        "": "home-tasks",
        "pages-work/tasks/index": "task-item",
        f"pages-work/task/index?id={task}": "task-text",
    }
    walk(pages, addresses, findings, "worker", screens)


def test_main_functions_are_large_in_the_larger_type_view(phone: Page, town: Place) -> None:
    pages = Pages(phone, town.url, framed=False)
    pages.open("")
    pages.tap("elder-toggle")
    sizes = "element => parseFloat(getComputedStyle(element).fontSize)"
    for words in MAIN_FUNCTIONS[:4]:
        main = pages.page.locator(".main-word:visible, .tile-name:visible", has_text=words).first
        assert main.evaluate(sizes) >= 30, words
    for address, handle in (
        ("pages/report/index", "report-submit"),
        ("pages/progress/index", "progress-look"),
    ):
        pages.open(address)
        expect(pages.at(handle)).to_be_visible()
        assert pages.at(handle).evaluate(sizes) >= 30, handle


def test_the_pages_of_the_console(
    seats: Callable[..., Seat], town: Place, findings: Findings, screens: Path
) -> None:
    seat = seats(phone=False)
    seat.page.goto(f"{town.url}/console/")
    expect(Desk(seat.page, town.url).at("login-form")).to_be_visible()
    shoot(seat.page, screens / "console-login.png")
    findings.look("console login", seat.page)
    desk = Desk(seat.page, town.url).log_in("dispatcher", town.passwords["dispatcher"])
    desk.at("chip-submitted").click()
    desk.at("queue-row").first.click()
    desk.begin("accept_and_dispatch")
    expect(desk.at("assignee-choice").first).to_be_visible()
    settled_desk(desk)
    findings.look("console queue with an open form", seat.page)
    desk.at("case-open-full").click()
    expect(desk.at("case-map")).to_be_visible()
    settled_desk(desk)
    findings.look("console case", seat.page)
    for name, handle in (
        ("board", "figure-open"),
        ("messages", "messages-failed"),
        ("feedback", "list-empty"),
        ("reviews", "reviews-needs_person"),
    ):
        desk.go(name)
        expect(desk.at(handle).or_(desk.at("feedback-list")).first).to_be_visible()
        settled_desk(desk)
        shoot(seat.page, screens / f"console-{name}.png")
        findings.look(f"console {name}", seat.page)
    desk.go("account")
    expect(desk.at("password-form")).to_be_visible()
    shoot(seat.page, screens / "console-account.png")
    findings.look("console account", seat.page)
    for address in ("people", "nowhere"):
        seat.page.goto(f"{town.url}/console/{address}")
        expect(desk.at("notice")).to_be_visible()
        findings.look(f"console {address}", seat.page)
    admin = Desk(seats(phone=False).page, town.url).log_in("admin", town.passwords["admin"])
    for name, handle in (
        ("people", "person-row"),
        ("organisation", "units-table"),
        ("roles", "role-card"),
        ("places", "places-table"),
        ("sessions", "session-row"),
        ("duty", "duty-table"),
        ("dictionaries", "category-row"),
        ("rules", "rule-row"),
        ("holidays", "holiday-year"),
        ("announcements", "list-empty"),
        ("sheets", "no-jobs"),
        ("log", "log-row"),
        ("operations", "periodic-row"),
    ):
        admin.go(name)
        expect(admin.at(handle).first).to_be_visible()
        settled_desk(admin)
        shoot(admin.page, screens / f"console-{name}.png")
        findings.look(f"console {name}", admin.page)
    for name, opens in (("people", "add-person"), ("organisation", "add-unit"), ("roles", "add-role")):
        admin.go(name)
        admin.at(opens).click()
        expect(admin.at("admin-form")).to_be_visible()
        expect(admin.page.locator(".dialog-fade-enter-active")).to_have_count(0)  # half shown is half as dark
        findings.look(f"console {opens}", admin.page)
        admin.at("admin-form-cancel").click()


def settled_desk(desk: Desk) -> None:
    """What the page asked for has come."""
    expect(desk.page.locator(".el-skeleton:visible")).to_have_count(0)


def test_the_pages_of_the_stand_in(
    seats: Callable[..., Seat], town: Place, findings: Findings, screens: Path
) -> None:
    seat = seats(phone=False)
    page = seat.page
    for address, words in {
        "/": "工作台演示账号",
        "/sandbox/": "大家的手机",
        "/sandbox/phone/newcomer": "还能收几条小程序消息",
        "/sandbox/faults": "制造故障",
        "/sandbox/log": "消息记录",
        "/sandbox/phone/nobody": "没有这部手机",
    }.items():
        page.goto(town.url + address)
        expect(page.get_by_text(words).first).to_be_visible()
        shoot(page, screens / f"stand-in{address.replace('/', '-')}.png")
        findings.add(
            address, [f"{one.rule} ({one.impact}): {one.help} {one.nodes[0]}" for one in serious_faults(page)]
        )
    seat.watch.errors = [said for said in seat.watch.errors if "/sandbox/phone/nobody" not in said]
