"""The front ends' own files: /m/ (H5) and /console/, each with its history mode, and the development front door.

In production nginx serves the same folders; the heads of public pages still come from here, so that
a shared link has its title and preview.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import flask_openapi3_swagger  # type: ignore[import-untyped]
from flask import Blueprint, Response, abort, redirect, request, send_from_directory
from werkzeug.wrappers import Response as BaseResponse

from backend.kernel.http import json_response
from backend.kernel.settings import settings
from backend.places.queries import towns

ROOT = Path(__file__).resolve().parent.parent
H5 = ROOT / "miniprogram" / "dist" / "build" / "h5"
CONSOLE = ROOT / "console" / "dist"
SWAGGER = Path(flask_openapi3_swagger.__file__).parent / "templates" / "swagger"
YEAR = 31536000
# What miniprogram/index.html sets between these is the default; the address asked for decides.
SHARE_HEAD = re.compile(r"<!-- share:begin.*?<!-- share:end -->", re.DOTALL)

blueprint = Blueprint("shell", __name__)

# Titles and previews of the pages that may be shared; a person's own case never is (chinese-peers §4.8).
PUBLIC_HEADS = {
    "": ("南事不难办", "一网收集 · 一键办理 · 全时查询"),
    "pages/home/index": ("南事不难办", "一网收集 · 一键办理 · 全时查询"),
    "pages/report/index": ("随手拍", "拍一张、说一句、点一下位置，不到一分钟"),
    "pages/progress/index": ("查办理进度", "凭 12 位查询码，随时查看办到哪一步"),
    "pages/privacy/index": ("隐私说明", "我们收集什么、为什么、您能怎么做"),
    "pages-wall/home/index": ("问题回音壁", "反映的事办成什么样，都在这里；不满意就公开追问"),
    "pages-wall/report-card/index": ("每月成绩单", "收到多少、办结多少、超期多少，各村都有"),
    "pages-consult/home/index": ("有事好商量", "大家的事大家商量着办，采纳不采纳都说明理由"),
    "pages-town/articles/index": ("党的声音传万家", "政策明白纸、通知和广播，能看也能听"),
    "pages-town/guides/index": ("办事指南", "要带什么、去哪里、多久办好"),
    "pages-town/phones/index": ("便民电话", "镇上和村里的电话，点一下就打"),
    "pages-mutual/neighbours/index": ("邻里互助", "邻居有事，互相搭把手"),
    "pages-mutual/help-form/index": ("我需要帮助", "为自己、为家人，请人上门来看看"),
    "pages/feedback/index": ("给本程序提意见", "哪里不好用，请告诉我们"),
}


@blueprint.get("/")
def front_door() -> BaseResponse:
    """In production the residents' pages; in development who can do what, and where."""
    if settings().is_production:
        return redirect("/m/")
    return Response(_door(), mimetype="text/html")


@blueprint.get("/m/")
@blueprint.get("/m/<path:path>")
def h5(path: str = "") -> BaseResponse:
    """A file of the H5 build, or its page with the head of the address asked for."""
    return _file_or_page(H5, path)


@blueprint.get("/console/")
@blueprint.get("/console/<path:path>")
def console(path: str = "") -> BaseResponse:
    """A file of the console's build, or its page."""
    return _file_or_page(CONSOLE, path)


@blueprint.get("/m")
@blueprint.get("/console")
def with_slash() -> BaseResponse:
    """The addresses people type."""
    return redirect(request.path + "/")


def _file_or_page(folder: Path, path: str) -> BaseResponse:
    if path and (folder / path).is_file():
        response = send_from_directory(folder, path)
        fingerprinted = path.startswith("assets/")
        response.headers["Cache-Control"] = (
            f"public, max-age={YEAR}, immutable" if fingerprinted else "public, max-age=300"
        )
        return response
    if path.startswith(("assets/", "static/")) or not (folder / "index.html").is_file():
        abort(404)
    page = (folder / "index.html").read_text(encoding="utf-8")
    if folder == H5:
        page = _with_head(page, path.rstrip("/"))
    response = Response(page, mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    # blob: the form reads the bytes of a photo that the browser has handed it
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        "font-src 'self' data:; script-src 'self' 'unsafe-inline'; connect-src 'self' blob:; frame-ancestors 'self'"
    )
    return response


