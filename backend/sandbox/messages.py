"""Messages: the mini-program's subscribe messages and the official account's template messages."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint

from backend.sandbox import rules, templates
from backend.sandbox.config import MINI_APPID
from backend.sandbox.endpoint import Faults, Refusal, config, endpoint, pusher, state
from backend.sandbox.templates import TEMPLATES, Template

SAME_MESSAGE_SECONDS = 600  # client_msg_id is remembered for ten minutes

blueprint = Blueprint("messages", __name__)
_under_way: set[str] = set()
_guard = threading.Lock()


@contextmanager
def _alone(openid: str) -> Iterator[None]:
    """One send to a person at a time. Raises Refusal 43108."""
    with _guard:
        if openid in _under_way:
            raise Refusal(43108, "concurrent sending to the same user")
        _under_way.add(openid)
    try:
        yield
    finally:
        with _guard:
            _under_way.discard(openid)


def page_exists(page: str) -> bool:
    """Whether the released mini-program has this page (its query aside)."""
    known = config().pages()
    path = page.split("?", 1)[0]
    return not page.startswith("/") and bool(path) and (known is None or path in known)


@endpoint(
    blueprint, "POST", "/cgi-bin/message/subscribe/send", "subscribe_send", token_of="mini", slow_inside=True
)
def subscribe_send(body: dict[str, Any], hit: Faults) -> dict[str, Any]:
    """One message for one grant; checked in full before the grant is touched."""
    openid = str(body.get("touser", ""))
    person = state().by_openid("mini", openid)
    if person is None:
        raise Refusal(40003, "invalid openid")
    with _alone(openid):
        if "slow" in hit:
            time.sleep(hit["slow"]["ms"] / 1000)  # while the person is held, so that 43108 can be met
        template = _template("mini", body)
        try:
            _check_subscribe(body, template)
            if not state().take_grant(openid, template.id):
                raise Refusal(43101, "user refuse to accept the msg")
        except Refusal as refusal:
            _keep("mini", person, template, body, refusal)
            raise
        message = _keep("mini", person, template, body, None)
    if "sent_failure" in hit:
        entry = {
            "TemplateId": template.id,
            "MsgID": str(message),
            "ErrorCode": "-1",
            "ErrorStatus": "system error",
        }
        pusher().push("mini", person, "subscribe_msg_sent_event", {"List": entry})
    return {"errcode": 0, "errmsg": "ok"}


def _check_subscribe(body: dict[str, Any], template: Template) -> None:
    page = body.get("page")
    if page and not page_exists(str(page)):
        raise Refusal(41030, "invalid page")
    if body.get("miniprogram_state", "formal") not in {"developer", "trial", "formal"}:
        raise Refusal(47003, "argument invalid! miniprogram_state")
    broken = rules.broken_field(template, body.get("data"))
    if broken:
        raise Refusal(47003, f"argument invalid! {broken}")
    if rules.is_sensitive(body.get("data")):
        raise Refusal(45168, "content contains sensitive words")


def _template(app: str, body: dict[str, Any]) -> Template:
    template = TEMPLATES.get(str(body.get("template_id", "")))
    if template is None or template.app != app:
        raise Refusal(40037, "invalid template_id")
    return template


@endpoint(blueprint, "POST", "/cgi-bin/message/template/send", "template_send", token_of="official")
def template_send(body: dict[str, Any], hit: Faults) -> dict[str, Any]:
    """To followers only; the same client_msg_id within ten minutes is sent once."""
    person = state().by_openid("official", str(body.get("touser", "")))
    if person is None:
        raise Refusal(40003, "invalid openid")
    template = _template("official", body)
    try:
        _check_template(body, person, template)
    except Refusal as refusal:
        _keep("official", person, template, body, refusal)
        raise
    earlier = _sent_before(person, str(body.get("client_msg_id") or ""))
    if earlier is not None:
        return {"errcode": 0, "errmsg": "ok", "msgid": int(earlier)}
    msgid = secrets.randbelow(9 * 10**17) + 10**17
    status = "failed:user block" if person["blocked"] else "success"
    if "sent_failure" in hit:
        status = "failed: system failed"
    failed = None if status == "success" else Refusal(-1, status)
    _keep("official", person, template, body, failed, msgid=str(msgid))
    pusher().push("official", person, "TEMPLATESENDJOBFINISH", {"MsgID": msgid, "Status": status})
    return {"errcode": 0, "errmsg": "ok", "msgid": msgid}


def _check_template(body: dict[str, Any], person: dict[str, Any], template: Template) -> None:
    if not person["followed"]:
        raise Refusal(43004, "require subscribe")
    data = body.get("data")
    if not isinstance(data, dict) or any(not isinstance(data.get(k), dict) for k in template.fields):
        raise Refusal(47003, "argument invalid! data")
    if rules.is_sensitive(data):
        raise Refusal(45168, "content contains sensitive words")
    url = str(body.get("url") or "")
    if url and urlsplit(url).scheme not in {"http", "https"}:
        raise Refusal(40048, "invalid url")
    mini = body.get("miniprogram")
    if mini is not None:
        if not isinstance(mini, dict) or mini.get("appid") != MINI_APPID:
            raise Refusal(40013, "invalid appid")
        if mini.get("pagepath") and not page_exists(str(mini["pagepath"])):
            raise Refusal(40165, "invalid weapp pagepath")


def _sent_before(person: dict[str, Any], client_msg_id: str) -> str | None:
    if not client_msg_id:
        return None
    row = state().one(
        "SELECT msgid FROM messages WHERE app = 'official' AND openid = ? AND client_msg_id = ? AND msgid != '' AND at > ?",
        (person["official_openid"], client_msg_id, time.time() - SAME_MESSAGE_SECONDS),
    )
    return row["msgid"] if row else None


def _keep(
    app: str,
    person: dict[str, Any],
    template: Template,
    body: dict[str, Any],
    refusal: Refusal | None,
    msgid: str = "",
) -> int:
    """Remember a send and what became of it; only those without an errcode are on the person's phone."""
    data: dict[str, Any]
    if app == "official":
        data = rules.shown(template, body.get("data"))
    else:
        data = {k: v.get("value") if isinstance(v, dict) else v for k, v in (body.get("data") or {}).items()}
    page = body.get("page") if app == "mini" else (body.get("miniprogram") or {}).get("pagepath")
    return state().add(
        "messages",
        app=app,
        person=person["id"],
        openid=str(body.get("touser", "")),
        template_id=template.id,
        title=template.title,
        page=str(page or ""),
        url=str(body.get("url") or ""),
        data=json.dumps(data, ensure_ascii=False),
        client_msg_id=str(body.get("client_msg_id") or ""),
        msgid=msgid,
        at=time.time(),
        errcode=refusal.errcode if refusal else 0,
        errmsg=refusal.errmsg if refusal else "ok",
    )


