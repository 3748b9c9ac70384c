"""/sandbox/api/: the levers of the stand-in, for its own pages and for tests; what the real platform has no API for."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from flask import Blueprint, Response, request

from backend.sandbox import faults
from backend.sandbox.endpoint import answer, config, make_code, pusher, state
from backend.sandbox.people import Person
from backend.sandbox.templates import TEMPLATES, of

MAX_PEOPLE = 40
COLOURS = ("#0e7470", "#0a5a9c", "#6a3fa0", "#bf4a27", "#8a5300", "#1e6b35")

blueprint = Blueprint("control", __name__, url_prefix="/sandbox/api")


class BadRequest(Exception):
    """The lever was pulled the wrong way; the text is a sentence for a person."""

    def __init__(self, text: str, status: int = 422) -> None:
        super().__init__(text)
        self.text, self.status = text, status


@blueprint.errorhandler(BadRequest)
def _bad_request(error: BadRequest) -> Response:
    return answer({"error": error.text}, error.status)


@blueprint.before_request
def _only_from_here() -> None:
    if request.method != "GET" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise BadRequest("不接受其他网站的请求。", 403)


def _given() -> dict[str, Any]:
    body = request.get_json(silent=True, force=True) if request.data else dict(request.form)
    if not isinstance(body, dict):
        raise BadRequest("请求不是 JSON 对象。")
    return body


def known_person(person_id: Any) -> dict[str, Any]:
    """Somebody of this stand-in. Raises BadRequest."""
    person = state().person(str(person_id or ""))
    if person is None:
        raise BadRequest("没有这个人。", 404)
    return person


# --- people ----------------------------------------------------------------------------------------------------


@blueprint.get("/people")
def people() -> Response:
    """Everybody, with their openids and grants."""
    everybody = [p | {"grants": state().grants_of(p["mini_openid"])} for p in state().people()]
    return answer({"items": everybody})


@blueprint.post("/people")
def new_person() -> Response:
    """Somebody new: {name}. Marked 演示 like the rest."""
    name = str(_given().get("name") or "").strip()[:8] or "新朋友"
    count = len(state().people())
    if count >= MAX_PEOPLE:
        raise BadRequest(f"最多 {MAX_PEOPLE} 个人，请先重置。")
    person_id = f"guest{secrets.token_hex(3)}"
    person = Person(
        person_id,
        f"{name}（演示）",
        "新来的",
        "自己加的",
        COLOURS[count % len(COLOURS)],
        f"154000001{count:02d}",
    )
    state().add_person(person, count)
    return answer(known_person(person_id), 201)


@blueprint.route("/people/<person_id>", methods=["PATCH", "POST"])
def change_person(person_id: str) -> Response:
    """{followed, blocked, joined (unionid known), seen (0: long ago)}: a change of following is pushed."""
    person, wanted = known_person(person_id), _given()
    for column in ("blocked", "joined"):
        if column in wanted:
            state().run(f"UPDATE people SET {column} = ? WHERE id = ?", (_flag(wanted[column]), person_id))  # noqa: S608
    if "seen" in wanted and not _flag(wanted["seen"]):
        state().run("UPDATE people SET seen = 0 WHERE id = ?", (person_id,))
    if "followed" in wanted and _flag(wanted["followed"]) != person["followed"]:
        followed = _flag(wanted["followed"])
        state().run("UPDATE people SET followed = ? WHERE id = ?", (followed, person_id))
        pusher().push("official", person, "subscribe" if followed else "unsubscribe", {"EventKey": ""})
    return answer(known_person(person_id))


def _flag(value: Any) -> int:
    return int(value is True or str(value) in {"1", "true", "on"})


# --- what wx.* does in the mini-program ------------------------------------------------------------------------


@blueprint.get("/mini-code")
def mini_code() -> Response:
    """What wx.login returns; ?kind=phone: what the phone number button returns."""
    person = known_person(request.args.get("person"))
    kind = request.args.get("kind", "mini")
    if kind not in {"mini", "phone", "web"}:
        raise BadRequest("kind 只能是 mini、phone 或 web。")
    state().saw(person["id"])
    return answer({"code": make_code(kind, person["id"]), "errMsg": "login:ok"})


@blueprint.post("/popup")
def popup() -> Response:
    """wx.requestSubscribeMessage: {person, tmplIds, answer: accept | reject | {id: …}}.

    Answers as the API's success (errMsg and one word per template) or fail (errMsg, errCode) and pushes the event.
    """
    wanted = _given()
    person, ids = known_person(wanted.get("person")), wanted.get("tmplIds")
    if not isinstance(ids, list) or not ids:
        return _popup_failed(10001, "TmplIds can't be empty")
    if len(ids) > 3:
        return _popup_failed(20003, "Templates count out of max bounds")
    known = [TEMPLATES[i] for i in ids if i in TEMPLATES and TEMPLATES[i].app == "mini"]
    if len(known) < len(ids):
        return _popup_failed(20001, "No template data return, verify the template id exist")
    if len({template.kind for template in known}) > 1:
        return _popup_failed(20002, "Templates type must be same")
    said, titles, result = wanted.get("answer", "accept"), set[str](), dict[str, str]()
    for template in known:
        word = said.get(template.id, "reject") if isinstance(said, dict) else said
        result[template.id] = "filter" if template.title in titles else str(word)
        titles.add(template.title)
    if not set(result.values()) <= {"accept", "reject", "filter"}:
        raise BadRequest("answer 只能是 accept 或 reject。")
    _note_answers(person, result)
    return answer({"errMsg": "requestSubscribeMessage:ok", **result})


def _popup_failed(code: int, text: str) -> Response:
    return answer({"errMsg": f"requestSubscribeMessage:fail {text}", "errCode": code})


def _note_answers(person: dict[str, Any], result: dict[str, str]) -> None:
    entries: list[dict[str, Any]] = []
    for template_id, word in result.items():
        if word == "filter":
            continue
        if word == "accept":
            state().add_grant(person["mini_openid"], template_id)
        entries.append({"TemplateId": template_id, "SubscribeStatusString": word, "PopupScene": "1"})
    state().saw(person["id"])
    if entries:
        listed: Any = entries[0] if len(entries) == 1 else entries
        pusher().push("mini", person, "subscribe_msg_popup_event", {"List": listed})


@blueprint.post("/switch-off")
def switch_off() -> Response:
    """The person switches a template off in the mini-program's settings: {person, template_id}."""
    wanted = _given()
    person, template_id = known_person(wanted.get("person")), str(wanted.get("template_id", ""))
    if template_id not in TEMPLATES:
        raise BadRequest("没有这个模板。", 404)
    state().drop_grants(person["mini_openid"], template_id)
    entry = {"TemplateId": template_id, "SubscribeStatusString": "reject"}
    pusher().push("mini", person, "subscribe_msg_change_event", {"List": entry})
    return answer({"ok": True})


