"""A town's own texts of written documents: what may stand in them, checked when they are saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.kernel import json
from backend.kernel.db import db, transaction
from backend.petitions import templates
from backend.petitions.models import PetitionDocument
from tests.api.petitions.test_documents import words_of_pdf
from tests.factories import petitions
from tests.factories.identity import place_id
from tests.support.people import Person

BODY = "兹告知：{{ 信访人 }}，{{ 理由 }}。请找{{应找机关}}。"


@pytest.fixture
def office(staff_client: Callable[[str], Person]) -> Person:
    return staff_client("xinfang")


def put(person: Person, kind: str = "refusal", **changes: Any) -> Any:
    body = {"version": 0, "heading": "告知书", "body": BODY, **changes}
    return person.client.put(f"/api/v1/staff/petition-templates/{kind}", json=body, headers=person.headers)


def filled(app: Flask, document_id: int) -> dict[str, Any]:
    with app.app_context(), transaction(writing=False):
        said: dict[str, Any] = json.loads(db.session.get_one(PetitionDocument, document_id).filled)
        return said


def test_every_kind_has_a_text_that_holds_what_it_must(office: Person) -> None:
    told = office.get("/staff/petition-templates").json["items"]
    assert {one["kind"] for one in told} == set(templates.DEMANDED)
    for one in told:
        assert (one["version"], one["edited_at"]) == (0, None)
        assert (one["heading"], one["body"]) == (one["default_heading"], one["default_body"])
        required = [place["name"] for place in one["places"] if place["required"]]
        assert required, one["kind"]
        assert [name for name in required if f"{{{{ {name} }}}}" not in one["body"]] == [], one["kind"]


def test_a_town_writes_its_own_and_the_next_document_says_it(
    app: Flask, office: Person, run_jobs: Callable[[], Counter[str]]
) -> None:
    town = place_id(app, "dongwan")
    before = petitions.document(app, petitions.petition(app, town), 理由="不归镇里管", 应找机关="市局")
    saved = put(office)
    assert saved.status_code == 200, saved.text
    assert (saved.json["version"], saved.json["body"]) == (1, BODY)
    after = petitions.document(app, petitions.petition(app, town), 理由="不归镇里管", 应找机关="市局")
    assert filled(app, after)["heading"] == "告知书"
    said = [part["text"] for part in filled(app, after)["parts"]]
    assert said == ["兹告知：信访人，不归镇里管。请找市局。"]
    assert filled(app, before)["heading"] == "信访事项不予受理告知书", "what was written stays as it is"
    other = place_id(app, "xiwan", town="xiwan")
    theirs = petitions.document(app, petitions.petition(app, other), 理由="不归镇里管", 应找机关="市局")
    assert filled(app, theirs)["heading"] == "信访事项不予受理告知书", "another town keeps its own"
    with app.app_context(), transaction(writing=False):
        noted = db.session.scalars(
            select(AuditEntry).where(AuditEntry.what == "petition_template.change")
        ).one()
        assert [change["label"] for change in (noted.detail or {})["changes"]] == ["标题", "正文"]


@pytest.mark.parametrize(
    ("kind", "changes", "field", "said"),
    [
        ("refusal", {"body": BODY + "{{ 身份证号 }}"}, "body", "不认识 {{ 身份证号 }}"),
        ("refusal", {"heading": "{{ 年月 }}告知书"}, "heading", "不认识 {{ 年月 }}"),
        ("refusal", {"body": BODY + "{{ 理由 }"}, "body", "花括号没有成对"),
        ("refusal", {"body": BODY + "{% for x in y %}"}, "body", "花括号没有成对"),
        ("refusal", {"body": "{{ 理由.__class__ }}" + BODY}, "body", "不认识 {{ 理由.__class__ }}"),
        ("refusal", {"body": "请找{{ 应找机关 }}"}, "body", "还缺 {{ 理由 }}"),
        (
            "opinion",
            {"body": "{{ 投诉请求 }}{{ 事实和理由 }}{{ 处理意见 }}"},
            "body",
            "还缺 {{ 依据 }}，少了就不是完整的文书（《信访工作条例》第三十二条）",
        ),
    ],
)
def test_a_text_with_a_fault_is_refused_in_a_sentence(
    office: Person, kind: str, changes: dict[str, str], field: str, said: str
) -> None:
    """PET-10 among them: an opinion without one of its four parts is none."""
    answer = put(office, kind, **changes)
    assert (answer.status_code, answer.json["code"]) == (422, "template_faults")
    assert said in answer.json["fields"][field][0]
    kept = office.get("/staff/petition-templates").json["items"]
    assert all(one["version"] == 0 for one in kept)


def test_somebody_elses_change_is_not_overwritten(office: Person) -> None:
    assert put(office).status_code == 200
    again = put(office, heading="另一份")
    assert (again.status_code, again.json["code"]) == (409, "changed_meanwhile")
    assert put(office, version=1, heading="另一份").json["version"] == 2


def test_there_is_no_other_kind(office: Person) -> None:
    assert put(office, "warning").status_code == 404


def test_a_line_that_comes_to_nothing_is_left_out() -> None:
    text = "# 一\n{{ 说明 }}\n固定\n{{ 说明 }}{{ 理由 }}"
    assert templates.fill(text, {"理由": "第一行\n\n# 第二行 {{ 说明 }}"}) == [
        {"text": "一", "heading": True},
        {"text": "固定", "heading": False},
        {"text": "第一行", "heading": False},
        {"text": "# 第二行 {{ 说明 }}。", "heading": False},
    ]


def preview(person: Person, kind: str, **text: str) -> Any:
    return person.client.post(
        f"/api/v1/staff/petition-templates/{kind}/preview", json=text, headers=person.headers
    )


def test_a_text_is_looked_at_as_a_page_before_it_is_saved(app: Flask, office: Person) -> None:
    """Every kind that comes with the program, and one's own; with invented persons, and nothing is stored."""
    for one in office.get("/staff/petition-templates").json["items"]:
        answer = preview(office, one["kind"], heading=one["heading"], body=one["body"])
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), one["kind"]
        said = words_of_pdf(answer.data)
        assert "".join(one["heading"].split()) in said
        assert "{" not in said
    own = words_of_pdf(preview(office, "refusal", heading="我镇告知书", body=BODY).data)
    assert "我镇告知书" in own
    assert "请找示例市自然资源局。" in own
    with app.app_context(), transaction(writing=False):
        assert db.session.scalars(select(PetitionDocument)).all() == []


def test_a_text_with_faults_is_no_page(office: Person) -> None:
    answer = preview(office, "refusal", heading="告知书", body="{{ 别的 }}")
    assert (answer.status_code, answer.json["code"]) == (422, "template_faults")
    assert preview(office, "none", heading="告知书", body="x").status_code == 404
