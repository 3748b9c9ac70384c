"""三务公开 at the desk: a month of one village, each step by another person; what is asked, corrected, written (OPEN-04 … OPEN-08)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import requests
from playwright.sync_api import expect

from backend.kernel.clock import today
from tests.e2e.conftest import Place, Seat
from tests.e2e.desk import Desk
from tests.e2e.moderator import looked_over
from tests.e2e.phone import keep, log_in_as

Seats = Callable[..., Seat]
DRAFTER, REVIEWER, SECRETARY, HEAD, TOWN = "clerk01", "supervisor01", "secretary01", "village01", "dispatcher"
VILLAGE = "示例一村"
SHEET = "收支明细"
PHONE = "13800138000"
#: the worker reads an Excel
IMPORT_MS = 30_000


@dataclass
class Office:
    """The desks of the people of one village, each logged in once."""

    seats: Seats
    town: Place

    def __post_init__(self) -> None:
        self.known: dict[str, Desk] = {}

    def __getitem__(self, username: str) -> Desk:
        if username not in self.known:
            desk = Desk(self.seats(phone=False).page, self.town.url)
            self.known[username] = desk.log_in(username, self.town.passwords[username])
        return self.known[username]


@pytest.fixture
def office(seats: Seats, town: Place) -> Office:
    """Who works in 示例一村, and the town's office."""
    return Office(seats, town)


def seat_a_committee(town: Desk, screens: Path) -> None:
    """Three people sit on it, one of them with an account (OPEN-09)."""
    town.go("notices")
    town.page.get_by_role("link", name="监督委员会").click()
    row = town.at("committee-row").filter(has_text=VILLAGE).first
    expect(row.get_by_test_id("member-add")).to_be_visible()
    missing = (
        ("", "示例成员甲", "示例成员乙") if "不够" in row.inner_text() else ()
    )  # the demonstration seats its own
    for name in missing:
        row.get_by_test_id("member-add").click()
        choice = {"label": "没有账号的人（写姓名）"} if name else {"index": 1}
        town.at("data-field-staff_id").select_option(**choice)
        town.at("data-field-name").fill(name)
        town.at("data-field-no_kin").check()
        town.at("data-send").click()
        expect(town.at("data-form-member")).to_have_count(0)
    expect(row).to_contain_text("3 人")
    keep(town.page, screens, "open-desk-committee")


def filled(template: bytes, *, wrong: bool) -> bytes:
    """The village's Excel with two entries; `wrong`: a text in the cell of an amount."""
    book = openpyxl.load_workbook(BytesIO(template))
    sheet = book.worksheets[0]
    day = f"{today():%Y-%m}-01"
    entries = (
        [day, "记-1", "收村东机动地承包费", "发包及上交收入", "很多" if wrong else 1200.5, None],
        [day, "记-2", "购买办公用品", "办公、差旅、会议、卫生、治安等管理费支出", None, 300],
    )
    for row, entry in enumerate(entries, start=12):
        for column, value in enumerate(entry, start=2):
            sheet.cell(row, column).value = value
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def bring_in_the_sheet(drafter: Desk, screens: Path) -> None:
    """The village's Excel: refused with its cell, nothing kept; then taken whole (OPEN-04)."""
    drafter.go("finance")
    drafter.at("finance-import").click()
    drafter.at("begin-month").select_option(f"{today():%Y-%m}")
    with drafter.page.expect_download() as sent:
        drafter.at("finance-template").click()
    template = Path(sent.value.path()).read_bytes()

    def choose(data: bytes) -> None:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        drafter.page.get_by_test_id("finance-file").set_input_files(
            {"name": "十一月.xlsx", "mimeType": kind, "buffer": data}
        )

    choose(filled(template, wrong=True))
    expect(drafter.at("import-errors")).to_contain_text("F12", timeout=IMPORT_MS)
    keep(drafter.page, screens, "open-desk-import-refused")
    choose(filled(template, wrong=False))
    expect(drafter.at("import-done")).to_be_visible(timeout=IMPORT_MS)
    drafter.at("import-done").get_by_role("link").click()
    expect(drafter.at("sum-income")).to_have_text("1,200.50")
    expect(drafter.at("sum-expense")).to_have_text("300.00")
    keep(drafter.page, screens, "open-desk-sheet")


