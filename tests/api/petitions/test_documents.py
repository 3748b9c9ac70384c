"""Written documents: made by their step, numbered, as DOCX and PDF, delivered with a record (§1.3, PET-04 to PET-12)."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.kernel.clock import FrozenClock, today
from backend.kernel.db import db, transaction
from backend.petitions.models import PetitionDocument, PetitionFile
from tests.factories import petition_forms as forms
from tests.factories import petitions
from tests.factories.identity import place_id, unit_id
from tests.support.people import Person

Residents = Callable[[str], Person]
Desks = Callable[[str], Person]
Jobs = Callable[[], Counter[str]]
FACTS = "经查，去年十月修路占用承包地 0.48 亩。\n有现场测量记录为证。"
OPINION = {
    "outcome": "supported",
    "claim": "请求退还被占的承包地",
    "facts": FACTS,
    "note": "由村委会签订补偿协议。",
    "basis": "《农村土地承包法》第十七条",
}


@pytest.fixture
def wang(resident_client: Residents) -> Person:
    return resident_client("wang")


def accepted(app: Flask, wang: Person, clerk: str | None = "chengguan") -> str:
    """A petition that 城管所 has begun to handle; its id."""
    petition_id: str = forms.filed(wang)["id"]
    forms.by_office(app, petition_id, "accept", unit_id=str(unit_id(app, "urban")))
    if clerk is not None:
        forms.by_office(app, petition_id, "start", clerk)
    return petition_id


def signed(app: Flask, wang: Person) -> str:
    """A petition whose opinion is signed; its id."""
    petition_id = accepted(app, wang)
    forms.by_office(app, petition_id, "draft_opinion", "chengguan", **OPINION)
    forms.by_office(app, petition_id, "approve_opinion", "lingdao")
    return petition_id


def documents(app: Flask, petition_id: str) -> list[PetitionDocument]:
    with app.app_context(), transaction(writing=False):
        query = select(PetitionDocument).where(PetitionDocument.petition_id == int(petition_id))
        return list(db.session.scalars(query.order_by(PetitionDocument.id)))


def words_of_docx(data: bytes) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)


def words_of_pdf(data: bytes) -> str:
    """The text of its pages without the blanks that setting type puts between letters and figures."""
    pages = PdfReader(io.BytesIO(data)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_an_opinion_holds_its_four_parts_in_both_files(
    app: Flask, wang: Person, staff_client: Desks, run_jobs: Jobs
) -> None:
    """PET-10: the claim, facts and reasons, the opinion, its basis; both files say the same."""
    petition_id = signed(app, wang)
    run_jobs()
    acceptance, opinion = documents(app, petition_id)
    assert (acceptance.kind, acceptance.number) == ("acceptance", "东信受告〔2026〕1号")
    assert (opinion.kind, opinion.number) == ("opinion", "东信意〔2026〕1号")
    office = staff_client("xinfang")
    pdf = office.get(f"/staff/petition-documents/{opinion.id}/pdf")
    word = office.get(f"/staff/petition-documents/{opinion.id}/docx")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    assert word.status_code == 200
    in_word = words_of_docx(word.data)
    styles = docx.Document(io.BytesIO(word.data)).styles.element.xml
    assert 'w:eastAsia="zh-CN"' in styles, "or a full stop stands in the middle of its square"
    for said in (
        "信访事项处理意见书",
        opinion.number,
        "王小明：",
        "一、投诉请求",
        "请求退还被占的承包地",
        "二、事实和理由",
        *FACTS.splitlines(),
        "三、处理意见",
        "由村委会签订补偿协议。",
        "结论：予以支持。",
        "四、依据",
        "《农村土地承包法》第十七条",
        "2026年3月10日",
        "人民政府",
    ):
        assert said in in_word, said
    assert "".join(in_word.split()) in words_of_pdf(pdf.data).replace("—1—", "").replace("—2—", "")
    assert "{" not in in_word


def test_a_notice_tells_the_unit_and_the_last_day(app: Flask, wang: Person, run_jobs: Jobs) -> None:
    """PET-04, PET-08: in writing, who handles it and by when."""
    petition_id = accepted(app, wang, clerk=None)
    run_jobs()
    (row,) = documents(app, petition_id)
    pdf = wang.get(f"/resident/petition-documents/{row.id}/pdf")
    assert pdf.status_code == 200
    said = words_of_pdf(pdf.data)
    assert "由城管所负责办理" in said
    last = date(2026, 3, 10) + timedelta(days=60)
    assert f"最迟在{last.year}年{last.month}月{last.day}日书面答复您" in said


@pytest.mark.parametrize(
    ("action", "given", "kind", "said"),
    [
        ("refuse", {"body": "市自然资源局", "note": "不属于本镇职权"}, "refusal", "不属于本镇职权"),
        ("transfer", {"body": "市自然资源局", "note": "属于市局职权"}, "transfer", "转送市自然资源局"),
        (
            "guide",
            {"branch": "2", "body": "市劳动仲裁院", "note": "一年内提出"},
            "guidance",
            "请向市劳动仲裁院提出",
        ),
        ("study", {}, "study", "由城管所认真研究论证"),
    ],
)
def test_every_way_of_informing_has_its_document(
    app: Flask, wang: Person, run_jobs: Jobs, action: str, given: dict[str, Any], kind: str, said: str
) -> None:
    """PET-04: ours, another's, or another route; each in writing with its reasons."""
    petition_id = forms.filed(wang)["id"]
    if action == "study":
        given = {"unit_id": str(unit_id(app, "urban"))}
    forms.by_office(app, petition_id, action, **given)
    run_jobs()
    (row,) = documents(app, petition_id)
    assert row.kind == kind
    pdf = wang.get(f"/resident/petition-documents/{row.id}/pdf")
    assert said in words_of_pdf(pdf.data)


