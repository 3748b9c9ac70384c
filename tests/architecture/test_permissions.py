"""Who may call what: every route × every role × in and out of scope. Deny by default.

A route that is not in ROUTES fails `test_every_route_has_an_entry`. In scope, a role that may come in
gets anything but 401, 403 and 404; everyone else gets one of these three. Out of scope means: the same
role in the next village, another unit, or the other town.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from backend.identity.roles import ROLES
from tests.factories import reports
from tests.factories.identity import Caller, desk, resident, visitor, worker
from tests.fakes.platform import RecordingPlatform

REFUSED = {401, 403, 404}

# Who stands for a role where the case of this test lies (V01, G01, 城管所), and who elsewhere.
IN_SCOPE = {
    "dispatcher": "fenliu",
    "checker": "hecha",
    "leader": "lingdao",
    "village_head": "cunzhang1",
    "department_clerk": "chengguan",
    "grid_worker": "wangge1",
    "administrator": "guanli",
}
OUT_OF_SCOPE = {
    "dispatcher": "xfenliu",
    "checker": "xhecha",
    "village_head": "cunzhang2",
    "department_clerk": "chengguan2",
    "grid_worker": "wangge2",
    "administrator": "xguanli",
}
EVERYONE = frozenset(ROLES)
SEEING = frozenset({"dispatcher", "checker", "leader", "village_head", "department_clerk", "grid_worker"})
# The case is 城管所's, given to chengguan: a grid worker of the place does not see it.
SEES_THE_CASE = SEEING - {"grid_worker"}


@dataclass(frozen=True)
class Route:
    """What a route is about, and which roles may call it."""

    audience: str  # public · resident · staff
    roles: frozenset[str] = frozenset()
    about: str = ""  # case: a case in and out of scope · own: something of the caller's own · person
    body: Any = None


def _public(body: Any = None) -> Route:
    return Route("public", body=body)


def _resident(about: str = "", body: Any = None) -> Route:
    return Route("resident", about=about, body=body)


def _staff(roles: frozenset[str] | set[str], about: str = "", body: Any = None) -> Route:
    return Route("staff", frozenset(roles), about, body)


ROUTES: dict[str, Route] = {
    "GET /api/v1/public/config": _public(),
    "GET /api/v1/public/towns": _public(),
    "GET /api/v1/public/home": _public(),
    "GET /api/v1/public/map": _public(),
    "GET /api/v1/public/locate": _public(),
    "GET /api/v1/public/places": _public(),
    "GET /api/v1/public/categories": _public(),
    "GET /api/v1/public/progress/<code>": _public(),
    "GET /api/v1/public/ping": _public(),
    "POST /api/v1/public/feedback": _public({"text": "字太小了", "page": "/m/"}),
    "POST /api/v1/public/sessions/mini": _public({"code": "code-of-somebody"}),
    "POST /api/v1/public/sessions/official": _public({"code": "code-of-somebody", "state": "x"}),
    "GET /api/v1/public/wechat/authorize": _public(),
    "GET /api/v1/wechat/callback": _public(),
    "GET /api/v1/wechat/callback/<app>": _public(),
    "POST /api/v1/wechat/callback": _public(),
    "POST /api/v1/wechat/callback/<app>": _public(),
    "POST /api/v1/staff/session": _public({"username": "nobody", "password": "nothing"}),
    "GET /api/v1/resident/me": _resident(),
    "PATCH /api/v1/resident/me": _resident(),
    "POST /api/v1/resident/me/phone": _resident(),
    "POST /api/v1/resident/me/consent": _resident(),
    "DELETE /api/v1/resident/session": _resident(),
    "POST /api/v1/resident/bindings": _resident(body={"code": "0000-0000"}),
    "POST /api/v1/resident/uploads": _resident(),
    "POST /api/v1/resident/uploads/<media_id>/complete": _resident("own"),
    "DELETE /api/v1/resident/uploads/<media_id>": _resident("own"),
    "GET /api/v1/resident/reports": _resident(),
    "POST /api/v1/resident/reports": _resident(),
    "GET /api/v1/resident/reports/<case_id>": _resident("own"),
    "POST /api/v1/resident/reports/<case_id>/actions/<action>": _resident(
        "own", {"version": 1, "note": "补充一句"}
    ),
    "GET /api/v1/resident/inbox": _resident(),
    "POST /api/v1/resident/inbox/read": _resident(),
    "GET /api/v1/resident/subscriptions": _resident(),
    "DELETE /api/v1/staff/session": _staff(EVERYONE),
    "GET /api/v1/staff/me": _staff(EVERYONE),
    "POST /api/v1/staff/me/password": _staff(EVERYONE),
    "POST /api/v1/staff/me/binding-code": _staff(EVERYONE),
    "GET /api/v1/staff/people": _staff({"administrator"}),
    "POST /api/v1/staff/people/<staff_id>/binding-code": _staff({"administrator"}, "person"),
    "GET /api/v1/staff/queue": _staff(SEEING),
    "GET /api/v1/staff/queue/counts": _staff(SEEING),
    "GET /api/v1/staff/filters": _staff(SEEING),
    "POST /api/v1/staff/filters": _staff(SEEING),
    "DELETE /api/v1/staff/filters/<filter_id>": _staff(SEEING, "own"),
    "GET /api/v1/staff/tasks": _staff({"grid_worker", "department_clerk"}),
    "GET /api/v1/staff/board": _staff({"dispatcher", "checker", "leader", "village_head"}),
    "GET /api/v1/staff/messages": _staff({"dispatcher", "administrator"}),
    "POST /api/v1/staff/messages/<message_id>/resend": _staff({"dispatcher", "administrator"}, "message"),
    "GET /api/v1/staff/feedback": _staff({"dispatcher", "administrator"}),
    # Anyone at the desk may put a photo aside for themselves; what it may be attached to is the action's.
    "POST /api/v1/staff/uploads": _staff(EVERYONE),
    "POST /api/v1/staff/uploads/<media_id>/complete": _staff(EVERYONE, "own"),
    "DELETE /api/v1/staff/uploads/<media_id>": _staff(EVERYONE, "own"),
    "GET /api/v1/staff/cases/<case_id>": _staff(SEES_THE_CASE, "case"),
    "POST /api/v1/staff/cases/<case_id>/actions/<action>": _staff(
        {"dispatcher", "checker", "leader", "department_clerk"}, "case", {"version": 0, "note": "备注"}
    ),
    "POST /api/v1/staff/cases/<case_id>/presence": _staff(SEES_THE_CASE, "case"),
    "POST /api/v1/staff/cases/<case_id>/contact": _staff(
        {"dispatcher", "department_clerk"}, "case", {"reason": "约上门时间"}
    ),
    "GET /api/v1/staff/cases/<case_id>/assignees": _staff({"dispatcher"}, "case"),
}


def _routes_of(app: Flask) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_has_an_entry(app: Flask) -> None:
    assert _routes_of(app) == ROUTES.keys()


class Scene:
    """One case of 东湾镇 with its people; calls a route as somebody."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.report = reports.in_state(app, "handling")

    def call(self, caller: Caller, name: str, *, target: str | None = None) -> int:
        """The status that `caller` gets; `target` takes the place of the route's parameter."""
        method, _, rule = name.partition(" ")
        route = ROUTES[name]
        path = rule.removeprefix("/api/v1")
        values = {
            "<case_id>": self.report.id, "<action>": "note" if "/staff/" in rule else "supplement",
            "<code>": self.report.code, "<app>": "mini", "<media_id>": "1", "<filter_id>": "1",
            "<message_id>": "1", "<staff_id>": str(desk(self.app, "wangge1").id),
        }  # fmt: skip
        for place, value in values.items():
            if place in path:
                path = path.replace(place, target if target and place != "<action>" else value)
        body = route.body if route.body is not None else {}
        if "version" in body:
            now = self.report.resident.get(f"/resident/reports/{self.report.id}").json
            body = body | {"version": now["version"]}
        options = {} if method in {"GET", "DELETE"} else {"json": body}
        return int(caller.call(method, path, key="matrix-1", **options).status_code)


