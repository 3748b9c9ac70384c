"""A resident files a petition: registered at once, with the day by which they are informed (PET-01, PET-02, PET-04)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema, fields
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit
from backend.petitions.access import get_petition_for
from backend.petitions.models import Petition, PetitionLink, PetitionParty
from backend.petitions.schemas import MyPetitionsSchema, PetitionReceiptSchema, ResidentPetitionSchema
from tests.factories.cases import _unit_id
from tests.factories.petition_forms import (
    CLAIM,
    FACTS,
    ID_NUMBER,
    act,
    body,
    by_office,
    filed,
    row,
    seen,
    staff_actor,
)
from tests.factories.petitions import stored_file
from tests.support.people import Person

Login = Callable[..., Person]


def test_it_is_registered_and_says_by_when_one_is_informed(resident_client: Login) -> None:
    wang = resident_client("wang")
    receipt = filed(wang)
    assert receipt["state_label"] == "已登记"
    # PET-24: filed on 10 March, which is not counted; the fifteenth day is 25 March
    assert receipt["inform_by"] == "2026-03-25"
    assert receipt["same_matter"] is None
    assert receipt["invitation_url"] is None
    page = seen(wang, receipt["id"])
    assert (page["claim"], page["facts"], page["received_on"]) == (CLAIM, FACTS, "2026-03-10")
    assert page["dates"] == [
        {
            "clock": "inform",
            "label": "告知期限",
            "due_on": "2026-03-25",
            "state": "running",
            "overdue": False,
        }
    ]
    assert page["parties"] == [{"role_label": "信访人", "name": "王小明", "confirmed": True}]
    assert [line["title"] for line in page["timeline"]] == ["您提交了信访事项，已登记"]
    assert {line["action"] for line in page["actions"]} == {"supplement", "withdraw", "ask_avoidance"}
    assert page["topic_label"] == "土地、宅基地、征收"


def complete(schema: Schema, shown: dict[str, Any]) -> None:
    """Every field that the schema names is there, at every depth."""
    assert set(shown) == {field.data_key or name for name, field in schema.fields.items()}
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        value = shown[field.data_key or name]
        if isinstance(inner, fields.Nested):
            for one in value if isinstance(value, list) else [value] if value else []:
                complete(inner.schema, one)


def test_the_page_holds_all_that_its_schema_says(resident_client: Login, app: Flask) -> None:
    wang = resident_client("wang")
    first = filed(wang)
    token = str(stored_file(app, f"resident:{wang.me['id']}"))
    agents = [{"name": "王大明", "phone": "", "relation": "儿子"}]
    receipt = filed(wang, joint=True, agents=agents, file_ids=[token])
    complete(PetitionReceiptSchema(), receipt)
    assert act(wang, receipt["id"], "supplement", note="补一句").status_code == 200
    by_office(app, receipt["id"], "accept", unit_id=lambda: _unit_id("urban"))
    with app.app_context():
        run_unit(lambda: get_petition_for(staff_actor("xinfang"), int(receipt["id"])))
    page = seen(wang, receipt["id"])
    complete(ResidentPetitionSchema(), page)
    for filled in ("dates", "parties", "files", "documents", "ratings", "readings", "actions", "same_matter"):
        assert page[filled], filled
    complete(MyPetitionsSchema(), wang.get("/resident/petitions").json)
    by_office(app, first["id"], "join", into_code=receipt["code"], note="同一件")
    assert seen(wang, first["id"])["joined_into"] == {
        "code_display": receipt["code_display"],
        "state_label": "已受理",
        "tone": "run",
    }


def test_only_the_petitioner_sees_it_and_their_own_list_only(resident_client: Login) -> None:
    wang, li = resident_client("wang"), resident_client("li")
    receipt = filed(wang)
    assert li.get(f"/resident/petitions/{receipt['id']}").status_code == 404
    assert li.get("/resident/petitions").json == {"items": [], "next_cursor": None}
    (line,) = wang.get("/resident/petitions").json["items"]
    assert (line["code_display"], line["title"], line["needs_rating"]) == (
        receipt["code_display"],
        CLAIM,
        False,
    )


def test_my_petitions_page_by_page(resident_client: Login, app: Flask) -> None:
    wang = resident_client("wang")
    first = int(filed(wang)["id"])
    copies = [str(n) for n in range(22)]

    def more() -> list[str]:
        one = db.session.get_one(Petition, first)
        made = []
        for number in copies:
            columns = {c.key: getattr(one, c.key) for c in Petition.__mapper__.columns}
            columns |= {"id": one.id + 1 + int(number), "code": f"X{number:0>11}"}
            db.session.add(Petition(**columns))
            made.append(str(columns["id"]))
        return made

    with app.app_context():
        made = [str(first), *run_unit(more)]
    listed, cursor = [], ""
    while True:
        page = wang.get(f"/resident/petitions?cursor={cursor}").json
        listed += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert listed == made[::-1]


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"claim": ""}, "claim", "请写您的请求：希望怎么解决"),
        ({"facts": " "}, "facts", "请写事实：什么时候、在哪里、发生了什么"),
        ({"claim": "长" * 2001}, "claim", "最多 2000 个字，更长的请作为附件"),
        ({"name": ""}, "name", "请写您的姓名"),
        ({"address": ""}, "address", "请写您的住址，书面答复要送到您手里"),
        ({"phone": "123"}, "phone", "电话号码不对，请写手机号或带区号的座机"),
        ({"topic": "weather"}, "topic", "请重新选择"),
        ({"file_ids": ["1"]}, "file_ids", "有一个文件找不到了，请去掉它或重新选择。"),
        # PET-02: never a gate, but a wrong check digit is said
        (
            {"id_number": "000000199003078471"},
            "id_number",
            "身份证号对不上，请核对每一位；也可以不填（《信访工作条例》第十九条没有要求身份证号）",
        ),
        # PET-23: a third agent
        (
            {"agents": [{"name": "甲", "phone": "", "relation": "子女"}] * 3},
            "agents",
            "代理人最多两名（《山东省信访条例》第二十八条），请去掉多的",
        ),
        ({"surprise": 1}, "surprise", "不认识这一项"),
    ],
)
def test_each_fault_has_its_sentence(
    resident_client: Login, app: Flask, change: dict[str, Any], field: str, sentence: str
) -> None:
    wang = resident_client("wang")
    answer = wang.post("/resident/petitions", body(**change))
    assert answer.status_code == 422, answer.text
    assert answer.json["fields"][field] == [sentence]
    with app.app_context():
        assert db.session.scalar(select(Petition.id)) is None, "a refused petition left something behind"


def test_an_identity_number_is_kept_when_it_is_right_and_never_demanded(
    resident_client: Login, app: Flask
) -> None:
    wang = resident_client("wang")
    filed(wang, id_number=ID_NUMBER.lower(), claim="请求发放粮食补贴")
    filed(wang, claim="请求公开去年的村务支出")
    with app.app_context():
        assert db.session.scalars(select(PetitionParty.id_number)).all() == [ID_NUMBER, None]


def test_agents_are_written_down_and_masked(resident_client: Login) -> None:
    wang = resident_client("wang")
    agents = [{"name": "王大明", "phone": "13800005678", "relation": "儿子"}]
    page = seen(wang, filed(wang, agents=agents)["id"])
    assert page["parties"][1] == {"role_label": "代理人", "name": "王○○", "confirmed": False}


def test_the_same_matter_still_open_is_linked_and_said(resident_client: Login, app: Flask) -> None:
    """PET-07, PET-26: to that person; on record, with the reason."""
    wang = resident_client("wang")
    first = filed(wang)
    again = filed(wang, claim=f"{CLAIM}，尽快丈量", topic="village")  # under whatever heading
    assert again["same_matter"] == {"id": first["id"], "code_display": first["code_display"]}
    assert seen(wang, again["id"])["same_matter"] == again["same_matter"]
    assert row(app, again["id"], lambda p: p.repeat_number) == 1
    with app.app_context():
        (link,) = db.session.scalars(select(PetitionLink)).all()
        assert (link.petition_id, link.earlier_id) == (int(again["id"]), int(first["id"]))
        assert link.reason.startswith("同一信访人再次提交")
        noted = select(AuditEntry.subject_id).where(AuditEntry.what == "petition.linked")
        assert db.session.scalars(noted).all() == [int(again["id"])]


def test_another_matter_of_the_same_person_and_the_same_words_of_another_are_not(
    resident_client: Login,
) -> None:
    wang, li = resident_client("wang"), resident_client("li")
    first = filed(wang)
    assert filed(wang, claim="宅基地确权证一直没有发下来", facts="等了三年")["same_matter"] is None
    assert filed(li)["same_matter"] is None, "nobody is told of what somebody else brought"
    assert act(wang, first["id"], "withdraw").status_code == 200
    assert filed(wang)["same_matter"] is None, "what is not open any more is nothing to be linked with"


def test_sent_twice_it_is_one(resident_client: Login) -> None:
    wang = resident_client("wang")
    once = wang.post("/resident/petitions", body(), headers={"Idempotency-Key": "the-same"})
    twice = wang.post("/resident/petitions", body(), headers={"Idempotency-Key": "the-same"})
    assert once.json == twice.json
    assert len(wang.get("/resident/petitions").json["items"]) == 1


def test_files_come_with_it_and_later(resident_client: Login, app: Flask) -> None:
    wang, li = resident_client("wang"), resident_client("li")
    owner = f"resident:{wang.me['id']}"
    first = str(stored_file(app, owner))
    receipt = filed(wang, file_ids=[first])
    page = seen(wang, receipt["id"])
    assert [one["id"] for one in page["files"]] == [first]
    assert page["files"][0]["url"] == f"/api/v1/resident/petition-files/{first}"
    later, theirs = str(stored_file(app, owner)), str(stored_file(app, f"resident:{li.me['id']}"))
    stolen = act(wang, receipt["id"], "supplement", note="再补一份", file_ids=[theirs])
    assert (stolen.status_code, stolen.json["code"]) == (422, "file_unknown")
    added = act(wang, receipt["id"], "supplement", note="再补一份", file_ids=[later])
    assert added.status_code == 200, added.text
    last = added.json["timeline"][-1]
    assert (last["note"], [one["id"] for one in last["files"]]) == ("再补一份", [later])
    assert len(added.json["timeline"]) == 2, "what was refused left a line"


def test_the_petitioner_reads_who_opened_it(
    resident_client: Login, staff_client: Login, app: Flask, clock: FrozenClock
) -> None:
    """§8.1 point 8: by unit and hour, never by name."""
    wang = resident_client("wang")
    receipt = filed(wang)
    with app.app_context():
        run_unit(lambda: get_petition_for(staff_actor("xinfang"), int(receipt["id"])))
    opened = {
        "unit_name": "镇便民服务中心",
        "hour": "2026-03-10T02:00:00Z",
        "by_hour": True,
        "what_label": "打开了这件事",
        "reason": "",
    }
    assert seen(wang, receipt["id"])["readings"] == [opened]
    clock.advance(timedelta(minutes=20))
    looked = staff_client("xinfang").post(
        f"/staff/petitions/{receipt['id']}/contact", {"reason": "约当面谈的时间"}
    )
    assert looked.status_code == 200, looked.text
    page = seen(wang, receipt["id"])
    assert page["readings"] == [
        {
            "unit_name": "镇便民服务中心",
            "hour": "2026-03-10T02:20:00Z",
            "by_hour": False,
            "what_label": "看了您的姓名和联系方式",
            "reason": "约当面谈的时间",
        },
        opened,
    ]
    assert "信访甲" not in str(page)


def test_under_14_a_guardian_agrees_first(resident_client: Login) -> None:
    child = resident_client("child")
    assert child.post("/resident/rights/age", {"age": 12}).status_code in {200, 201, 204}
    answer = child.post("/resident/petitions", body())
    assert (answer.status_code, answer.json["code"]) == (403, "guardian_needed")


def test_a_withdrawn_petition_ends(resident_client: Login, clock: FrozenClock, app: Flask) -> None:
    wang = resident_client("wang")
    receipt = filed(wang)
    clock.advance(timedelta(days=1))
    answer = act(wang, receipt["id"], "withdraw", note="已经当面谈好")
    assert answer.status_code == 200, answer.text
    assert (answer.json["state_label"], answer.json["actions"]) == ("已撤回", [])
    assert answer.json["dates"][0]["state"] == "stopped"
    with pytest.raises(Exception, match="action_not_open"):
        by_office(app, receipt["id"], "note", note="x")
