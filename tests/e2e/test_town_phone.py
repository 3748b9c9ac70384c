"""What the town says and what neighbours do for each other, on phones: read, heard, subscribed; looked up and ticked off;
offered and asked about; a visit asked for and made; an agreement given and taken back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.moderator import looked_over
from tests.e2e.phone import Pages, keep, log_in_as
from tests.factories.bulletin import mp3


def unlike() -> str:
    """Six digits that tell this run's things from another's; letters would be foreign words on a page."""
    return f"{secrets.randbelow(10**6):06d}"


class TownDesk:
    """The dispatcher, who writes what everybody reads."""

    def __init__(self, town: Place) -> None:
        self.base = f"{town.url}/api/v1/staff"
        self.session = requests.Session()
        self.session.headers["X-Requested-With"] = "console"
        person = {"username": "dispatcher", "password": town.passwords["dispatcher"]}
        self.session.post(f"{self.base}/session", json=person).raise_for_status()

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the desk answers; a refusal is the test's fault."""
        key = {"Idempotency-Key": secrets.token_hex(8)}
        answer = self.session.post(f"{self.base}{path}", json=body, headers=key)
        assert answer.ok, answer.text
        return dict(answer.json())

    def article(self, title: str) -> str:
        """A published article with a recording of twenty seconds; its id."""
        mark = unlike()
        series = self.post("/series", {"code": f"s{mark}", "name": f"政策明白纸{mark}"})
        html = "<h2>谁能领</h2><p>按<strong>实际种植面积</strong>领。</p><ul><li>每亩 125 元</li></ul>"
        drafted = {"series_id": series["id"], "title": title, "summary": "一张纸说明白", "html": html}
        made = self.post("/articles", drafted)
        sent = self.session.post(
            f"{self.base}/articles/{made['id']}/files",
            files={"file": ("a.mp3", mp3(20), "audio/mpeg")},
            data={"role": "audio"},
        )
        assert sent.ok, sent.text
        self.post(f"/articles/{made['id']}/actions/publish", {"version": sent.json()["version"]})
        return str(made["id"])

    def guide(self, title: str) -> str:
        """A guide with two things to bring; its id."""
        materials = [{"name": "身份证", "copies": 0}, {"name": "户口本", "note": "首页", "copies": 2}]
        given = {"title": title, "group": "社会救助", "materials": materials, "steps": ["带材料到窗口"]}
        return str(self.post("/guides", given)["id"])


@pytest.fixture(scope="module")
def desk_of_town(town: Place) -> Iterator[TownDesk]:
    """The desk, logged in."""
    desk = TownDesk(town)
    yield desk
    desk.session.close()


def pick_village(pages: Pages, field: str) -> None:
    """The first village of the sheet: the one whose only grid is worker1's."""
    pages.tap(field)
    pages.root.locator('[data-testid^="village-"]:visible', has_text="示例一村").first.click()
    expect(pages.at(field)).to_contain_text("示例一村")


def test_an_article_is_read_heard_and_subscribed_to(
    seats: Callable[..., Seat], town: Place, desk_of_town: TownDesk, screens: Path
) -> None:
    """As nobody up to the subscription; the recording plays from the town's own address."""
    title = f"补贴怎么领 {unlike()}"
    desk_of_town.article(title)
    me = log_in_as(seats().page, town.url, "resident1")
    me.open("")
    me.tap("home-articles")
    me.at("article-item").filter(has_text=title).click()
    expect(me.at("article-title")).to_have_text(title)
    expect(me.at("article-text")).to_contain_text("每亩 125 元")
    me.tap("audio-play")
    expect(me.at("audio-time")).to_have_text(re.compile(r"0:0[1-9] / 0:20"))
    me.tap("audio-pause")
    expect(me.at("audio-play")).to_be_visible()
    keep(me.page, screens, "town-article")
    me.tap("article-subscribe")
    me.tap("way-article-each")
    expect(me.at("way-article-each")).to_have_attribute("aria-checked", "true")
    me.tap("way-notice-daily")  # at once, while the first is still being saved
    expect(me.page.get_by_text("每天 18 点说一次")).to_be_visible()
    me.page.reload()
    expect(me.at("way-article-each")).to_have_attribute("aria-checked", "true")
    expect(me.at("way-notice-daily")).to_have_attribute("aria-checked", "true")
    keep(me.page, screens, "town-subscriptions")


def test_a_check_list_stays_on_the_phone(
    phone: Page, town: Place, desk_of_town: TownDesk, screens: Path
) -> None:
    """Found by two characters, ticked off, there after a reload; no tick leaves the phone."""
    mark = unlike()
    desk_of_town.guide(f"低保申请 {mark}")
    sent: list[str] = []
    phone.on("request", lambda one: sent.append(one.url) if one.method != "GET" else None)
    anyone = Pages(phone, town.url, framed=False)
    anyone.open("pages-town/guides/index")
    anyone.write("guide-words", "低保")
    anyone.tap("guide-words-find")
    anyone.at("guide-item").filter(has_text=mark).click()
    expect(anyone.at("guide-ready")).to_have_text("备好 0 / 2")
    anyone.at("material").filter(has_text="户口本").click()
    anyone.page.reload()
    expect(anyone.at("guide-ready")).to_have_text("备好 1 / 2")
    expect(anyone.at("material").filter(has_text="户口本")).to_have_attribute("aria-checked", "true")
    keep(phone, screens, "town-guide")
    assert not sent


