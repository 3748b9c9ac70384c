"""The callback against the vectors that Tencent ships with its own WXBizMsgCrypt sample code.

Sources: Sample.cs of the C# package (token QDG6eK), Sample.py of the Python package (token spamtest) and
WXBizMsgCryptTest.java of the Java package (token pamtest), as linked from the platform's page on encrypted messages.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, Response

from backend.integrations.wechat import callback
from backend.kernel.clock import FrozenClock, SystemClock, use_clock
from backend.kernel.errors import AppError
from backend.sandbox import push
from config.settings import Settings, load
from tests.support.settings import environment_of_tests


@dataclass(frozen=True)
class Vector:
    """One encrypted push, as published."""

    token: str
    aes_key: str
    appid: str
    timestamp: str
    nonce: str
    msg_signature: str
    to: str
    sealed: str
    opened: dict[str, str]  # some of what stands in it

    @property
    def query(self) -> dict[str, str]:
        return {"timestamp": self.timestamp, "nonce": self.nonce, "msg_signature": self.msg_signature}

    def body(self, sealed: str | None = None) -> str:
        return (
            f"<xml><ToUserName><![CDATA[{self.to}]]></ToUserName>"
            f"<Encrypt><![CDATA[{sealed or self.sealed}]]></Encrypt></xml>"
        )


CSHARP = Vector(
    token="QDG6eK",
    aes_key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    appid="wx5823bf96d3bd56c7",
    timestamp="1409659813",
    nonce="1372623149",
    msg_signature="477715d11cdb4164915debcba66cb864d751f3e6",
    to="wx5823bf96d3bd56c7",
    sealed="RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==",
    opened={"ToUserName": "wx5823bf96d3bd56c7", "MsgType": "text", "Content": "hello", "AgentID": "218"},
)
PYTHON = Vector(
    token="spamtest",
    aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    appid="wx2c2769f8efd9abc2",
    timestamp="1409735669",
    nonce="1320562132",
    msg_signature="5d197aaffba7e9b25a30732f161a50dee96bd5fa",
    to="gh_10f6c3c3ac5a",
    sealed="hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE=",
    opened={
        "FromUserName": "oyORnuP8q7ou2gfYjqLzSIWZf0rs",
        "MsgId": "6054768590064713728",
        "Content": "abcdteT",
    },
)


@dataclass
class Listening:
    """A callback of one account, and what it opened."""

    app: Flask
    opened: list[dict[str, Any]]

    def push(self, query: dict[str, str], body: str) -> tuple[int, str]:
        answer = self.app.test_client().post("/api/v1/wechat/callback", query_string=query, data=body)
        return answer.status_code, answer.text


@pytest.fixture
def clock() -> Iterator[FrozenClock]:
    frozen = FrozenClock(datetime.fromtimestamp(1409735669, UTC))
    use_clock(frozen)
    yield frozen
    use_clock(SystemClock())


def listen(vector: Vector, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Listening:
    settings: Settings = dataclasses.replace(
        load(environment_of_tests(f"sqlite:///{tmp_path}/x.db", tmp_path)),
        wechat_callback_token=vector.token,
        wechat_callback_aes_key=vector.aes_key,
        wechat_mini_appid=vector.appid,
    )
    opened: list[dict[str, Any]] = []
    plain = callback.to_event

    def noted(message: Any, app: Any) -> Any:
        opened.append(dict(message))
        return plain(message, app)

    monkeypatch.setattr(callback, "to_event", noted)
    app = Flask("callback")
    app.register_blueprint(callback.make_callback_blueprint(settings, lambda event, key: None))

    @app.errorhandler(AppError)
    def refused(error: AppError) -> Response:
        return Response(error.code, status=error.status)

    return Listening(app, opened)


@pytest.mark.parametrize("vector", [CSHARP, PYTHON], ids=["QDG6eK", "spamtest"])
def test_a_published_push_is_opened(
    vector: Vector, tmp_path: Any, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = listen(vector, tmp_path, monkeypatch)
    clock.move_to(datetime.fromtimestamp(int(vector.timestamp), UTC))
    assert listening.push(vector.query, vector.body()) == (200, "success")
    [message] = listening.opened
    assert vector.opened.items() <= message.items()


@pytest.mark.parametrize("vector", [CSHARP, PYTHON], ids=["QDG6eK", "spamtest"])
def test_a_published_push_that_was_altered(
    vector: Vector, tmp_path: Any, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = listen(vector, tmp_path, monkeypatch)
    clock.move_to(datetime.fromtimestamp(int(vector.timestamp), UTC))
    for query, body in (
        (vector.query | {"msg_signature": "0" * 40}, vector.body()),
        (vector.query | {"nonce": "1"}, vector.body()),
        (vector.query | {"timestamp": str(int(vector.timestamp) + 1)}, vector.body()),
        (vector.query, vector.body(vector.sealed[::-1])),
        (vector.query, "<xml><Event>subscribe</Event></xml>"),
    ):
        assert listening.push(query, body)[0] == 403
    assert listening.opened == []


def test_a_published_push_played_again_later(
    tmp_path: Any, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = listen(PYTHON, tmp_path, monkeypatch)
    clock.advance(timedelta(minutes=10))
    assert listening.push(PYTHON.query, PYTHON.body()) == (200, "success")
    clock.advance(timedelta(seconds=1))
    assert listening.push(PYTHON.query, PYTHON.body()) == (403, "callback_stale")
    clock.advance(-timedelta(minutes=20, seconds=2))
    assert listening.push(PYTHON.query, PYTHON.body()) == (403, "callback_stale")


def test_a_plain_push_played_again_later(
    tmp_path: Any, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its signature does not cover the body: an overheard one would sign anything, for ever."""
    listening = listen(dataclasses.replace(PYTHON, aes_key=""), tmp_path, monkeypatch)
    signed = hashlib.sha1("".join(sorted(["spamtest", "1409735669", "7"])).encode(), usedforsecurity=False)
    query = {"signature": signed.hexdigest(), "timestamp": "1409735669", "nonce": "7"}
    body = "<xml><Event>subscribe</Event></xml>"
    assert listening.push(query, body) == (200, "success")
    clock.advance(timedelta(minutes=10, seconds=1))
    assert listening.push(query, body) == (403, "callback_stale")
    client = listening.app.test_client()
    assert client.get("/api/v1/wechat/callback", query_string=query | {"echostr": "x"}).status_code == 403


