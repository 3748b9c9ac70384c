"""检举控告: sealed on the phone, opened in the reader's browser, answered to the code; unread on the way (ADR 0013)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import FilePayload, Request, expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.desk import Desk
from tests.e2e.phone import Pages, keep
from tests.e2e.pictures import scene
from tests.e2e.test_petition_phone import a_pdf
from tests.support.browser import serious_faults, targets_smaller_than, text_smaller_than

FACTS = "三月以来多次向商户收取费用，不开票据。"
NAMED = "示例站负责人"
ANSWER = "已按管理权限移送，请三十日后再看。"
BODY = "示例区纪委监委"
CODE = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){5}")


def make_key(desk: Desk) -> str:
    """The reader's first key, under the passphrase that the page proposes; the passphrase."""
    desk.go("vault")
    passphrase = desk.at("vault-proposed").inner_text().strip()
    desk.at("vault-again").fill(passphrase)
    desk.at("vault-kept").click()
    desk.at("vault-make").click()
    expect(desk.at("vault-lock")).to_be_visible()
    return passphrase


def watched(seat: Seat) -> list[Request]:
    """Every call of the API that the seat's pages make from now on."""
    calls: list[Request] = []
    seat.page.on("request", lambda call: calls.append(call) if "/api/v1/" in call.url else None)
    return calls


def write_letter(me: Pages, screens: Path) -> str:
    """Write, choose who is named, and send; the code."""
    me.open("pages-petition/sealed/index")
    expect(me.at("sealed-reader")).to_have_count(1)
    keep(me.page, screens, "vault-empty")
    me.tap("sealed-next")
    expect(me.at("sealed-error")).to_contain_text("事情的经过")
    me.tap("sealed-units")
    me.write("unit-search", "城管")
    me.at("unit-row").first.click()
    me.tap("unit-done")
    me.write("sealed-named", NAMED)
    me.write("sealed-facts", FACTS)
    expect(me.at("sealed-error")).to_have_count(0)
    me.add_photos(scene("pothole", 1), button=me.at("sealed-add-photo"))
    expect(me.at("sealed-photo")).to_have_count(1)
    no_pdf = FilePayload(name="王某的收据.pdf", mimeType="application/pdf", buffer=b"<html>")
    me.add_files(no_pdf, button=me.at("sealed-add-pdf"))
    expect(me.text("不是完整的 PDF")).to_be_visible()
    expect(me.at("sealed-pdf")).to_have_count(0)
    receipt = FilePayload(name="王某的收据.pdf", mimeType="application/pdf", buffer=a_pdf())
    me.add_files(receipt, button=me.at("sealed-add-pdf"))
    expect(me.at("sealed-pdf")).to_contain_text("王某的收据.pdf")
    keep(me.page, screens, "vault-words")
    me.tap("sealed-next")
    found = CODE.search(me.at("sealed-code").inner_text())
    assert found
    me.tap("sealed-send")
    expect(me.at("sealed-error")).to_contain_text("抄下查询码")
    me.tap("sealed-noted")
    keep(me.page, screens, "vault-code")
    assert text_smaller_than(me.page, 12) == []
    assert targets_smaller_than(me.page, 44) == []
    assert serious_faults(me.page) == []
    me.tap("sealed-send")
    expect(me.at("sealed-done")).to_be_visible()
    keep(me.page, screens, "vault-sent")
    return found[0]


