"""The side ways on the phone, from both sides: asked back and answered, returned, withdrawn; found, settled, offline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.office import Office
from tests.e2e.phone import Pages, keep, log_in_as
from tests.e2e.pictures import scene
from tests.e2e.steps import in_grid

GRID = "第1网格"
SENT_MS = 30_000


@pytest.fixture(scope="module")
def case_id(town: Place) -> str:
    """A report of resident2 in worker1's hands; its id."""
    office = Office(town)
    made = office.report("resident2", "桥头堆着建筑渣土，车过不去。", category="0102", grid=GRID)
    office.dispatch(made)
    office.close()
    return made


def standing_in_the_grid(seat: Seat) -> None:
    """The phone's position is inside worker1's grid."""
    lon, lat = in_grid(seat.page, GRID)
    seat.context.grant_permissions(["geolocation"])
    seat.context.set_geolocation({"longitude": lon, "latitude": lat})


def act(pages: Pages, action: str) -> None:
    """Press an action, from behind 更多 where it waits there."""
    if not pages.at(f"action-{action}").is_visible():
        pages.tap("actions-more")
    pages.tap(f"action-{action}")


def test_asked_back_answered_returned_withdrawn(
    seats: Callable[..., Seat], town: Place, case_id: str, screens: Path
) -> None:
    worker = log_in_as(seats().page, town.url, "worker1")
    worker.open(f"pages-work/task/index?id={case_id}")
    worker.tap("action-start")
    act(worker, "ask_citizen")
    worker.write("field-note", "请说明在桥的哪一头")
    keep(worker.page, screens, "side-phone-ask")
    worker.tap("action-send")
    expect(worker.at("state-tag").first).to_have_text("待居民补充")

    me = log_in_as(seats().page, town.url, "resident2")
    me.open("pages/reports/index")
    expect(me.at("needs-answer").first).to_be_visible()
    me.open(f"pages/case/index?id={case_id}")
    expect(me.at("asked-card")).to_contain_text("请说明在桥的哪一头")
    keep(me.page, screens, "side-phone-asked")
    me.tap("action-answer_office")
    me.write("field-note", "在桥的东头")
    me.tap("action-send")
    expect(me.at("state-tag").first).to_have_text("办理中")
    expect(me.at("asked-card")).to_have_count(0)

    worker.open(f"pages-work/task/index?id={case_id}")
    expect(worker.at("timeline")).to_contain_text("在桥的东头")
    act(worker, "return_to_desk")
    worker.write("field-note", "渣土属于城管所管")
    worker.tap("action-send")
    expect(worker.at("action-send")).to_have_count(0)

    me.open(f"pages/case/index?id={case_id}")
    expect(me.at("state-tag").first).to_have_text("已受理")
    expect(me.at("timeline")).to_contain_text("退回")
    act(me, "withdraw")
    me.tap("action-send")
    expect(me.at("state-tag").first).to_have_text("已撤回")
    expect(me.at("case-due")).to_have_count(0)
    keep(me.page, screens, "side-phone-withdrawn")


def test_found_and_settled_on_the_spot(seats: Callable[..., Seat], town: Place, screens: Path) -> None:
    seat = seats()
    worker = log_in_as(seat.page, town.url, "worker1")
    standing_in_the_grid(seat)
    worker.open("")
    worker.tap("home-found")
    expect(worker.at("found-place")).to_contain_text(GRID)
    worker.add_photos(scene("rubbish", 1))
    worker.at("found-tile").first.click()
    worker.tap("found-settled")
    worker.write("found-note", "已清理干净")
    worker.tap("found-send")
    expect(worker.at("found-error")).to_contain_text("请拍处理后的照片")
    worker.add_photos(scene("rubbish", 1, after=True), button=worker.at("photo-add").last)
    keep(worker.page, screens, "found-settle")
    worker.tap("found-send")
    expect(worker.text("已收下，谢谢")).to_be_visible(timeout=SENT_MS)
    expect(worker.at("home-found")).to_be_visible()


def test_what_is_done_without_a_network_is_sent_once(
    seats: Callable[..., Seat], town: Place, screens: Path
) -> None:
    seat = seats()
    worker = log_in_as(seat.page, town.url, "worker1")
    standing_in_the_grid(seat)
    sent: list[str] = []
    seat.page.on("response", lambda one: sent.append(one.url) if one.url.endswith("/staff/reports") else None)
    worker.open("pages-work/found/index")
    expect(worker.at("found-tile").first).to_be_visible()
    worker.open("pages-work/tasks/index")
    expect(worker.at("task-item").first).to_be_visible()
    seat.page.wait_for_load_state("networkidle")
    seat.context.set_offline(True)
    worker.tap("found-open")
    expect(worker.at("found-place")).to_have_text("已定位")
    worker.add_photos(scene("rubbish", 2))
    worker.at("found-tile").first.click()
    worker.tap("found-send")
    expect(worker.at("outbox-open")).to_contain_text("1 件待发送")
    expect(worker.at("tasks-kept")).to_be_visible()
    keep(seat.page, screens, "offline-tasks")
    worker.tap("outbox-open")
    expect(worker.at("outbox-item")).to_have_count(1)
    keep(seat.page, screens, "offline-outbox")
    worker.tap("sheet-close")
    worker.at("task-item").first.click()
    expect(worker.at("task-kept")).to_be_visible()
    keep(seat.page, screens, "offline-task")
    worker.tap("nav-back")
    assert sent == []
    seat.watch.errors.clear()  # a browser counts every request without a network as an error of the page
    seat.context.set_offline(False)
    expect(worker.at("outbox-open")).to_have_count(0, timeout=SENT_MS)
    assert len(sent) == 1
