"""问题回音壁 at the desk: one writes, another approves; asked on, answered in public, taken down with a dated note."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

import requests
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.desk import Desk
from tests.e2e.moderator import looked_over
from tests.e2e.phone import Pages, keep, log_in_as

Seats = Callable[..., Seat]
WRITER, APPROVER = "dispatcher", "leader"
PHONE = "13800138000"


def sit(seats: Seats, town: Place, username: str) -> Desk:
    """That member of staff at a desk of their own."""
    return Desk(seats(phone=False).page, town.url).log_in(username, town.passwords[username])


def do(desk: Desk, action: str, *choices: str, state: str) -> None:
    """The action of the entry that lies open; the state it is in afterwards."""
    desk.begin(action)
    for label in choices:
        desk.choose(label)
    # the entry's own action is called submit too
    desk.at("action-form").locator('[data-testid="action-submit"]').click()
    expect(desk.at("action-form")).to_have_count(0)
    expect(desk.at("wall-entry")).to_contain_text(state)


def cover_a_photo(desk: Desk) -> None:
    """A rectangle over what must not be seen; somebody looked for faces."""
    desk.at("wall-photo-before").click()
    picture = desk.at("photo-boxes")
    picture.scroll_into_view_if_needed()
    frame = picture.bounding_box()
    assert frame
    desk.page.mouse.move(frame["x"] + 40, frame["y"] + 40)
    desk.page.mouse.down()
    desk.page.mouse.move(frame["x"] + 140, frame["y"] + 100, steps=3)
    desk.page.mouse.up()
    desk.page.get_by_text("我看过了：没有露出人脸").click()
    desk.at("wall-photo-save").click()
    expect(picture).to_have_count(0)


def with_photos(desk: Desk) -> Locator:
    """The first closed matter of which there are photos from before and after; others bring some that have none."""
    rows = desk.at("wall-candidate").filter(has=desk.page.locator('[data-testid="wall-draft"]'))
    expect(rows.first).to_be_visible()
    return next(row for row in rows.all() if int(row.locator("td.num").nth(1).inner_text()) >= 2)


def write(desk: Desk, title: str, screens: Path) -> str:
    """An entry out of the first closed matter that may be shown, sent to be approved; its address in the console."""
    desk.go("wall")
    with_photos(desk).locator('[data-testid="wall-draft"]').click()
    desk.at("wall-title").fill(title)
    desk.at("wall-matter").fill("路边有一处破损，走路要绕开。")
    desk.at("wall-done").fill(f"已经修好，有事请打 {PHONE}。")
    desk.at("wall-save").click()
    expect(desk.at("wall-marks")).to_contain_text(PHONE)
    expect(desk.at("wall-done")).to_have_value(f"已经修好，有事请打 {PHONE}。")
    keep(desk.page, screens, "wall-desk-marked")
    desk.at("wall-done").fill("已经修好，每月看一次。")
    desk.at("wall-save").click()
    expect(desk.at("wall-marks")).to_have_count(0)
    cover_a_photo(desk)
    do(desk, "submit", state="待审核")
    expect(desk.at("action-approve")).to_have_count(0)  # nobody approves what they wrote
    return desk.page.url


def ask_about(seats: Seats, town: Place, entry: str, words: str) -> Pages:
    """A resident asks on in public about what stands on the wall; their phone, at the entry."""
    me = log_in_as(seats().page, town.url, "resident1")
    me.open(f"pages-wall/entry/index?id={entry}")
    me.tap("wall-ask")
    me.write("words-text", words)
    with looked_over(me.page, town, "/follow-ups"):
        me.tap("words-send")
        expect(me.at("follow-up-unseen").filter(has_text=words)).to_be_visible()
    return me


def answer_in_public(desk: Desk, words: str, answer: str) -> None:
    """At the desk of those who write for the wall."""
    desk.page.goto(f"{desk.base}/console/wall/follow-ups")
    asked = desk.at("wall-follow-up").filter(has_text=words)
    asked.locator('[data-testid="follow-up-answer"]').click()
    asked.locator('textarea[data-testid="follow-up-text"], [data-testid="follow-up-text"] textarea').fill(
        answer
    )


def published(town: Place, entry: str) -> tuple[str, list[str]]:
    """(code, everything public that tells of the entry)."""
    api = f"{town.url}/api/v1/public/wall"
    shown = requests.get(f"{api}/{entry}", timeout=10)
    assert shown.ok, shown.text
    code = str(shown.json()["code"])
    others = (
        f"{town.url}/w/{code}",
        api,
        f"{api}.json",
        f"{api}.atom",
        f"{api}/{entry}/atom",
        f"{town.url}/w",
    )
    return code, [shown.text, *(requests.get(address, timeout=10).text for address in others)]


def test_written_by_one_approved_by_another(seats: Seats, town: Place, screens: Path) -> None:
    title = f"破损的路边修好了 {secrets.token_hex(3)}"
    writer = sit(seats, town, WRITER)
    entry = write(writer, title, screens).rpartition("/")[2]
    approver = sit(seats, town, APPROVER)
    approver.go("wall")
    keep(approver.page, screens, "wall-desk-submitted")
    approver.at("wall-row").filter(has_text=title).get_by_role("link").click()
    do(approver, "approve", "看过，没有", state="已公开")
    keep(approver.page, screens, "wall-desk-published")
    words = f"雨后会不会再坏 {secrets.token_hex(3)}"
    me = ask_about(seats, town, entry, words)
    answer_in_public(writer, words, "每次大雨后派人看一遍。")
    keep(writer.page, screens, "wall-desk-answer")
    writer.at("follow-up-send").click()
    expect(writer.at("follow-up-text")).to_have_count(0)
    expect(writer.at("wall-follow-up").filter(has_text=words)).to_contain_text("每次大雨后派人看一遍")
    me.reload_until(me.at("follow-up").filter(has_text=words).filter(has_text="每次大雨后派人看一遍"))
    keep(me.page, screens, "wall-entry-answered")
    code, public = published(town, entry)
    for text in public:
        assert title in text
        for private in (PHONE, "王秀兰", "15400000001"):
            assert private not in text
    do(approver, "unpublish", "内容有误，需要更正", state="已撤下")
    anyone = Pages(seats().page, town.url, framed=False)
    anyone.page.goto(f"{town.url}/m/pages-wall/entry/index?id={entry}")
    expect(anyone.text("这条回音已经撤下")).to_be_visible()
    assert anyone.page.get_by_text(title).count() == 0
    gone = requests.get(f"{town.url}/w/{code}", timeout=10).text
    assert "已经撤下" in gone
    assert "内容有误" in gone
    assert title not in gone
