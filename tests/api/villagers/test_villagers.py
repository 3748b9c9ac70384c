"""Who is a villager: asked by the resident, confirmed once by the village against its own list (CON-10)."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.kernel.db import db, run_unit
from backend.notifications.models import InboxMessage
from backend.villagers import personal, queries, services
from backend.villagers.models import Villager
from tests.factories.identity import Caller, desk, place_id, resident


def ask(app: Flask, caller: Caller, name: str = "王大明", village: str = "V01") -> Any:
    """Ask; the answer."""
    body = {"village_id": str(place_id(app, village)), "name": name}
    return caller.post("/resident/villager", body, key=f"ask-{village}-{name}")


def decide(app: Flask, villager_id: str, decision: str, who: str = "cunzhang1", **more: str) -> Any:
    """What the village says; the answer."""
    body = {"decision": decision, "state_seen": "asked", **more}
    return desk(app, who).post(f"/staff/villagers/{villager_id}/decision", body)


def home(app: Flask, caller: Caller) -> tuple[int, int] | None:
    """The village of a resident, as everybody else asks for it."""
    with app.app_context():
        return queries.village_of(caller.id)


def test_asked_confirmed_and_ended(app: Flask) -> None:
    wang = resident(app, "wang")
    assert wang.get("/resident/villager").json == {"villager": None}
    asked = ask(app, wang, "王 大明")
    assert asked.status_code == 201, asked.text
    assert asked.json["state_label"] == "等村里核实"
    assert home(app, wang) is None
    listed: Any = desk(app, "cunzhang1").get("/staff/villagers").json
    assert [(one["name"], one["village_name"], one["same_name"]) for one in listed["items"]] == [
        ("王大明", "湾头村", False)
    ]
    assert decide(app, asked.json["id"], "confirm").json["state"] == "confirmed"
    assert home(app, wang) == (place_id(app, "V01"), place_id(app, "dongwan"))
    way = f"/staff/villagers/{asked.json['id']}/representative"
    named = desk(app, "cunzhang1").call("PUT", way, json={"representative": True})
    assert (named.status_code, named.json["representative"]) == (200, True)
    own: Any = wang.get("/resident/villager").json
    assert (own["villager"]["state_label"], own["villager"]["representative"]) == ("已核实", True)
    assert wang.delete("/resident/villager").status_code == 204
    assert home(app, wang) is None
    gone = desk(app, "cunzhang1").call("PUT", way, json={"representative": True})
    assert (gone.status_code, gone.json["code"]) == (409, "not_confirmed")
    assert wang.get("/resident/villager").json == {"villager": None}
    assert wang.delete("/resident/villager").status_code == 204


def test_the_resident_is_told_and_the_deed_is_audited_without_a_name(app: Flask) -> None:
    wang = resident(app, "wang")
    villager_id = ask(app, wang).json["id"]
    refused = decide(app, villager_id, "refuse", reason="名册上没有，请带户口簿到村委会")
    assert refused.status_code == 200, refused.text
    with app.app_context():
        told = db.session.scalars(select(InboxMessage.text).where(InboxMessage.person_id == wang.id)).all()
        noted = db.session.execute(select(AuditEntry.what, AuditEntry.detail)).all()
    assert told == ["湾头村没有通过您的村民核实：名册上没有，请带户口簿到村委会"]
    assert [what for what, _ in noted if what.startswith("villager.")] == ["villager.ask", "villager.refuse"]
    assert "王大明" not in str(noted)
    assert ask(app, wang, "王大明", "V02").status_code == 201  # after a refusal one may ask elsewhere


def test_nobody_stands_in_two_villages(app: Flask) -> None:
    wang = resident(app, "wang")
    ask(app, wang)
    again = ask(app, wang, village="V02")
    assert (again.status_code, again.json["code"]) == (409, "already_asked")


def test_a_place_that_is_no_village_and_a_name_of_one_sign_are_refused(app: Flask) -> None:
    wang = resident(app, "wang")
    assert ask(app, wang, village="G01").json["code"] == "no_village"
    assert ask(app, wang, name="王").json["fields"] == {"name": ["请写 2 到 20 个字的真实姓名"]}


def test_the_village_sees_when_a_name_comes_a_second_time_even_after_it_ended(app: Flask) -> None:
    first, second = resident(app, "wang"), resident(app, "wang2")
    decide(app, ask(app, first).json["id"], "confirm")
    first.delete("/resident/villager")
    ask(app, second)
    listed: Any = desk(app, "cunzhang1").get("/staff/villagers").json
    assert [one["same_name"] for one in listed["items"]] == [True]


def test_a_decision_on_what_has_changed_is_refused_and_a_refusal_needs_its_reason(app: Flask) -> None:
    wang = resident(app, "wang")
    villager_id = ask(app, wang).json["id"]
    assert decide(app, villager_id, "refuse").json["fields"] == {"reason": ["必填"]}
    wang.delete("/resident/villager")
    late = decide(app, villager_id, "confirm")
    assert (late.status_code, late.json["details"]) == (409, {"state": "ended"})
    assert home(app, wang) is None


def test_a_confirmation_may_be_taken_back(app: Flask) -> None:
    wang = resident(app, "wang")
    villager_id = ask(app, wang).json["id"]
    decide(app, villager_id, "confirm")
    back = decide(app, villager_id, "refuse", reason="已迁出", state_seen="confirmed")
    assert back.json["state"] == "refused"
    assert home(app, wang) is None


@pytest.mark.parametrize("who", ["cunzhang2", "xguanli", "fenliu"])
def test_another_village_and_other_roles_see_nobody(app: Flask, who: str) -> None:
    villager_id = ask(app, resident(app, "wang")).json["id"]
    listed = desk(app, who).get("/staff/villagers")
    if who == "cunzhang2":
        assert listed.json == {"items": [], "next_cursor": None}
        assert decide(app, villager_id, "confirm", who).status_code == 404
    else:
        assert listed.status_code == 403
        assert decide(app, villager_id, "confirm", who).status_code == 403


@pytest.mark.parametrize(
    ("gone_state", "kept_state", "left"),
    [
        ("confirmed", None, "V01"),
        ("confirmed", "asked", "V01"),
        ("asked", "confirmed", "V02"),
        (None, "asked", None),
    ],
)
def test_two_accounts_of_one_person_stand_once(
    app: Flask, gone_state: str | None, kept_state: str | None, left: str | None
) -> None:
    gone, kept = resident(app, "wang"), resident(app, "wang2")
    for caller, state, village, head in (
        (gone, gone_state, "V01", "cunzhang1"),
        (kept, kept_state, "V02", "cunzhang2"),
    ):
        if state is not None:
            villager_id = ask(app, caller, village=village).json["id"]
            if state == "confirmed":
                assert decide(app, villager_id, "confirm", head).status_code == 200
    with app.app_context():
        run_unit(lambda: services.merge_resident(kept.id, gone.id))
    found = home(app, kept)
    assert (None if found is None else found[0]) == (None if left is None else place_id(app, left))
    assert home(app, gone) is None


def test_what_is_kept_is_shown_in_full_and_goes_with_the_account(app: Flask) -> None:
    wang = resident(app, "wang")
    decide(app, ask(app, wang).json["id"], "confirm")
    with app.app_context():
        (section,) = personal.copy(wang.id)
        assert ("姓名", "王大明") in section["records"][0]["facts"]
        assert list(run_unit(lambda: personal.forget_person(wang.id))) == ["villager"]
        (row,) = db.session.scalars(select(Villager)).all()
        assert (row.name, row.live_resident_id, row.state) == (None, None, "ended")
