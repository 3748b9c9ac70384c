"""信访直通车 from both sides: a claim up to re-examination, a suggestion from a visit, a claim with a route of its own.

The third class, 检举控告, never comes to this desk: test_vault.py.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import Place, Seat
from tests.e2e.office import Office
from tests.e2e.petition_desk import PetitionDesk, bare
from tests.e2e.phone import Pages, keep, log_in_as

Seats = Callable[..., Seat]
PHONE = "13800000000"
ABOVE, HIGHEST = "滕州市自然资源局（示例）", "枣庄市自然资源和规划局（示例）"
OPINION = {
    "facts": "经现场丈量，四至与登记一致，未发现占用的事实。",
    "note": "不支持请求；对相邻关系有争议的，可以申请人民调解。",
    "basis": "《中华人民共和国土地管理法》第六十二条",
}
ADOPTED = {
    "facts": "现有站点距卫生院六百余米，就诊老人较多。",
    "note": "采纳建议，已与客运公司商定增设停靠点。",
    "basis": "《城市公共汽车和电车客运管理规定》",
}


def file_on_phone(me: Pages, claim: str) -> str:
    """The three steps of the form; the petition's id."""
    me.open("pages-petition/file/index")
    me.tap("topic-land")
    me.write("petition-claim", claim)
    me.write("petition-facts", "邻居翻建时往我家这边挪了墙。")
    me.tap("petition-next")
    me.write("petition-name", "示例甲")
    me.write("petition-phone", PHONE)
    me.write("petition-address", "示例一村 1 号")
    me.tap("petition-next")
    with me.page.expect_response(
        lambda one: one.url.endswith("/resident/petitions") and one.request.method == "POST"
    ) as made:
        me.tap("petition-next")
    expect(me.at("petition-filed")).to_be_visible()
    return str(made.value.json()["id"])


def send_up(me: Pages, action: str, why: str, then: str) -> None:
    """Ask the body above, from the petition's page."""
    me.page.reload()
    me.tap(f"action-{action}")
    me.write("field-note", why)
    me.tap("action-send")
    expect(me.at("next-step")).to_contain_text(then)


def say_both(paper: tuple[str, str], *words: str) -> None:
    """PDF and DOCX are filled from the same data."""
    for made in paper:
        for word in words:
            assert bare(word) in made, f"{word} is not in {made}"


def handled_and_signed(
    seats: Seats, town: Place, clerk: str, claim: str, outcome: str, opinion: dict[str, str]
) -> None:
    """The unit takes it up and drafts; the leader, who is somebody else, signs (PET-10)."""
    unit = PetitionDesk(seats(phone=False), town, clerk)
    unit.open(claim)
    unit.do("start", "办理中")
    unit.do("draft_opinion", "意见待审", choices=(outcome,), claim=claim, **opinion)
    expect(unit.at("action-approve_opinion")).to_have_count(0)
    leader = PetitionDesk(seats(phone=False), town, "leader")
    leader.open(claim)
    expect(leader.at("petition-opinion")).to_contain_text(opinion["basis"])
    leader.do("approve_opinion", "待送达")


def test_a_claim_up_to_re_examination(seats: Seats, town: Place, screens: Path) -> None:
    claim = f"请重新划定宅基地四至（{secrets.token_hex(3)}）"
    me = log_in_as(seats().page, town.url, "resident1")
    number = file_on_phone(me, claim)
    office = PetitionDesk(seats(phone=False), town, "petitions")
    assert office.open(claim) == number
    office.give("accept", "自然资源所")
    handled_and_signed(seats, town, "land", claim, "缺乏事实依据或不符合规定，不予支持", OPINION)
    office.again()
    office.do("deliver", "已答复", choices=("当面", "签收", "不同意"))
    office.again()
    keep(office.seat.page, screens, "petition-desk-answered")
    say_both(office.paper("受理告知书"), "自然资源所", "60日")
    say_both(office.paper("处理意见书"), claim, *OPINION.values(), "复查")
    me.open(f"pages-petition/detail/index?id={number}")
    rate(me, "unit", "不满意", note="没有叫我到场")
    rate(me, "office", "满意")
    send_up(me, "ask_review", "丈量时没有通知我到场。", "上一级机关正在复查")
    up_and_up(office, me, screens)
    me.page.reload()
    expect(me.at("petition-documents")).to_contain_text("复核意见书")
    expect(me.at("next-step")).to_contain_text("复核意见是最后的意见")
    keep(me.page, screens, "petition-final-phone")


def rate(me: Pages, about: str, score: str, note: str = "") -> None:
    """One of the two ratings (§1.4)."""
    me.tap(f"action-rate_{about}")
    me.tap({"满意": "option-satisfied", "不满意": "option-unsatisfied"}[score])
    if note:
        me.write("field-note", note)
    me.tap("action-send")
    expect(me.at(f"rating-{about}")).to_contain_text(score)