def draft(drafter: Desk, category: str, title: str, body: str, *, period: str = "") -> None:
    """A notice, written down and sent to be reviewed; a number in it is refused with its place."""
    drafter.go("notices")
    drafter.at("notice-add").click()
    drafter.at("notice-category").select_option(label=category)
    if period:
        drafter.at("notice-period").select_option(period)
    if category == SHEET:
        expect(drafter.at("notice-sheet")).not_to_have_value("")  # the sheet of that month, found
    drafter.at("notice-title").fill(title)
    drafter.at("notice-body").fill(f"{body}有事打 {PHONE}。")
    drafter.at("notice-save").click()
    expect(drafter.at("notice-marks")).to_contain_text(PHONE)
    drafter.at("notice-body").fill(body)
    drafter.at("notice-save").click()
    expect(drafter.at("notice-page")).to_contain_text(title)
    drafter.do("submit")
    expect(drafter.at("notice-page")).to_contain_text("待审查")
    expect(drafter.at("action-agree")).to_have_count(0)  # nobody signs twice


def sign(desk: Desk, title: str, action: str, words: str, state: str) -> None:
    """The next step of the chain, by whoever sits at that desk."""
    desk.go("notices")
    desk.at("notices-todo").click()
    desk.at("notice-row").filter(has_text=title).get_by_role("link").first.click()
    desk.begin(action)
    if words:
        desk.fill("note", words)
    desk.submit()
    expect(desk.at("notice-page")).to_contain_text(state)


def sign_through(office: Office, title: str) -> None:
    """Review, confirmation, publication: three more people (OPEN-07)."""
    sign(office[REVIEWER], title, "agree", "逐项看过，和票据一致。", "待联席会议确定")
    sign(office[SECRETARY], title, "confirm", "联席会议同意公开。", "待发布")
    sign(office[HEAD], title, "publish", "", "公示中")


def ask(office: Office, number: str, words: str) -> None:
    """A villager, known to the village once, asks about a line of the sheet; a moderator reads it first (OPEN-08)."""
    me, head = log_in_as(office.seats().page, office.town.url, "newcomer"), office[HEAD]
    name = "示例" + "".join(secrets.choice("春夏秋冬东南西北") for _ in range(2))
    me.open("pages-consult/villager/index")
    me.tap("villager-village")
    me.root.get_by_role("radio", name=VILLAGE, exact=True).click()
    me.write("villager-name", name)
    me.tap("villager-ask")
    expect(me.at("villager-card")).to_contain_text("等村里核实")
    head.go("villagers")
    head.at("villager-row").filter(has_text=name).get_by_test_id("villager-confirm").click()
    expect(head.at("villager-row").filter(has_text=name)).to_have_count(0)
    me.open(f"pages-open/notice/index?id={number}")
    me.tap("notice-ask")
    me.write("words-text", words)
    with looked_over(me.page, office.town, "/objections"):
        me.tap("words-send")


