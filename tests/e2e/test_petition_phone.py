"""信访直通车 on the phone: by name with a PDF and a photo, seen again; without a name, followed by its code."""

from __future__ import annotations

import io
import re
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, Request, expect
from pypdf import PdfWriter

from tests.e2e.conftest import Place, Seat
from tests.e2e.office import Office
from tests.e2e.phone import Pages, keep, log_in_as
from tests.e2e.pictures import scene

CODE = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}")
PHONE = "13800000000"


def a_pdf() -> bytes:
    """One empty page."""
    writer = PdfWriter()
    writer.add_blank_page(210, 297)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def write_the_matter(me: Pages, claim: str) -> None:
    """Topic, claim and facts, a photo and a PDF."""
    me.tap("topic-land")
    me.write("petition-claim", claim)
    me.write("petition-facts", "三月以来围墙占了半条路，车辆无法通行，多次找人没有结果。")
    me.add_photos(scene("pothole", 1))
    pdf = FilePayload(name="土地承包合同.pdf", mimeType="application/pdf", buffer=a_pdf())
    me.add_files(pdf, button=me.at("file-add"))


def file_by_name(me: Pages, claim: str, screens: Path) -> str:
    """From the home page to the receipt; the code."""
    me.open("")
    me.tap("home-petitions")
    me.tap("petition-file")
    me.tap("petition-next")
    expect(me.at("petition-error")).to_contain_text("哪方面")
    write_the_matter(me, claim)
    expect(me.at("photo-done")).to_have_count(2)
    keep(me.page, screens, "petition-matter")
    me.page.reload()  # nothing that was written is lost
    expect(me.written("petition-claim")).to_have_value(claim)
    expect(me.at("photo-done")).to_have_count(2)
    me.tap("petition-next")
    me.write("petition-name", "示例甲")
    me.write("petition-phone", PHONE)
    me.write("petition-address", "示例一村 1 号")
    me.write("petition-id-number", "110105194912310021")
    me.tap("petition-next")
    expect(me.at("petition-error")).to_contain_text("最后一位对不上")
    me.write("petition-id-number", "")
    keep(me.page, screens, "petition-person")
    me.tap("petition-next")
    expect(me.at("petition-notice")).to_contain_text("打击报复")
    expect(me.at("petition-summary").first).to_contain_text(claim)
    keep(me.page, screens, "petition-summary")
    me.tap("petition-next")
    expect(me.at("petition-filed")).to_be_visible()
    keep(me.page, screens, "petition-filed")
    return me.at("petition-code").inner_text().strip()


def test_by_name_with_a_pdf_and_a_photo(seats: Callable[..., Seat], town: Place, screens: Path) -> None:
    me = log_in_as(seats().page, town.url, "resident1")
    claim = f"请把占道的围墙拆除，恢复通行（{secrets.token_hex(3)}）"
    code = file_by_name(me, claim, screens)
    assert CODE.fullmatch(code)
    # PET-04: told within fifteen days, and the date says so
    expect(me.at("petition-due")).to_contain_text("告知不晚于")
    expect(me.at("petition-date")).to_contain_text(["告知期限"])
    expect(me.at("timeline-entry")).to_contain_text(["已登记"])
    me.open("pages/mine/index")
    me.tap("mine-petitions")
    expect(me.at("petition-item").filter(has_text=claim[:12]).first).to_contain_text("已登记")
    keep(me.page, screens, "petition-mine")
    me.at("petition-item").first.click()
    expect(me.at("petition-attachment")).to_have_count(2)
    with me.page.expect_download() as copy:
        me.at("petition-attachment").filter(has_text="土地承包合同").click()
    assert Path(copy.value.path()).read_bytes().startswith(b"%PDF-")
    file_again(me, f"{claim}，请尽快")
    expect(me.at("same-matter")).to_contain_text(code)  # PET-07: said to the one who brought it twice
    look_up(Pages(seats().page, town.url, framed=False), code)


def file_again(me: Pages, claim: str) -> None:
    """The same matter once more, by the same person."""
    me.open("pages-petition/file/index")
    me.tap("topic-land")
    me.write("petition-claim", claim)
    me.write("petition-facts", "和上次说的是同一处。")
    me.tap("petition-next")
    me.write("petition-name", "示例甲")
    me.write("petition-phone", PHONE)
    me.write("petition-address", "示例一村 1 号")
    me.tap("petition-next")
    me.tap("petition-next")
    expect(me.at("petition-filed")).to_be_visible()


def look_up(anyone: Pages, code: str) -> None:
    """By code and phone, without a login; the code alone is not enough (PET-21)."""
    anyone.open("pages-petition/progress/index")
    anyone.write("petition-progress-code", code)
    anyone.tap("petition-look")
    expect(anyone.page.get_by_role("alert").filter(has_text="没有查到")).to_be_visible()
    anyone.write("petition-progress-phone", PHONE)
    anyone.tap("petition-look")
    expect(anyone.at("petition-result")).to_contain_text("已登记")
    expect(anyone.at("petition-result")).not_to_contain_text("围墙")


@pytest.fixture
def sent(phone: Page) -> list[Request]:
    """Everything this browser asks the server."""
    asked: list[Request] = []
    phone.on("request", lambda one: asked.append(one) if "/api/v1/" in one.url else None)
    return asked