@pytest.fixture
def scene(app: Flask, platform: RecordingPlatform) -> Scene:
    return Scene(app)


def _named(audience: str, about: set[str] | None = None) -> list[str]:
    return [
        name
        for name, route in ROUTES.items()
        if route.audience == audience and (about is None or route.about in about)
    ]


def _right_for_anyone(name: str, status: int) -> bool:
    if "/wechat/callback" in name or name.endswith("/staff/session"):
        return status == 403  # WeChat proves itself by a signature, the console's pages by a header
    if name.endswith("/sessions/official"):
        return status in {400, 401, 403, 422}  # a made-up state is nobody's login
    return status not in {401, 403}


def test_public_routes_ask_nobody_who_they_are(scene: Scene) -> None:
    found = {name: scene.call(visitor(scene.app), name) for name in _named("public")}
    assert {name: status for name, status in found.items() if not _right_for_anyone(name, status)} == {}


@pytest.mark.parametrize("token", ["", "Bearer not-a-token"])
def test_nobody_comes_in_without_a_session(scene: Scene, token: str) -> None:
    stranger = visitor(scene.app)
    if token:
        stranger.headers["Authorization"] = token
    found = {name: scene.call(stranger, name) for name in [*_named("resident"), *_named("staff")]}
    assert {name: status for name, status in found.items() if status != 401} == {}


