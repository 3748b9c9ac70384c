"""Who may call what: every route × every role × in and out of scope. Deny by default.

What is expected stands in tests/support/permissions, one line for each route; a route without a line
fails `test_every_route_has_an_entry`. In scope, a role that may come in gets anything but 401, 403 and
404; everyone else gets one of these three. What is out of somebody's scope looks like nothing at all.
What lists and counts hold is tested in test_scope.py, the edges of the table in test_edges.py.
"""

from __future__ import annotations

import pytest
from flask import Flask

from backend.identity.roles import ROLES
from tests.factories.identity import worker
from tests.fakes.platform import RecordingPlatform
from tests.support.permissions import ROUTES
from tests.support.permissions.scene import IN_SCOPE, NOBODYS, OTHER_TOWN, OUT_OF_SCOPE, Scene, parameters_of

REFUSED = {401, 403, 404}
HOW = "add a line to the file of its feature in tests/support/permissions (how: its __init__.py)"


def _routes_of(app: Flask) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_has_an_entry(app: Flask) -> None:
    missing, gone = _routes_of(app) - ROUTES.keys(), ROUTES.keys() - _routes_of(app)
    assert not missing, f"nobody says who may call {sorted(missing)}: {HOW}"
    assert not gone, f"entries of routes that are no more: {sorted(gone)}"


def test_every_role_is_somebody() -> None:
    assert IN_SCOPE.keys() == ROLES.keys(), "a new role needs a person in IN_SCOPE of scene.py"


def test_every_parameter_says_what_it_names() -> None:
    silent = [name for name in ROUTES if parameters_of(name) and ROUTES[name].target is None]
    assert silent == [], f"say with CASE, town(), own() or any_value() what their parameters name: {silent}"


@pytest.fixture
def scene(app: Flask, platform: RecordingPlatform) -> Scene:
    return Scene(app, ROUTES)


def _named(audience: str, *kinds: str | None) -> list[str]:
    """Routes of an audience; those about one of `kinds` when any is given (None: about nothing)."""

    def about(name: str) -> str | None:
        target = ROUTES[name].target
        return target.kind if target is not None else None

    return [
        n for n, route in ROUTES.items() if route.audience == audience and (not kinds or about(n) in kinds)
    ]


def _right_for_anyone(name: str, status: int) -> bool:
    if "/wechat/callback" in name or "/staff/session" in name:
        return status == 403  # WeChat proves itself by a signature, the console's pages by a header
    if name.endswith("/sessions/official"):
        return status in {400, 401, 403, 422}  # a made-up state is nobody's login
    return status not in {401, 403}


def test_public_routes_ask_nobody_who_they_are(scene: Scene) -> None:
    stranger = scene.visitor()
    found = {name: scene.call(stranger, name, scene.values(name, stranger)) for name in _named("public")}
    assert {name: status for name, status in found.items() if not _right_for_anyone(name, status)} == {}


@pytest.mark.parametrize("token", ["", "Bearer not-a-token"])
def test_nobody_comes_in_without_a_session(scene: Scene, token: str) -> None:
    stranger = scene.visitor()
    if token:
        stranger.headers["Authorization"] = token
    found = {name: scene.call(stranger, name) for name in [*_named("resident"), *_named("staff")]}
    assert {name: status for name, status in found.items() if status != 401} == {}


def test_a_staff_session_opens_no_residents_door(scene: Scene) -> None:
    found = {name: scene.call(scene.desk("dispatcher"), name) for name in _named("resident")}
    assert {name: status for name, status in found.items() if status != 401} == {}


def test_a_residents_session_opens_no_staff_door(scene: Scene) -> None:
    found = {name: scene.call(scene.report.resident, name) for name in _named("staff")}
    assert {name: status for name, status in found.items() if status != 403} == {}


def test_residents_come_in(scene: Scene) -> None:
    found = {}
    for name in _named("resident", None, "none"):
        caller = scene.resident()  # anew for each: one of the routes ends the session
        found[name] = scene.call(caller, name, scene.values(name, caller))
    assert found.pop("POST /api/v1/resident/bindings") in {404, 422}, "no such code"
    for claim in ("reports", "petitions"):
        assert found.pop(f"POST /api/v1/resident/{claim}/claim") == 404, "nothing was registered under it"
    assert {name: status for name, status in found.items() if status in REFUSED} == {}


