"""The callback: the guide's own sample messages, plain and encrypted, XML and JSON, in one shape."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from backend.integrations.wechat.callback import event_key, make_callback_blueprint, to_event
from backend.integrations.wechat.protocol import PlatformEvent
from backend.kernel.clock import FrozenClock, SystemClock, use_clock
from backend.kernel.errors import AppError
from backend.sandbox.config import SandboxConfig
from backend.sandbox.push import Pusher
from backend.sandbox.state import State
from config.settings import Settings, load
from tests.support.settings import environment_of_tests

# Published in the platform's guide to message push.
TOKEN, AES_KEY, APPID = "AAAAA", "A" * 43, "wxba5fad812f8e6fb9"
PROOF = {
    "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
    "echostr": "4375120948345356249",
    "timestamp": "1714036504",
    "nonce": "1514711492",
}
PLAIN = {
    "signature": "899cf89e464efb63f54ddac96b0a0a235f53aa78",
    "timestamp": "1714037059",
    "nonce": "486452656",
}
PLAIN_BODY = (
    '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY",'
    '"CreateTime":1714037059,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
)
SAFE = {
    "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
    "timestamp": "1714112445",
    "nonce": "415670741",
    "openid": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
    "encrypt_type": "aes",
    "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
}
SAFE_BODY = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsX"
    "UnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajA"
    "sjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)

Received = list[tuple[PlatformEvent, str]]


@pytest.fixture
def told(tmp_path: Any) -> Settings:
    environment = environment_of_tests(f"sqlite:///{tmp_path}/x.db", tmp_path)
    return dataclasses.replace(
        load(environment),
        wechat_callback_token=TOKEN,
        wechat_callback_aes_key=AES_KEY,
        wechat_mini_appid=APPID,
    )


class PunctualClient(FlaskClient):
    """Asks at the moment at which its query was signed."""

    def open(self, *args: Any, **options: Any) -> Any:
        signed = str((options.get("query_string") or {}).get("timestamp", ""))
        if signed.isdigit():
            use_clock(FrozenClock(datetime.fromtimestamp(int(signed), UTC)))
        try:
            return super().open(*args, **options)
        finally:
            use_clock(SystemClock())


@pytest.fixture
def listening() -> Callable[[Settings], tuple[FlaskClient, Received]]:
    def make(settings: Settings) -> tuple[FlaskClient, Received]:
        received: Received = []
        app = Flask("callback")
        app.test_client_class = PunctualClient
        app.register_blueprint(
            make_callback_blueprint(settings, lambda event, key: received.append((event, key)))
        )

        @app.errorhandler(AppError)
        def refused(error: AppError) -> Response:
            return Response(error.code, status=error.status)

        return app.test_client(), received

    return make


Listening = Callable[[Settings], tuple[FlaskClient, Received]]


def test_address_is_proved(told: Settings, listening: Listening) -> None:
    client, _ = listening(told)
    answer = client.get("/api/v1/wechat/callback", query_string=PROOF)
    assert (answer.status_code, answer.text) == (200, PROOF["echostr"])
    for changed in ("signature", "timestamp", "nonce"):
        assert client.get("/api/v1/wechat/callback", query_string=PROOF | {changed: "1"}).status_code == 403
    assert (
        client.get("/api/v1/wechat/callback", query_string=PROOF | {"signature": "签名"}).status_code == 403
    )


def test_without_a_token_nothing_is_taken(told: Settings, listening: Listening) -> None:
    client, received = listening(
        dataclasses.replace(told, wechat_callback_token="", wechat_callback_aes_key="")
    )
    empty = hashlib.sha1(b"11", usedforsecurity=False).hexdigest()
    query = {"signature": empty, "timestamp": "1", "nonce": "1"}
    assert client.get("/api/v1/wechat/callback", query_string=query).status_code == 403
    assert client.post("/api/v1/wechat/callback", query_string=query, data=PLAIN_BODY).status_code == 403
    assert received == []


def test_plain_sample(told: Settings, listening: Listening) -> None:
    client, received = listening(dataclasses.replace(told, wechat_callback_aes_key=""))
    answer = client.post("/api/v1/wechat/callback", query_string=PLAIN, data=PLAIN_BODY)
    assert (answer.status_code, answer.text) == (200, "success")
    [(event, _)] = received
    assert (event.app, event.kind, event.openid) == ("mini", "debug_demo", "o9AgO5Kd5ggOC-bXrbNODIiE3bGY")
    assert event.at.timestamp() == 1714037059
    assert event.raw["debug_str"] == "hello world"


def test_plain_is_refused_where_a_key_is_set(told: Settings, listening: Listening) -> None:
    client, received = listening(told)
    assert client.post("/api/v1/wechat/callback", query_string=PLAIN, data=PLAIN_BODY).text == "plain_refused"
    assert received == []


@pytest.mark.parametrize("form", ["json", "xml"])
def test_encrypted_sample(told: Settings, listening: Listening, form: str) -> None:
    client, received = listening(told)
    body = json.dumps({"ToUserName": "gh_97417a04a28d", "Encrypt": SAFE_BODY})
    if form == "xml":
        body = f"<xml><ToUserName><![CDATA[gh]]></ToUserName><Encrypt><![CDATA[{SAFE_BODY}]]></Encrypt></xml>"
    answer = client.post("/api/v1/wechat/callback", query_string=SAFE, data=body)
    assert (answer.status_code, answer.text) == (200, "success")
    assert [(e.app, e.kind, e.at.timestamp()) for e, _ in received] == [("mini", "debug_demo", 1714112445)]


@pytest.mark.parametrize(
    ("query", "body"),
    [
        (SAFE | {"msg_signature": SAFE["signature"]}, SAFE_BODY),  # `signature` does not cover the body
        (SAFE | {"timestamp": "1714112446"}, SAFE_BODY),
        (SAFE, SAFE_BODY[:-8] + "AAAAAAA="),
        (SAFE, ""),
        (SAFE, "not base64"),
    ],
)
def test_altered_samples(told: Settings, listening: Listening, query: dict[str, str], body: str) -> None:
    client, received = listening(told)
    answer = client.post("/api/v1/wechat/callback", query_string=query, data=json.dumps({"Encrypt": body}))
    assert answer.status_code == 403
    assert received == []


def test_a_message_for_another_appid(told: Settings, listening: Listening) -> None:
    client, received = listening(dataclasses.replace(told, wechat_mini_appid="wxsomebodyelse0001"))
    answer = client.post(
        "/api/v1/wechat/callback", query_string=SAFE, data=json.dumps({"Encrypt": SAFE_BODY})
    )
    assert (answer.status_code, answer.text) == (403, "foreign_appid")
    assert received == []


LAUGHS = (
    b'<!DOCTYPE lolz [<!ENTITY lol "lol">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, (b"&l%d;" % (n - 1) if n else b"&lol;") * 10) for n in range(9))
    + b"]><xml><Event>&l8;</Event></xml>"
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Event>&a;</Event></xml>'


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"<xml>", b"<a/>", b"[1]", b"{}" * 40_000, b"\xff\xfe", b"<xml><a>&lol;</a></xml>",
     b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Event>&a;</Event></xml>', LAUGHS, OUTSIDE,
     b'{"a":' * 9_000 + b"1" + b"}" * 9_000, b"<xml>" + b"<a>" * 9_000 + b"</a>" * 9_000 + b"</xml>",
     b'{"List":' + b"[" * 9_000 + b"]" * 9_000 + b"}"],
)  # fmt: skip
def test_unreadable_bodies(told: Settings, listening: Listening, body: bytes) -> None:
    client, received = listening(dataclasses.replace(told, wechat_callback_aes_key=""))
    answer = client.post("/api/v1/wechat/callback", query_string=PLAIN, data=body)
    assert answer.status_code in {200, 422}
    assert received == []


POPUP = {"TemplateId": "T1", "SubscribeStatusString": "accept", "PopupScene": "1"}
CHANGE = {"TemplateId": "T2", "SubscribeStatusString": "reject", "PopupScene": "1"}


@pytest.mark.parametrize("entries", [POPUP, [POPUP], [POPUP, CHANGE]])
@pytest.mark.parametrize(
    "app", ["mini", "official"]
)  # the stand-in pushes JSON for one and XML for the other
@pytest.mark.parametrize("aes_key", ["", "b" * 42 + "A"])
def test_a_list_has_one_shape(
    told: Settings, listening: Listening, entries: Any, app: str, aes_key: str, tmp_path: Any
) -> None:
    settings = dataclasses.replace(
        told, wechat_callback_aes_key=aes_key, wechat_mini_appid="wxsandboxmini00001"
    )
    client, received = listening(settings)
    message = {
        "ToUserName": "gh", "FromUserName": "o-person", "CreateTime": 1714112445, "MsgType": "event",
        "Event": "subscribe_msg_popup_event", "List": entries,
    }  # fmt: skip
    config = SandboxConfig(callback_token=TOKEN, callback_aes_key=aes_key)
    query, body, kind = Pusher(config, State(None)).packed(app, message)
    for _ in range(2):  # repeated, as the platform does when an answer was late
        client.post("/api/v1/wechat/callback", query_string=query, data=body, content_type=kind)
    (event, key), (_, again) = received
    assert key == again
    assert len(key) <= 64
    expected = entries if isinstance(entries, list) else [entries]
    assert [dict(item) for item in event.items] == expected
    if aes_key:
        assert event.app == app


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"CreateTime": 1}, {"CreateTime": 2}),
        ({"FromUserName": "a"}, {"FromUserName": "b"}),
        ({"Event": "subscribe"}, {"Event": "unsubscribe"}),
        ({"trace_id": "1"}, {"trace_id": "2"}),
        ({"MsgID": 1}, {"MsgID": 2}),
        ({"List": POPUP}, {"List": CHANGE}),
        ({"List": [POPUP]}, {"List": [POPUP, CHANGE]}),
    ],
)
def test_different_events_have_different_keys(first: dict[str, Any], second: dict[str, Any]) -> None:
    base = {"FromUserName": "o", "CreateTime": 5, "Event": "wxa_media_check"}
    events = [to_event(base | more, None) for more in (first, second)]
    assert events[0] is not None
    assert events[1] is not None
    assert event_key(events[0]) != event_key(events[1])


def test_a_chat_message_is_no_event() -> None:
    assert to_event({"MsgType": "text", "Content": "你好"}, None) is None


def test_whose_plain_event_it_is() -> None:
    kinds = {"TEMPLATESENDJOBFINISH": "official", "subscribe": "official", "wxa_media_check": "mini"}
    for kind, app in kinds.items():
        event = to_event({"Event": kind, "CreateTime": "x"}, None)
        assert event is not None
        assert event.app == app