@endpoint(blueprint, "GET", "/wxaapi/newtmpl/gettemplate", "gettemplate", token_of="mini")
def gettemplate(body: dict[str, Any], hit: Faults) -> dict[str, Any]:
    """The mini-program's own templates."""
    return {
        "errcode": 0,
        "errmsg": "ok",
        "data": [
            {"priTmplId": t.id, "title": t.title, "content": t.content, "example": "", "type": t.kind}
            for t in templates.of("mini")
        ],
    }


@endpoint(
    blueprint,
    "GET",
    "/cgi-bin/template/get_all_private_template",
    "get_all_private_template",
    token_of="official",
)
def get_all_private_template(body: dict[str, Any], hit: Faults) -> dict[str, Any]:
    """The official account's own templates."""
    return {
        "template_list": [
            {"template_id": t.id, "title": t.title, "content": t.content, "example": ""}
            for t in templates.of("official")
        ]
    }


@endpoint(blueprint, "GET", "/wxaapi/newtmpl/getcategory", "getcategory", token_of="mini")
def getcategory(body: dict[str, Any], hit: Faults) -> dict[str, Any]:
    """The service categories that the mini-program was registered with."""
    return {"errcode": 0, "errmsg": "ok", "data": [{"id": 612, "name": "政务民生"}]}
