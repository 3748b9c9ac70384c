"""Logging in at the desk: by password, locked after five failures, ended by idleness (SEC-02, SEC-04)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.identity import passwords, staffing
from backend.identity.models import LoginSession, Staff
from backend.kernel.clock import FrozenClock
from backend.kernel.db import run_unit
from tests.factories.identity import desk

GOOD = "石榴花开的季节又到了"
MINUTE = timedelta(minutes=1)
CONSOLE = {"X-Requested-With": "console"}


@pytest.fixture(autouse=True)
def _with_password(app: Flask) -> None:
    with app.app_context():
        run_unit(lambda: staffing.set_password("fenliu", GOOD))


def _sign_in(client: FlaskClient, password: str = GOOD, username: str = "fenliu"):
    body = {"username": username, "password": password}
    return client.post("/api/v1/staff/session", json=body, headers=CONSOLE)


def _held(answer) -> list[tuple[str, str, str]]:
    return [(held["role"], held["label"], held["place_name"]) for held in answer.json["roles"]]


def _me(client: FlaskClient, **options):
    return client.get("/api/v1/staff/me", **options)


def test_signing_in(client: FlaskClient) -> None:
    answer = _sign_in(client)
    assert answer.status_code == 200
    assert answer.json["name"] == "分流甲"
    assert answer.json["town"]["name"] == "东湾镇"
    assert _held(answer) == [("dispatcher", "分流员", "东湾镇")]
    assert "case.dispatch" in _me(client).json["permissions"]
    assert answer.json == _me(client).json


def test_the_cookie_is_out_of_reach(client: FlaskClient, db_session: Session) -> None:
    cookie = _sign_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/api/v1/staff" in cookie
    assert "Secure" not in cookie  # the tests' address is http; settings decide
    token = cookie.partition("=")[2].partition(";")[0]
    assert db_session.execute(select(LoginSession.token_hash)).scalar_one() != token


def test_the_name_is_taken_as_it_is_meant(client: FlaskClient) -> None:
    assert _sign_in(client, username=" FenLiu ").status_code == 200


def test_unknown_names_and_wrong_passwords_are_answered_alike(client: FlaskClient) -> None:
    wrong, unknown = _sign_in(client, "wrong password"), _sign_in(client, username="nobody")
    assert wrong.status_code == unknown.status_code == 401
    parts = [{k: v for k, v in a.json.items() if k != "request_id"} for a in (wrong, unknown)]
    assert parts[0] == parts[1]


@pytest.mark.parametrize("username", ["fenliu", "nobody"])
def test_five_failures_lock_the_name_for_fifteen_minutes(
    app: Flask, clock: FrozenClock, username: str
) -> None:
    for _ in range(5):
        assert _sign_in(app.test_client(), "wrong password", username).status_code == 401
    locked = _sign_in(app.test_client(), GOOD, username)
    assert (locked.status_code, locked.json["code"]) == (429, "locked")
    clock.advance(15 * MINUTE)
    assert _sign_in(app.test_client(), GOOD, username).status_code == (200 if username == "fenliu" else 401)


def test_a_success_forgets_the_failures(client: FlaskClient) -> None:
    for _ in range(4):
        _sign_in(client, "wrong password")
    assert _sign_in(client).status_code == 200
    for _ in range(4):
        assert _sign_in(client, "wrong password").status_code == 401
    assert _sign_in(client).status_code == 200


def test_an_administrator_unlocks(app: Flask, client: FlaskClient) -> None:
    for _ in range(5):
        _sign_in(client, "wrong password")
    assert "unlocked" in app.test_cli_runner().invoke(args=["staff", "unlock", "fenliu"]).output
    assert _sign_in(client).status_code == 200


def test_an_account_that_was_switched_off(client: FlaskClient, db_session: Session) -> None:
    assert _sign_in(client).status_code == 200
    db_session.execute(select(Staff).where(Staff.username == "fenliu")).scalar_one().active = False
    db_session.commit()
    assert _me(client).status_code == 401  # at once, not at the session's end
    assert _sign_in(client).status_code == 401


def test_an_account_without_a_password_opens_to_nobody(client: FlaskClient) -> None:
    assert _sign_in(client, "nobody has this password", "hecha").status_code == 401


def test_logins_and_failures_are_audited(client: FlaskClient, db_session: Session) -> None:
    _sign_in(client, "wrong password")
    _sign_in(client, "wrong password", "nobody")
    _sign_in(client)
    client.delete("/api/v1/staff/session", headers=CONSOLE)
    entries = db_session.execute(
        select(AuditEntry)
        .where(AuditEntry.what.in_(("login", "login_failed", "logout")))
        .order_by(AuditEntry.id)
    ).scalars()
    assert [(e.what, e.actor_kind, e.subject_id is None) for e in entries] == [
        ("login_failed", "public", False),
        ("login_failed", "public", True),
        ("login", "staff", False),
        ("logout", "staff", False),
    ]


def test_a_session_ends_after_half_an_hour_of_idleness(client: FlaskClient, clock: FrozenClock) -> None:
    _sign_in(client)
    for _ in range(3):
        clock.advance(29 * MINUTE)
        assert _me(client).status_code == 200
    clock.advance(30 * MINUTE)
    ended = _me(client)
    assert (ended.status_code, ended.json["code"]) == (401, "login_expired")


@pytest.mark.parametrize("header", [{"If-None-Match": 'W/"abc"'}, {"X-Background": "1"}])
def test_a_screen_that_asks_by_itself_does_not_keep_its_session_alive(
    client: FlaskClient, clock: FrozenClock, header: dict[str, str]
) -> None:
    _sign_in(client)
    clock.advance(29 * MINUTE)
    assert _me(client, headers=header).status_code == 200
    clock.advance(MINUTE)
    assert _me(client, headers=header).status_code == 401


def test_a_session_ends_after_twelve_hours_however_busy(client: FlaskClient, clock: FrozenClock) -> None:
    _sign_in(client)
    for _ in range(36):
        assert _me(client).status_code == 200
        clock.advance(20 * MINUTE)
    assert _me(client).status_code == 401


def test_a_login_gets_a_new_session_and_ends_the_one_it_came_with(app: Flask, client: FlaskClient) -> None:
    _sign_in(client)
    old = client.get_cookie("staff_session", path="/api/v1/staff")
    assert old is not None
    _sign_in(client)
    thief = app.test_client()
    thief.set_cookie("staff_session", old.value, path="/api/v1/staff")
    assert _me(client).status_code == 200
    assert _me(thief).status_code == 401


def test_signing_out_ends_the_session_on_the_server(app: Flask, client: FlaskClient) -> None:
    _sign_in(client)
    kept = client.get_cookie("staff_session", path="/api/v1/staff")
    assert kept is not None
    assert client.delete("/api/v1/staff/session", headers=CONSOLE).status_code == 204
    assert client.get_cookie("staff_session", path="/api/v1/staff") is None
    client.set_cookie("staff_session", kept.value, path="/api/v1/staff")
    assert _me(client).status_code == 401


@pytest.mark.parametrize("headers", [{}, {"X-Requested-With": "XMLHttpRequest"}])
def test_writes_by_cookie_come_from_the_console_only(client: FlaskClient, headers: dict[str, str]) -> None:
    # a form on a foreign page can send the cookie in old browsers, but never this header
    body = {"username": "fenliu", "password": GOOD}
    assert client.post("/api/v1/staff/session", json=body, headers=headers).status_code == 403
    _sign_in(client)
    assert client.post("/api/v1/staff/me/binding-code", headers=headers).status_code == 403
    assert client.delete("/api/v1/staff/session", headers=headers).status_code == 403
    assert _me(client, headers=headers).status_code == 200


def test_a_hash_with_old_parameters_is_renewed_at_login(client: FlaskClient, db_session: Session) -> None:
    staff = db_session.execute(select(Staff).where(Staff.username == "fenliu")).scalar_one()
    staff.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    db_session.commit()
    assert _sign_in(client).status_code == 200
    db_session.refresh(staff)
    assert staff.password_hash is not None
    assert not passwords.outdated(staff.password_hash)


# --- changing the password ----------------------------------------------------------------------------


def _change(client: FlaskClient, old: str, new: str):
    return client.post("/api/v1/staff/me/password", json={"old": old, "new": new}, headers=CONSOLE)


def test_a_changed_password_ends_the_other_sessions(app: Flask, client: FlaskClient) -> None:
    elsewhere = desk(app, "fenliu")
    _sign_in(client)
    assert _change(client, GOOD, "another long pass phrase").status_code == 204
    assert _me(client).status_code == 200
    assert elsewhere.get("/staff/me").status_code == 401
    assert _sign_in(app.test_client()).status_code == 401
    assert _sign_in(app.test_client(), "another long pass phrase").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("wrong password", "another long pass phrase", "old"),
        (GOOD, "short", "new"),
        (GOOD, "password2026", "new"),
        (GOOD, "fenliu-is-my-name", "new"),
        (GOOD, GOOD, "new"),
        (GOOD, "a" * 200, "new"),
    ],
)
def test_passwords_that_are_refused(client: FlaskClient, old: str, new: str, field: str) -> None:
    _sign_in(client)
    answer = _change(client, old, new)
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == [field]
    assert _me(client).status_code == 200


def test_the_old_password_cannot_be_guessed_at_a_desk_left_open(client: FlaskClient) -> None:
    _sign_in(client)
    for _ in range(5):
        assert _change(client, "wrong password", "another long pass phrase").status_code == 422
    assert _change(client, GOOD, "another long pass phrase").status_code == 429


def test_blanks_belong_to_a_password(client: FlaskClient) -> None:
    _sign_in(client)
    assert _change(client, GOOD, "  blanks on both ends ").status_code == 204
    assert _sign_in(client, "blanks on both ends").status_code == 401
    assert _sign_in(client, "  blanks on both ends ").status_code == 200


# --- the commands -------------------------------------------------------------------------------------


def _create(app: Flask, *more: str, password: str = "a good long pass phrase"):
    arguments = ["staff", "create", "xinren", "--town", "dongwan", "--name", "新人", "--unit", "hall"]
    return app.test_cli_runner().invoke(args=[*arguments, *more], input=f"{password}\n{password}\n")


def test_an_account_made_by_command(app: Flask, client: FlaskClient) -> None:
    done = _create(app, "--role", "checker")
    assert done.exit_code == 0, done.output
    answer = _sign_in(client, "a good long pass phrase", "xinren")
    assert _held(answer) == [("checker", "核查员", "东湾镇")]


def test_a_second_run_brings_the_account_up_to_date_and_leaves_the_password(
    app: Flask, client: FlaskClient
) -> None:
    _create(app, "--role", "checker")
    again = _create(app, "--role", "leader", "--place", "V01", password="another long pass phrase")
    assert "stays" in again.output
    answer = _sign_in(client, "a good long pass phrase", "xinren")
    assert _held(answer) == [("leader", "镇领导", "湾头村")]


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (("--place", "nowhere"), "no place nowhere"),
        (("--unit", "nobody"), "no unit nobody"),
        (("--town", "atlantis"), "no town atlantis"),
        (("--role", "emperor"), "emperor"),
    ],
)
def test_the_command_says_what_is_wrong(app: Flask, more: tuple[str, ...], complaint: str) -> None:
    done = _create(app, *more)
    assert done.exit_code != 0
    assert complaint in done.output


def test_a_weak_password_makes_no_account(app: Flask, db_session: Session) -> None:
    done = _create(app, password="password2026")
    assert done.exit_code != 0
    assert "常见" in done.output
    assert db_session.execute(select(Staff).where(Staff.username == "xinren")).first() is None


def test_a_password_set_by_command_ends_the_sessions(app: Flask, client: FlaskClient) -> None:
    _sign_in(client)
    done = app.test_cli_runner().invoke(
        args=["staff", "password", "fenliu"], input="a new long pass phrase\na new long pass phrase\n"
    )
    assert done.exit_code == 0, done.output
    assert _me(client).status_code == 401
    assert _sign_in(client, "a new long pass phrase").status_code == 200
