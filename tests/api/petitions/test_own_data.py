"""What petitions keep of a person: seen, copied, corrected, let go of, carried over (PI-07, PI-08; PIPL 44-47)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.identity.services import handle_platform_event
from backend.kernel.db import db, run_unit
from backend.petitions import personal
from backend.petitions.models import Petition, PetitionParty
from backend.rights.models import Deletion
from tests.factories.cases import _unit_id
from tests.factories.petition_forms import CLAIM, ID_NUMBER, act, by_office, filed, row, seen
from tests.support.people import Person

Login = Callable[[str], Person]


@pytest.fixture
def wang(resident_client: Login) -> Person:
    """Whoever files."""
    return resident_client("wang")


def kept(person: Person) -> dict[str, Any]:
    answer = person.get("/resident/rights/data")
    assert answer.status_code == 200, answer.text
    return {section["code"]: section["records"] for section in answer.json["sections"]}


def do(person: Person, deed: str) -> Any:
    plan = person.get("/resident/rights/plan", query_string={"deed": deed}).json
    return person.post("/resident/rights/deeds", {"deed": deed, "confirm": plan.get("confirm", "")})


def parties(app: Flask) -> list[tuple[Any, ...]]:
    with app.app_context():
        rows = db.session.scalars(select(PetitionParty).order_by(PetitionParty.id))
        return [(p.resident_id, p.name, p.phone, p.address, p.id_number) for p in rows]


def test_the_copy_holds_everything_and_others_phones_are_theirs(wang: Person, resident_client: Login) -> None:
    li = resident_client("li")
    receipt = filed(wang, joint=True, id_number=ID_NUMBER)
    token = receipt["invitation_url"].partition("token=")[2]
    signed = {"name": "李四", "phone": "13800000002", "address": "湾尾村 3 号"}
    assert li.post(f"/resident/petition-invitations/{token}", signed).status_code == 200
    assert act(wang, receipt["id"], "supplement", note="有照片为证").status_code == 200
    (record,) = kept(wang)["petitions"]
    whole = str(record)
    for word in (CLAIM, "王小明", "13800001234", "湾头村 12 号", ID_NUMBER, "有照片为证", "李四"):
        assert word in whole, word
    for word in ("13800000002", "湾尾村 3 号"):
        assert word not in whole, "what somebody else signed with"
    theirs = kept(li)
    assert "petitions" not in theirs
    assert "13800000002" in str(theirs["petition_signatures"])
    assert CLAIM not in str(theirs), "who signs was not shown the words"


def test_what_is_wrong_is_put_right_while_it_is_open(wang: Person, app: Flask) -> None:
    made = filed(wang)["id"]
    path = f"/resident/petitions/{made}/person"
    answer = wang.patch(path, {"name": "王晓明", "phone": "13800001235", "id_number": ID_NUMBER.lower()})
    assert answer.status_code == 200, answer.text
    assert parties(app)[0][1:] == ("王晓明", "13800001235", "湾头村 12 号", ID_NUMBER)
    with app.app_context():
        noted = select(AuditEntry.detail).where(AuditEntry.what == "own_data_corrected")
        assert db.session.scalars(noted).one() == {"what": ["id_number", "name", "phone"]}
    wrong = wang.patch(path, {"id_number": "123"})
    assert (wrong.status_code, list(wrong.json["fields"])) == (422, ["id_number"])
    assert wang.patch(path, {"id_number": ""}).status_code == 200
    assert parties(app)[0][4] is None, "given of one's own accord, taken back the same way (PET-02)"
    assert act(wang, made, "withdraw").status_code == 200
    late = wang.patch(path, {"name": "王小明"})
    assert (late.status_code, late.json["code"]) == (409, "petition_ended")


def test_nobody_puts_anothers_right(wang: Person, resident_client: Login) -> None:
    made = filed(wang)["id"]
    assert (
        resident_client("li").patch(f"/resident/petitions/{made}/person", {"name": "李四"}).status_code == 404
    )


def test_an_account_is_not_closed_over_an_open_petition(wang: Person) -> None:
    before = wang.get("/resident/rights/plan", query_string={"deed": "close_account"}).json
    code = filed(wang)["code_display"]
    plan = wang.get("/resident/rights/plan", query_string={"deed": "close_account"}).json
    assert code in plan["refused"]
    assert CLAIM not in plan["refused"], "in neutral words"
    agreed = {"deed": "close_account", "confirm": before["confirm"]}
    assert wang.post("/resident/rights/deeds", agreed).status_code == 409
    assert seen(wang, wang.get("/resident/petitions").json["items"][0]["id"])


def test_what_has_ended_is_let_go_of_and_stays_stored(wang: Person, app: Flask) -> None:
    made = filed(wang, id_number=ID_NUMBER)["id"]
    still = filed(wang, claim="请求公开去年的村务支出")["id"]
    by_office(app, made, "transfer", body="滕州市人社局", note="由其处理")
    assert act(wang, made, "rate_office", score="unsatisfied", note="没有说清楚").status_code == 200
    assert do(wang, "delete_all").status_code == 200
    assert wang.get(f"/resident/petitions/{made}").status_code == 404
    assert [one["id"] for one in wang.get("/resident/petitions").json["items"]] == [still]
    first, second = parties(app)
    assert first == (None, "王小明", None, "湾头村 12 号", None), "the file keeps whom it answered"
    assert second[0] == int(wang.me["id"])
    assert row(app, made, lambda p: (p.claim, p.resident_id)) == (CLAIM, None)
    with app.app_context():
        erased = set(db.session.scalars(select(Deletion.kind)))
    assert {"petition_party", "petition_person"} <= erased


def test_who_closes_their_wechat_account_is_let_go_of(wang: Person, app: Flask) -> None:
    made = filed(wang)["id"]
    by_office(app, made, "accept", unit_id=lambda: _unit_id("urban"))
    assert act(wang, made, "withdraw").status_code == 200
    kind = "user_authorization_cancellation"
    event: dict[str, Any] = {"app": "mini", "kind": kind, "openid": "mini-wang", "raw": {}}
    with app.app_context():
        run_unit(lambda: handle_platform_event(event))
    assert row(app, made, lambda p: p.resident_id) is None


def test_two_accounts_become_one(wang: Person, resident_client: Login, app: Flask) -> None:
    made = filed(wang)["id"]
    kept_id, gone_id = int(resident_client("li").me["id"]), int(wang.me["id"])
    with app.app_context():
        run_unit(lambda: personal.merge_resident(kept_id, gone_id))
    assert row(app, made, lambda p: p.resident_id) == kept_id
    assert parties(app)[0][0] == kept_id
    with app.app_context():
        assert db.session.scalars(select(Petition.id).where(Petition.resident_id == gone_id)).all() == []
