"""Residents log in by WeChat, and stay logged in for as long as they come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend.identity import queries
from backend.identity.models import LoginSession, Resident, SpentState, WeChatAccount
from backend.integrations.wechat.protocol import Reaction, WeChatError
from backend.kernel.clock import FrozenClock
from tests.factories.identity import resident
from tests.fakes.platform import RecordingPlatform

DAY = timedelta(days=1)


def _log_in(client: FlaskClient, code: str = "code-of-zhang"):
    return client.post("/api/v1/public/sessions/mini", json={"code": code})


def _me(client: FlaskClient, token: str):
    return client.get("/api/v1/resident/me", headers={"Authorization": f"Bearer {token}"})


def _begin(client: FlaskClient, return_to: str = "/m/") -> str:
    answer = client.get("/api/v1/public/wechat/authorize", query_string={"return_to": return_to})
    assert answer.status_code == 200, answer.json
    return answer.json["url"].partition("state=")[2]


def _finish(client: FlaskClient, state: str, code: str = "code-of-zhang"):
    return client.post("/api/v1/public/sessions/official", json={"code": code, "state": state})


# --- the mini-program -------------------------------------------------------------------------------


def test_a_mini_program_login(client: FlaskClient, platform: RecordingPlatform) -> None:
    answer = _log_in(client)
    assert answer.status_code == 200
    assert answer.json["expires_at"] == "2026-06-08T02:00:00Z"  # 90 days
    assert answer.json["resident"] == {
        "id": answer.json["resident"]["id"],
        "nickname": None,
        "phone_masked": None,
        "consent_version": None,
        "elder_view": False,
        "notify": True,
        "unread": 0,
        "staff": None,
    }
    assert _me(client, answer.json["token"]).json == answer.json["resident"]


def test_the_same_person_comes_back_to_the_same_record(
    client: FlaskClient, platform: RecordingPlatform
) -> None:
    first, second = _log_in(client), _log_in(client, "code-of-zhang#2")
    assert first.json["resident"]["id"] == second.json["resident"]["id"]
    assert first.json["token"] != second.json["token"]


def test_the_token_is_not_in_the_database(
    client: FlaskClient, platform: RecordingPlatform, db_session: Session
) -> None:
    token = _log_in(client).json["token"]
    assert len(token) >= 43  # 32 bytes
    rows = db_session.execute(select(LoginSession)).scalars().all()
    assert len(rows) == 1
    assert token not in " ".join(str(value) for value in vars(rows[0]).values())


@pytest.mark.parametrize(
    ("reaction", "status", "code"),
    [
        (Reaction.NEW_CODE, 422, "wechat_code_spent"),
        (Reaction.BLOCKED_USER, 403, "wechat_blocked"),
        (Reaction.MINUTE_QUOTA, 429, "wechat_busy"),
        (Reaction.RETRY, 503, "wechat_down"),
        (Reaction.CONFIGURATION, 503, "wechat_down"),
        (Reaction.UNKNOWN_OUTCOME, 503, "wechat_down"),
    ],
)
def test_what_wechat_refuses_is_said_in_a_sentence(
    client: FlaskClient, platform: RecordingPlatform, reaction: Reaction, status: int, code: str
) -> None:
    platform.refuse("code_to_session", WeChatError("code_to_session", 1, reaction, "no"))
    answer = _log_in(client)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["message"].endswith("。")


def test_a_spent_code(client: FlaskClient, platform: RecordingPlatform) -> None:
    assert _log_in(client).status_code == 200
    again = _log_in(client)
    assert again.status_code == 422
    assert again.json["fields"] == {"code": ["已失效"]}


def test_an_error_of_our_own_is_not_taken_for_the_platforms(
    client: FlaskClient, platform: RecordingPlatform
) -> None:
    platform.refuse("code_to_session", ValueError("a fault in our program"))  # type: ignore[arg-type]
    assert _log_in(client).status_code == 500


@pytest.mark.parametrize(
    "body", [{}, {"code": ""}, {"code": None}, {"code": "x" * 513}, {"code": "a", "b": 1}]
)
def test_bodies_that_are_no_login(client: FlaskClient, platform: RecordingPlatform, body: dict) -> None:
    answer = client.post("/api/v1/public/sessions/mini", json=body)
    assert answer.status_code == 422
    assert answer.json["fields"]
    assert platform.calls == []


# --- sessions ---------------------------------------------------------------------------------------


def test_a_session_slides_with_use_and_is_written_every_half_hour(
    app: Flask, clock: FrozenClock, db_session: Session
) -> None:
    caller = resident(app)

    def expires_at():
        moment = db_session.execute(select(LoginSession.expires_at)).scalar_one()
        db_session.rollback()
        return moment

    first = expires_at()
    clock.advance(timedelta(minutes=29, seconds=59))
    assert caller.get("/resident/me").status_code == 200
    assert expires_at() == first
    clock.advance(timedelta(seconds=1))
    assert caller.get("/resident/me").status_code == 200
    assert expires_at() == first + timedelta(minutes=30)
    clock.advance(89 * DAY)
    assert caller.get("/resident/me").status_code == 200
    clock.advance(90 * DAY)
    ended = caller.get("/resident/me")
    assert (ended.status_code, ended.json["code"]) == (401, "login_expired")


def test_logging_out_ends_the_session_on_the_server(app: Flask) -> None:
    caller = resident(app)
    assert caller.delete("/resident/session").status_code == 204
    assert caller.get("/resident/me").status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic abc", "nonsense"])
def test_without_a_session_nothing_opens(client: FlaskClient, header: str) -> None:
    answer = client.get("/api/v1/resident/me", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json["message"]


# --- the official account's web login -----------------------------------------------------------------


def test_a_web_login(client: FlaskClient, platform: RecordingPlatform) -> None:
    state = _begin(client, "/m/pages/report/new")
    answer = _finish(client, state)
    assert answer.status_code == 200
    assert answer.json["return_to"] == "/m/pages/report/new"
    assert answer.json["resident"]["nickname"] == "zhang"
    assert _me(client, answer.json["token"]).status_code == 200


@pytest.mark.parametrize("follows", [True, False])
def test_whoever_followed_before_the_first_login_is_found_out(
    client: FlaskClient,
    platform: RecordingPlatform,
    run_jobs: Callable[[], object],
    db_session: Session,
    follows: bool,
) -> None:
    if follows:
        platform.followers["official-zhang"] = "union-zhang"
    _finish(client, _begin(client))
    run_jobs()
    db_session.rollback()
    account = queries.account_of_openid("official", "official-zhang")
    assert account is not None
    assert account.followed is follows


def test_wechat_comes_back_to_the_login_page(client: FlaskClient, platform: RecordingPlatform) -> None:
    url = client.get("/api/v1/public/wechat/authorize?return_to=/m/one").json["url"]
    assert "redirect_uri=http://localhost/m/pages/login/index&" in url


def test_a_login_begun_anew_does_not_lead_back_to_the_spent_code(
    client: FlaskClient, platform: RecordingPlatform
) -> None:
    state = _begin(client, "/m/pages/login/index?code=spent&state=old")
    assert _finish(client, state).json["return_to"] == "/m/"


def test_the_state_is_what_wechat_can_carry(client: FlaskClient, platform: RecordingPlatform) -> None:
    state = _begin(client, "/m/" + "a" * 400)
    assert state.isalnum()
    assert len(state) <= 128


def test_the_ticket_is_kept_from_scripts(client: FlaskClient, platform: RecordingPlatform) -> None:
    answer = client.get("/api/v1/public/wechat/authorize")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/api/v1/public/sessions" in cookie


def test_a_state_opens_once(client: FlaskClient, platform: RecordingPlatform, db_session: Session) -> None:
    state = _begin(client)
    kept = client.get_cookie(f"wechat_login_{state[:8]}", path="/api/v1/public/sessions")
    assert kept is not None
    assert _finish(client, state).status_code == 200
    client.set_cookie(kept.key, kept.value, path="/api/v1/public/sessions")  # caught and put back
    again = _finish(client, state, "code-of-zhang#2")
    assert (again.status_code, again.json["code"]) == (401, "login_state")


def test_a_state_of_another_browser(app: Flask, client: FlaskClient, platform: RecordingPlatform) -> None:
    state = _begin(client)
    foreign = _finish(app.test_client(), state)
    assert (foreign.status_code, foreign.json["code"]) == (401, "login_state")
    assert platform.calls == []  # nobody's code was spent
    assert _finish(client, state).status_code == 200


def test_a_ticket_opens_its_own_state_only(client: FlaskClient, platform: RecordingPlatform) -> None:
    # somebody sends a person a link with their own state, to log them in as somebody else
    mine, foreign = _begin(client), "f" * 32
    ticket = client.get_cookie(f"wechat_login_{mine[:8]}", path="/api/v1/public/sessions")
    assert ticket is not None
    client.set_cookie(f"wechat_login_{foreign[:8]}", ticket.value, path="/api/v1/public/sessions")
    assert _finish(client, foreign).status_code == 401


def test_a_state_expires(client: FlaskClient, platform: RecordingPlatform, clock: FrozenClock) -> None:
    state = _begin(client)
    clock.advance(timedelta(minutes=10, seconds=2))
    assert _finish(client, state).status_code == 401


def test_a_platform_that_is_down_does_not_use_up_the_state(
    client: FlaskClient, platform: RecordingPlatform
) -> None:
    state = _begin(client)
    platform.refuse("web_user", WeChatError("web_user", None, Reaction.RETRY, "down"))
    assert _finish(client, state).status_code == 503
    assert _finish(client, state).status_code == 200


def test_two_tabs_log_in_side_by_side(client: FlaskClient, platform: RecordingPlatform) -> None:
    one, two = _begin(client, "/m/one"), _begin(client, "/m/two")
    assert _finish(client, one, "code-of-zhang").json["return_to"] == "/m/one"
    assert _finish(client, two, "code-of-zhang#2").json["return_to"] == "/m/two"


def test_spent_states_are_swept_out(
    client: FlaskClient, platform: RecordingPlatform, clock: FrozenClock, db_session: Session
) -> None:
    _finish(client, _begin(client))
    clock.advance(timedelta(minutes=12))
    _finish(client, _begin(client), "code-of-zhang#2")
    assert db_session.execute(select(func.count()).select_from(SpentState)).scalar_one() == 1


@pytest.mark.parametrize("return_to", ["https://evil.example/", "//evil.example", "/console/", "/m/../x"])
def test_only_our_own_pages_are_returned_to(
    client: FlaskClient, platform: RecordingPlatform, return_to: str
) -> None:
    answer = client.get("/api/v1/public/wechat/authorize", query_string={"return_to": return_to})
    assert (answer.status_code, answer.json["code"]) == (422, "bad_return_to")


# --- what is kept -------------------------------------------------------------------------------------


def test_names_and_numbers_are_unreadable_in_the_database(
    client: FlaskClient, platform: RecordingPlatform, db_session: Session
) -> None:
    token = _finish(client, _begin(client)).json["token"]
    client.patch(
        "/api/v1/resident/me", json={"phone": "13812345678"}, headers={"Authorization": f"Bearer {token}"}
    )
    row = db_session.execute(text("SELECT nickname, phone, phone_index FROM residents")).one()
    assert "zhang" not in row.nickname
    assert "13812345678" not in row.phone
    assert len(row.phone_index) == 64
    person = db_session.execute(select(Resident)).scalar_one()
    assert (person.nickname, person.phone) == ("zhang", "13812345678")
    assert db_session.execute(select(WeChatAccount.app)).scalar_one() == "official"
