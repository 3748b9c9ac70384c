"""三务公开 on the phone: a village's month is read, asked about, answered and judged; publication is demanded together
(OPEN-03, OPEN-07, OPEN-08)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
import requests
from openpyxl import Workbook
from playwright.sync_api import Response, expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.hours import Hours
from tests.e2e.moderator import MODERATOR, looked_over
from tests.e2e.phone import Pages, keep, log_in_as

STAFF = {"X-Requested-With": "console"}


def at_desk(town: Place, username: str) -> requests.Session:
    """Somebody of the staff, signed in."""
    desk = requests.Session()
    desk.headers.update(STAFF)
    person = {"username": username, "password": town.passwords[username]}
    desk.post(f"{town.url}/api/v1/staff/session", json=person).raise_for_status()
    return desk


@pytest.fixture
def village(town: Place) -> Iterator[requests.Session]:
    """The head of 示例一村 at their desk."""
    with at_desk(town, "village01") as desk:
        yield desk


def villager(me: Pages, town: Place, village: requests.Session) -> None:
    """Asked on the phone, confirmed by the village; once is enough."""
    name = "示例" + "".join(secrets.choice("春夏秋冬东南西北") for _ in range(2))
    me.open("pages-consult/villager/index")
    expect(me.at("villager-card").or_(me.at("villager-form"))).to_be_visible()
    if me.at("villager-card").count():
        return
    me.tap("villager-village")
    me.root.get_by_role("radio", name="示例一村", exact=True).click()
    me.write("villager-name", name)
    me.tap("villager-ask")
    expect(me.at("villager-card")).to_contain_text("等村里核实")
    waiting = village.get(f"{town.url}/api/v1/staff/villagers")
    assert waiting.ok, waiting.text
    one = next(item for item in waiting.json()["items"] if item["name"] == name)
    said = {"decision": "confirm", "reason": "", "state_seen": "asked"}
    village.post(f"{town.url}/api/v1/staff/villagers/{one['id']}/decision", json=said).raise_for_status()


def sent_to(address: str) -> Callable[[Response], bool]:
    """Answers to what was sent there, not to what was read."""
    return lambda one: one.url.endswith(address) and one.request.method == "POST"


def let_through(town: Place, kind: str, number: str) -> None:
    """A moderator reads what the platform's check named nobody for, and lets it be shown."""
    Hours(town.folder).settle()
    with at_desk(town, MODERATOR) as desk:
        about = {"subject_kind": kind, "subject_id": number}
        one = desk.get(f"{town.url}/api/v1/staff/comments", params=about).json()["items"][0]
        desk.post(f"{town.url}/api/v1/staff/comments/{one['id']}/show", json={"note": ""}).raise_for_status()


def test_villagers_demand_publication_together(
    seats: Callable[..., Seat], town: Place, village: requests.Session, screens: Path
) -> None:
    """Only whom the village knows may ask; a neighbour joins, leaves and joins again, and is named nowhere."""
    me = log_in_as(seats().page, town.url, "worker2")
    me.open("")
    me.tap("home-open")
    me.tap("open-requests")
    me.tap("request-ask")
    expect(me.page.get_by_text("先请村里核实一次")).to_be_visible()
    me.page.get_by_text("去核实").click()
    expect(me.at("villager-form")).to_be_visible()
    villager(me, town, village)
    me.open("pages-open/requests/index")
    me.tap("request-ask")
    me.tap("words-send")
    expect(me.page.get_by_role("alert").filter(has_text="请写一句想请村里公开什么")).to_be_visible()
    words = f"请公开村东修路的合同和付款 {secrets.token_hex(3)}"
    me.write("words-text", words)
    me.page.reload()
    expect(me.at("request-ask")).to_contain_text("接着写")
    me.tap("request-ask")
    with me.page.expect_response(sent_to("/resident/publishing-requests")) as answer:
        me.tap("words-send")
    expect(me.at("request-item").filter(has_text=words)).to_be_visible()  # its asker sees where it stands
    let_through(town, "publishing_request", answer.value.json()["id"])
    me.page.reload()
    mine = me.at("request-item").filter(has_text=words)
    expect(mine.locator('[data-testid="request-count"]')).to_contain_text("1")
    expect(mine).to_contain_text("您提出")

    neighbour = log_in_as(seats().page, town.url, "worker1")
    villager(neighbour, town, village)
    neighbour.open("pages-open/requests/index")
    theirs = neighbour.at("request-item").filter(has_text=words)
    theirs.locator('[data-testid="request-join"]').click()
    expect(theirs.locator('[data-testid="request-count"]')).to_contain_text("2")
    keep(neighbour.page, screens, "open-requests")
    theirs.locator('[data-testid="request-leave"]').click()
    expect(theirs.locator('[data-testid="request-count"]')).to_contain_text("1")
    theirs.locator('[data-testid="request-join"]').click()
    expect(theirs.locator('[data-testid="request-leave"]')).to_be_visible()
    me.page.reload()
    expect(mine.locator('[data-testid="request-count"]')).to_contain_text("2")


TABLE = [["序号", "用工事项", "工日", "金额（元）"], [1, "清理村东水渠", 6, 720], [2, "打扫文化广场", 4, 480]]
#: who takes which step: four people, none of them twice (OPEN-07)
CHAIN = (
    ("clerk01", "submit", ""),
    ("supervisor01", "agree", "票据逐笔看过，同意公开。"),
    ("secretary01", "confirm", "会议同意公开。"),
    ("village01", "publish", ""),
)


