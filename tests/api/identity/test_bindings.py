"""A grid worker's WeChat becomes the staff account, once, by a one-time code."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.identity import queries
from backend.identity.models import BindingCode, Staff, StaffBinding
from backend.kernel.clock import FrozenClock
from tests.factories.identity import Caller, desk, resident, worker

MINUTE = timedelta(minutes=1)


def _issue(app: Flask, username: str = "wangge1") -> str:
    answer = desk(app, username).post("/staff/me/binding-code")
    assert answer.status_code == 200, answer.json
    return answer.json["code"]


def _bind(caller: Caller, code: str):
    return caller.post("/resident/bindings", {"code": code})


def test_a_code_binds_once(app: Flask, clock: FrozenClock) -> None:
    answer = desk(app, "wangge1").post("/staff/me/binding-code")
    assert answer.json["expires_at"] == "2026-03-10T02:15:00Z"
    code = answer.json["code"]
    assert len(code) == 8
    me = _bind(resident(app, "zhang"), code)
    assert me.status_code == 200
    assert me.json["staff"] | {"id": ""} == {
        "id": "",
        "name": "网格甲",
        "unit_name": "湾头村第1网格",
        "open_tasks": 0,
        "open_visits": 0,
    }
    again = _bind(resident(app, "li"), code)
    assert (again.status_code, again.json["code"]) == (422, "bad_code")


def test_a_code_is_taken_as_people_type_it(app: Flask) -> None:
    code = _issue(app)
    typed = f" {code[:4].lower()}-{code[4:]} ".replace("0", "o").replace("1", "l")
    assert _bind(resident(app), typed).status_code == 200


def test_a_code_expires(app: Flask, clock: FrozenClock) -> None:
    code = _issue(app)
    clock.advance(15 * MINUTE)
    assert _bind(resident(app), code).status_code == 422


def test_a_new_code_ends_the_one_before(app: Flask) -> None:
    old, new = _issue(app), _issue(app)
    caller = resident(app)
    assert _bind(caller, old).status_code == 422
    assert _bind(caller, new).status_code == 200


def test_the_code_is_not_in_the_database(app: Flask, db_session: Session) -> None:
    code = _issue(app)
    row = db_session.execute(select(BindingCode)).scalar_one()
    assert code not in row.code_hash.upper()


def test_five_wrong_codes_lock_for_fifteen_minutes(app: Flask, clock: FrozenClock) -> None:
    code, caller = _issue(app), resident(app)
    for _ in range(5):
        assert _bind(caller, "ZZZZZZZZ").status_code == 422
    assert _bind(caller, code).status_code == 429
    clock.advance(15 * MINUTE)
    assert _bind(caller, _issue(app)).status_code == 200


@pytest.mark.parametrize(
    "code", ["", "short", "much too long a code", "ＡＢＣＤＥＦＧＨ", "🙂🙂🙂🙂🙂🙂🙂🙂"]
)
def test_what_is_no_code(app: Flask, code: str) -> None:
    answer = _bind(resident(app), code)
    assert answer.status_code == 422
    assert "code" in answer.json["fields"]


def test_a_new_phone_takes_the_place_of_the_old_one(app: Flask, db_session: Session) -> None:
    old, new = resident(app, "zhang"), resident(app, "zhang-new")
    assert _bind(old, _issue(app)).status_code == 200
    assert _bind(new, _issue(app)).status_code == 200
    assert old.get("/staff/me").status_code == 403
    assert new.get("/staff/me").status_code == 200
    assert db_session.execute(select(StaffBinding.resident_id)).scalar_one() == new.id


def test_one_wechat_is_one_member_of_staff(app: Flask) -> None:
    caller = resident(app)
    assert _bind(caller, _issue(app, "wangge1")).status_code == 200
    other = _bind(caller, _issue(app, "wangge2"))
    assert (other.status_code, other.json["code"]) == (409, "bound_to_another")
    assert _bind(caller, _issue(app, "wangge1")).status_code == 200  # the same again


def test_messages_find_the_bound_person(app: Flask, db_session: Session) -> None:
    caller = worker(app, "wangge1")
    staff = queries.staff_by_username("wangge1")
    assert staff is not None
    assert queries.resident_of_staff(staff.id) == _resident_behind(caller)
    assert [account.openid for account in queries.wechat_of_staff(staff.id)] == ["mini-worker-wangge1"]
    nobody = queries.staff_by_username("wangge2")
    assert nobody is not None
    assert queries.wechat_of_staff(nobody.id) == []


def _resident_behind(caller: Caller) -> int:
    """The resident behind a worker's phone."""
    return int(caller.get("/resident/me").json["id"])


def test_everything_is_audited(app: Flask, db_session: Session) -> None:
    _bind(resident(app), _issue(app))
    entries = db_session.execute(select(AuditEntry.what).order_by(AuditEntry.id)).scalars().all()
    assert [what for what in entries if what.startswith(("binding", "staff_bound"))] == [
        "binding_code_issued",
        "staff_bound",
    ]


# --- codes for others -----------------------------------------------------------------------------------


def _id(caller: Caller, name: str) -> str:
    people = caller.get("/staff/people").json["items"]
    return next(person["id"] for person in people if person["name"] == name)


def test_an_administrator_issues_codes_in_the_own_town(app: Flask) -> None:
    administrator = desk(app, "guanli")
    issued = administrator.post(f"/staff/people/{_id(administrator, '网格甲')}/binding-code")
    assert issued.status_code == 200
    assert _bind(resident(app), issued.json["code"]).json["staff"]["name"] == "网格甲"


def test_the_list_shows_who_is_bound(app: Flask) -> None:
    worker(app, "wangge1")
    people = desk(app, "guanli").get("/staff/people").json["items"]
    assert {person["name"]: person["bound"] for person in people}["网格甲"] is True
    assert {person["name"]: person["bound"] for person in people}["网格乙"] is False
    assert len(people) == 20  # the other town's staff are not among them


def test_no_codes_for_another_towns_staff(app: Flask, db_session: Session) -> None:
    foreign = (
        db_session.execute(
            select(Staff.id).where(
                Staff.town_id != select(Staff.town_id).where(Staff.username == "guanli").scalar_subquery()
            )
        )
        .scalars()
        .first()
    )
    db_session.rollback()
    assert foreign is not None
    for staff_id in (str(foreign), "1", "nonsense"):
        answer = desk(app, "guanli").post(f"/staff/people/{staff_id}/binding-code")
        assert answer.status_code == 404  # what exists elsewhere looks like what does not exist


def test_others_issue_no_codes(app: Flask) -> None:
    administrator = desk(app, "guanli")
    staff_id = _id(administrator, "网格甲")
    for username in ("fenliu", "lingdao", "wangge2"):
        caller = desk(app, username)
        assert caller.post(f"/staff/people/{staff_id}/binding-code").status_code == 403
        assert caller.get("/staff/people").status_code == 403


def test_a_phone_issues_no_codes(app: Flask) -> None:
    answer = worker(app, "wangge1").post("/staff/me/binding-code")
    assert (answer.status_code, answer.json["code"]) == (403, "desk_only")
