"""The stand-in's own behaviour: tokens, grants, what it remembers, and who may talk to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.sandbox.__main__ import _problem
from backend.sandbox.app import create_sandbox
from backend.sandbox.config import MINI_APPID, OFFICIAL_APPID, SandboxConfig
from backend.sandbox.state import State

PROGRESS = "SbxMiniProgress-7hG2kQ0vTz1nYwB4cXe9RmLpUaD"
TASK_OFFICIAL = "SbxOffiTask-6cR1gJxD4wV9mKbTz3QnHfLsYpE8uA0o"


@pytest.fixture
def stand_in() -> Iterator[Flask]:
    app = create_sandbox(SandboxConfig(mini_secret="m", official_secret="o"))
    yield app
    app.extensions["state"].close()


@pytest.fixture
def http(stand_in: Flask) -> FlaskClient:
    return stand_in.test_client()


def token(http: FlaskClient, appid: str = MINI_APPID, secret: str = "m", **more: Any) -> dict[str, Any]:
    body = {"grant_type": "client_credential", "appid": appid, "secret": secret} | more
    return dict(http.post("/cgi-bin/stable_token", json=body).json or {})


@pytest.mark.parametrize(
    ("appid", "secret", "errcode"),
    [
        ("wx0123456789abcdef", "m", 40013),
        (MINI_APPID, "wrong", 40125),
        (MINI_APPID, "", 40125),
        (OFFICIAL_APPID, "m", 40125),
    ],
)
def test_only_reserved_appids_with_their_secret(
    http: FlaskClient, appid: str, secret: str, errcode: int
) -> None:
    assert token(http, appid, secret)["errcode"] == errcode


def test_stable_token_stays_until_forced(http: FlaskClient) -> None:
    first = token(http)
    assert token(http)["access_token"] == first["access_token"]
    second = token(http, force_refresh=True)["access_token"]
    assert second != first["access_token"]
    assert token(http, force_refresh=True)["errcode"] == 45011  # thirty seconds apart
    old = http.get("/wxaapi/newtmpl/gettemplate", query_string={"access_token": first["access_token"]}).json
    assert old is not None
    assert old["errcode"] == 40001


def test_near_its_end_a_new_token_is_given_and_the_old_one_stays_good(
    http: FlaskClient, stand_in: Flask
) -> None:
    first = token(http)["access_token"]
    stand_in.extensions["state"].run("UPDATE tokens SET expires = expires - 6950")
    second = token(http)["access_token"]
    assert second != first
    for value in (first, second):
        answer = http.get("/wxaapi/newtmpl/gettemplate", query_string={"access_token": value}).json
        assert answer is not None
        assert answer["errcode"] == 0


@pytest.mark.parametrize(
    ("query", "errcode"),
    [({}, 41001), ({"access_token": "made-up"}, 40001), ({"access_token": "official"}, 48001)],
)
def test_token_of_a_call(http: FlaskClient, query: dict[str, str], errcode: int) -> None:
    if query.get("access_token") == "official":
        query = {"access_token": token(http, OFFICIAL_APPID, "o")["access_token"]}
    answer = http.get("/wxaapi/newtmpl/gettemplate", query_string=query).json
    assert answer is not None
    assert answer["errcode"] == errcode


@pytest.mark.parametrize(("body", "errcode"), [(b"", 44002), (b"{", 47001), (b"[]", 47001)])
def test_bodies_that_are_none(http: FlaskClient, body: bytes, errcode: int) -> None:
    query = {"access_token": token(http)["access_token"]}
    answer = http.post("/cgi-bin/message/subscribe/send", query_string=query, data=body).json
    assert answer is not None
    assert answer["errcode"] == errcode


@pytest.mark.parametrize(
    ("ids", "errcode"),
    [([], 10001), ([PROGRESS] * 4, 20003), (["unknown"], 20001), ([TASK_OFFICIAL], 20001)],
)
def test_pop_up_fails_as_the_real_one(http: FlaskClient, ids: list[str], errcode: int) -> None:
    answer = http.post("/sandbox/api/popup", json={"person": "resident1", "tmplIds": ids}).json
    assert answer is not None
    assert answer["errCode"] == errcode
    assert answer["errMsg"].startswith("requestSubscribeMessage:fail")


def test_the_same_title_twice_is_filtered(http: FlaskClient) -> None:
    answer = http.post(
        "/sandbox/api/popup", json={"person": "resident1", "tmplIds": [PROGRESS, PROGRESS]}
    ).json
    assert answer is not None
    assert answer[PROGRESS] == "filter"


def test_memory_outlives_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "state" / "platform.db"
    first = State(file)
    first.add_grant("openid", "template")
    first.close()
    second = State(file)
    assert second.grants_of("openid") == {"template": 1}
    second.reset()
    assert second.grants_of("openid") == {}
    assert len(second.people()) == 7
    second.close()


@pytest.mark.parametrize(
    ("headers", "environ"),
    [({"Host": "evil.example"}, {}), ({}, {"REMOTE_ADDR": "10.0.0.7"})],
)
def test_only_this_machine_is_answered(
    http: FlaskClient, headers: dict[str, str], environ: dict[str, str]
) -> None:
    assert http.get("/sandbox/").status_code == 200
    assert http.get("/sandbox/", headers=headers, environ_overrides=environ).status_code == 403


def test_other_websites_may_not_pull_levers(http: FlaskClient) -> None:
    answer = http.post("/sandbox/api/reset", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "fault",
    [
        {"api": "nothing", "kind": "slow"},
        {"api": "*", "kind": "nothing"},
        {"kind": "slow", "ms": -1},
        {"kind": "slow", "ms": 99999},
        {"kind": "slow", "times": "often"},
        {"kind": "errcode"},
    ],
)
def test_faults_that_make_no_sense(http: FlaskClient, fault: dict[str, Any]) -> None:
    answer = http.post("/sandbox/api/faults", json=fault)
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["error"]
    listed = http.get("/sandbox/api/faults").json
    assert listed is not None
    assert listed["items"] == []


def test_a_fault_hits_as_often_as_told(http: FlaskClient) -> None:
    http.post(
        "/sandbox/api/faults", json={"api": "stable_token", "kind": "errcode", "errcode": 40164, "times": 2}
    )
    assert [token(http).get("errcode", 0) for _ in range(3)] == [40164, 40164, 0]


def test_a_phone_is_asked_again_cheaply(http: FlaskClient) -> None:
    first = http.get("/sandbox/api/phone/resident1")
    assert first.status_code == 200
    again = http.get("/sandbox/api/phone/resident1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    http.post("/sandbox/api/popup", json={"person": "resident1", "tmplIds": [PROGRESS]})
    assert (
        http.get("/sandbox/api/phone/resident1", headers={"If-None-Match": first.headers["ETag"]}).status_code
        == 200
    )


def test_opening_a_phone_plays_its_wechat(http: FlaskClient) -> None:
    page = http.get("/sandbox/phone/worker1")
    assert "sandbox_person=worker1" in page.headers["Set-Cookie"]
    assert "Path=/" in page.headers["Set-Cookie"]
    assert "赵大勇（演示）" in page.text
    assert http.get("/sandbox/phone/nobody").status_code == 404
    assert "sandbox_person=;" in http.get("/sandbox/leave").headers["Set-Cookie"]


@pytest.mark.parametrize("path", ["/sandbox/", "/sandbox/phone/resident1", "/sandbox/faults", "/sandbox/log"])
def test_pages_speak_chinese_and_stay_at_home(http: FlaskClient, path: str) -> None:
    page = http.get(path)
    assert page.status_code == 200
    assert 'lang="zh-CN"' in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text


@pytest.mark.parametrize(
    ("url", "key", "fine"),
    [
        ("http://127.0.0.1:8000", "", True),
        ("http://127.0.0.1:8000", "a" * 43, True),
        ("http://127.0.0.1:8000", "short", False),
        ("https://town.example", "", False),
    ],
)
def test_it_does_not_start_in_public(url: str, key: str, fine: bool) -> None:
    assert (_problem(url, key) is None) is fine
