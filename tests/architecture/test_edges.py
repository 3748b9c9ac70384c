"""Which role may take which edge of the table, in and out of scope."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.factories import reports
from tests.factories.identity import desk
from tests.fakes.platform import RecordingPlatform
from tests.support.permissions.route import EVERYONE
from tests.support.permissions.scene import IN_SCOPE, OUT_OF_SCOPE

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
