"""Logins: codes are good once, secrets never leave in an error, the two accounts join by unionid."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from backend.integrations.wechat.platform import RealPlatform, make_platform
from backend.integrations.wechat.protocol import Reaction, WeChatError
from config.settings import Settings
from tests.contract.conftest import Levers

RETURN = "http://127.0.0.1:8000/m/pages/login/index"


def test_mini_program_login(platform: RealPlatform, levers: Levers) -> None:
    session = platform.code_to_session(levers.code("resident1"))
    person = levers.person("resident1")
    assert (session.openid, session.unionid) == (person["mini_openid"], person["unionid"])
    assert session.session_key not in repr(session)


@pytest.mark.parametrize(("spend", "errcode"), [(True, 40163), (False, 40029)])
def test_code_is_good_once(platform: RealPlatform, levers: Levers, spend: bool, errcode: int) -> None:
    code = levers.code("resident1") if spend else "never-given-out"
    if spend:
        platform.code_to_session(code)
    with pytest.raises(WeChatError) as refused:
        platform.code_to_session(code)
    assert (refused.value.errcode, refused.value.reaction) == (errcode, Reaction.NEW_CODE)
    assert code not in str(refused.value)


def test_login_needs_no_token(platform: RealPlatform, levers: Levers) -> None:
    levers.fault("stable_token", "http500", times=0)
    assert platform.code_to_session(levers.code("resident2")).openid


def test_unionid_that_is_not_known_yet(platform: RealPlatform, levers: Levers) -> None:
    levers.post("people/resident1", joined=False)
    assert platform.code_to_session(levers.code("resident1")).unionid is None
    levers.post("people/resident1", joined=True)
    assert platform.code_to_session(levers.code("resident1")).unionid == levers.person("resident1")["unionid"]


def test_wrong_secret_is_configuration_and_stays_secret(in_town: Settings, levers: Levers) -> None:
    platform = make_platform(in_town)
    platform._mini.secret = "a-secret-that-is-wrong-9876"
    for call in (
        lambda: platform.code_to_session(levers.code("resident1")),
        platform.list_subscribe_templates,
    ):
        with pytest.raises(WeChatError) as refused:
            call()
        assert (refused.value.errcode, refused.value.reaction) == (40125, Reaction.CONFIGURATION)
        assert "a-secret-that-is-wrong" not in str(refused.value)


def test_phone_number(platform: RealPlatform, levers: Levers) -> None:
    code = levers.code("resident1", kind="phone")
    assert platform.phone_number(code) == levers.person("resident1")["phone"]
    with pytest.raises(WeChatError) as refused:
        platform.phone_number(levers.code("resident1"))  # wx.login's code is not the button's
    assert refused.value.reaction is Reaction.NEW_CODE


def authorize(platform: RealPlatform, url: str, person: str, **cookies: str) -> requests.Response:
    """Agree on the web login page as this person."""
    address = platform.authorize_url(RETURN, "state-1").removeprefix("/sandbox").partition("#")[0]
    return requests.post(
        f"{url}/sandbox{address}", data={"person": person}, cookies=cookies, allow_redirects=False, timeout=5
    )


def test_official_account_web_login(platform: RealPlatform, levers: Levers) -> None:
    page = authorize(platform, levers.url, "resident2")
    target = urlsplit(page.headers["Location"])
    answer = parse_qs(target.query)
    assert (page.status_code, target.path, answer["state"]) == (302, "/m/pages/login/index", ["state-1"])
    user = platform.web_user(answer["code"][0])
    person = levers.person("resident2")
    assert (user.openid, user.unionid, user.nickname) == (
        person["official_openid"],
        person["unionid"],
        person["name"],
    )
    with pytest.raises(WeChatError) as refused:
        platform.web_user(answer["code"][0])
    assert refused.value.reaction is Reaction.NEW_CODE


def test_web_login_returns_to_our_application_only(platform: RealPlatform, levers: Levers) -> None:
    address = platform.authorize_url("https://elsewhere.example/steal", "s").partition("#")[0]
    answer = requests.post(
        levers.url + address, data={"person": "resident1"}, allow_redirects=False, timeout=5
    )
    assert answer.status_code == 400
    assert "10003" in answer.text


def test_login_page_offers_the_phone_that_is_open(platform: RealPlatform, levers: Levers) -> None:
    address = levers.url + platform.authorize_url(RETURN, "s").partition("#")[0]
    stranger = requests.get(address, timeout=5).text
    assert "您是谁" in stranger
    known = requests.get(address, cookies={"sandbox_person": "worker1"}, timeout=5).text
    assert "赵大勇（演示）" in known
    assert "同意" in known
    assert "您是谁" not in known


def test_followers(platform: RealPlatform, levers: Levers) -> None:
    people = [levers.person(name) for name in ("resident1", "resident3", "worker1")]
    found = platform.follower_unionids([p["official_openid"] for p in people] * 40)
    assert found == {p["official_openid"]: p["unionid"] for p in people if p["followed"]}
    assert len(found) == 2
