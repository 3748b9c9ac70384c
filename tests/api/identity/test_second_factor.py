"""TOTP: set up, asked for at login, used once, demanded by a role, reset by an administrator (SEC-03)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.identity import staffing
from backend.identity.desk_models import RecoveryCode, StaffTotp
from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import run_unit
from tests.factories.identity import Caller, desk, visitor

GOOD = "石榴花开的季节又到了"
HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def _with_password(app: Flask) -> None:
    with app.app_context():
        run_unit(lambda: staffing.set_password("fenliu", GOOD))


def _caller(app: Flask) -> Caller:
    caller = visitor(app)
    caller.headers["X-Requested-With"] = "console"
    return caller


def _first(app: Flask, password: str = GOOD) -> Any:
    return _caller(app).post("/staff/session", {"username": "fenliu", "password": password})


def _second(app: Flask, ticket: str, code: str) -> tuple[Caller, Any]:
    caller = _caller(app)
    return caller, caller.post("/staff/session/second-factor", {"ticket": ticket, "code": code})


def _code(secret: str) -> str:
    return pyotp.TOTP(secret).at(int(now().timestamp()))


def _set_up(caller: Caller) -> tuple[str, list[str]]:
    begun = caller.post("/staff/me/second-factor", {"password": GOOD})
    assert begun.status_code == 200, begun.json
    secret = begun.json["secret"]
    done = caller.post("/staff/me/second-factor/confirm", {"code": _code(secret)})
    assert done.status_code == 200, done.json
    return secret, done.json["codes"]


@pytest.fixture
def secret(app: Flask, clock: FrozenClock) -> str:
    """fenliu's app holds this; the half minute in which it was set up is over."""
    made, _ = _set_up(desk(app, "fenliu"))
    clock.advance(2 * HALF_MINUTE)
    return made


def _ticket(app: Flask) -> str:
    answer = _first(app)
    assert (answer.status_code, answer.json["code"]) == (401, "second_factor_needed")
    assert "Set-Cookie" not in answer.headers
    return str(answer.json["details"]["ticket"])


def test_setting_it_up(app: Flask, db_session: Session) -> None:
    caller, elsewhere = desk(app, "fenliu"), desk(app, "fenliu")
    begun = caller.post("/staff/me/second-factor", {"password": GOOD}).json
    assert begun["qr_svg"].startswith("<svg")
    assert "fenliu" in begun["uri"]
    assert caller.get("/staff/me").json["second_factor"] is False
    assert _first(app).status_code == 200, "nothing is asked for before it is confirmed"
    elsewhere = desk(app, "fenliu")
    wrong = caller.post("/staff/me/second-factor/confirm", {"code": "000000"})
    assert (wrong.status_code, wrong.json["code"]) == (401, "session_ended"), "the login ended this desk"
    again, codes = _set_up(elsewhere)
    assert len(set(codes)) == 10
    me = elsewhere.get("/staff/me").json
    assert (me["second_factor"], me["spare_codes"]) == (True, 10)
    row = db_session.execute(select(StaffTotp)).scalar_one()
    assert row.secret == again
    raw = db_session.connection().exec_driver_sql("SELECT secret FROM staff_totp").scalar_one()
    assert again not in str(raw)
    hashes = set(db_session.scalars(select(RecoveryCode.code_hash)))
    assert not hashes & {code.replace("-", "") for code in codes}


def test_a_wrong_code_confirms_nothing(app: Flask) -> None:
    caller = desk(app, "fenliu")
    caller.post("/staff/me/second-factor", {"password": GOOD})
    wrong = caller.post("/staff/me/second-factor/confirm", {"code": "000000"})
    assert (wrong.status_code, wrong.json["code"]) == (422, "wrong_code")
    assert caller.get("/staff/me").json["second_factor"] is False


@pytest.mark.parametrize("code", ["六位数字验证", "１２３４５６", "      "])
def test_a_code_may_be_anything_that_can_be_typed(app: Flask, secret: str, code: str) -> None:
    assert _second(app, _ticket(app), code)[1].status_code in {401, 422}


def test_the_password_is_asked_for(app: Flask) -> None:
    caller = desk(app, "fenliu")
    for path in ("second-factor", "second-factor/off"):
        answer = caller.post(f"/staff/me/{path}", {"password": "not it"})
        assert (answer.status_code, answer.json["code"]) == (422, "wrong_password")


def test_logging_in_takes_two_steps(app: Flask, secret: str) -> None:
    caller, answer = _second(app, _ticket(app), _code(secret))
    assert answer.status_code == 200, answer.json
    assert answer.json["username"] == "fenliu"
    assert caller.get("/staff/me").status_code == 200


@pytest.mark.parametrize("drift", [-1, 1])
def test_a_phone_may_be_half_a_minute_off(app: Flask, secret: str, drift: int) -> None:
    code = pyotp.TOTP(secret).at(int(now().timestamp()) + drift * 30)
    assert _second(app, _ticket(app), code)[1].status_code == 200