def up_and_up(office: PetitionDesk, me: Pages, screens: Path) -> None:
    """The bodies above answer, and the office writes down that they did; a hearing is not counted (PET-12)."""
    office.again()
    office.do(
        "record_review", "复查已答复", body=ABOVE, number="滕政复查〔2026〕3号", note="维持原处理意见。"
    )
    send_up(me, "ask_reexamination", "请举行听证。", "再上一级机关正在复核")
    office.again()
    office.do("begin_hearing", "听证中")
    expect(office.at("petition-dates").locator("li").filter(has_text="复核期限").last).to_contain_text(
        "暂停计算"
    )
    office.do("end_hearing", "复核中")
    office.do(
        "record_reexamination", "复核终结", body=HIGHEST, number="枣政复核〔2026〕1号", note="维持复查意见。"
    )
    office.again()
    expect(office.at("petition-paper")).to_have_count(4)
    say_both(office.paper("复查意见书"), ABOVE, "维持原处理意见", "复核")
    say_both(office.paper("复核意见书"), HIGHEST, "维持复查意见")
    expect(office.at("petition-ratings")).to_contain_text("不满意")
    keep(office.seat.page, screens, "petition-desk-final")


def register_visit(office: PetitionDesk, claim: str, screens: Path) -> None:
    """A visit with six representatives is refused in plain words (PET-18); with five it is registered."""
    office.desk.go("petitions")
    office.at("petition-register").click()
    office.at("petition-topic").select_option(label="意见建议")
    office.at("petition-claim").fill(claim)
    office.at("petition-facts").fill("老人看病要走一里多路才能坐上车。")
    for place in range(7):
        if place:
            office.at("party-add").click()
        office.at(f"party-name-{place}").fill(f"示例{'甲乙丙丁戊己庚'[place]}")
        office.at(f"party-phone-{place}").fill(f"1380000000{place}")
        office.at(f"party-address-{place}").fill(f"示例一村 {place + 1} 号")
    office.at("petition-send").click()
    expect(office.at("petition-form")).to_contain_text("走访推选的代表不超过五人（《信访工作条例》第二十条）")
    expect(office.at("petition-claim")).to_have_value(claim)
    keep(office.seat.page, screens, "petition-desk-register")
    office.at("party-rows").get_by_role("button", name="去掉").last.click()
    office.at("petition-send").click()
    expect(office.at("petition-title")).to_have_text(claim)
    office.is_now("已登记")


def test_a_suggestion_from_a_visit_is_studied_and_adopted(seats: Seats, town: Place, screens: Path) -> None:
    claim = f"建议在卫生院门口设公交站（{secrets.token_hex(3)}）"
    office = PetitionDesk(seats(phone=False), town, "petitions")
    register_visit(office, claim, screens)
    code = office.at("petition").locator(".mono").first.inner_text()
    office.give("study", "村镇建设办公室")
    expect(office.at("petition")).to_contain_text("意见建议类")
    handled_and_signed(seats, town, "construction", claim, "建议予以采纳", ADOPTED)
    office.again()
    office.do("deliver", "已答复", choices=("邮寄", "签收", "同意"))
    office.again()
    say_both(office.paper("处理意见书"), claim, *ADOPTED.values())
    office.desk.go("petitions")
    keep(office.seat.page, screens, "petition-desk-queue")
    anyone = Pages(seats().page, town.url, framed=False)  # the visitor follows it without an account (PET-21)
    anyone.open("pages-petition/progress/index")
    anyone.write("petition-progress-code", code)
    anyone.write("petition-progress-phone", PHONE)
    anyone.tap("petition-look")
    expect(anyone.at("petition-result")).to_contain_text("已答复")
    expect(anyone.at("petition-result")).not_to_contain_text("公交站")


def test_a_claim_with_a_route_of_its_own_is_told_so(seats: Seats, town: Place, screens: Path) -> None:
    claim, where = f"请讨回去年的工钱（{secrets.token_hex(3)}）", "滕州市劳动人事争议仲裁委员会（示例）"
    brought = Office(town)
    number = brought.petition("resident2", claim, topic="wages")
    brought.close()
    office = PetitionDesk(seats(phone=False), town, "petitions")
    assert office.open(claim) == number
    office.do(
        "guide",
        "已导入法定途径",
        choices=("（二）仲裁（劳动、土地承包等）",),
        body=where,
        note="可以申请劳动仲裁。",
    )
    office.again()
    say_both(office.paper("法定途径告知书"), where, "可以申请劳动仲裁")
    keep(office.seat.page, screens, "petition-desk-guided")
    office.seat.page.goto("/console/petitions/calendar")
    expect(office.at("month-registered")).to_contain_text("件")
    expect(office.at("duties-due")).to_be_visible()
    keep(office.seat.page, screens, "petition-desk-calendar")
    me = log_in_as(seats().page, town.url, "resident2")
    me.open(f"pages-petition/detail/index?id={number}")
    expect(me.at("next-step")).to_contain_text("请按告知书写明的途径办理")
    with me.page.expect_download() as copy:
        me.at("document-open").filter(has_text="告知书").click()
    assert Path(copy.value.path()).read_bytes().startswith(b"%PDF-")
    keep(me.page, screens, "petition-guided-phone")
