"""Content checks (v2) and mini-program codes."""

from __future__ import annotations

import io
import re
import secrets
import threading
import time
from typing import Any
from urllib.parse import quote, urlsplit

import requests
import segno
from flask import Blueprint, Response

from backend.sandbox import rules
from backend.sandbox.config import MINI_APPID, SandboxConfig
from backend.sandbox.endpoint import Faults, Refusal, config, endpoint, pusher, state
from backend.sandbox.messages import page_exists
from backend.sandbox.push import Pusher

SEEN_WITHIN = 2 * 3600
MAX_TEXT = 2500
MAX_MEDIA = 10_000_000
SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
LABELS = {"pass": 100, "review": 20001, "risky": 20006}
IMAGE_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG", b"BM", b"GIF8")

blueprint = Blueprint("checks", __name__)


def _checked_person(body: dict[str, Any]) -> dict[str, Any]:
    if body.get("version") != 2:
        raise Refusal(40097, "invalid args, version 2 is needed")
    openid = str(body.get("openid", ""))
    person = state().by_openid("mini", openid)
    if person is None:
        raise Refusal(43104 if state().by_openid("official", openid) else 40003, "invalid openid")
    if body.get("scene") not in {1, 2, 3, 4}:
        raise Refusal(40129, "invalid scene")
    if person["seen"] < time.time() - SEEN_WITHIN:
        raise Refusal(61010, "user access record not found or expired")
    return person


@endpoint(blueprint, "POST", "/wxa/msg_sec_check", "msg_sec_check", token_of="mini")
def msg_sec_check(body: dict[str, Any], hit: Faults) -> dict[str, Any]:
    """The verdict at once; risky answers errcode 0, too."""
    _checked_person(body)
    text = str(body.get("content", ""))
    if not text:
        raise Refusal(47001, "data format error, content is empty")
    if len(text) > MAX_TEXT:
        raise Refusal(47001, "data format error, content too long")
    whole = " ".join(str(body.get(part, "")) for part in ("title", "nickname", "content"))
    suggest = _suggest(hit) or (
        "risky" if rules.RISKY in whole else "review" if rules.DOUBTFUL in whole else "pass"
    )
    return {
        "errcode": 0,
        "errmsg": "ok",
        "trace_id": _trace(),
        "result": {"suggest": suggest, "label": LABELS[suggest]},
        "detail": [{"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": LABELS[suggest]}],
    }


def _suggest(hit: Faults) -> str | None:
    return next((kind for kind in ("risky", "review") if kind in hit), None)


def _trace() -> str:
    return f"{secrets.token_hex(4)}-{secrets.token_hex(6)}-{secrets.token_hex(4)}"


@endpoint(blueprint, "POST", "/wxa/media_check_async", "media_check_async", token_of="mini")
def media_check_async(body: dict[str, Any], hit: Faults) -> dict[str, Any]:
    """A trace_id now, the verdict by a push a little later; the address is fetched as the real one would be."""
    person = _checked_person(body)
    if body.get("media_type") not in {1, 2}:
        raise Refusal(40004, "invalid media type")
    url = str(body.get("media_url", ""))
    if urlsplit(url).scheme not in {"http", "https"}:
        raise Refusal(40097, "invalid args, media_url")
    trace = _trace()
    arguments = (config(), pusher(), person, url, trace, _suggest(hit) or "pass")
    timer = threading.Timer(config().media_check_seconds, _push_verdict, arguments)
    timer.daemon = True
    timer.start()
    return {"errcode": 0, "errmsg": "ok", "trace_id": trace}


def _push_verdict(
    settings: SandboxConfig, sender: Pusher, person: dict[str, Any], url: str, trace: str, suggest: str
) -> None:
    errcode = 0 if _readable(settings, url) else -1008
    result = (
        {"suggest": suggest, "label": LABELS[suggest]}
        if errcode == 0
        else {"suggest": "review", "label": 100}
    )
    fields = {
        "appid": MINI_APPID,
        "trace_id": trace,
        "version": 2,
        "errcode": errcode,
        "errmsg": "ok" if errcode == 0 else "download failed",
        "result": result,
        "detail": [{"strategy": "content_model", "errcode": errcode, **result}],
    }
    sender.push("mini", person, "wxa_media_check", fields)


def _readable(settings: SandboxConfig, url: str) -> bool:
    """Whether the address opens an image of at most 10 MB. Only our own application is asked: the stand-in stays home."""
    ours = next((base for base in settings.own_urls if url.startswith(base + "/")), None)
    if ours is None:
        return False
    try:
        reply = requests.get(
            settings.app_url + url.removeprefix(ours), timeout=5, allow_redirects=False, stream=True
        )
        start = reply.raw.read(MAX_MEDIA + 1)
    except requests.RequestException:
        return False
    return reply.status_code == 200 and len(start) <= MAX_MEDIA and _is_image(start)


def _is_image(data: bytes) -> bool:
    return data.startswith(IMAGE_BEGINNINGS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


@endpoint(blueprint, "POST", "/wxa/getwxacodeunlimit", "getwxacodeunlimit", token_of="mini")
def getwxacodeunlimit(body: dict[str, Any], hit: Faults) -> Response:
    """An image; a QR code that opens the H5 page in place of the round code only WeChat can read."""
    scene, page = str(body.get("scene", "")), str(body.get("page", ""))
    if not SCENE.fullmatch(scene):
        raise Refusal(40169, "invalid length for scene, or the data is not json string")
    if "?" in page or page.startswith("/"):
        raise Refusal(41030, "invalid page")
    if body.get("check_path", True) and page and not page_exists(page):
        raise Refusal(41030, "invalid page")
    if body.get("env_version", "release") not in {"release", "trial", "develop"}:
        raise Refusal(40097, "invalid args, env_version")
    width = body.get("width", 430)
    if not isinstance(width, int) or not 280 <= width <= 1280:
        raise Refusal(40097, "invalid args, width")
    code = segno.make(f"{config().own_urls[-1]}/m/{page}?scene={quote(scene, safe='')}", error="m")
    image = io.BytesIO()
    code.save(image, kind="png", scale=max(1, width // (code.symbol_size()[0])), dark="#0b5d5a")
    return Response(image.getvalue(), mimetype="image/png")