@pytest.mark.parametrize("name", _named("resident", "case"))
def test_a_report_is_its_residents_own(scene: Scene, name: str) -> None:
    owner = scene.report.resident
    values = scene.values(name, owner)
    of_none = scene.call(scene.resident(), name, values | {"case_id": NOBODYS})
    assert of_none in {403, 404}
    assert scene.call(scene.resident(), name, values) == of_none
    assert scene.call(owner, name, values | {"case_id": NOBODYS}) in {403, 404}
    assert scene.call(owner, name, values) not in REFUSED


@pytest.mark.parametrize("name", _named("resident", "own"))
def test_what_a_resident_made_is_theirs(scene: Scene, name: str) -> None:
    owner, other = scene.resident("li"), scene.resident("zhao")
    values = scene.values(name, owner)
    assert scene.call(other, name, values) == scene.call(other, name) == 404
    assert scene.call(owner, name, values) not in REFUSED


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_opens_its_own_doors_only(scene: Scene, role: str) -> None:
    wrong = {}
    for name in _named("staff", None, "none"):
        caller = scene.desk(role)  # anew for each: one of the routes ends the session
        status = scene.call(caller, name, scene.values(name, caller))
        shut = 404 if ROUTES[name].hidden else 403
        if (status not in REFUSED) if role in ROUTES[name].roles else (status == shut):
            continue
        wrong[name] = status
    assert wrong == {}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_case_in_scope(scene: Scene, role: str) -> None:
    wrong = {}
    for name in _named("staff", "case"):
        caller = scene.desk(role)
        status = scene.call(caller, name, scene.values(name, caller))
        if (status not in REFUSED) if role in ROUTES[name].roles else (status in {403, 404}):
            continue
        wrong[name] = status
    assert wrong == {}


@pytest.mark.parametrize("role", sorted(OUT_OF_SCOPE))
def test_a_case_out_of_scope_looks_like_none(scene: Scene, role: str) -> None:
    caller = scene.desk(role, OUT_OF_SCOPE)
    wrong = {}
    for name in _named("staff", "case"):
        values = scene.values(name, caller)
        status, of_none = (scene.call(caller, name, v) for v in (values, values | {"case_id": NOBODYS}))
        if status not in {403, 404} or status != of_none:
            wrong[name] = (status, of_none)
    assert wrong == {}


@pytest.mark.parametrize("name", _named("staff", "town"))
def test_a_towns_record_is_reached_by_the_towns_own(scene: Scene, name: str) -> None:
    """Refused to other roles, and to the same roles in another town as if it were not there."""
    allowed = ROUTES[name].roles
    shut = {role: scene.call(scene.desk(role), name) for role in sorted(ROLES.keys() - allowed)}
    assert {role: status for role, status in shut.items() if status not in {403, 404}} == {}
    for role in sorted(allowed & OTHER_TOWN.keys()):
        values = scene.values(name, scene.desk(role))
        stranger = scene.desk(role, OTHER_TOWN)
        of_none = scene.call(stranger, name)
        assert of_none in {403, 404}, role
        assert scene.call(stranger, name, values) == of_none, f"{role} of the other town"
    for role in sorted(allowed):
        caller = scene.desk(role)
        assert scene.call(caller, name, scene.values(name, caller)) not in REFUSED, role


@pytest.mark.parametrize("name", _named("staff", "own"))
def test_what_somebody_made_for_themselves_is_theirs(scene: Scene, name: str) -> None:
    allowed = sorted(ROUTES[name].roles)
    shut = {role: scene.call(scene.desk(role), name) for role in sorted(ROLES.keys() - set(allowed))}
    assert {role: status for role, status in shut.items() if status != 403} == {}
    for role, another in zip(allowed, [*allowed[1:], allowed[0]], strict=True):
        owner = scene.desk(role)
        values = scene.values(name, owner)
        other = scene.desk(another) if another != role else scene.desk(role, OUT_OF_SCOPE)
        assert scene.call(other, name, values) == scene.call(other, name) == 404, another
        assert scene.call(owner, name, values) not in REFUSED, role


def test_a_phone_lends_only_what_handling_needs(scene: Scene) -> None:
    phone = worker(scene.app, "chengguan")
    assert phone.get(f"/staff/cases/{scene.report.id}").status_code == 200
    assert phone.get("/staff/board").status_code == 403
    assert worker(scene.app, "fenliu").get("/staff/queue").status_code == 403