@pytest.mark.parametrize("stamp", ["", "x", "-5", "1" * 40, "１４０９７３５６６９"])
def test_a_timestamp_that_is_none(
    stamp: str, tmp_path: Any, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = listen(PYTHON, tmp_path, monkeypatch)
    parts = sorted(["spamtest", stamp, "7", PYTHON.sealed])
    signed = hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()
    assert (
        listening.push({"msg_signature": signed, "timestamp": stamp, "nonce": "7"}, PYTHON.body())[0] == 403
    )


# --- the other way: what the stand-in seals ----------------------------------------------------------------------

JAVA_KEY, JAVA_APPID = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wxb11529c136998cb6"
SEALED = [
    (
        "我是中文abcd123",
        "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==",
    ),
    (
        (
            "<xml><ToUserName><![CDATA[oia2Tj我是中文jewbmiOUlr6X-1crbLOvLw]]></ToUserName><FromUserName>"
            "<![CDATA[gh_7f083739789a]]></FromUserName><CreateTime>1407743423</CreateTime><MsgType><![CDATA[video]]>"
            "</MsgType><Video><MediaId><![CDATA[eYJ1MbwPRJtOvIEabaxHs7TX2D-HV71s79GUxqdUkjm6Gs2Ed1KF3ulAOA9H1xG0]]>"
            "</MediaId><Title><![CDATA[testCallBackReplyVideo]]></Title><Description><![CDATA[testCallBackReplyVideo]]>"
            "</Description></Video></xml>"
        ),
        "jn1L23DB+6ELqJ+6bruv23M2GmYfkv0xBh2h+XTBOKVKcgDFHle6gqcZ1cZrk3e1qjPQ1F4RsLWzQRG9udbKWesxlkupqcEcW7ZQweImX9+wLMa0GaUzpkycA8+IamDBxn5loLgZpnS7fVAbExOkK5DYHBmv5tptA9tklE/fTIILHR8HLXa5nQvFb3tYPKAlHF3rtTeayNf0QuM+UW/wM9enGIDIJHF7CLHiDNAYxr+r+OrJCmPQyTy8cVWlu9iSvOHPT/77bZqJucQHQ04sq7KZI27OcqpQNSto2OdHCoTccjggX5Z9Mma0nMJBU+jLKJ38YB1fBIz+vBzsYjrTmFQ44YfeEuZ+xRTQwr92vhA9OxchWVINGC50qE/6lmkwWTwGX9wtQpsJKhP+oS7rvTY8+VdzETdfakjkwQ5/Xka042OlUb1/slTwo4RscuQ+RdxSGvDahxAJ6+EAjLt9d8igHngxIbf6YyqqROxuxqIeIch3CssH/LqRs+iAcILvApYZckqmA7FNERspKA5f8GoJ9sv8xmGvZ9Yrf57cExWtnX8aCMMaBropU/1k+hKP5LVdzbWCG0hGwx/dQudYR/eXp3P0XxjlFiy+9DMlaFExWUZQDajPkdPrEeOwofJb",
    ),
]


@pytest.mark.parametrize(("text", "sealed"), SEALED, ids=["short", "long"])
def test_the_stand_in_seals_as_the_platform_does(
    text: str, sealed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push.os, "urandom", lambda count: b"aaaabbbbccccdddd"[:count])
    assert push.encrypt(JAVA_KEY, text, JAVA_APPID) == sealed