def put_up(me: Pages, town: Place, title: str) -> None:
    """A number in the text is refused at its field and nothing is lost; without it the post is taken."""
    me.open("pages-mutual/post-form/index")
    me.tap("post-send")
    expect(me.at("post-form-error")).to_contain_text("还差一点")
    me.tap("form-kind-offer")
    me.tap("form-category-harvest")
    me.write("post-title-field", title)
    me.write("post-text-field", "有一百多斤，打电话 13900000001")
    pick_village(me, "form-village")
    me.tap("post-send")
    expect(me.at("post-form-error")).to_contain_text("联系方式")
    me.page.reload()
    expect(me.written("post-title-field")).to_have_value(title)
    me.write("post-text-field", "有一百多斤，自己带袋子来拿。")
    with looked_over(me.page, town, "/resident/neighbours"):
        me.tap("post-send")
        expect(me.at("post-done")).to_be_visible()


def say(pages: Pages, words: str) -> None:
    """Write one message; it stands in the talk."""
    pages.write("message-text", words)
    pages.tap("message-send")
    expect(pages.at("message").filter(has_text=words)).to_be_visible()


def test_neighbours_talk_without_names_or_numbers(
    seats: Callable[..., Seat], town: Place, screens: Path
) -> None:
    """PI-08: the two read each other, no number goes before both agree, the owner ends the matter."""
    title = f"萝卜送人 {unlike()}"
    me = log_in_as(seats().page, town.url, "resident1")
    put_up(me, town, title)
    me.tap("post-done-action")
    expect(me.at("post-own")).to_be_visible()
    neighbour = log_in_as(seats().page, town.url, "resident2")
    neighbour.open("pages-mutual/neighbours/index")
    neighbour.tap("category-harvest")
    neighbour.at("post-item").filter(has_text=title).click()
    neighbour.tap("post-write")
    say(neighbour, "周六上午去拿行不行")
    neighbour.write("message-text", "我的号码 13900000002")
    neighbour.tap("message-send")
    expect(neighbour.root.get_by_role("alert").filter(has_text="双方都同意")).to_be_visible()
    neighbour.tap("thread-agree")
    expect(neighbour.at("numbers")).to_contain_text("对方也同意")
    me.open("pages-mutual/talks/index")
    expect(me.at("thread-unread").first).to_have_text("1")
    me.at("thread-item").filter(has_text=title).click()
    expect(me.at("message").filter(has_text="周六上午")).to_contain_text("邻居")
    me.tap("thread-agree")
    expect(me.at("numbers")).to_contain_text("双方都同意了")
    say(me, "行，我在家")
    keep(me.page, screens, "mutual-talk")
    neighbour.page.reload()
    expect(neighbour.written("message-text")).to_have_value("我的号码 13900000002")  # nothing typed is lost
    neighbour.tap("message-send")
    expect(neighbour.at("message").filter(has_text="13900000002")).to_be_visible()
    me.tap("thread-post")
    me.tap("action-close")
    me.root.locator(".uni-modal__btn_primary:visible").click()
    expect(me.at("state-tag").first).to_have_text("已办妥")


def test_help_is_asked_for_and_the_worker_comes(
    seats: Callable[..., Seat], town: Place, screens: Path
) -> None:
    """From the form to the visit on the worker's phone, and back to whoever asked."""
    mark = unlike()
    me = log_in_as(seats().page, town.url, "resident2")
    me.open("pages-mutual/help-form/index")
    me.tap("for-family")
    me.tap("reason-alone")
    pick_village(me, "help-village")
    me.write("help-place", f"二组 {mark}")
    me.write("help-phone", "13900000002")
    keep(me.page, screens, "mutual-help")
    with me.page.expect_response(lambda one: one.url.endswith("/resident/help-requests")) as answer:
        me.tap("help-send")
    number = answer.value.json()["id"]
    me.tap("help-done-action")
    asked = me.at("help-item").filter(has_text=mark)
    expect(asked.locator('[data-testid="state-tag"]')).to_have_text("已安排人")
    worker = log_in_as(seats().page, town.url, "worker1")
    worker.open("pages-work/tasks/index")
    worker.tap("visits-open")
    expect(worker.at("help-task").first).not_to_contain_text("独自")  # no list says why (§8.1)
    worker.open(f"pages-work/visit/index?id={number}")
    expect(worker.at("visit-place")).to_contain_text(mark)
    expect(worker.at("visit-reason")).to_contain_text("独自")
    worker.tap("action-visit")
    worker.write("field-visit_note", "炉子好，烟道通。")
    worker.tap("action-send")
    expect(worker.at("visit-noted")).to_have_text("炉子好，烟道通。")
    keep(worker.page, screens, "work-visit")
    me.page.reload()
    expect(asked).to_contain_text("来过")
    expect(asked).to_contain_text("炉子好，烟道通。")
    asked.locator('[data-testid="help-close"]').click()
    expect(asked.locator('[data-testid="state-tag"]')).to_have_text("已结束")


def test_an_agreement_is_taken_back_at_once(seats: Callable[..., Seat], town: Place, screens: Path) -> None:
    """Nothing without the tick; visits are planned with it, and none is left when it is taken back."""
    me = log_in_as(seats().page, town.url, "resident3")
    me.open("pages-mutual/agreement/index")
    me.tap("rhythm-weekly")
    pick_village(me, "agreement-village")
    me.write("agreement-place", "三组，老槐树旁")
    me.write("agreement-phone", "13900000003")
    me.tap("agreement-send")
    expect(me.at("agreement-error")).to_contain_text("同意就勾上")
    me.tap("agreement-tick")
    me.tap("agreement-send")
    expect(me.at("my-visit").first).to_contain_text("待上门")
    keep(me.page, screens, "mutual-agreement")
    me.tap("agreement-revoke")
    me.root.locator(".uni-modal__btn_primary:visible").click()
    expect(me.at("agreements-past")).to_contain_text("已撤回同意")
    expect(me.at("my-visit")).to_have_count(0)