def test_a_letter_is_sealed_on_the_phone_and_read_by_its_reader_only(
    seats: Callable[..., Seat], town: Place, screens: Path
) -> None:
    reader, sender = seats(phone=False), seats()
    desk = Desk(reader.page, town.url).log_in("vault", town.passwords["vault"])
    passphrase = make_key(desk)
    keep(reader.page, screens, "vault-desk-empty")

    calls = watched(sender)
    me = Pages(sender.page, town.url, framed=False)
    code = write_letter(me, screens)
    sent = next(call for call in calls if call.method == "POST" and call.url.endswith("/public/vault"))
    body = sent.post_data or ""
    assert [word for word in (FACTS, NAMED, "城管", code, code.replace("-", "")) if word in body] == []
    assert "authorization" not in sent.headers
    storage = sender.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert [word for word in (FACTS, NAMED, code, code.replace("-", "")) if word in storage] == []

    answered = watched(reader)
    desk.at("vault-lock").click()
    desk.at("vault-passphrase").fill("不是这个口令不是这个口令")
    desk.at("vault-unlock").click()
    expect(desk.at("vault-fault")).to_contain_text("口令不对")
    keep(reader.page, screens, "vault-desk-locked")
    desk.at("vault-passphrase").fill(passphrase)
    desk.at("vault-unlock").click()
    desk.at("vault-line").click()
    letter = desk.at("vault-letter")
    for words in (FACTS, NAMED, "城管所", "没有留（匿名）"):
        expect(letter).to_contain_text(words)
    desk.at("vault-file").first.click()
    picture = desk.at("vault-picture")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100

    desk.at("vault-file").click()
    expect(letter.get_by_role("link", name="保存 材料2.pdf")).to_be_visible()  # not as its owner called it
    with reader.page.expect_download() as saved:
        letter.get_by_role("link", name="保存 材料2.pdf").click()
    assert Path(saved.value.path()).read_bytes() == a_pdf()

    desk.at("vault-unit").click()
    barred = reader.page.locator(".el-select-dropdown__item.is-disabled:visible")
    expect(barred.filter(has_text="城管所")).to_have_count(1)
    reader.page.keyboard.press("Escape")
    desk.at("vault-body").fill("城管所")
    desk.at("vault-hand-on").click()
    expect(desk.at("vault-refused")).to_contain_text("第三十条")
    desk.at("vault-body").fill(BODY)
    desk.at("vault-hand-on").click()
    expect(desk.at("vault-acts")).to_contain_text(f"移送给：{BODY}")
    desk.at("vault-step-answer").click()
    desk.at("vault-answer").fill(ANSWER)
    desk.at("vault-send-answer").click()
    expect(desk.at("vault-acts")).to_contain_text(ANSWER)
    keep(reader.page, screens, "vault-desk-letter")
    said = "".join(call.post_data or "" for call in answered)
    assert [word for word in (ANSWER, BODY, passphrase) if word in said] == []

    me.open("pages-petition/sealed/index?tab=look")
    me.write("sealed-typed", code.lower())
    me.tap("sealed-look-up")
    expect(me.at("sealed-found")).to_contain_text("已答复")
    expect(me.at("sealed-answer")).to_contain_text(ANSWER)
    keep(me.page, screens, "vault-answer")

    stored = b"".join(file.read_bytes() for file in town.folder.rglob("*") if file.is_file())
    secrets = [*(FACTS, NAMED, ANSWER, BODY, passphrase), code, code.replace("-", "")]
    assert [word for word in secrets if word.encode() in stored] == []


def test_the_passphrase_is_changed_with_the_old_one(
    seats: Callable[..., Seat], town: Place, screens: Path
) -> None:
    reader = seats(phone=False)
    desk = Desk(reader.page, town.url).log_in("beihe-vault", town.passwords["beihe-vault"])
    old = make_key(desk)
    desk.at("vault-keys").click()
    desk.at("vault-next-passphrase").click()
    new = desk.at("vault-proposed").inner_text().strip()
    desk.at("vault-again").fill(new)
    desk.at("vault-kept").click()
    desk.at("vault-old").fill("不是这个口令不是这个口令")
    desk.at("vault-change-do").click()
    expect(desk.at("vault-change-fault")).to_contain_text("没有更换")
    keep(reader.page, screens, "vault-passphrase")
    desk.at("vault-old").fill(old)
    desk.at("vault-change-do").click()
    expect(desk.at("vault-change")).to_have_count(0)
    for typed, opens in ((old, False), (new, True)):
        desk.at("vault-lock").click() if desk.at("vault-lock").is_visible() else None
        desk.at("vault-passphrase").fill(typed)
        desk.at("vault-unlock").click()
        expect(desk.at("vault-lock" if opens else "vault-fault")).to_be_visible()


def test_nobody_else_finds_the_vault(seats: Callable[..., Seat], town: Place) -> None:
    seat = seats(phone=False)
    desk = Desk(seat.page, town.url).log_in("admin", town.passwords["admin"])
    expect(desk.at("menu-vault")).to_have_count(0)
    answer = seat.page.request.get(f"{town.url}/api/v1/staff/vault")
    assert answer.status == 404
