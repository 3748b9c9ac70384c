"""What every platform call goes through: faults, the body, the token; and the errors in WeChat's shape (HTTP 200)."""

from __future__ import annotations

import functools
import json
import secrets
import socket
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, request

from backend.sandbox import faults
from backend.sandbox.config import MINI_APPID, OFFICIAL_APPID, SandboxConfig
from backend.sandbox.push import Pusher
from backend.sandbox.state import State

APPIDS = {"mini": MINI_APPID, "official": OFFICIAL_APPID}
Faults = dict[str, dict[str, Any]]
Handler = Callable[..., Any]


class Refusal(Exception):
    """The platform says no."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(f"{errcode} {errmsg}")
        self.errcode = errcode
        self.errmsg = f"{errmsg} rid: {secrets.token_hex(4)}-{secrets.token_hex(4)}"


def state() -> State:
    """The memory of this stand-in."""
    memory: State = current_app.extensions["state"]
    return memory


def config() -> SandboxConfig:
    """What it was started with."""
    given: SandboxConfig = current_app.extensions["config"]
    return given


def pusher() -> Pusher:
    """What sends events to the application."""
    sender: Pusher = current_app.extensions["pusher"]
    return sender


def answer(value: dict[str, Any], status: int = 200) -> Response:
    """JSON with Chinese kept."""
    return Response(json.dumps(value, ensure_ascii=False), status=status, mimetype="application/json")


def endpoint(
    blueprint: Blueprint,
    method: str,
    path: str,
    name: str,
    *,
    token_of: str | None = None,
    slow_inside: bool = False,
) -> Callable[[Handler], Handler]:
    """Register a platform call.

    `token_of`: mini, official, or None for calls without a token. The handler takes (body, faults) and returns the
    answer's fields, or a Response; with `slow_inside` it is slow by itself, where slowness can be noticed.
    """

    def register(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def view() -> Response:
            with state().answering():
                return _answered(name, token_of, handler, slow_inside)

        blueprint.add_url_rule(path, name, view, methods=[method])
        return handler

    return register


def _answered(name: str, token_of: str | None, handler: Handler, slow_inside: bool) -> Response:
    hit = faults.take(state(), name)
    if "slow" in hit and not slow_inside:
        time.sleep(hit["slow"]["ms"] / 1000)
    if "cut" in hit:
        return _cut()
    if "http500" in hit:
        return Response("<html>502 Bad Gateway</html>", status=502, mimetype="text/html")
    try:
        _refuse_by_fault(hit, token_of)
        if token_of is not None:
            check_token(token_of)
        result = handler(_body(), hit)
        outcome = 0
    except Refusal as refusal:
        result = {"errcode": refusal.errcode, "errmsg": refusal.errmsg}
        outcome = refusal.errcode
    state().add("calls", api=name, at=time.time(), errcode=outcome)
    if "lost_answer" in hit:
        return _cut()
    return result if isinstance(result, Response) else answer(result)


def _refuse_by_fault(hit: Faults, token_of: str | None) -> None:
    if "expired_token" in hit and token_of is not None:
        state().run("UPDATE tokens SET expires = 0 WHERE appid = ?", (APPIDS[token_of],))
    for kind in ("busy", "bad_token", "quota", "minute_quota", "errcode"):
        if kind in hit:
            raise Refusal(hit[kind]["errcode"], f"stand-in fault {kind}")


def _cut() -> Response:
    """Break the connection without an answer."""
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    return Response(status=500)


def _body() -> dict[str, Any]:
    if request.method == "GET":
        return {}
    raw = request.get_data()
    if not raw:
        raise Refusal(44002, "empty post data")
    try:
        body = json.loads(raw.decode("utf-8"))
    except ValueError:
        raise Refusal(47001, "data format error") from None
    if not isinstance(body, dict):
        raise Refusal(47001, "data format error")
    return body


def check_token(app: str) -> None:
    """The access_token of the query must be a living one of this app. Raises Refusal 41001, 40001, 42001, 48001."""
    given = request.args.get("access_token", "")
    if not given:
        raise Refusal(41001, "access_token missing")
    row = state().one("SELECT * FROM tokens WHERE token = ?", (given,))
    if row is None or row["revoked"]:
        raise Refusal(40001, "invalid credential, access_token is invalid or not latest")
    if row["expires"] <= time.time():
        raise Refusal(42001, "access_token expired")
    if row["appid"] != APPIDS[app]:
        raise Refusal(48001, "api unauthorized")


def check_secret(appid: str, secret: str) -> None:
    """Only the two reserved appids, with their secrets. Raises Refusal 40013, 40125."""
    expected = config().secret_of(appid)
    if expected is None:
        raise Refusal(40013, "invalid appid")
    if not secret or (expected and not secrets.compare_digest(expected.encode(), secret.encode())):
        raise Refusal(40125, "invalid appsecret")


def make_code(kind: str, person: str) -> str:
    """A code that can be redeemed once within five minutes; kind is mini, web or phone."""
    code = "0" + secrets.token_urlsafe(24)[:31]
    state().add("codes", code=code, kind=kind, person=person, expires=time.time() + 300)
    return code


def redeem(kind: str, code: str) -> dict[str, Any]:
    """The person behind a code. Raises Refusal 40029 (wrong, expired), 40163 (used)."""
    with state().changing():
        row = state().one("SELECT * FROM codes WHERE code = ? AND kind = ?", (code, kind))
        if row is None or row["expires"] < time.time():
            raise Refusal(40029, "invalid code")
        if state().run("UPDATE codes SET used = 1 WHERE code = ? AND used = 0", (code,)) != 1:
            raise Refusal(40163, "code been used")
    person = state().person(row["person"])
    if person is None:
        raise Refusal(40029, "invalid code")
    return person
