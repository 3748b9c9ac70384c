"""No route without a guard: who may come in is written on the blueprint, and nothing is open by accident."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import Rule

from backend.identity import guards

# Routes that belong to no blueprint of ours. A new one has to be argued for here.
OPEN_ON_PURPOSE = {
    "/healthz": "the load balancer asks",
    "/readyz": "the load balancer asks",
    "/metrics": "development only; nginx lets nobody else through",
    "/docs": "development only",
    "/openapi.json": "development only",
}


def _api_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]


def test_every_api_route_lies_on_a_guarded_blueprint(app: Flask) -> None:
    known = {guards.public, guards.resident_required, guards.staff_required}
    rules = _api_rules(app)
    assert len(rules) > 40, "the API is not registered"
    for rule in rules:
        blueprint = app.blueprints[rule.endpoint.partition(".")[0]]
        assert getattr(blueprint, "guard", None) in known, f"{rule.rule} has no guard"


@pytest.mark.parametrize(
    ("prefix", "guard"),
    [("/api/v1/resident/", "resident_required"), ("/api/v1/staff/", "staff_required"), ("/api/v1/public/", "public")],
)
def test_the_address_says_who_may_come_in(app: Flask, prefix: str, guard: str) -> None:
    rules = [rule for rule in _api_rules(app) if rule.rule.startswith(prefix)]
    assert rules, f"nothing under {prefix}"
    for rule in rules:
        blueprint = app.blueprints[rule.endpoint.partition(".")[0]]
        assert getattr(blueprint, "guard", None) is getattr(guards, guard), rule.rule
