"""Who is online, one desk at a time, signing out by force, and the login log (SEC-01, SEC-04)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.identity import login_log, online, staffing
from backend.identity.desk_models import LoginEntry
from backend.kernel.clock import FrozenClock
from backend.kernel.db import run_unit
from backend.kernel.settings import settings, use_settings
from tests.api.identity.test_roles import give
from tests.factories.identity import Caller, desk, place_id, visitor

GOOD = "石榴花开的季节又到了"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@pytest.fixture(autouse=True)
def _with_password(app: Flask) -> None:
    with app.app_context():
        run_unit(lambda: staffing.set_password("fenliu", GOOD))


def _sign_in(app: Flask, password: str = GOOD, username: str = "fenliu") -> tuple[Caller, Any]:
    caller = visitor(app)
    caller.headers |= {"X-Requested-With": "console", "User-Agent": CHROME}
    return caller, caller.post("/staff/session", {"username": username, "password": password})


def _log(caller: Caller, **wanted: str) -> list[tuple[str | None, str, str]]:
    query = "&".join(f"{name}={value}" for name, value in wanted.items())
    answer = caller.get(f"/staff/login-log?{query}")
    assert answer.status_code == 200, answer.json
    return [(line["username"], line["result"], line["reason_label"]) for line in answer.json["items"]]


def test_who_is_online(app: Flask, clock: FrozenClock) -> None:
    _sign_in(app)
    guanli = desk(app, "guanli")
    rows = {row["username"]: row for row in guanli.get("/staff/sessions").json["items"]}
    assert rows.keys() == {"fenliu", "guanli"}
    assert rows["fenliu"]["address_masked"] == "127.0.*.*"
    assert rows["fenliu"]["device"] == "Windows Chrome"
    assert (rows["guanli"]["own"], rows["fenliu"]["own"]) == (True, False)
    clock.advance(timedelta(minutes=29))
    guanli.get("/staff/me")
    clock.advance(timedelta(minutes=2))
    assert {row["username"] for row in guanli.get("/staff/sessions").json["items"]} == {"guanli"}


def test_signing_out_by_force(app: Flask) -> None:
    caller, _ = _sign_in(app)
    guanli = desk(app, "guanli")
    row = next(r for r in guanli.get("/staff/sessions").json["items"] if r["username"] == "fenliu")
    assert guanli.delete(f"/staff/sessions/{row['id']}").status_code == 204
    ended = caller.get("/staff/me")
    assert (ended.status_code, ended.json["code"]) == (401, "session_ended")
    assert "管理员" in ended.json["message"]
    assert guanli.delete(f"/staff/sessions/{row['id']}").status_code == 404


def test_a_village_administrator_sees_and_ends_the_villages_desks_only(app: Flask) -> None:
    _sign_in(app)
    desk(app, "wangge1")
    town_rows = desk(app, "guanli").get("/staff/sessions").json["items"]
    fenliu = next(r["id"] for r in town_rows if r["username"] == "fenliu")
    give(app, "cunzhang1", ("administrator", place_id(app, "V01"), None))
    village = desk(app, "cunzhang1")
    seen = {row["username"] for row in village.get("/staff/sessions").json["items"]}
    assert seen == {"wangge1", "cunzhang1"}
    assert village.delete(f"/staff/sessions/{fenliu}").status_code == 404


def test_one_desk_at_a_time(app: Flask) -> None:
    # SEC-04
    first, answer = _sign_in(app)
    assert answer.json["ended_elsewhere"] is False
    second, answer = _sign_in(app)
    assert answer.json["ended_elsewhere"] is True
    ended = first.get("/staff/me")
    assert (ended.status_code, ended.json["code"]) == (401, "session_ended")
    assert "别处登录" in ended.json["message"]
    assert second.get("/staff/me").status_code == 200


def test_several_desks_where_the_town_wants_it(app: Flask) -> None:
    before = settings()
    use_settings(replace(before, staff_one_session=False))
    try:
        first, _ = _sign_in(app)
        _, answer = _sign_in(app)
        assert answer.json["ended_elsewhere"] is False
        assert first.get("/staff/me").status_code == 200
    finally:
        use_settings(before)


def test_the_log_says_who_and_why(app: Flask, clock: FrozenClock) -> None:
    for password, username in ((GOOD, "fenliu"), ("wrong", "fenliu"), ("secret!", "nobody")):
        clock.advance(timedelta(seconds=1))
        _sign_in(app, password, username)
    clock.advance(timedelta(seconds=1))
    guanli = desk(app, "guanli")
    assert _log(guanli) == [
        (None, "refused", "没有这个用户名"),
        ("fenliu", "refused", "密码不对"),
        ("fenliu", "in", ""),
    ]
    assert _log(guanli, result="in") == [("fenliu", "in", "")]
    assert len(_log(guanli, username="fenliu")) == 2
    assert _log(guanli, from_day="2026-03-11") == []
    assert len(_log(guanli, from_day="2026-03-10", to_day="2026-03-10")) == 3
    line = guanli.get("/staff/login-log").json["items"][0]
    assert (line["address"], line["user_agent"]) == ("127.0.0.1", CHROME)


def test_a_lock_and_a_logout_are_in_the_log(app: Flask, clock: FrozenClock) -> None:
    caller, _ = _sign_in(app)
    clock.advance(timedelta(seconds=1))
    caller.delete("/staff/session")
    for _ in range(6):
        clock.advance(timedelta(seconds=1))
        _sign_in(app, "wrong")
    found = _log(desk(app, "guanli"))
    assert found[0] == ("fenliu", "refused", "失败次数太多，已锁定")
    assert ("fenliu", "out", "本人退出") in found


def test_what_was_typed_is_not_kept(app: Flask, db_session: Session) -> None:
    _sign_in(app, "x", "my-password-by-mistake")
    kept = db_session.connection().exec_driver_sql("SELECT * FROM login_log").all()
    assert len(kept) == 1
    assert "mistake" not in str(kept)


def test_the_other_town_and_the_village_see_their_own(app: Flask) -> None:
    _sign_in(app)
    _sign_in(app, "x", "nobody")
    assert _log(desk(app, "xguanli")) == [(None, "refused", "没有这个用户名")]
    give(app, "cunzhang1", ("administrator", place_id(app, "V01"), None))
    assert _log(desk(app, "cunzhang1")) == []


def test_pages_of_the_log(app: Flask, db_session: Session, clock: FrozenClock) -> None:
    def fill() -> None:
        staff = staffing.by_username("fenliu")
        for _ in range(login_log.PAGE + 3):
            login_log.note("in", "", staff)

    run_unit(fill)
    guanli = desk(app, "guanli")
    first = guanli.get("/staff/login-log").json
    second = guanli.get(f"/staff/login-log?cursor={first['next_cursor']}").json
    ids = [line["id"] for line in [*first["items"], *second["items"]]]
    assert (len(set(ids)), second["next_cursor"]) == (login_log.PAGE + 3, None)


def test_the_log_is_kept_for_a_year(app: Flask, db_session: Session, clock: FrozenClock) -> None:
    # SEC-01: six months at least
    _sign_in(app)
    clock.advance(timedelta(days=365))
    assert run_unit(login_log.forget) == 0
    clock.advance(timedelta(days=2))
    assert run_unit(login_log.forget) == 1
    assert db_session.scalar(select(func.count()).select_from(LoginEntry)) == 0


@pytest.mark.parametrize(
    ("address", "shown"),
    [("192.168.3.7", "192.168.*.*"), ("240e:3b1:1:2::9", "240e:3b1:*"), (None, ""), ("", "")],
)
def test_addresses_are_masked(address: str | None, shown: str) -> None:
    assert online.mask_address(address) == shown
