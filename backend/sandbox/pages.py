"""The stand-in's pages: everybody's phones, one phone, the web login page, faults, the log."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from backend.sandbox import faults
from backend.sandbox.config import LOOPBACK, OFFICIAL_APPID
from backend.sandbox.endpoint import config, make_code, state

COOKIE = "sandbox_person"  # the browser of this person's WeChat
COOKIE_SECONDS = 30 * 24 * 3600

blueprint = Blueprint(
    "pages",
    __name__,
    url_prefix="/sandbox",
    template_folder="html",
    static_folder="static",
    static_url_path="/static",
)


def _page(name: str, status: int = 200, **values: object) -> Response:
    answer = make_response(render_template(name, **values), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/")
def phones() -> Response:
    """Everybody's phones."""
    return _page("phones.html", people=state().people(), current=request.cookies.get(COOKIE, ""))


@blueprint.get("/phone/<person_id>")
def phone(person_id: str) -> Response:
    """One person's phone; opening it makes this browser that person's WeChat."""
    person = state().person(person_id)
    if person is None:
        return _page("refused.html", 404, title="没有这部手机", text="这个人不在名单里，可能已被重置。")
    answer = _page("phone.html", person=person, people=state().people())
    answer.set_cookie(COOKIE, person_id, max_age=COOKIE_SECONDS, path="/", samesite="Lax")
    return answer


@blueprint.get("/leave")
def leave() -> AnyResponse:
    """Stop playing somebody's WeChat: an ordinary browser again."""
    answer = redirect("/sandbox/")
    answer.delete_cookie(COOKIE, path="/")
    return answer


@blueprint.get("/faults")
def fault_page() -> Response:
    """Faults on demand."""
    return _page("faults.html", kinds=faults.KINDS, apis=faults.APIS, active=faults.active(state()))


@blueprint.get("/log")
def log_page() -> Response:
    """Every message sent and every event pushed, with what became of it."""
    return _page("log.html")


@blueprint.get("/connect/oauth2/authorize")
def authorize() -> Response:
    """The official account's web login: who are you, and do you agree?"""
    asked = request.args
    problem = _login_problem()
    if problem:
        return _page("refused.html", 400, title="无法登录", text=problem)
    person = state().person(asked.get("as") or request.cookies.get(COOKIE, ""))
    return _page(
        "authorize.html",
        person=person,
        people=state().people(),
        redirect_uri=asked["redirect_uri"],
        login_state=asked.get("state", ""),
        choose=asked.get("choose") == "1" or person is None,
        query={k: v for k, v in asked.items() if k not in {"as", "choose"}},
    )


@blueprint.post("/connect/oauth2/authorize")
def agree() -> AnyResponse:
    """Agreed: back to our application with a code that is good once."""
    problem = _login_problem()
    person = state().person(request.form.get("person", ""))
    if problem or person is None:
        return _page("refused.html", 400, title="无法登录", text=problem or "没有这个人。")
    target = request.args["redirect_uri"]
    extra = {"code": make_code("web", person["id"]), "state": request.args.get("state", "")}
    answer = redirect(_with_query(target, extra), 302)
    answer.set_cookie(COOKIE, person["id"], max_age=COOKIE_SECONDS, path="/", samesite="Lax")
    return answer


def _login_problem() -> str | None:
    """Why the login page refuses, in the real page's manner; None when all is well."""
    asked = request.args
    if asked.get("appid") != OFFICIAL_APPID:
        return "appid 参数错误（10012）：演示平台只认保留的公众号。"
    if asked.get("response_type") != "code" or asked.get("scope") not in {"snsapi_userinfo", "snsapi_base"}:
        return "scope 参数错误或没有 scope 权限（10005）。"
    if len(asked.get("state", "")) > 128:
        return "state 参数过长（最多 128 字节）。"
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method == "POST":
        return "不接受其他网站的请求。"
    target = urlsplit(asked.get("redirect_uri", ""))
    ours = {urlsplit(url).netloc for url in config().own_urls} | {request.headers.get("X-Forwarded-Host", "")}
    if not target.netloc or target.scheme not in {"http", "https"} or target.netloc not in ours:
        return "redirect_uri 域名与后台配置不一致（10003）：只能回到本应用的地址。"
    return None


def _with_query(target: str, extra: dict[str, str]) -> str:
    """The address with more query; a path only when the page was reached through the application's own origin."""
    parts = urlsplit(target)
    query = "&".join(filter(None, (parts.query, urlencode(extra))))
    inside = bool(request.headers.get("X-Forwarded-Host")) and parts.hostname in LOOPBACK
    return parts._replace(
        scheme="" if inside else parts.scheme, netloc="" if inside else parts.netloc, query=query
    ).geturl()
