"""Settings: each thing that is missing or contradicts another gets its own sentence, all of them at once."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from config.settings import Settings, SettingsError, load
from tests.support.settings import NOWHERE, environment_of_tests

KEY = base64.b64encode(b"k" * 32).decode()
PRODUCTION = {
    "MODE": "production",
    "FIELD_KEYS": f"k1:{KEY}",
    "BLIND_INDEX_KEYS": f"b1:{KEY}",
    "SIGNING_KEY": "s" * 40,
    "WECHAT_MINI_APPID": "wx0123456789abcdef",
    "WECHAT_MINI_SECRET": "secret",
}


def of_tests(**more: str) -> dict[str, str]:
    return environment_of_tests("sqlite:////tmp/unused.db", Path("/tmp"), **more)


def problems(environment: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load(environment)
    return refused.value.problems


def test_the_environment_of_tests_is_complete() -> None:
    assert isinstance(load(of_tests()), Settings)


def test_production_needs_nothing_more_than_its_keys_and_its_appid() -> None:
    settings = load(PRODUCTION)
    assert settings.is_production
    assert settings.is_sqlite
    assert not settings.sandbox
    assert settings.wechat_api_base == "https://api.weixin.qq.com"
    assert settings.miniprogram_state == "formal"


@pytest.mark.parametrize("name", [n for n in PRODUCTION if n != "MODE"])
def test_what_is_missing_is_named(name: str) -> None:
    said = problems({k: v for k, v in PRODUCTION.items() if k != name})
    assert [s for s in said if s.startswith(f"{name} is missing: ")] == said


def test_everything_that_is_wrong_is_said_at_once() -> None:
    said = problems({"PORT": "70000", "DATABASE_URL": "postgres://x"})
    assert len(said) == 7, said
    with pytest.raises(SettingsError) as refused:
        load({})
    text = str(refused.value)
    assert text.startswith("Settings are incomplete:")
    assert all(name in text for name in PRODUCTION if name != "MODE")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"MODE": "staging"}, "MODE is 'staging'; it must be one of development, production, test."),
        ({"PORT": "0"}, "PORT is '0'; it must be a whole number from 1 to 65535."),
        ({"PORT": "eighty"}, "PORT is 'eighty'; it must be a whole number"),
        ({"NODE_ID": "1024"}, "NODE_ID is '1024'; it must be a whole number from 0 to 1023."),
        ({"STAFF_IDLE_MINUTES": "1"}, "STAFF_IDLE_MINUTES is '1'"),
        (
            {"DATABASE_URL": "postgresql://x/y"},
            "DATABASE_URL must begin with sqlite:/// or mysql+pymysql://.",
        ),
        ({"FIELD_CIPHER": "rot13"}, "FIELD_CIPHER is 'rot13'; it must be one of aes-256-gcm, sm4-gcm."),
        ({"FIELD_KEYS": KEY}, "FIELD_KEYS: the entry"),
        ({"FIELD_KEYS": "k1:short"}, "FIELD_KEYS: the entry 'k1' is not NAME:BASE64 of exactly 32 bytes."),
        ({"FIELD_KEYS": "k1:%%%"}, "FIELD_KEYS: the entry 'k1' is not NAME:BASE64 of exactly 32 bytes."),
        ({"FIELD_KEYS": f"k1:{KEY},k1:{KEY}"}, "FIELD_KEYS: two keys are called 'k1'"),
        ({"BLIND_INDEX_KEYS": "b1:AAAA"}, "BLIND_INDEX_KEYS: the entry 'b1' is not NAME:BASE64"),
        ({"SIGNING_KEY": "short"}, "SIGNING_KEY is too short: give at least 32 characters."),
        ({"MINIPROGRAM_STATE": "beta"}, "MINIPROGRAM_STATE is 'beta'"),
        ({"STORE": "ftp"}, "STORE is 'ftp'; it must be one of local, oss."),
        ({"SANDBOX": "yes"}, "SANDBOX is 'yes'; it must be one of on, off."),
        ({"WECHAT_OFFICIAL_APPID": "wx00"}, "WECHAT_OFFICIAL_APPID and WECHAT_OFFICIAL_SECRET go together"),
        ({"WECHAT_OFFICIAL_SECRET": "s"}, "WECHAT_OFFICIAL_APPID and WECHAT_OFFICIAL_SECRET go together"),
        # the stand-in platform's names without the stand-in platform
        ({"WECHAT_MINI_APPID": "wxsandboxmini00001"}, "The appid belongs to the stand-in platform"),
        ({"SANDBOX": "on"}, "SANDBOX is on in production"),
    ],
)
def test_each_fault_has_its_sentence(change: dict[str, str], sentence: str) -> None:
    assert any(s.startswith(sentence) for s in problems({**PRODUCTION, **change}))


@pytest.mark.parametrize(
    "name", ["OSS_ENDPOINT", "OSS_REGION", "OSS_BUCKET", "OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET"]
)
def test_oss_needs_all_of_its_names(name: str) -> None:
    names = ("OSS_ENDPOINT", "OSS_REGION", "OSS_BUCKET", "OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET")
    whole = {**PRODUCTION, "STORE": "oss", **dict.fromkeys(names, "x")}
    assert load(whole).store == "oss"
    assert problems({**whole, name: ""}) == [f"{name} is missing: STORE is oss."]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"WECHAT_MINI_APPID": "wx0123456789abcdef"}, "SANDBOX is on beside a real appid"),
        ({"WECHAT_OFFICIAL_APPID": "wx0123456789abcdef"}, "SANDBOX is on beside a real appid"),
        (
            {"WECHAT_API_BASE": "https://api.weixin.qq.com"},
            "SANDBOX is on, but WECHAT_API_BASE is not SANDBOX_URL.",
        ),
        ({"WECHAT_API_BASE": ""}, "SANDBOX is on, but WECHAT_API_BASE is not SANDBOX_URL."),
        ({"WECHAT_API_BASE": f"{NOWHERE}9"}, "SANDBOX is on, but WECHAT_API_BASE is not SANDBOX_URL."),
        (
            {"WECHAT_WEB_BASE": "https://open.weixin.qq.com"},
            "SANDBOX is on, but WECHAT_WEB_BASE is WeChat's real address.",
        ),
        ({"WECHAT_WEB_BASE": ""}, "SANDBOX is on, but WECHAT_WEB_BASE is WeChat's real address."),
        ({"SANDBOX_URL": ""}, "SANDBOX_URL is missing: SANDBOX is on"),
        ({"SANDBOX_URL": "http://10.0.0.8:9"}, "SANDBOX_URL must be on this machine"),
        ({"MODE": "production"}, "SANDBOX is on in production: the stand-in platform lets anyone be anyone."),
    ],
)
def test_the_stand_in_and_the_real_platform_never_mix(change: dict[str, str], sentence: str) -> None:
    assert any(s.startswith(sentence) for s in problems(of_tests(**change)))


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("mysql://u@h/d", "mysql+pymysql://u@h/d?charset=utf8mb4"),
        ("mariadb://u@h/d?x=1", "mysql+pymysql://u@h/d?x=1&charset=utf8mb4"),
        ("mysql+pymysql://u@h/d?charset=utf8mb4", "mysql+pymysql://u@h/d?charset=utf8mb4"),
    ],
)
def test_a_mariadb_address_is_made_ours(given: str, used: str) -> None:
    settings = load({**PRODUCTION, "DATABASE_URL": given})
    assert settings.database_url == used
    assert not settings.is_sqlite


def test_the_newest_key_stands_first() -> None:
    other = base64.b64encode(b"o" * 32).decode()
    ring = load({**PRODUCTION, "FIELD_KEYS": f"k2:{KEY}, k1:{other}"}).field_keys
    assert ring.newest == ("k2", b"k" * 32)
    assert ring.get("k1") == b"o" * 32
    assert ring.get("k3") is None