def test_without_a_name_followed_by_its_code(
    phone: Page, sent: list[Request], town: Place, screens: Path
) -> None:
    log_in_as(phone, town.url, "resident2")  # somebody is logged in, and still nothing of them goes along
    phone.context.clear_cookies()  # the stand-in platform's own, which says whose phone it plays
    me = Pages(phone, town.url, framed=False)
    sent.clear()
    me.open("pages-petition/anonymous/index")
    write_the_matter(me, "请查一查这笔钱的去向")
    expect(me.at("photo-done")).to_have_count(2)
    keep(phone, screens, "petition-unnamed")
    me.tap("anonymous-send")
    code = me.at("anonymous-code").inner_text().strip()
    assert CODE.fullmatch(code)
    keep(phone, screens, "petition-unnamed-code")
    posted = [one for one in sent if "/public/petition" in one.url and one.method == "POST"]
    assert len(posted) == 3  # two files and the matter
    for one in posted:
        held = one.all_headers()
        assert not {"authorization", "cookie", "idempotency-key"} & set(held), one.url
        body = one.post_data_buffer or b""
        assert "土地承包合同".encode() not in body  # the file's own name may say whose it is
    assert not phone.context.cookies()
    phone.reload()
    expect(me.at("anonymous-code")).to_have_text(code)  # until it is noted, nothing takes it away
    me.tap("anonymous-noted")
    phone.get_by_text("记下了", exact=True).click()
    expect(me.at("petition-look")).to_be_visible()
    assert code not in phone.evaluate("JSON.stringify(localStorage)")
    me.write("petition-progress-code", code)
    me.tap("petition-look")
    expect(me.at("petition-result")).to_contain_text("已登记")
    keep(phone, screens, "petition-progress")


def test_others_sign_with_their_own_account(seats: Callable[..., Seat], town: Place, screens: Path) -> None:
    office = Office(town)
    number = office.petition("resident1", f"请修好机井（{secrets.token_hex(8)}）", joint=True)
    office.close()
    me = log_in_as(seats().page, town.url, "resident1")
    me.open(f"pages-petition/detail/index?id={number}")
    expect(me.at("invitation-copy")).to_be_visible()
    parties = me.at("petition-parties")
    expect(parties).not_to_contain_text("联名人")
    with me.page.expect_response(lambda one: f"/resident/petitions/{number}" in one.url) as told:
        me.page.reload()
    invitation = told.value.json()["invitation_url"]
    friend = log_in_as(seats().page, town.url, "resident2")
    friend.open(invitation.partition("/m/")[2])
    expect(friend.at("cosign-invitation")).to_contain_text("土地")
    expect(friend.at("cosign-invitation")).not_to_contain_text("机井")  # the link says nothing of the matter
    friend.tap("cosign-send")
    expect(friend.page.get_by_role("alert").filter(has_text="请写您的姓名")).to_be_visible()
    friend.write("cosign-name", "示例乙")
    friend.write("cosign-phone", "13800000001")
    friend.write("cosign-address", "示例一村 2 号")
    keep(friend.page, screens, "petition-cosign")
    friend.tap("cosign-send")
    expect(friend.at("cosign-done")).to_be_visible()
    me.page.reload()
    expect(parties).to_contain_text("联名人 · 已确认")
    expect(parties).not_to_contain_text("示例乙")  # others are masked, to the petitioner too


def test_the_answer_is_read_rated_and_taken_higher(
    seats: Callable[..., Seat], town: Place, screens: Path
) -> None:
    office = Office(town)
    number = office.petition("resident3", f"请恢复排水沟（{secrets.token_hex(8)}）")
    office.answer_petition(number)
    office.close()
    me = log_in_as(seats().page, town.url, "resident3")
    me.open(f"pages-petition/detail/index?id={number}")
    opinion = me.at("document-open").filter(has_text="处理意见书")
    expect(opinion).to_contain_text("送达")
    with me.page.expect_download() as copy:
        opinion.click()
    assert Path(copy.value.path()).read_bytes().startswith(b"%PDF-")
    keep(me.page, screens, "petition-answered")
    me.tap("petition-readings")
    expect(me.at("reading").filter(has_text="自然资源所").first).to_be_visible()
    me.tap("sheet-close")
    me.tap("action-rate_unit")
    me.tap("option-unsatisfied")
    me.tap("action-send")
    expect(me.page.get_by_role("alert").filter(has_text="为什么").first).to_be_visible()
    me.write("field-note", "没有说哪天修")  # a reason is owed with 不满意 (§1.4)
    me.tap("action-send")
    expect(me.at("rating-unit")).to_contain_text("不满意")
    expect(me.at("rating-office")).to_contain_text("待评价")
    # PET-11: until the last day of the window, and then it is the body above that has it
    expect(me.at("window-until")).to_contain_text("最晚")
    me.tap("action-ask_review")
    me.write("field-note", "意见没有写明期限。")
    me.tap("action-send")
    expect(me.at("next-step")).to_contain_text("上一级机关正在复查")
    expect(me.at("petition-date").filter(has_text="复查期限").last).to_be_visible()
    keep(me.page, screens, "petition-reviewing")
