"""Signed, expiring tokens for links and tickets; each purpose has its own key derived from SIGNING_KEY."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

from backend.kernel import json
from backend.kernel.clock import now
from backend.kernel.settings import settings


class BadToken(Exception):
    """The token was altered, is for another purpose, or has expired."""


def sign(purpose: str, payload: dict[str, Any], lifetime: timedelta) -> str:
    """A URL-safe token holding `payload`, valid for `lifetime` from now."""
    expires = int((now() + lifetime).timestamp())
    body = _encode(json.dump_bytes({"e": expires, "p": payload}))
    return f"{body}.{_encode(_digest(purpose, body))}"


def unsign(purpose: str, token: str) -> dict[str, Any]:
    """The payload of a token made by sign() for the same purpose; raises BadToken."""
    body, _, signature = token.partition(".")
    try:
        given = _decode(signature)
    except ValueError as error:
        raise BadToken("not a token") from error
    if not hmac.compare_digest(given, _digest(purpose, body)):
        raise BadToken("wrong signature")
    held = json.loads(_decode(body))
    if held["e"] < now().timestamp():
        raise BadToken("expired")
    payload: dict[str, Any] = held["p"]
    return payload


def _digest(purpose: str, body: str) -> bytes:
    key = hmac.new(settings().signing_key, purpose.encode(), hashlib.sha256).digest()
    return hmac.new(key, body.encode(), hashlib.sha256).digest()[:18]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