# --- a phone ---------------------------------------------------------------------------------------------------


@blueprint.get("/phone/<person_id>")
def phone(person_id: str) -> Response:
    """What is on somebody's phone, with an ETag for asking again."""
    person = known_person(person_id)
    rows = state().all(
        "SELECT * FROM messages WHERE person = ? AND errcode = 0 ORDER BY id DESC LIMIT 60", (person_id,)
    )
    grants = state().grants_of(person["mini_openid"])
    body = {
        "person": {
            k: person[k] for k in ("id", "name", "role", "words", "colour", "followed", "blocked", "joined")
        },
        "messages": [shown(row) for row in reversed(rows)],
        "templates": [{"id": t.id, "title": t.title, "left": grants.get(t.id, 0)} for t in of("mini")],
    }
    reply = answer(body)
    reply.set_etag(hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:20])
    reply.headers["Cache-Control"] = "no-cache"
    reply.make_conditional(request.environ)
    return reply


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A message as a card: labelled lines, and the address it opens."""
    template = TEMPLATES[row["template_id"]]
    data = json.loads(row["data"])
    return {
        "id": row["id"],
        "app": row["app"],
        "person": row["person"],
        "title": row["title"],
        "at": row["at"],
        "unread": bool(row["unread"]),
        "lines": [{"label": label, "value": data.get(key, "")} for key, label in template.fields.items()],
        "link": link_of(row["page"], row["url"]),
        "page": row["page"],
        "errcode": row["errcode"],
        "errmsg": row["errmsg"],
        "template_id": row["template_id"],
        "client_msg_id": row["client_msg_id"],
        "msgid": row["msgid"],
        "openid": row["openid"],
    }


def link_of(page: str, url: str) -> str:
    """Where a message leads: a mini-program page becomes its H5 page, an address of our application a path."""
    if page:
        return f"/m/{page}"
    ours = next((base for base in config().own_urls if url.startswith(base + "/")), "")
    return url.removeprefix(ours)


@blueprint.post("/phone/<person_id>/read")
def read(person_id: str) -> Response:
    """The person looked at the messages of one account: {app}."""
    app = str(_given().get("app", ""))
    state().run("UPDATE messages SET unread = 0 WHERE person = ? AND app = ?", (person_id, app))
    return answer({"ok": True})


# --- looking behind --------------------------------------------------------------------------------------------


@blueprint.get("/messages")
def messages() -> Response:
    """Every send with what became of it, newest first; ?person= ?app= ?limit=."""
    wanted = request.args
    rows = state().all(
        "SELECT * FROM messages WHERE (? = '' OR person = ?) AND (? = '' OR app = ?) ORDER BY id DESC LIMIT ?",
        (
            wanted.get("person", ""),
            wanted.get("person", ""),
            wanted.get("app", ""),
            wanted.get("app", ""),
            wanted.get("limit", 200, int),
        ),
    )
    return answer({"items": [shown(row) for row in rows]})


@blueprint.get("/events")
def events() -> Response:
    """Every pushed event and whether the application took it, newest first."""
    rows = state().all("SELECT * FROM events ORDER BY id DESC LIMIT 200")
    return answer({"items": [row | {"body": json.loads(row["body"])} for row in rows]})


@blueprint.get("/calls")
def calls() -> Response:
    """How often each call was made and answered with which code."""
    return answer(
        {"items": state().all("SELECT api, errcode, count(*) AS n FROM calls GROUP BY api, errcode")}
    )


@blueprint.get("/faults")
def list_faults() -> Response:
    """The faults that will still hit, and the kinds there are."""
    return answer({"items": faults.active(state()), "kinds": faults.KINDS, "apis": list(faults.APIS)})


@blueprint.post("/faults")
def add_fault() -> Response:
    """{api, kind, times (0: until removed), ms, errcode}."""
    try:
        return answer({"id": faults.add(state(), _given())}, 201)
    except faults.BadFault as error:
        raise BadRequest(str(error)) from None


@blueprint.delete("/faults")
@blueprint.delete("/faults/<int:fault_id>")
def clear_faults(fault_id: int | None = None) -> Response:
    """Remove one fault, or all."""
    faults.clear(state(), fault_id)
    return answer({"ok": True})


@blueprint.post("/reset")
def reset() -> Response:
    """Forget messages, grants, tokens, codes, faults and added people."""
    state().reset()
    return answer({"ok": True})