def test_an_extension_names_its_new_last_day(
    app: Flask, wang: Person, run_jobs: Jobs, clock: FrozenClock
) -> None:
    """PET-09: approved by the head, told to the petitioner with the reason."""
    petition_id = accepted(app, wang)
    until = date(2026, 3, 10) + timedelta(days=85)
    forms.by_office(app, petition_id, "ask_extension", "chengguan", until=until, note="要等测绘结果")
    forms.by_office(app, petition_id, "approve_extension", "lingdao", note="等待测绘结果")
    run_jobs()
    row = documents(app, petition_id)[-1]
    assert row.kind == "extension"
    said = words_of_pdf(wang.get(f"/resident/petition-documents/{row.id}/pdf").data)
    assert f"延长到{until.year}年{until.month}月{until.day}日" in said
    assert "等待测绘结果" in said


def test_numbers_run_by_town_kind_and_year(app: Flask, clock: FrozenClock) -> None:
    here, there = place_id(app, "dongwan"), place_id(app, "xiwan", town="xiwan")
    made = [
        petitions.document(app, petitions.petition(app, town), kind)
        for town, kind in ((here, "refusal"), (here, "refusal"), (here, "transfer"), (there, "refusal"))
    ]
    clock.advance(timedelta(days=365))
    made.append(petitions.document(app, petitions.petition(app, here)))
    with app.app_context(), transaction(writing=False):
        numbers = [db.session.get_one(PetitionDocument, one).number for one in made]
    assert numbers == [
        "东信不受告〔2026〕1号",
        "东信不受告〔2026〕2号",
        "东信转告〔2026〕1号",
        "西信不受告〔2026〕1号",
        "东信不受告〔2027〕1号",
    ]


def test_documents_written_at_once_take_numbers_one_after_the_other(app: Flask) -> None:
    town = place_id(app, "dongwan")
    ids = [petitions.petition(app, town) for _ in range(12)]
    with ThreadPoolExecutor(4) as at_once:
        made = list(at_once.map(lambda one: petitions.document(app, one), ids))
    with app.app_context(), transaction(writing=False):
        rows = [db.session.get_one(PetitionDocument, one) for one in made]
    assert sorted(row.sequence for row in rows) == list(range(1, 13))