def test_a_staff_session_opens_no_residents_door(scene: Scene) -> None:
    found = {name: scene.call(desk(scene.app, "fenliu"), name) for name in _named("resident")}
    assert {name: status for name, status in found.items() if status != 401} == {}


def test_a_residents_session_opens_no_staff_door(scene: Scene) -> None:
    found = {name: scene.call(scene.report.resident, name) for name in _named("staff")}
    assert {name: status for name, status in found.items() if status != 403} == {}


def test_residents_come_in(scene: Scene) -> None:
    names = [name for name in _named("resident") if ROUTES[name].about != "own"]
    found = {name: scene.call(resident(scene.app, "li"), name) for name in names}
    assert found.pop("POST /api/v1/resident/bindings") in {404, 422}, "no such code"
    assert {name: status for name, status in found.items() if status in REFUSED} == {}


@pytest.mark.parametrize("name", [n for n in _named("resident", {"own"}) if "<case_id>" in n])
def test_a_report_is_its_residents_own(scene: Scene, name: str) -> None:
    assert scene.call(scene.report.resident, name) == 200
    assert scene.call(resident(scene.app, "li"), name) == 404
    assert scene.call(scene.report.resident, name, target="999") == 404


def _upload(caller: Caller, side: str) -> str:
    body = {"purpose": "report", "content_type": "image/jpeg", "size": 9}
    return str(caller.post(f"/{side}/uploads", body, key=f"up-{caller.id}").json["id"])


@pytest.mark.parametrize("name", [n for n in ROUTES if "<media_id>" in n])
def test_an_upload_is_its_makers_own(scene: Scene, name: str) -> None:
    side = "staff" if "/staff/" in name else "resident"
    make: dict[str, Callable[[str], Caller]] = {
        "staff": lambda who: desk(scene.app, who), "resident": lambda who: resident(scene.app, who)
    }  # fmt: skip
    owner, other = (
        make[side](who) for who in (("chengguan", "wangge1") if side == "staff" else ("li", "zhao"))
    )
    upload = _upload(owner, side)
    assert scene.call(other, name, target=upload) == 404
    assert scene.call(owner, name, target=upload) not in REFUSED


def test_a_saved_filter_is_its_makers_own(scene: Scene) -> None:
    name = "DELETE /api/v1/staff/filters/<filter_id>"
    fenliu = desk(scene.app, "fenliu")
    kept = fenliu.post("/staff/filters", {"name": "超期", "query": {"due": "overdue"}}, key="f").json["id"]
    assert scene.call(desk(scene.app, "fenliu2"), name, target=kept) == 404
    assert scene.call(fenliu, name, target=kept) == 204


PLAIN_STAFF = _named("staff", {""})
CASE_ROUTES = _named("staff", {"case"})


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_opens_its_own_doors_only(scene: Scene, role: str) -> None:
    wrong = {}
    for name in PLAIN_STAFF:
        status = scene.call(desk(scene.app, IN_SCOPE[role]), name)
        if (status not in REFUSED) if role in ROUTES[name].roles else (status == 403):
            continue
        wrong[name] = status
    assert wrong == {}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_case_in_scope(scene: Scene, role: str) -> None:
    wrong = {}
    for name in CASE_ROUTES:
        status = scene.call(desk(scene.app, IN_SCOPE[role]), name)
        if (status == 200) if role in ROUTES[name].roles else (status in {403, 404}):
            continue
        wrong[name] = status
    assert wrong == {}


