"""No route without a guard: who may come in is written on the blueprint, and nothing is open by accident."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule

from backend.identity import guards
from backend.kernel.http import anyone

# Routes that belong to no blueprint of ours. A new one has to be argued for here.
OPEN_ON_PURPOSE = {
    "/healthz": "the load balancer asks",
    "/readyz": "the load balancer asks",
    "/metrics": "development only; nginx lets nobody else through",
    "/docs": "development only",
    "/docs/<path:path>": "development only",
    "/openapi.json": "development only",
    "/": "development's front door; production sends to /m/",
}
# It lets everybody in and says so; identity's name for it is the same.
ANYONE = {anyone}
# Without a guard, on purpose.
UNGUARDED_API = {
    "/api/v1/public/ping": "asked by the pages to see whether they are online",
    "/api/v1/wechat/callback": "WeChat proves itself by its signature",
    "/api/v1/wechat/callback/<app>": "WeChat proves itself by its signature",
}
# Pages of the two front ends, shared pages of the wall, signed files, the stand-in platform's proxy, WeChat's callback.
OPEN_PREFIXES = ("/m", "/console", "/files", "/sandbox", "/wechat", "/w", "/s", "/v")


def _api_rules(app: Flask) -> list[Rule]:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    return [rule for rule in rules if rule.rule not in UNGUARDED_API]


def test_every_api_route_lies_on_a_guarded_blueprint(app: Flask) -> None:
    known = {*ANYONE, guards.resident_guard, guards.staff_guard, guards.desk_login_guard}
    rules = _api_rules(app)
    assert len(rules) > 40, "the API is not registered"
    for rule in rules:
        blueprint = app.blueprints[rule.endpoint.partition(".")[0]]
        assert getattr(blueprint, "guard", None) in known, f"{rule.rule} has no guard"


@pytest.mark.parametrize(
    ("prefix", "allowed"),
    [
        ("/api/v1/resident/", {guards.resident_guard}),
        # logging in at the desk is the one thing there that nobody is logged in for
        ("/api/v1/staff/", {guards.staff_guard, guards.desk_login_guard}),
        ("/api/v1/public/", ANYONE),
    ],
)
def test_the_address_says_who_may_come_in(app: Flask, prefix: str, allowed: set[Callable[[], None]]) -> None:
    rules = [rule for rule in _api_rules(app) if rule.rule.startswith(prefix)]
    assert rules, f"nothing under {prefix}"
    for rule in rules:
        blueprint = app.blueprints[rule.endpoint.partition(".")[0]]
        assert getattr(blueprint, "guard", None) in allowed, rule.rule


def test_only_the_login_is_reached_without_a_session_at_the_desk(app: Flask) -> None:
    login = {
        rule.rule
        for rule in _api_rules(app)
        if getattr(app.blueprints[rule.endpoint.partition(".")[0]], "guard", None) is guards.desk_login_guard
    }
    assert login == {"/api/v1/staff/session", "/api/v1/staff/session/second-factor"}


def test_what_lies_outside_the_api_is_known(app: Flask) -> None:
    outside = {
        rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith(("/api/", *OPEN_PREFIXES))
    }
    assert outside <= OPEN_ON_PURPOSE.keys(), outside - OPEN_ON_PURPOSE.keys()