def test_a_step_that_is_undone_takes_no_number(app: Flask, wang: Person) -> None:
    """The row is written with the step, or not at all."""
    petition_id = forms.filed(wang)["id"]
    with pytest.raises(Exception, match="demands_missing"):
        forms.by_office(app, petition_id, "refuse", note="没有写应当找哪里")
    assert documents(app, petition_id) == []
    with app.app_context(), transaction(writing=False):
        assert db.session.scalars(select(PetitionFile)).all() == []


def test_what_people_typed_is_text_and_nothing_else(app: Flask, wang: Person, run_jobs: Jobs) -> None:
    """Neither of the two programs that set the page runs what somebody wrote."""
    typed = "# 标题 {{ 7*7 }} {% raw %} #set page(width: 1mm) *粗* <b>&amp; 【】 {{ 信访人 }}"
    petition_id = forms.filed(wang, claim=typed)["id"]
    forms.by_office(app, petition_id, "refuse", body="市局", note=typed)
    run_jobs()
    (row,) = documents(app, petition_id)
    said = words_of_pdf(wang.get(f"/resident/petition-documents/{row.id}/pdf").data)
    assert said.count("".join(typed.split())) == 2


def test_what_no_page_can_hold_is_left_out(app: Flask, wang: Person, run_jobs: Jobs) -> None:
    """A character that Word's format forbids must not keep a document from being made."""
    odd = "不归\x00镇\x1b里\ufffe管\x0b另起一行\u2028又一行😀𬭎"
    petition_id = petitions.petition(app, place_id(app, "dongwan"), resident_id=int(wang.me["id"]))
    made = petitions.document(app, petition_id, 理由=odd, 应找机关="市局")
    run_jobs()
    answer = wang.get(f"/resident/petition-documents/{made}/pdf")
    assert answer.status_code == 200, answer.text
    assert "不归镇里管另起一行又一行" in words_of_pdf(answer.data)


def test_a_document_is_not_there_before_the_worker_made_it(app: Flask, wang: Person, run_jobs: Jobs) -> None:
    petition_id = accepted(app, wang, clerk=None)
    (row,) = documents(app, petition_id)
    early = wang.get(f"/resident/petition-documents/{row.id}/pdf")
    assert (early.status_code, early.json["code"]) == (409, "document_not_ready")
    assert forms.seen(wang, petition_id)["documents"][0]["pdf_url"] is None
    run_jobs()
    shown = forms.seen(wang, petition_id)["documents"][0]
    assert wang.client.get(shown["pdf_url"], headers=wang.headers).status_code == 200


def test_an_opinion_is_read_once_it_is_delivered(
    app: Flask, wang: Person, run_jobs: Jobs, clock: FrozenClock
) -> None:
    """PET-11: the window opens at delivery, so nothing is read before it."""
    petition_id = signed(app, wang)
    run_jobs()
    opinion = documents(app, petition_id)[-1]
    path = f"/resident/petition-documents/{opinion.id}/pdf"
    assert wang.get(path).status_code == 404
    clock.advance(timedelta(days=1))
    with app.app_context():
        day = today()
    said = {"way": "post", "delivered_on": day, "signed": "signed", "stance": "disagrees"}
    forms.by_office(app, petition_id, "deliver", **said)
    assert wang.get(path).status_code == 200
    row = documents(app, petition_id)[-1]
    assert (row.way, row.delivered_on, row.signed, row.stance) == ("post", day, "signed", "disagrees")
    assert row.delivery_by is not None


