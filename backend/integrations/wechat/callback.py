"""The address WeChat pushes events to: check, decrypt, put into one shape, hand to the sink, answer "success".

WeChat waits five seconds and repeats up to three times, so nothing is done here but handing over; the sink
enqueues under `key`, and a repeated push under the same key is a no-op. What was signed longer ago than LATE is
refused, so that a push that was overheard cannot be played again once its key is forgotten. With an AES key set
only encrypted messages are taken: the signature of a plain one does not cover its body.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args
from xml.parsers.expat import ExpatError

import xmltodict
from flask import Blueprint, Response, request
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException

from backend.integrations.wechat.protocol import Kind, PlatformEvent
from backend.kernel.clock import now
from backend.kernel.errors import Forbidden, Invalid, NotFound
from config.settings import Settings

log = logging.getLogger(__name__)

Sink = Callable[[PlatformEvent, str], None]

MAX_BODY = 64 * 1024
MAX_DEPTH = 20  # a real push has four levels
#: How far the signed timestamp may lie from our clock; the platform's repeats come within seconds.
LATE = timedelta(minutes=10)
TIMESTAMP = re.compile(r"\d{1,12}")
#: Events only an official account sends; the rest is the mini-program's when the envelope does not tell.
OFFICIAL_EVENTS = frozenset({"TEMPLATESENDJOBFINISH", "subscribe", "unsubscribe", "SCAN", "VIEW", "CLICK"})
#: Where XML nests the entries that JSON has at the top under "List".
NESTED = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent", "SubscribeMsgSentEvent")


def make_callback_blueprint(settings: Settings, sink: Sink) -> Blueprint:
    """GET and POST /api/v1/wechat/callback, and the same with /mini or /official at the end for accounts in plain mode.

    The edge commits what the sink enqueued; if that fails the answer is not "success" and WeChat pushes again.
    """
    blueprint = Blueprint("wechat_callback", __name__, url_prefix="/api/v1/wechat")

    @blueprint.get("/callback")
    @blueprint.get("/callback/<app>")
    def prove(app: str | None = None) -> Response:
        _check_plain_signature(settings)
        _check_moment()
        return Response(request.args.get("echostr", ""), mimetype="text/plain")

    @blueprint.post("/callback")
    @blueprint.post("/callback/<app>")
    def receive(app: str | None = None) -> Response:
        if app is not None and app not in get_args(Kind):
            raise NotFound
        told, message = _opened(settings, request.get_data(cache=False)[: MAX_BODY + 1])
        _check_moment()
        event = to_event(message, told or app)  # type: ignore[arg-type]  # checked above
        if event is not None:
            sink(event, event_key(event))
        return Response("success", mimetype="text/plain")

    return blueprint


def _check_plain_signature(settings: Settings) -> None:
    parts = sorted([settings.wechat_callback_token, _argument("timestamp"), _argument("nonce")])
    expected = hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()
    if not settings.wechat_callback_token or not hmac.compare_digest(expected, _argument("signature")):
        raise Forbidden("bad_signature", "签名不对。")


def _check_moment() -> None:
    """Refuse what was signed long ago, or in a time to come. Only once the signature holds: it covers the timestamp."""
    signed = _argument("timestamp")
    moment = datetime.fromtimestamp(int(signed), UTC) if TIMESTAMP.fullmatch(signed) else None
    if moment is None or abs(now() - moment) > LATE:
        log.warning("a callback was refused for its timestamp", extra={"timestamp": signed[:20]})
        raise Forbidden("callback_stale", "推送的时间不对，可能是重放，或服务器时钟不准。")


def _argument(name: str) -> str:
    value = request.args.get(name, "")
    return value if value.isascii() else ""


def _opened(settings: Settings, body: bytes) -> tuple[Kind | None, dict[str, Any]]:
    """The message as a dict, and whose it is if the envelope proves it. Raises Forbidden, Invalid."""
    if len(body) > MAX_BODY:
        raise Invalid("callback_too_large", "推送内容过大。")
    message = _parsed(body)
    if "Encrypt" in message:
        if not settings.wechat_callback_token or not settings.wechat_callback_aes_key:
            raise Forbidden("bad_signature", "没有配置消息加解密密钥。")
        return _decrypted(settings, message)
    if settings.wechat_callback_aes_key:
        raise Forbidden("plain_refused", "只接受加密推送。")
    _check_plain_signature(settings)
    return None, message


def _decrypted(settings: Settings, envelope: dict[str, Any]) -> tuple[Kind, dict[str, Any]]:
    owners: list[tuple[Kind, str]] = [
        ("mini", settings.wechat_mini_appid),
        ("official", settings.wechat_official_appid),
    ]
    for kind, appid in owners:
        crypto = WeChatCrypto(settings.wechat_callback_token, settings.wechat_callback_aes_key, appid)
        try:
            # msg_signature covers the body; `signature` does not and must not be taken for it
            text = crypto.decrypt_message(
                envelope, _argument("msg_signature"), _argument("timestamp"), _argument("nonce")
            )
        except InvalidAppIdException:
            continue
        except (InvalidSignatureException, ValueError, TypeError):
            raise Forbidden("bad_signature", "签名不对。") from None
        return kind, _parsed(text if isinstance(text, bytes) else text.encode())
    raise Forbidden("foreign_appid", "不是本应用的推送。")


def _parsed(body: bytes) -> dict[str, Any]:
    """JSON or XML by its first character; entities are refused by the parser, and what is nested beyond reason."""
    try:
        text = body.decode("utf-8").strip()
        message = json.loads(text) if text.startswith("{") else xmltodict.parse(text)["xml"]
    except (ValueError, KeyError, TypeError, ExpatError, RecursionError):
        raise Invalid("callback_unreadable", "推送内容无法读取。") from None
    if not isinstance(message, dict) or _too_deep(message):
        raise Invalid("callback_unreadable", "推送内容无法读取。")
    return message


def _too_deep(message: Any) -> bool:
    level = [message]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def to_event(message: Mapping[str, Any], app: Kind | None) -> PlatformEvent | None:
    """One shape for every event; None for what is no event (a chat message to the account)."""
    kind = str(message.get("Event") or "")
    if not kind:
        return None
    owner: Literal["mini", "official"] = app or ("official" if kind in OFFICIAL_EVENTS else "mini")
    return PlatformEvent(
        app=owner,
        kind=kind,
        openid=str(message.get("FromUserName") or ""),
        at=_moment(message.get("CreateTime")),
        items=_items(message),
        raw=dict(message),
    )


def _moment(seconds: Any) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return now()


def _items(message: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The entries of List: WeChat sends one as an object, several as an array, in XML and in JSON."""
    holder = next((message[name] for name in NESTED if isinstance(message.get(name), dict)), message)
    entries = holder.get("List")
    if isinstance(entries, dict):
        return (entries,)
    return tuple(entry for entry in entries if isinstance(entry, dict)) if isinstance(entries, list) else ()


def event_key(event: PlatformEvent) -> str:
    """What makes a push the same push: events have no id of their own. At most 64 characters."""
    entries = sorted(
        "/".join(
            str(item.get(name, "")) for name in ("TemplateId", "SubscribeStatusString", "MsgID", "PopupScene")
        )
        for item in event.items
    )
    parts = [event.app, event.openid, str(event.raw.get("CreateTime", "")), event.kind]
    parts += [str(event.raw.get(name, "")) for name in ("trace_id", "MsgID", "MsgId")] + entries
    return "wx:" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:48]