def committee(town: Place, village_id: str) -> None:
    """Three sit on the village's supervision committee; who reviews is one of them (OPEN-09)."""
    with at_desk(town, "supervisor01") as one:
        reviewer = one.get(f"{town.url}/api/v1/staff/me").json()["id"]
    days = {"from_on": "2026-01-01", "until_on": "2030-12-31", "kin": False, "village_id": village_id}
    with at_desk(town, "dispatcher") as desk:
        every = desk.get(f"{town.url}/api/v1/staff/committees").json()["items"]
        members = [one for place in every if place["village_id"] == village_id for one in place["members"]]
        if any(one["staff_id"] == reviewer for one in members):
            return
        for member in ({"staff_id": reviewer}, {"name": "示例周"}, {"name": "示例吴"}):
            entered = desk.post(
                f"{town.url}/api/v1/staff/committees",
                json=days | member,
                headers={"Idempotency-Key": secrets.token_hex(8)},
            )
            assert entered.ok, entered.text


def published(town: Place, title: str) -> str:
    """The newest month of 示例一村's money, with a table beside it, through the whole chain; its id."""
    with at_desk(town, "clerk01") as clerk:
        sheet = clerk.get(f"{town.url}/api/v1/staff/finance-sheets").json()["items"][0]
        committee(town, sheet["village_id"])
        draft = {"village_id": sheet["village_id"], "category": "finance_sheet", "period": sheet["month"]}
        draft |= {"title": title, "body": "上个月的收支已逐笔审核。", "sheet_id": sheet["id"]}
        made = clerk.post(
            f"{town.url}/api/v1/staff/notices",
            json=draft,
            headers={"Idempotency-Key": secrets.token_hex(8)},
        )
        assert made.ok, made.text
        notice = f"{town.url}/api/v1/staff/notices/{made.json()['id']}"
        book = Workbook()
        for row in TABLE:
            book.worksheets[0].append(row)
        data = BytesIO()
        book.save(data)
        kept = clerk.post(f"{notice}/attachments", files={"file": ("用工明细.xlsx", data.getvalue())})
        assert kept.ok, kept.text
    for username, step, note in CHAIN:
        with at_desk(town, username) as desk:
            version = desk.get(notice).json()["version"]
            done = desk.post(f"{notice}/actions/{step}", json={"version": version, "note": note})
            assert done.ok, done.text
    return str(made.json()["id"])


def test_a_month_is_read_asked_about_and_judged(
    seats: Callable[..., Seat], town: Place, village: requests.Session, screens: Path
) -> None:
    """Read by anybody, an entry asked about by a villager, answered in public, judged by whoever asked."""
    title = f"上月财务收支公开 {secrets.token_hex(2)}"
    notice = published(town, title)
    me = log_in_as(seats().page, town.url, "worker1")
    villager(me, town, village)
    me.open("")
    me.tap("home-open")
    me.tap("kind-finance")
    me.at("notice-item").filter(has_text=title).click()
    expect(me.at("notice-chain")).to_contain_text("票据逐笔看过")
    expect(me.at("attachment-row").filter(has_text="清理村东水渠")).to_contain_text("720")
    expect(me.at("notice-versions")).to_contain_text("校验码")
    keep(me.page, screens, "open-notice")
    me.tap("notice-sheet")
    expect(me.at("sheet-balanced")).to_be_visible()
    expect(me.at("month-told")).to_contain_text("收入")
    expect(me.at("category-bar").first).to_be_visible()
    keep(me.page, screens, "open-sheet")
    me.write("line-words", "办公用品")
    line = me.at("sheet-line").filter(has_text="办公用品").first
    line.locator('[data-testid="line-open"]').click()
    me.tap("line-ask")
    words = f"办公用品具体买了什么？{secrets.token_hex(2)}"
    me.write("words-text", words)
    with looked_over(me.page, town, "/objections"):
        me.tap("words-send")
        expect(me.at("objection-unseen").filter(has_text=words)).to_be_visible()
    answered(town, words)
    me.open(f"pages-open/notice/index?id={notice}")
    mine = me.at("objection").filter(has_text=words)
    me.reload_until(mine.filter(has_text="打印纸和硒鼓"))
    keep(me.page, screens, "open-objection")
    mine.locator('[data-testid="objection-satisfied"]').click()
    expect(mine).to_contain_text("本人满意")
    anyone = Pages(seats().page, town.url, framed=False)
    anyone.open(f"pages-open/notice/index?id={notice}")
    expect(anyone.at("objection").filter(has_text=words)).not_to_contain_text("（您）")


def answered(town: Place, words: str) -> None:
    """The head of the village answers in public (OPEN-08)."""
    with at_desk(town, "village01") as head:
        listed = head.get(f"{town.url}/api/v1/staff/objections").json()["items"]
        one = next(item for item in listed if item["text"] == words)
        body = {"version": one["version"], "reply": "买的是打印纸和硒鼓，发票在凭证里。"}
        said = head.post(f"{town.url}/api/v1/staff/objections/{one['id']}/actions/answer", json=body)
        assert said.ok, said.text