def test_the_review_is_a_document_of_the_body_above(
    app: Flask, wang: Person, run_jobs: Jobs, clock: FrozenClock
) -> None:
    """PET-11, PET-12: under its name and its number; the town registers it, and numbers nothing."""
    petition_id = signed(app, wang)
    with app.app_context():
        day = today()
    said = {"way": "in_person", "delivered_on": day, "signed": "signed", "stance": "disagrees"}
    forms.by_office(app, petition_id, "deliver", **said)
    assert forms.act(wang, petition_id, "ask_review", note="补偿太少").status_code == 200
    decided = {"body": "滕州市人民政府", "note": "维持原处理意见。", "delivered_on": day}
    with pytest.raises(Exception, match="demands_missing"):
        forms.by_office(app, petition_id, "record_review", **decided)
    forms.by_office(app, petition_id, "record_review", number="滕政复查〔2026〕3号", **decided)
    run_jobs()
    row = documents(app, petition_id)[-1]
    assert (row.kind, row.delivered_on) == ("review", day)
    assert (row.number, row.sequence) == ("滕政复查〔2026〕3号", None)
    said_there = words_of_pdf(wang.get(f"/resident/petition-documents/{row.id}/pdf").data)
    assert "滕州市人民政府的复查意见是：维持原处理意见。" in said_there
    assert "内容以滕州市人民政府的原件为准" in said_there
    assert "滕政复查〔2026〕3号" in said_there
    assert not said_there.replace("—1—", "").endswith("滕州市人民政府2026年3月10日"), "the town's paper"


DELIVERED = {"way": "in_person", "delivered_on": "2026-03-10", "signed": "refused", "stance": "unclear"}


def test_a_notice_is_delivered_with_a_record(app: Flask, wang: Person, staff_client: Desks) -> None:
    """§1.3: way, date, signed or refused, what the person said; once."""
    petition_id = accepted(app, wang)
    (row,) = documents(app, petition_id)
    path = f"/staff/petition-documents/{row.id}/delivery"
    assert staff_client("chengguan").post(path, DELIVERED).status_code == 403, "the office's to do"
    told = staff_client("xinfang").post(path, DELIVERED)
    assert told.status_code == 200, told.text
    assert told.json == {"id": str(row.id), "number": row.number, **DELIVERED}
    again = staff_client("xinfang").post(path, DELIVERED)
    assert (again.status_code, again.json["code"]) == (409, "delivered_already")


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-03-09", "不能早于受理告知书作出的日期（2026年3月10日）"), ("2026-03-11", "不能晚于今天")],
)
def test_a_delivery_cannot_be_before_the_document_nor_tomorrow(
    app: Flask, wang: Person, staff_client: Desks, day: str, said: str
) -> None:
    petition_id = accepted(app, wang)
    (row,) = documents(app, petition_id)
    answer = staff_client("xinfang").post(
        f"/staff/petition-documents/{row.id}/delivery", {**DELIVERED, "delivered_on": day}
    )
    assert answer.status_code == 422
    assert said in answer.json["fields"]["delivered_on"][0]
    assert documents(app, petition_id)[0].delivered_on is None


def test_an_opinion_is_delivered_by_its_step_only(app: Flask, wang: Person, staff_client: Desks) -> None:
    """Else its window would not open (PET-11)."""
    opinion = documents(app, signed(app, wang))[-1]
    answer = staff_client("xinfang").post(f"/staff/petition-documents/{opinion.id}/delivery", DELIVERED)
    assert (answer.status_code, answer.json["code"]) == (409, "delivery_is_a_step")


def test_nobody_else_opens_a_document_and_every_opening_is_on_record(
    app: Flask, wang: Person, resident_client: Residents, staff_client: Desks, run_jobs: Jobs
) -> None:
    petition_id = accepted(app, wang)
    run_jobs()
    (row,) = documents(app, petition_id)
    assert resident_client("li").get(f"/resident/petition-documents/{row.id}/pdf").status_code == 404
    path = f"/staff/petition-documents/{row.id}/docx"
    assert staff_client("xxinfang").get(path).status_code == 404
    assert staff_client("chengguan").get(path).status_code == 200
    file_path = f"/staff/petition-files/{row.docx_file_id}"
    assert staff_client("chengguan").get(file_path).status_code == 404, "a document is no attachment"
    with app.app_context(), transaction(writing=False):
        noted = db.session.scalars(select(AuditEntry).where(AuditEntry.what == "petition_document.open"))
        assert [one.detail for one in noted] == [{"document_id": str(row.id), "as": "docx"}]