def test_a_code_works_once(app: Flask, secret: str) -> None:
    code = _code(secret)
    assert _second(app, _ticket(app), code)[1].status_code == 200
    again = _second(app, _ticket(app), code)[1]
    assert (again.status_code, again.json["code"]) == (401, "wrong_code")


def test_an_older_code_does_not_work_after_a_newer(app: Flask, secret: str, clock: FrozenClock) -> None:
    older = _code(secret)
    clock.advance(HALF_MINUTE)
    assert _second(app, _ticket(app), _code(secret))[1].status_code == 200
    assert _second(app, _ticket(app), older)[1].status_code == 401


def test_a_ticket_opens_one_session(app: Flask, secret: str, clock: FrozenClock) -> None:
    ticket = _ticket(app)
    assert _second(app, ticket, _code(secret))[1].status_code == 200
    clock.advance(HALF_MINUTE)
    again = _second(app, ticket, _code(secret))[1]
    assert (again.status_code, again.json["code"]) == (401, "ticket_stale")
    assert "已用过" in again.json["message"]


def test_tickets_that_open_nothing(app: Flask, secret: str, clock: FrozenClock) -> None:
    ticket = _ticket(app)
    for bad in ("x", ticket[:-2], "x" + ticket):
        assert _second(app, bad, _code(secret))[1].json["code"] == "ticket_stale"
    clock.advance(timedelta(minutes=5, seconds=1))
    assert _second(app, ticket, _code(secret))[1].json["code"] == "ticket_stale"
    fresh = _ticket(app)
    with app.app_context():
        run_unit(lambda: staffing.set_password("fenliu", "另一个很长的句子做密码"))
    assert _second(app, fresh, _code(secret))[1].json["code"] == "ticket_stale"


def test_wrong_codes_lock_the_name_like_wrong_passwords(app: Flask, secret: str) -> None:
    # SEC-04, and a locked name says nothing of the password
    ticket = _ticket(app)
    for _ in range(5):
        assert _second(app, ticket, "000000")[1].status_code == 401
    assert _second(app, ticket, _code(secret))[1].status_code == 429
    right, wrong = _first(app), _first(app, "not the password")
    assert right.status_code == wrong.status_code == 429
    assert right.json["message"] == wrong.json["message"]


def test_a_right_password_alone_does_not_forget_the_failures(app: Flask, secret: str) -> None:
    for _ in range(4):
        assert _second(app, _ticket(app), "000000")[1].status_code == 401
    assert _second(app, _ticket(app), "000000")[1].status_code == 401
    assert _first(app).status_code == 429


def test_a_spare_code_works_once(app: Flask, clock: FrozenClock) -> None:
    _, codes = _set_up(desk(app, "fenliu"))
    typed = codes[3].lower().replace("-", " ")
    caller, answer = _second(app, _ticket(app), typed)
    assert answer.status_code == 200
    assert caller.get("/staff/me").json["spare_codes"] == 9
    assert _second(app, _ticket(app), typed)[1].status_code == 401


def test_turning_it_off(app: Flask, secret: str) -> None:
    caller = _second(app, _ticket(app), _code(secret))[0]
    assert caller.post("/staff/me/second-factor/off", {"password": GOOD}).status_code == 204
    assert _first(app).status_code == 200


def test_a_second_set_up_is_refused(app: Flask, secret: str) -> None:
    caller = _second(app, _ticket(app), _code(secret))[0]
    again = caller.post("/staff/me/second-factor", {"password": GOOD})
    assert (again.status_code, again.json["code"]) == (409, "second_factor_there")


def _demand(app: Flask, on: bool = True) -> None:
    guanli = desk(app, "guanli")
    role = next(r for r in guanli.get("/staff/roles").json["items"] if r["code"] == "dispatcher")
    body = {"label": role["label"], "permissions": role["permissions"], "totp_required": on}
    assert guanli.patch(f"/staff/roles/{role['id']}", body).status_code == 200


def test_a_role_may_demand_it_at_once(app: Flask) -> None:
    caller = desk(app, "fenliu")
    assert caller.get("/staff/queue").status_code == 200
    _demand(app)
    refused = caller.get("/staff/queue")
    assert (refused.status_code, refused.json["code"]) == (403, "second_factor_due")
    assert caller.get("/staff/me").json["must"] == "second_factor"
    _set_up(caller)
    assert caller.get("/staff/queue").status_code == 200
    off = caller.post("/staff/me/second-factor/off", {"password": GOOD})
    assert (off.status_code, off.json["code"]) == (403, "second_factor_demanded")


def test_an_administrator_resets_it(app: Flask, secret: str) -> None:
    caller = _second(app, _ticket(app), _code(secret))[0]
    fenliu = caller.get("/staff/me").json["id"]
    guanli = desk(app, "guanli")
    answer = guanli.post(f"/staff/people/{fenliu}/second-factor/reset")
    assert (answer.status_code, answer.json["second_factor"]) == (200, False)
    ended = caller.get("/staff/me")
    assert (ended.status_code, "管理员" in ended.json["message"]) == (401, True)
    assert _first(app).status_code == 200
    assert guanli.post(f"/staff/people/{guanli.id}/second-factor/reset").json["code"] == "own_account"