def test_a_month_of_one_village(office: Office, town: Place, screens: Path) -> None:
    mark = secrets.token_hex(3)
    books, dues, repairs = f"十一月收支 {mark}", f"党费收缴 {mark}", f"修渠一事一议 {mark}"
    seat_a_committee(office[TOWN], screens)
    bring_in_the_sheet(office[DRAFTER], screens)
    draft(office[DRAFTER], SHEET, books, "本月收支逐笔公开。", period=f"{today():%Y-%m}")
    draft(
        office[DRAFTER],
        "党费收缴",
        dues,
        "本季党费已经收齐。",
        period=f"{today().year}-Q{(today().month + 2) // 3}",
    )
    draft(office[DRAFTER], "一事一议", repairs, "村民代表会议同意修渠。")
    for title in (dues, repairs, books):
        sign_through(office, title)
    head = office[HEAD]
    keep(head.page, screens, "open-desk-published")
    expect(head.at("signature")).to_have_count(4)
    number = head.page.url.rpartition("/")[2]
    public = f"{town.url}/api/v1/public/notices/{number}"
    shown = requests.get(public, timeout=10).json()
    assert [one["step"] for one in shown["chain"]] == ["submit", "agree", "confirm", "publish"]
    assert len({one["name"] for one in shown["chain"]}) == 4

    words = f"办公用品买了什么 {mark}"
    ask(office, number, words)
    head.go("objections")
    asked = head.at("objection-row").filter(has_text=words)
    asked.get_by_test_id("action-answer").click()
    head.fill("reply", "买了打印纸和账本，票据在村委会可以看。")
    head.submit()
    head.at("objections-all").click()
    expect(head.at("objection-row").filter(has_text=words)).to_contain_text("打印纸")
    keep(head.page, screens, "open-desk-answered")
    told = requests.get(f"{public}/objections", timeout=10).json()
    assert told["unanswered"] == 0

    correct(office, number, screens)
    versions = requests.get(public, timeout=10).json()["versions"]
    assert [one["number"] for one in versions] == [1, 2]
    assert len({one["hash"] for one in versions}) == 2
    assert versions[0]["body"] == "本月收支逐笔公开。"  # the old one stays readable (OPEN-05)


def correct(office: Office, number: str, screens: Path) -> None:
    """A dated supplement through the same four people."""
    drafter = office[DRAFTER]
    drafter.page.goto(f"{drafter.base}/console/notices/{number}")
    drafter.at("notice-supplement").click()
    drafter.at("data-field-reason").fill("漏写了票据张数")
    drafter.at("data-field-body").fill("第 1 笔票据 1 张，第 2 笔票据 2 张。")
    drafter.at("data-send").click()
    expect(drafter.at("notice-page")).to_contain_text("看补正的是哪一项")
    title = drafter.page.locator("h1").inner_text()
    drafter.do("submit")
    sign_through(office, title)
    keep(office[HEAD].page, screens, "open-desk-corrected")


def test_an_article_is_written_scheduled_and_published(office: Office, town: Place, screens: Path) -> None:
    desk, title = office[TOWN], f"冬春水利明白纸 {secrets.token_hex(3)}"
    desk.go("bulletin")
    desk.at("article-add").click()
    desk.at("data-field-series_id").select_option(index=1)
    desk.at("data-field-title").fill(title)
    desk.at("data-send").click()
    desk.at("article-summary").fill("哪些沟渠要清，钱从哪里来。")
    desk.at("rich-text").click()
    desk.page.keyboard.type("各村的沟渠已经量好。")
    desk.page.keyboard.press("Enter")
    desk.at("rich-heading").click()
    desk.page.keyboard.type("<script>alert(1)</script>")
    desk.at("article-save").click()
    expect(desk.page.get_by_text("已保存")).to_be_visible()
    keep(desk.page, screens, "open-desk-article")
    desk.at("article-schedule").click()
    desk.at("data-field-publish_at").fill(f"{today().year + 1}-01-05T09:30")
    desk.at("data-send").click()
    expect(desk.at("article")).to_contain_text("定时发布")
    number = desk.page.url.rpartition("/")[2]
    assert requests.get(f"{town.url}/api/v1/public/articles/{number}", timeout=10).status_code == 404
    desk.do("publish")
    expect(desk.at("article")).to_contain_text("已发布")
    expect(desk.at("article-shown").locator("h2")).to_have_text("<script>alert(1)</script>")
    shown = requests.get(f"{town.url}/api/v1/public/articles/{number}", timeout=10).json()
    assert shown["title"] == title
    assert "<script" not in shown["html"]
