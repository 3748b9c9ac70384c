"""走访预约 from both sides: announced on the phone, moved by the office, seen again on the phone (PET-18)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.petition_desk import PetitionDesk
from tests.e2e.phone import Pages, keep, log_in_as
from tests.support.browser import serious_faults, targets_smaller_than, text_smaller_than

PHONE = "13800000066"
ANSWER = "那天上午有会，请改下午来。"


def announce(me: Pages, matter: str, screens: Path) -> None:
    """With two who come for others; what lacks is said at its field."""
    me.open("pages-petition/home/index")
    me.tap("petition-visits")
    me.tap("visit-send")
    expect(me.at("visit-error")).to_contain_text("红色的字")
    expect(me.text("请选一天")).to_be_visible()
    keep(me.page, screens, "petition-visit-faults")
    me.at("visit-day").first.click()
    me.at("visit-slot").first.click()
    me.tap("visit-topic-land")
    me.write("visit-matter", matter)
    me.write("visit-name", "示例甲")
    me.write("visit-phone", PHONE)
    for place, name in enumerate(("示例甲", "示例乙")):
        me.tap("visit-person-add")
        me.at("visit-person").nth(place).locator("input").first.fill(name)
    me.page.reload()
    expect(me.written("visit-matter")).to_have_value(matter)
    keep(me.page, screens, "petition-visit-form")
    assert text_smaller_than(me.page, 12) == []
    assert targets_smaller_than(me.page, 44) == []
    assert serious_faults(me.page) == []
    me.tap("visit-send")
    expect(me.at("visit").first).to_contain_text("等镇信访办确认")


def test_a_visit_is_announced_and_moved(seats: Callable[..., Seat], town: Place, screens: Path) -> None:
    matter = f"想当面说说围墙的事（{secrets.token_hex(3)}）"
    me = log_in_as(seats().page, town.url, "resident2")
    announce(me, matter, screens)

    office = PetitionDesk(seats(phone=False), town, "petitions")
    office.desk.go("petitions")
    office.at("petition-visits").click()
    row = office.at("visit-row").filter(has_text="2 人").first
    expect(row).not_to_contain_text(PHONE)
    row.get_by_role("button").click()
    expect(office.at("visit-panel")).to_contain_text(matter)
    expect(office.at("visit-panel")).to_contain_text(PHONE)
    office.at("visit-cancel").check()
    office.at("visit-send").click()
    expect(office.at("visit-panel")).to_contain_text("请写明原因")
    office.at("visit-change").check()
    office.at("visit-slot").select_option(index=1)
    office.at("visit-answer").fill(ANSWER)
    keep(office.seat.page, screens, "petition-desk-visits")
    office.at("visit-send").click()
    expect(row).to_contain_text("已确认")
    assert serious_faults(office.seat.page) == []

    me.open("pages-petition/visits/index")
    visit = me.at("visit").first
    expect(visit).to_contain_text("已确认")
    expect(visit).to_contain_text(ANSWER)
    keep(me.page, screens, "petition-visit-confirmed")
    me.tap("visit-cancel")
    me.page.get_by_text("取消预约", exact=True).last.click()
    expect(visit).to_contain_text("已取消")


def test_a_template_is_seen_before_it_is_saved(
    seats: Callable[..., Seat], town: Place, screens: Path
) -> None:
    office = PetitionDesk(seats(phone=False), town, "petitions")
    office.desk.go("petitions")
    office.seat.page.get_by_role("link", name="文书模板").click()
    body = office.at("template-body").locator("textarea").or_(office.seat.page.locator("textarea"))
    words = body.first.input_value()
    body.first.fill(words.replace("{{ 办理期限 }}", "六十日内"))
    office.at("template-preview").click()
    expect(office.at("template-form")).to_contain_text("少了就不是完整的文书")
    body.first.fill(f"{words}\n欢迎监督。")
    office.at("template-preview").click()
    link = office.at("template-shown")
    expect(link).to_be_visible()
    keep(office.seat.page, screens, "petition-desk-preview")
    seen = link.evaluate(
        "a => fetch(a.href).then(r => r.text()).then(t => t.slice(0, 5)).catch(e => String(e))"
    )
    assert seen == "%PDF-"
