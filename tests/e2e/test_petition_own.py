"""A petition that the office wrote down becomes its person's own, put right and checked on the phone (PET-21, PI-07)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.petition_desk import PetitionDesk
from tests.e2e.phone import Pages, keep, log_in_as
from tests.support.browser import serious_faults, targets_smaller_than, text_smaller_than

CODE = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}")
PHONE = "13800000077"
WRONG, RIGHT = "110105194912310021", "11010519491231002X"


def write_down(office: PetitionDesk, claim: str, screens: Path) -> str:
    """A call, registered at the desk; the code on the slip."""
    office.desk.go("petitions")
    office.at("petition-register").click()
    office.at("petition-by-call").check()
    office.at("petition-topic").select_option(label="意见建议")
    office.at("petition-claim").fill(claim)
    office.at("petition-facts").fill("老人买药要走两里路。")
    office.at("party-name-0").fill("示例丁")
    office.at("party-phone-0").fill(PHONE)
    office.at("party-address-0").fill("示例二村 3 号")
    office.at("party-id-number-0").fill(WRONG)
    office.at("party-address-0").focus()
    expect(office.at("party-fault-0")).to_contain_text("身份证号对不上")
    keep(office.seat.page, screens, "petition-desk-id-number")
    office.at("party-id-number-0").fill("")
    office.at("petition-send").click()
    expect(office.at("petition-title")).to_have_text(claim)
    found = CODE.search(office.seat.page.locator("main").inner_text())
    assert found
    return found[0]


def looked_at(me: Pages, screens: Path, name: str, *, elder: bool = False) -> None:
    """A picture; nothing is too small and nobody is left out."""
    keep(me.page, screens, name)
    assert text_smaller_than(me.page, 18 if elder else 12) == []
    assert targets_smaller_than(me.page, 60 if elder else 44) == []
    assert serious_faults(me.page) == []


def test_what_the_office_wrote_down_becomes_ones_own(
    seats: Callable[..., Seat], town: Place, screens: Path
) -> None:
    claim = f"建议村口设一个药店（{secrets.token_hex(3)}）"
    code = write_down(PetitionDesk(seats(phone=False), town, "petitions"), claim, screens)
    me = log_in_as(seats().page, town.url, "resident3")
    me.open("pages-petition/mine/index")
    me.tap("petition-claim-open")
    me.write("claim-code", code)
    me.write("claim-phone", "13900000000")
    me.tap("claim-send")
    expect(me.text("没有对上")).to_be_visible()
    looked_at(me, screens, "petition-claim")
    me.write("claim-phone", PHONE)
    me.tap("claim-send")
    expect(me.at("petition-title")).to_have_text(claim)

    me.tap("person-correct")
    me.tap("correct-send")
    expect(me.at("correct-error")).to_contain_text("要更正的那一项")
    me.write("correct-id-number", WRONG)
    me.tap("correct-send")
    expect(me.text("最后一位对不上")).to_be_visible()
    looked_at(me, screens, "petition-correct")
    me.write("correct-id-number", RIGHT)
    me.write("correct-name", "示例戊")
    me.tap("correct-send")
    expect(me.at("petition-parties")).to_contain_text("示例戊")

    me.tap("petition-proof")
    expect(me.at("proof-whole")).to_contain_text("没有一条被改过")
    looked_at(me, screens, "petition-proof")


def test_the_sheets_in_large_type(seats: Callable[..., Seat], town: Place, screens: Path) -> None:
    me = log_in_as(seats().page, town.url, "resident1")
    me.page.evaluate("localStorage.setItem('display.elder', 'on')")
    me.open("pages-petition/mine/index")
    me.tap("petition-claim-open")
    expect(me.at("claim-send")).to_be_visible()
    looked_at(me, screens, "petition-claim-elder", elder=True)
    me.open("pages-petition/mine/index")
    me.at("petition-item").first.click()
    me.tap("person-correct")
    expect(me.at("correct-send")).to_be_visible()
    looked_at(me, screens, "petition-correct-elder", elder=True)
