"""`flask wechat check` and `flask oss check` against the stand-ins: each thing that may be missing has its line."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from backend.integrations.checkup import Line
from backend.integrations.oss.checkup import check_store
from backend.integrations.oss.local import LocalStore
from backend.integrations.oss.oss import OssStore
from backend.integrations.wechat.callback import make_callback_blueprint
from backend.integrations.wechat.checkup import _token_trouble, check_wechat
from backend.integrations.wechat.platform import RealPlatform, make_platform
from backend.integrations.wechat.protocol import Reaction, WeChatError
from backend.integrations.wechat.templates import TemplateBook, load_templates
from backend.kernel.db import init_database
from config.settings import Settings
from tests.contract.conftest import Levers
from tests.contract.oss_stand_in import OssStandIn

CONFIG = Path(__file__).resolve().parents[2] / "config"


@pytest.fixture
def address(in_town: Settings) -> Iterator[str]:
    """An application of one callback, at an address of its own."""
    app = Flask("callback")
    init_database(app, "sqlite://", 1)
    app.register_blueprint(make_callback_blueprint(in_town, lambda event, key: None))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def real(in_town: Settings, address: str) -> Settings:
    """The settings of an operator who has switched the stand-in off."""
    return dataclasses.replace(in_town, sandbox=False, public_base_url=address)


def checked(
    settings: Settings,
    platform: RealPlatform,
    *,
    book: TemplateBook | None = None,
    linked: tuple[int, int] = (3, 2),
) -> dict[str, Line]:
    """What → its line."""
    book = book or load_templates(CONFIG)
    lines = check_wechat(settings, platform, book, page="pages/case/index", linked=lambda: linked)
    return {line.what: line for line in lines}


def missing_in(lines: dict[str, Line]) -> set[str]:
    return {what for what, line in lines.items() if line.mark == "missing"}


def test_everything_is_there_but_https(real: Settings, platform: RealPlatform) -> None:
    lines = checked(real, platform)
    assert missing_in(lines) == {"public address"}
    assert lines["mini-program token"].told == "given to wxsandboxmini00001"
    assert lines["service categories"].told == "政务民生"
    assert lines["template case_progress.mini"].mark == "ok"
    assert lines["template task_assigned.official"].mark == "ok"
    assert lines["callback address"].mark == lines["released version"].mark == "ok"
    assert lines["unionid of the mini-program"].told == "2 of 3 people have one"
    assert {line.mark for what, line in lines.items() if "domain" in what or "guide" in what} == {"look"}


def test_nothing_is_sent_by_a_check(real: Settings, platform: RealPlatform, levers: Levers) -> None:
    checked(real, platform)
    assert levers.messages() == []
    assert {api for api, _ in levers.calls()} == {
        "stable_token", "getcategory", "gettemplate", "get_all_private_template", "msg_sec_check",
        "getwxacodeunlimit", "user_get", "user_batchget",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("errcode", "told"),
    [
        (40164, "IP white list"),
        (40125, "the secret is wrong"),
        (40013, "there is no such appid"),
        (89503, "the administrator has to confirm"),
        (50007, "frozen"),
    ],
)
def test_a_token_that_is_refused(
    real: Settings, platform: RealPlatform, levers: Levers, errcode: int, told: str
) -> None:
    levers.fault("stable_token", "errcode", errcode=errcode)
    lines = checked(real, platform)
    assert lines["mini-program token"].mark == "missing"
    assert told in lines["mini-program token"].told
    assert "service categories" not in lines, "without a token there is nothing to ask"
    assert lines["official account token"].mark == "ok"


def test_the_address_that_is_not_on_the_list_is_named(real: Settings) -> None:
    text = "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 1-2"
    said = _token_trouble(WeChatError("stable_token", 40164, Reaction.CONFIGURATION, text))
    assert said.startswith("40164 this machine's address 203.0.113.7 is not on the IP white list")


def test_a_wrong_secret(real: Settings) -> None:
    wrong = dataclasses.replace(real, wechat_official_secret="guessed")
    lines = checked(wrong, make_platform(wrong))
    assert lines["official account token"].told == "40125 the secret is wrong"
    assert "guessed" not in "".join(map(str, lines.values()))


def test_no_official_account_is_no_fault(real: Settings) -> None:
    alone = dataclasses.replace(real, wechat_official_appid="", wechat_official_secret="")
    lines = checked(alone, make_platform(alone))
    assert lines["official account"].mark == "look"
    assert missing_in(lines) == {"public address"}


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"wechat_callback_token": ""}, "callback token"),
        ({"wechat_callback_aes_key": ""}, "callback key"),
        ({"wechat_callback_token": "another-token"}, "callback address"),
        ({"public_base_url": "http://127.0.0.1:9"}, "callback address"),
    ],
)
def test_a_callback_that_is_not_set_up(
    real: Settings, platform: RealPlatform, changes: dict[str, str], what: str
) -> None:
    assert what in missing_in(checked(dataclasses.replace(real, **changes), platform))


def test_templates_that_differ(real: Settings, platform: RealPlatform) -> None:
    book = load_templates(CONFIG)
    one = book.get("case_progress", "mini")
    assert one is not None
    less = dict(list(one.fields.items())[1:])
    other = TemplateBook(
        [
            dataclasses.replace(one, fields=less),
            dataclasses.replace(one, name="gone", template_id="no-such-template"),
            dataclasses.replace(one, name="more", fields={**one.fields, "thing9": "hint"}),
            dataclasses.replace(one, name="for_good", long_term=True),
        ]
    )
    lines = [
        str(line)
        for line in check_wechat(real, platform, other, page="pages/case/index", linked=lambda: (0, 0))
    ]
    told = [line for line in lines if line.startswith("MISSING  template")]
    assert any("thing1 没有对应内容" in line and "case_progress.mini" in line for line in told)
    assert any("no-such-template (40037)" in line for line in told)
    assert any("没有字段 thing9" in line for line in told)
    assert any("for_good.mini" in line and "long_term" in line for line in told)
    assert any("names none for official" in line for line in lines)


def test_an_account_that_may_not_check(real: Settings, platform: RealPlatform, levers: Levers) -> None:
    levers.fault("msg_sec_check", "errcode", errcode=48001)
    levers.fault("getwxacodeunlimit", "errcode", errcode=41030)
    levers.fault("getcategory", "errcode", errcode=48001)
    lines = checked(real, platform)
    assert missing_in(lines) == {"content check", "released version", "service categories", "public address"}
    assert "41030" in lines["released version"].told


def test_unionids(real: Settings, platform: RealPlatform, levers: Levers) -> None:
    for person in levers.get("people")["items"]:
        levers.post(f"people/{person['id']}", joined=False)
    lines = checked(real, platform, linked=(3, 0))
    assert {"unionid of followers", "unionid of the mini-program"} <= missing_in(lines)
    for person in levers.get("people")["items"]:
        levers.post(f"people/{person['id']}", followed=False)
    lines = checked(real, platform, linked=(0, 0))
    assert {lines[w].mark for w in ("unionid of followers", "unionid of the mini-program")} == {"look"}


def test_a_platform_that_is_away(real: Settings) -> None:
    away = dataclasses.replace(real, wechat_api_base="http://127.0.0.1:9")
    lines = checked(away, make_platform(away))
    assert "no answer" in lines["mini-program token"].told
    assert {"mini-program token", "official account token"} <= missing_in(lines)


# --- where photos lie --------------------------------------------------------------------------------------------


@pytest.fixture
def bucket(oss: OssStandIn, in_town: Settings) -> Callable[..., dict[str, Line]]:
    """Check the bucket of the stand-in, with these settings otherwise."""

    def check(secret: str = "", **changes: str) -> dict[str, Line]:
        given = {
            "oss_endpoint": "oss-cn-test.aliyuncs.com",
            "public_base_url": "https://town.example",
        } | changes
        told = dataclasses.replace(
            in_town,
            store="oss",
            oss_region=oss.region,
            oss_bucket=oss.bucket,
            **given,  # type: ignore[arg-type]
        )
        store = OssStore(oss.endpoint, oss.region, oss.bucket, oss.key_id, secret or oss.key_secret)
        return {line.what: line for line in check_store(told, store)}

    return check


def test_a_bucket_as_it_should_be(oss: OssStandIn, bucket: Callable[..., dict[str, Line]]) -> None:
    oss.cors_origin, oss.lifecycle = "https://town.example", True
    lines = bucket()
    assert {line.mark for line in lines.values()} == {"ok"}
    assert len(lines) == 7
    assert oss.objects == {}, "nothing is left behind"


def test_a_bucket_as_it_is_made(oss: OssStandIn, bucket: Callable[..., dict[str, Line]]) -> None:
    oss.acl = "public-read"
    lines = bucket(oss_endpoint="http://oss-cn-test.aliyuncs.com")
    assert missing_in(lines) == {"access", "CORS", "bucket"}
    assert lines["lifecycle"].mark == "look"


@pytest.mark.parametrize(
    ("forbidden", "told"),
    [({"PUT"}, "this key may not"), ({"DELETE"}, "this key may not"), ({"GET"}, "this key may not")],
)
def test_a_key_that_may_not(
    oss: OssStandIn, bucket: Callable[..., dict[str, Line]], forbidden: set[str], told: str
) -> None:
    oss.forbidden = forbidden
    lines = bucket()
    assert told in lines["write, read, delete"].told
    assert "upload from a phone (PostObject)" not in lines


def test_a_wrong_key(bucket: Callable[..., dict[str, Line]]) -> None:
    line = bucket(secret="guessed-secret")["write, read, delete"]
    assert "OSS_ACCESS_KEY_SECRET is wrong" in line.told
    assert "guessed" not in line.told


def test_a_clock_that_is_wrong(
    oss: OssStandIn, bucket: Callable[..., dict[str, Line]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.contract.oss_stand_in._real_now", lambda: datetime.now(UTC) + timedelta(minutes=16)
    )
    assert "clock is wrong" in bucket()["write, read, delete"].told


def test_the_local_disk(tmp_path: Path, in_town: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    store = LocalStore(tmp_path / "media")
    lines = {line.what: line for line in check_store(in_town, store)}
    assert {what: line.mark for what, line in lines.items()} == {"disk": "ok", "write, read, delete": "ok"}
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 5 * 1024**2})())
    assert next(str(line) for line in check_store(in_town, store)).startswith("MISSING  disk: 5 MB free")
