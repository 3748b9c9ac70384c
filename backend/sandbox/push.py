"""Events pushed to the application: signed, encrypted when a key is set, repeated when it does not answer.

As at the real platform the mini-program pushes JSON and the official account XML. One thread sends, in order; what
was not delivered before a restart is sent after it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import secrets
import struct
import threading
import time
from typing import Any
from xml.sax.saxutils import escape

import requests
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from backend.sandbox.config import CALLBACK_PATH, MINI_APPID, OFFICIAL_APPID, SandboxConfig
from backend.sandbox.state import State

log = logging.getLogger(__name__)
ANSWER_SECONDS = 5  # how long the platform waits
ACCOUNTS = {"mini": (MINI_APPID, "gh_sandboxmini"), "official": (OFFICIAL_APPID, "gh_sandboxoffi")}
NESTED = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}


class Pusher:
    """Sends the events table to the application's callback."""

    def __init__(self, config: SandboxConfig, state: State) -> None:
        self._config, self._state = config, state
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._http = requests.Session()
        self._http.trust_env = False
        self._thread = threading.Thread(target=self._run, name="push", daemon=True)

    def start(self) -> None:
        """Begin sending."""
        self._thread.start()

    def stop(self) -> None:
        """End after the event under way."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout=ANSWER_SECONDS + 1)

    def push(self, app: str, person: dict[str, Any] | None, kind: str, fields: dict[str, Any]) -> int:
        """Note an event for sending; returns its id."""
        openid = "" if person is None else person["mini_openid" if app == "mini" else "official_openid"]
        body = {
            "ToUserName": ACCOUNTS[app][1],
            "FromUserName": openid,
            "CreateTime": int(time.time()),
            "MsgType": "event",
            "Event": kind,
            **fields,
        }
        event = self._state.add(
            "events",
            app=app,
            person=person["id"] if person else "",
            kind=kind,
            body=json.dumps(body, ensure_ascii=False),
            at=time.time(),
        )
        self._wake.set()
        return event

    def _run(self) -> None:
        while not self._stopping.is_set():
            waiting = self._state.one("SELECT * FROM events WHERE state = 'waiting' ORDER BY id")
            if waiting is None:
                self._wake.wait(timeout=60)
                self._wake.clear()
                continue
            self._deliver(waiting)

    def _deliver(self, event: dict[str, Any]) -> None:
        """Three tries at most, then it is given up, as the platform does."""
        tries = (0.0, *self._config.push_retry_seconds)
        outcome = "没有配置回调令牌，不推送"
        for attempt, pause in enumerate(tries if self._config.callback_token else (), start=1):
            if self._stopping.wait(pause):
                return
            outcome = self._send(event)
            self._state.run(
                "UPDATE events SET attempts = ?, answer = ? WHERE id = ?", (attempt, outcome, event["id"])
            )
            if outcome == "success":
                self._state.run("UPDATE events SET state = 'delivered' WHERE id = ?", (event["id"],))
                return
        self._state.run("UPDATE events SET state = 'failed', answer = ? WHERE id = ?", (outcome, event["id"]))

    def _send(self, event: dict[str, Any]) -> str:
        query, body, kind = self.packed(event["app"], json.loads(event["body"]))
        try:
            reply = self._http.post(
                self._config.app_url + CALLBACK_PATH,
                params=query,
                data=body,
                headers={"Content-Type": kind},
                timeout=ANSWER_SECONDS,
            )
        except requests.RequestException as error:
            return f"没有回答：{type(error).__name__}"
        good = reply.status_code == 200 and reply.text in {"", "success"}
        return "success" if good else f"HTTP {reply.status_code}：{reply.text[:80]}"

    def packed(self, app: str, message: dict[str, Any]) -> tuple[dict[str, str], bytes, str]:
        """Query, body and content type of one push."""
        as_xml = app == "official"
        plain = _xml(message) if as_xml else json.dumps(message, ensure_ascii=False)
        token, stamp, nonce = (
            self._config.callback_token,
            str(int(time.time())),
            str(secrets.randbelow(10**9)),
        )
        query = {"signature": _sha1(token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
        query["openid"] = message["FromUserName"]
        if self._config.callback_aes_key:
            sealed = encrypt(self._config.callback_aes_key, plain, ACCOUNTS[app][0])
            query |= {"encrypt_type": "aes", "msg_signature": _sha1(token, stamp, nonce, sealed)}
            envelope = {"ToUserName": message["ToUserName"], "Encrypt": sealed}
            plain = _xml(envelope) if as_xml else json.dumps(envelope)
        return query, plain.encode(), "text/xml" if as_xml else "application/json"


def _sha1(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def encrypt(aes_key: str, text: str, appid: str) -> str:
    """16 random bytes, length, message, appid; PKCS#7 to 32; AES-256-CBC with the key's first half as IV."""
    key = base64.b64decode(aes_key + "=")
    raw = text.encode()
    content = os.urandom(16) + struct.pack(">I", len(raw)) + raw + appid.encode()
    padding = 32 - len(content) % 32
    content += bytes([padding]) * padding
    worker = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(worker.update(content) + worker.finalize()).decode()


def _xml(message: dict[str, Any]) -> str:
    """The message as XML; the entries of List lie one level deeper than in JSON."""
    fields = dict(message)
    name = NESTED.get(str(fields.get("Event", "")))
    if name and "List" in fields:
        fields[name] = {"List": fields.pop("List")}
    return f"<xml>{_inner(fields)}</xml>"


def _inner(fields: dict[str, Any]) -> str:
    parts: list[str] = []
    for key, value in fields.items():
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                parts.append(f"<{key}>{_inner(entry)}</{key}>")
            elif isinstance(entry, int):
                parts.append(f"<{key}>{entry}</{key}>")
            else:
                parts.append(f"<{key}>{escape(str(entry))}</{key}>")
    return "".join(parts)