@pytest.mark.parametrize("role", sorted(OUT_OF_SCOPE))
def test_a_case_out_of_scope_looks_like_none(scene: Scene, role: str) -> None:
    caller = desk(scene.app, OUT_OF_SCOPE[role])
    wrong = {}
    for name in CASE_ROUTES:
        status, of_none = scene.call(caller, name), scene.call(caller, name, target="999")
        if status not in {403, 404} or status != of_none:
            wrong[name] = (status, of_none)
    assert wrong == {}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_codes_are_issued_by_administrators_of_the_same_town(scene: Scene, role: str) -> None:
    name = "POST /api/v1/staff/people/<staff_id>/binding-code"
    status = scene.call(desk(scene.app, IN_SCOPE[role]), name)
    assert status == (200 if role == "administrator" else 403)
    if role == "administrator":
        assert scene.call(desk(scene.app, OUT_OF_SCOPE[role]), name) == 404


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_message_that_is_not_there(scene: Scene, role: str) -> None:
    status = scene.call(desk(scene.app, IN_SCOPE[role]), "POST /api/v1/staff/messages/<message_id>/resend")
    assert status == (404 if role in {"dispatcher", "administrator"} else 403)


# --- actions: which role may take which edge ------------------------------------------------------
ACTIONS: dict[str, tuple[str, frozenset[str], dict[str, Any]]] = {
    "accept": ("submitted", frozenset({"dispatcher"}), {}),
    "accept_and_dispatch": ("submitted", frozenset({"dispatcher"}), {"unit": "urban"}),
    "dispatch": ("accepted", frozenset({"dispatcher"}), {"unit": "urban"}),
    "start": ("dispatched", frozenset({"department_clerk"}), {}),
    "handle": ("handling", frozenset({"department_clerk"}), {"note": "修好了"}),
    "pass_check": ("handled", frozenset({"checker"}), {"reply": "已修好", "outcome": "resolved"}),
    "fail_check": ("handled", frozenset({"checker"}), {"note": "还是不亮"}),
    "approve_reopen": ("reopen_requested", frozenset({"dispatcher", "leader"}), {}),
    "refuse_reopen": ("reopen_requested", frozenset({"dispatcher", "leader"}), {"note": "已经修好"}),
    "note": (
        "handling",
        frozenset({"dispatcher", "checker", "leader", "department_clerk"}),
        {"note": "记一笔"},
    ),
}
RESIDENTS_ACTIONS = {"rate", "dispute", "supplement", "submit"}


def test_every_edge_has_an_entry() -> None:
    from backend.reports.states import TABLE

    assert {edge.action for edge in TABLE.edges} == ACTIONS.keys() | RESIDENTS_ACTIONS


def _try(app: Flask, username: str, report: reports.Report, action: str) -> int:
    given = reports.with_ids(app, ACTIONS[action][2])
    return int(reports.act(desk(app, username), report, action, **given).status_code)


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_an_edge_is_taken_by_its_roles_only(app: Flask, platform: RecordingPlatform, action: str) -> None:
    state, allowed, _ = ACTIONS[action]
    report = reports.in_state(app, state)
    refused = {role: _try(app, IN_SCOPE[role], report, action) for role in sorted(EVERYONE - allowed)}
    assert {role: status for role, status in refused.items() if status not in {403, 404}} == {}
    for role in sorted(allowed):
        theirs = reports.in_state(app, state, person=f"neighbour-of-{role}")
        assert _try(app, IN_SCOPE[role], theirs, action) == 200, role


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_an_edge_is_not_taken_from_outside(app: Flask, platform: RecordingPlatform, action: str) -> None:
    report = reports.in_state(app, ACTIONS[action][0])
    for username in OUT_OF_SCOPE.values():
        assert _try(app, username, report, action) in {403, 404}, username


def test_a_phone_lends_only_what_handling_needs(scene: Scene) -> None:
    phone = worker(scene.app, "chengguan")
    assert phone.get(f"/staff/cases/{scene.report.id}").status_code == 200
    assert phone.get("/staff/board").status_code == 403
    assert worker(scene.app, "fenliu").get("/staff/queue").status_code == 403
