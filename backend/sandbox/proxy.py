"""The stand-in's pages under the application's own port: /sandbox/… is handed on to SANDBOX_URL.

Registered only when SANDBOX=on. The target must be on this machine; redirects are handed back, never followed.
"""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests
from flask import Blueprint, Response, request

from backend.kernel.db import assert_no_transaction

TIMEOUT_SECONDS = (2.0, 65.0)  # a fault may make the stand-in slow on purpose
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
HANDED_ON = ("Accept", "Content-Type", "Cookie", "If-None-Match", "Sec-Fetch-Site", "User-Agent")
HANDED_BACK = ("Content-Type", "ETag", "Cache-Control", "Location", "Last-Modified")
AWAY = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>演示平台没有启动</title>'
    '<p style="font:16px/1.7 sans-serif;padding:3rem;max-width:36rem;margin:auto">演示用的微信平台没有回答。'
    "它是单独的一个进程，由 script/server 启动；请看一下终端里它的提示，再刷新本页。</p></html>"
)


def make_proxy_blueprint(sandbox_url: str) -> Blueprint:
    """The routes /sandbox/ and below. Raises ValueError for an address outside this machine."""
    if urlsplit(sandbox_url).hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise ValueError("the stand-in platform must be on this machine")
    blueprint = Blueprint("sandbox_proxy", __name__, url_prefix="/sandbox")
    http = requests.Session()
    http.trust_env = False
    http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # cookies belong to browsers, not to us

    @blueprint.route("/", defaults={"path": ""}, methods=METHODS)
    @blueprint.route("/<path:path>", methods=METHODS)
    def hand_on(path: str) -> Response:
        return _handed_on(http, sandbox_url, path)

    return blueprint


def _handed_on(http: requests.Session, sandbox_url: str, path: str) -> Response:
    assert_no_transaction("sandbox.proxy")
    headers = {name: request.headers[name] for name in HANDED_ON if name in request.headers}
    headers |= {
        "X-Forwarded-Host": request.host,
        "X-Forwarded-Proto": request.scheme,
        "X-Forwarded-Prefix": "",
    }
    try:
        reply = http.request(
            request.method,
            f"{sandbox_url}/sandbox/{path}",
            params=list(request.args.items(multi=True)),
            data=request.get_data(),
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException:
        return Response(AWAY, status=502, mimetype="text/html")
    answer = Response(reply.content, status=reply.status_code)
    for name in HANDED_BACK:
        if name in reply.headers:
            answer.headers[name] = reply.headers[name]
    for cookie in reply.raw.headers.getlist("Set-Cookie"):
        answer.headers.add("Set-Cookie", cookie)
    return answer