def _with_head(page: str, path: str) -> str:
    """The page with the head of its address: a public page's title and preview, elsewhere "do not list"."""
    title, preview = PUBLIC_HEADS.get(path, ("南事不难办", ""))
    head = f"<title>{html.escape(title)}</title>"
    if path in PUBLIC_HEADS:
        picture = f"{settings().public_base_url}/m/static/share.png"
        head += (
            f'<meta name="description" content="{html.escape(preview)}">'
            f'<meta property="og:title" content="{html.escape(title)}">'
            f'<meta property="og:description" content="{html.escape(preview)}">'
            f'<meta property="og:image" content="{html.escape(picture)}">'
        )
    else:
        head += '<meta name="robots" content="noindex">'
    if SHARE_HEAD.search(page) is None:
        return page.replace("</head>", head + "</head>", 1)
    return SHARE_HEAD.sub(lambda _: head, page, count=1)


def _accounts() -> list[dict[str, Any]]:
    """The demonstration's accounts, written by the demonstration town with random passwords."""
    listed = settings().data_dir / "demo-accounts.json"
    if not listed.is_file():
        return []
    held = json.loads(listed.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = held["accounts"] if isinstance(held, dict) else held
    return found


def _door() -> str:
    rows = "".join(
        f"<tr><td>{html.escape(str(a.get('town', '')))}</td>"
        f"<td>{html.escape(str(a.get('role_label', a.get('role', ''))))}</td><td>{html.escape(str(a.get('name', '')))}</td>"
        f"<td><code>{html.escape(str(a['username']))}</code></td><td><code>{html.escape(str(a['password']))}</code></td></tr>"
        for a in _accounts()
    )
    names = "、".join(t.product_name for t in towns())
    return _DOOR.replace("{{names}}", html.escape(names)).replace(
        "{{rows}}", rows or "<tr><td colspan=5>还没有演示账号</td></tr>"
    )


@blueprint.get("/docs")
@blueprint.get("/docs/<path:path>")
def api_page(path: str = "") -> BaseResponse:
    """The API document to read and try; open in development only."""
    if settings().is_production:
        abort(404)
    if path:
        return send_from_directory(SWAGGER, path)
    return Response(_API_PAGE, mimetype="text/html")


@blueprint.get("/api/v1/public/ping")
def ping() -> Response:
    """The cheapest answer there is: the ceiling that script/bench compares with."""
    return json_response({"ok": True})


_API_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>接口文档</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/css/swagger-ui.css"><div id="ui"></div>
<script src="/docs/js/swagger-ui-bundle.js"></script><script>SwaggerUIBundle({url:"/openapi.json",dom_id:"#ui"})</script></html>"""

_DOOR = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>南事不难办 · 演示入口</title><link rel="icon" href="data:,"><style>
body{margin:0;background:#f6f8f7;color:#17211f;font:15px/1.6 "PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
header{background:linear-gradient(165deg,#073b3a,#0e7470);color:#fff;padding:40px 0 72px}header>*{max-width:980px;margin:0 auto;padding:0 24px}header h1{font-size:28px;letter-spacing:1px}header p{margin-top:6px;opacity:.92}
main{max-width:980px;margin:-44px auto 40px;padding:0 16px;display:grid;gap:14px;grid-template-columns:repeat(auto-fit,minmax(200px,1fr))}
a.card,section{background:#fff;border-radius:16px;padding:20px;box-shadow:0 1px 2px rgba(10,40,38,.06),0 4px 16px rgba(10,40,38,.06);text-decoration:none;color:inherit}
a.card b{font-size:19px;color:#0b5d5a}a.card.go b{color:#fff}a.card.go{background:#bf4a27;color:#fff}a.card:focus-visible{outline:3px solid #0e7470}
section{grid-column:1/-1;overflow:auto}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:6px 10px;border-bottom:1px solid #e1e7e5}th{color:#5d6c69;font-weight:500}code{font-size:14px}
</style><header><h1>南事不难办</h1><p>演示环境：{{names}}。里面的人名、村名、事情都是编的。</p></header><main>
<a class="card go" href="/sandbox/"><b>居民和网格员的手机</b><br>模拟微信：选一个人，打开小程序，收消息</a>
<a class="card" href="/m/"><b>居民页面（普通浏览器）</b><br>看、查都行；提交要在微信里</a>
<a class="card" href="/console/"><b>工作台</b><br>分流员、核查员、领导用的网页</a>
<a class="card" href="/docs"><b>接口文档</b><br>OpenAPI 3.1</a>
<section><b>工作台演示账号</b>（随机密码，只在这台机器上）<table><tr><th>镇</th><th>身份</th><th>姓名</th><th>用户名</th><th>密码</th></tr>{{rows}}</table></section></main></html>"""
