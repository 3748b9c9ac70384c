"""Who gets through a guard, as whom, and at which price in statements."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, g
from sqlalchemy import delete, event, func, select
from sqlalchemy.orm import Session

from backend.identity import guards, sessions, staffing
from backend.identity.models import (
    BindingCode,
    LoginFailure,
    LoginSession,
    Staff,
    StaffBinding,
    StaffRole,
)
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit
from tests.factories.identity import desk, place_id, resident, unit_id, visitor, worker

SWEPT = (LoginSession, BindingCode, LoginFailure)


def _permissions(caller) -> set[str]:
    answer = caller.get("/staff/me")
    assert answer.status_code == 200, answer.json
    return set(answer.json["permissions"])


def test_a_role_that_is_taken_away_is_gone_at_the_next_call(app: Flask, db_session: Session) -> None:
    caller = desk(app, "guanli")
    assert caller.get("/staff/people").status_code == 200
    db_session.execute(delete(StaffRole).where(StaffRole.staff_id == caller.id))
    db_session.commit()
    assert caller.get("/staff/people").status_code == 403
    assert _permissions(caller) == set()


def test_a_role_that_is_given_holds_at_once(app: Flask, db_session: Session) -> None:
    caller = desk(app, "wangge1")
    assert caller.get("/staff/people").status_code == 403
    town = db_session.get_one(Staff, caller.id).town_id
    db_session.add(StaffRole(staff_id=caller.id, role="administrator", place_id=town))
    db_session.commit()
    assert caller.get("/staff/people").status_code == 200


def test_a_role_this_version_does_not_know_gives_nothing(app: Flask, db_session: Session) -> None:
    caller = desk(app, "fenliu")
    db_session.execute(select(StaffRole).where(StaffRole.staff_id == caller.id)).scalar_one().role = "emperor"
    db_session.commit()
    assert _permissions(caller) == set()


def test_permission_and_scope_come_from_the_same_role(app: Flask, db_session: Session) -> None:
    # a leader of the town who is administrator of one village administers that village only
    town, village = place_id(app, "dongwan"), place_id(app, "V01")
    roles = [("leader", town, None), ("administrator", village, None)]
    run_unit(lambda: staffing.create_staff(town, "lingdao", "领导甲", unit_id(app, "hall"), None, roles))
    names = {person["name"] for person in desk(app, "lingdao").get("/staff/people").json["items"]}
    assert names == {"网格甲", "网格乙", "村长甲", "文书甲", "监督甲", "书记甲"}


def test_the_worker_on_the_phone_has_the_phones_permissions(app: Flask, db_session: Session) -> None:
    town = place_id(app, "dongwan")
    roles = [("grid_worker", place_id(app, "G01"), None), ("dispatcher", town, None)]
    run_unit(lambda: staffing.create_staff(town, "wangge1", "网格甲", unit_id(app, "g01"), None, roles))
    assert _permissions(worker(app, "wangge1")) == {
        "case.handle",
        "case.note",
        "case.contact",
        "case.intake",
        "care.visit",
    }
    assert "case.dispatch" in _permissions(desk(app, "wangge1"))


def test_a_resident_who_is_no_worker_does_not_get_to_the_desk(app: Flask) -> None:
    answer = resident(app).get("/staff/me")
    assert (answer.status_code, answer.json["code"]) == (403, "not_bound")


def test_a_worker_who_left_loses_the_desk_and_stays_a_resident(app: Flask, db_session: Session) -> None:
    caller = worker(app, "wangge1")
    db_session.get_one(Staff, caller.id).active = False
    db_session.commit()
    assert caller.get("/staff/me").status_code == 403
    me = caller.get("/resident/me")
    assert me.status_code == 200
    assert me.json["staff"] is None


def test_a_desk_cookie_is_no_residents_login(app: Flask) -> None:
    caller = desk(app, "fenliu")
    caller.client.set_cookie("staff_session", "x", path="/")
    assert caller.get("/resident/me").status_code == 401


def test_a_desk_token_is_no_bearer_token(app: Flask) -> None:
    caller = desk(app, "fenliu")
    cookie = caller.client.get_cookie(guards.STAFF_COOKIE, path="/api/v1/staff")
    assert cookie is not None
    headers = {"Authorization": f"Bearer {cookie.value}"}
    assert app.test_client().get("/api/v1/staff/me", headers=headers).status_code == 401
    assert app.test_client().get("/api/v1/resident/me", headers=headers).status_code == 401


def test_a_residents_token_is_no_desk_cookie(app: Flask) -> None:
    token = worker(app, "wangge1").headers["Authorization"].partition(" ")[2]
    client = app.test_client()
    client.set_cookie(guards.STAFF_COOKIE, token, path="/api/v1/staff")
    assert client.get("/api/v1/staff/me").status_code == 401


def _statements_of_guard(app: Flask, caller, cookie: bool) -> list[str]:
    headers = dict(caller.headers)
    if cookie:
        held = caller.client.get_cookie(guards.STAFF_COOKIE, path="/api/v1/staff")
        headers["Cookie"] = f"{guards.STAFF_COOKIE}={held.value}"
    seen: list[str] = []

    def note(connection, cursor, statement, *more) -> None:
        seen.append(statement)

    with app.test_request_context("/api/v1/staff/queue", headers=headers):
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            guards.staff_guard()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        assert g.actor.id == caller.id
        assert g.actor.grants
        assert g.actor.unit_name
        db.session.rollback()
    return [statement for statement in seen if statement.lstrip().upper().startswith(("SELECT", "UPDATE"))]


def test_a_guard_asks_the_database_once(app: Flask) -> None:
    # the queue's first page has four statements in all; one of them is the guard's
    assert len(_statements_of_guard(app, desk(app, "fenliu"), cookie=True)) == 1
    assert len(_statements_of_guard(app, worker(app, "wangge1"), cookie=False)) == 1


def test_two_roles_are_two_grants(app: Flask, db_session: Session) -> None:
    town = place_id(app, "dongwan")
    roles = [("checker", town, None), ("department_clerk", town, unit_id(app, "urban"))]
    run_unit(lambda: staffing.create_staff(town, "hecha", "核查甲", unit_id(app, "hall"), None, roles))
    caller = desk(app, "hecha")
    held = caller.client.get_cookie(guards.STAFF_COOKIE, path="/api/v1/staff")
    assert held is not None
    with app.test_request_context("/", headers={"Cookie": f"{guards.STAFF_COOKIE}={held.value}"}):
        guards.staff_guard()
        actor = g.actor
        db.session.rollback()
    urban = unit_id(app, "urban")
    assert actor.may_on("case.handle", {"town": town}, urban)
    assert not actor.may_on("case.handle", {"town": town}, unit_id(app, "hall"))
    assert actor.may_on("case.check", {"town": town}, None)
    assert not actor.may_on("case.check", {"town": town + 1}, None)


def test_the_binding_decides_at_every_call(app: Flask, db_session: Session) -> None:
    caller = worker(app, "wangge1")
    assert caller.get("/staff/me").status_code == 200
    db_session.execute(delete(StaffBinding))
    db_session.commit()
    assert caller.get("/staff/me").status_code == 403


def test_what_has_ended_is_swept_out(app: Flask, clock: FrozenClock, db_session: Session) -> None:
    worker(app, "wangge1")  # a phone: 90 days
    caller = desk(app, "fenliu")  # a desk: 12 hours
    caller.post("/staff/me/binding-code")
    visitor(app).post(
        "/staff/session", {"username": "x", "password": "y"}, headers={"X-Requested-With": "console"}
    )
    clock.advance(timedelta(hours=25))
    assert run_unit(lambda: sessions.purge(clock.now())) == 1
    left = [db_session.execute(select(func.count()).select_from(m)).scalar_one() for m in SWEPT]
    assert left == [1, 0, 0]
