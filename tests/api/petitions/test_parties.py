"""Signing with others, and taking over what the office registered (§1.1, PET-18, PET-21)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.kernel.db import db, run_unit
from backend.petitions.filing import Matter, Party
from backend.petitions.models import Petition, PetitionParty
from backend.petitions.taking_in import Intake, take_in
from tests.factories.petition_forms import CLAIM, FACTS, act, filed, row, seen, staff_actor
from tests.factories.places import town
from tests.support.people import Person

Login = Callable[[str], Person]
LI = {"name": "李四", "phone": "13800000002", "address": "湾尾村 3 号"}


def invited(person: Person) -> tuple[str, str]:
    """A joint petition of that person: its id, and the path of the invitation."""
    receipt = filed(person, joint=True)
    token = receipt["invitation_url"].partition("token=")[2]
    return receipt["id"], f"/resident/petition-invitations/{token}"


def test_each_confirms_by_their_own_account(resident_client: Login, app: Flask) -> None:
    wang, li, zhao = (resident_client(name) for name in ("wang", "li", "zhao"))
    petition, path = invited(wang)
    shown = li.get(path)
    assert shown.json == {
        "topic_label": "土地、宅基地、征收",
        "town_name": "东湾镇",
        "co_signers": 0,
        "open": True,
        "own": False,
        "signed": False,
    }
    signed = li.post(path, LI)
    assert (signed.status_code, signed.json["co_signers"], signed.json["signed"]) == (200, 1, True)
    assert zhao.post(path, {**LI, "name": "赵六"}).json["co_signers"] == 2
    page = seen(wang, petition)
    assert [(p["role_label"], p["name"], p["confirmed"]) for p in page["parties"]] == [
        ("信访人", "王小明", True),
        ("联名人", "李○", True),
        ("联名人", "赵○", True),
    ]
    with app.app_context():
        noted = select(AuditEntry.actor_id).where(AuditEntry.what == "petition.co_signed")
        assert set(db.session.scalars(noted)) == {int(li.me["id"]), int(zhao.me["id"])}


def test_signing_again_changes_nothing(resident_client: Login, app: Flask) -> None:
    wang, li = resident_client("wang"), resident_client("li")
    _, path = invited(wang)
    assert li.post(path, LI).json == li.post(path, {**LI, "name": "别人"}).json
    with app.app_context():
        names = db.session.scalars(select(PetitionParty.name).order_by(PetitionParty.id)).all()
        assert names == ["王小明", "李四"]


def test_the_link_opens_no_word_of_the_petition(resident_client: Login) -> None:
    wang, li = resident_client("wang"), resident_client("li")
    petition, path = invited(wang)
    for word in (CLAIM, FACTS, "王"):
        assert word not in li.get(path).text
    assert li.get(f"/resident/petitions/{petition}").status_code == 404
    assert li.get("/resident/petitions").json["items"] == []


def test_the_petitioner_passes_it_on_and_does_not_sign_twice(resident_client: Login) -> None:
    wang = resident_client("wang")
    petition, path = invited(wang)
    assert wang.get(path).json["own"] is True
    answer = wang.post(path, LI)
    assert (answer.status_code, answer.json["code"]) == (409, "own_petition")
    assert seen(wang, petition)["invitation_url"].endswith(path.rpartition("/")[2])


def test_nobody_signs_what_has_ended(resident_client: Login) -> None:
    wang, li = resident_client("wang"), resident_client("li")
    petition, path = invited(wang)
    assert act(wang, petition, "withdraw").status_code == 200
    answer = li.post(path, LI)
    assert (answer.status_code, answer.json["code"]) == (409, "petition_ended")
    assert li.get(path).json["open"] is False


def test_a_wrong_link_and_a_petition_of_one(resident_client: Login) -> None:
    wang = resident_client("wang")
    assert filed(wang)["invitation_url"] is None
    assert wang.get("/resident/petition-invitations/none").status_code == 404
    assert wang.post("/resident/petition-invitations/none", LI).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"), [({"name": ""}, "name"), ({"phone": "1"}, "phone"), ({"address": ""}, "address")]
)
def test_who_signs_says_who_they_are(resident_client: Login, change: dict[str, str], field: str) -> None:
    _, path = invited(resident_client("wang"))
    answer = resident_client("li").post(path, LI | change)
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])


@pytest.fixture
def registered(app: Flask) -> str:
    """The code of a visit that the office wrote down."""

    def unit() -> str:
        visitor = Party("petitioner", "赵老太", "0632-1234567", "湾尾村")
        agent = Party("agent", "赵大", "13800000009", relation="儿子")
        matter = Matter(town().id, "land", CLAIM, FACTS, "")
        intake = Intake("register", "visit", matter, date(2026, 3, 10), (visitor, agent))
        return take_in(staff_actor("xinfang"), intake).code

    with app.app_context():
        return run_unit(unit)


def claim(person: Person, code: str, phone: str) -> Any:
    return person.post("/resident/petitions/claim", {"code": code, "phone": phone})


def test_what_the_office_registered_is_taken_over(
    resident_client: Login, registered: str, app: Flask
) -> None:
    zhao, li = resident_client("zhao"), resident_client("li")
    answer = claim(zhao, registered, "06321234567")
    assert answer.status_code == 200, answer.text
    assert answer.json["parties"][0] == {"role_label": "信访人", "name": "赵老太", "confirmed": True}
    assert row(app, answer.json["id"], lambda p: p.resident_id) == int(zhao.me["id"])
    assert claim(zhao, registered, "06321234567").json["id"] == answer.json["id"]
    assert claim(li, registered, "06321234567").status_code == 404, "it is somebody's"


def test_a_wrong_phone_an_agents_phone_and_a_wrong_code_look_alike(
    resident_client: Login, registered: str, app: Flask
) -> None:
    li = resident_client("li")
    tried = [
        claim(li, registered, "13800000001"),
        claim(li, registered, "13800000009"),
        claim(li, "0000-0000-0000", "06321234567"),
        claim(li, filed(resident_client("wang"))["code"], "13800001234"),
    ]
    assert {(one.status_code, one.json["message"]) for one in tried} == {
        (404, "没有对上。请核对单子上的查询码，和登记时留下的电话。")
    }
    with app.app_context():
        owners = select(Petition.resident_id).where(Petition.registered_by.is_not(None))
        assert db.session.scalars(owners).all() == [None]


def test_what_somebody_filed_themselves_is_never_taken_over(resident_client: Login, app: Flask) -> None:
    """Not even when it is nobody's any more."""
    receipt = filed(resident_client("wang"))

    def let_go() -> None:
        db.session.get_one(Petition, int(receipt["id"])).resident_id = None

    with app.app_context():
        run_unit(let_go)
    assert claim(resident_client("li"), receipt["code"], "13800001234").status_code == 404
