"""Routes of a person's own rights, and the desk's answers to requests."""

from __future__ import annotations

from typing import Any

from tests.factories.identity import Caller
from tests.support.permissions.route import CASE, own, resident, staff, town
from tests.support.permissions.scene import Scene


def a_copy(scene: Scene, caller: Caller) -> str:
    """A PDF that the caller ordered."""
    made: Any = caller.post("/resident/rights/copies", {}, key=f"copy-{caller.id}").json
    return str(made["id"])


def a_request(scene: Scene, caller: Caller) -> str:
    """A request that a resident handed in to 东湾镇."""
    body = {"kind": "explain", "town": "dongwan", "text": "为什么转给城管所"}
    made: Any = scene.report.resident.post("/resident/rights/requests", body, key="matrix-ask").json
    return str(made["id"])


ROUTES = {
    "GET /api/v1/resident/rights": resident(),
    "GET /api/v1/resident/rights/data": resident(),
    "POST /api/v1/resident/rights/copies": resident(),
    "GET /api/v1/resident/rights/copies/<copy_id>": resident(own(a_copy)),
    "GET /api/v1/resident/rights/copies/<copy_id>/file": resident(own(a_copy)),
    "PATCH /api/v1/resident/rights/person": resident(),
    "POST /api/v1/resident/rights/corrections": resident(body={}),
    "GET /api/v1/resident/rights/requests": resident(),
    "POST /api/v1/resident/rights/requests": resident(),
    "GET /api/v1/resident/rights/plan": resident(),
    "POST /api/v1/resident/rights/deeds": resident(body={"deed": "close_account", "confirm": "made-up"}),
    "POST /api/v1/resident/rights/age": resident(body={"age": 40}),
    "POST /api/v1/resident/rights/guardian/codes": resident(),
    "POST /api/v1/resident/rights/guardian/consents": resident(body={"code": "1234 5678"}),
    "GET /api/v1/resident/reports/<case_id>/proof": resident(CASE),
    "GET /api/v1/resident/reports/<case_id>/access-log": resident(CASE),
    "GET /api/v1/staff/rights/requests": staff({"dispatcher"}),
    "POST /api/v1/staff/rights/requests/<request_id>/answer": staff(
        {"dispatcher"}, town(a_request), {"version": 1, "granted": False, "answer": "已经解释过了"}
    ),
}
