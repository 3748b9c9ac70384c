"""有事好商量 on the phone: a proposal, an opinion that others second, a statement, a seat, a secret ballot (CON-04, CON-10)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Request, expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.moderator import looked_over
from tests.e2e.phone import Pages, keep, log_in_as

STAFF = {"X-Requested-With": "console"}


@pytest.fixture
def village(town: Place) -> Iterator[requests.Session]:
    """The head of 示例三村 at their desk."""
    with requests.Session() as desk:
        desk.headers.update(STAFF)
        person = {"username": "village03", "password": town.passwords["village03"]}
        desk.post(f"{town.url}/api/v1/staff/session", json=person).raise_for_status()
        yield desk


def open_topic(me: Pages) -> None:
    """The topic of the demonstration that people talk about now."""
    me.open("pages-consult/home/index")
    me.tap("stage-open")
    me.at("topic-item").filter(has_text="征求意见中").first.click()
    expect(me.at("topic-left")).to_be_visible()


def test_a_resident_proposes(seats: Callable[..., Seat], town: Place, screens: Path) -> None:
    me = log_in_as(seats().page, town.url, "resident2")
    me.open("")
    me.tap("home-consult")
    me.tap("consult-propose")
    me.tap("proposal-send")
    expect(me.page.get_by_role("alert").filter(has_text="请写一个题目")).to_be_visible()
    title = f"村口的旧磨盘怎么安置 {secrets.token_hex(2)}"
    me.write("proposal-title", title)
    me.write("proposal-body", "拓路要挪走磨盘，放在哪里想听听大家的意见。")
    me.page.reload()
    expect(me.written("proposal-title")).to_have_value(title)
    keep(me.page, screens, "consult-propose")
    me.tap("proposal-send")
    expect(me.at("proposal-done")).to_contain_text("审定")
    me.open("pages-consult/home/index")
    expect(me.at("proposal-item").filter(has_text=title)).to_contain_text("待审定")
    expect(me.at("topic-item").filter(has_text=title)).to_have_count(0)  # nobody else sees it yet


def test_opinions_statements_and_a_seat(seats: Callable[..., Seat], town: Place, screens: Path) -> None:
    me = log_in_as(seats().page, town.url, "resident1")
    open_topic(me)
    words = f"桥头先装一盏亮的 {secrets.token_hex(3)}"
    me.tap("topic-say")
    me.write("words-text", words)
    me.tap("words-send")
    expect(me.page.get_by_role("alert").filter(has_text="请选一下您的看法")).to_be_visible()
    me.tap("stance-for")
    with looked_over(me.page, town, "/comments"):
        me.tap("words-send")
        expect(me.at("my-word").filter(has_text=words)).to_be_visible()
    me.page.reload()
    expect(me.at("my-word").filter(has_text=words)).to_contain_text("已公开")
    first = me.at("statement").inner_text()
    me.tap("vote-agree")
    expect(me.at("statement").filter(has_text=first)).to_have_count(0)
    me.tap("seat")  # one that the demonstration has kept: given back, and taken again
    expect(me.at("seat")).to_contain_text("订一个旁听席")
    me.tap("seat")
    expect(me.at("seat")).to_contain_text("让出")
    keep(me.page, screens, "consult-topic")
    neighbour = log_in_as(seats().page, town.url, "resident2")
    open_topic(neighbour)
    neighbour.page.get_by_text("最新", exact=True).locator("visible=true").click()
    theirs = neighbour.at("comment").filter(has_text=words)
    expect(theirs).to_contain_text("赞成")
    expect(theirs).not_to_contain_text("（您）")
    theirs.locator('[data-testid="comment-second"]').click()
    expect(theirs.locator('[data-testid="comment-second"]')).to_contain_text("1")


def become_a_villager(me: Pages, town: Place, village: requests.Session, name: str) -> None:
    """Asked on the phone, confirmed by the village."""
    me.open("pages-consult/villager/index")
    me.tap("villager-ask")
    expect(me.page.get_by_role("alert").filter(has_text="请选您的村")).to_be_visible()
    me.tap("villager-village")
    me.text("示例三村").click()
    me.write("villager-name", name)
    me.tap("villager-ask")
    expect(me.at("villager-card")).to_contain_text("等村里核实")
    waiting = village.get(f"{town.url}/api/v1/staff/villagers").json()["items"]
    one = next(item for item in waiting if item["name"] == name)
    said = {"decision": "confirm", "reason": "", "state_seen": "asked"}
    decided = village.post(f"{town.url}/api/v1/staff/villagers/{one['id']}/decision", json=said)
    assert decided.ok, decided.text
    me.page.reload()
    expect(me.at("villager-card")).to_contain_text("已核实")


def test_a_secret_ballot(
    seats: Callable[..., Seat], town: Place, village: requests.Session, screens: Path
) -> None:
    me = log_in_as(seats().page, town.url, "resident3")
    sent: list[Request] = []
    me.page.on("request", lambda one: sent.append(one) if "/ballots" in one.url else None)
    open_topic(me)
    me.tap("topic-poll")
    expect(me.at("poll-notice")).to_contain_text("不是法定表决")
    me.tap("poll-paper")
    expect(me.at("poll-error")).to_contain_text("核实")  # one villager, one vote
    poll = me.page.url.partition("/m/")[2]
    become_a_villager(
        me, town, village, f"示例{secrets.choice('甲乙丙丁戊己庚辛')}{secrets.choice('春夏秋冬')}"
    )
    me.open(poll)
    me.tap("poll-paper")
    me.tap("poll-vote")
    expect(me.at("poll-error")).to_contain_text("请先选一项")
    keep(me.page, screens, "consult-ballot")
    me.tap("option-o2")
    me.tap("poll-vote")
    expect(me.at("poll-cast")).to_be_visible()
    me.page.reload()
    expect(me.at("poll-cast")).to_be_visible()
    me.tap("poll-change")
    me.tap("option-o1")
    me.tap("poll-vote")
    expect(me.at("poll-cast")).to_be_visible()
    assert len(sent) == 2
    for one in sent:
        held = one.all_headers()
        assert not {"authorization", "idempotency-key"} & set(held), one.url
    assert '"o1"' not in me.page.evaluate("JSON.stringify(localStorage)")
    keep(me.page, screens, "consult-cast")
