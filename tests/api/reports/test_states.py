"""Every pair of a state and an action, made from the table: the allowed ones lead where it says, all others are refused.

Each action is taken by an actor who may, so that a refusal is the state's and nobody else's.
"""

from __future__ import annotations

from typing import Any

import pytest

from backend.reports.states import TABLE
from tests.factories.cases import Cast

ACTORS = {
    "accept": "fenliu",
    "dispatch": "fenliu",
    "accept_and_dispatch": "fenliu",
    "start": "chengguan",
    "handle": "chengguan",
    "pass_check": "hecha",
    "fail_check": "hecha",
    "approve_reopen": "lingdao",
    "refuse_reopen": "lingdao",
    "note": "fenliu",
    "rate": "wang",
    "dispute": "wang",
    "supplement": "wang",
}
FILLED: dict[str, dict[str, Any]] = {
    "handle": {"note": "换了灯泡"},
    "pass_check": {"outcome": "resolved", "reply": "已经换好了"},
    "fail_check": {"note": "灯还是不亮"},
    "refuse_reopen": {"note": "现场看过，灯是亮的"},
    "note": {"note": "打过电话"},
    "rate": {"score": "satisfied"},
    "dispute": {"note": "还是不亮"},
    "supplement": {"note": "在小卖部门口"},
}
ACTIONS = [edge.action for edge in TABLE.edges if edge.action != "submit"]
STATES = [state.code for state in TABLE.states]


def test_everyone_stands_in_the_lists() -> None:
    assert ACTORS.keys() == set(ACTIONS)


def take(cast: Cast, case_id: int, action: str, **given: Any) -> Any:
    filled = FILLED.get(action, {}) | given
    if action in {"dispatch", "accept_and_dispatch"}:
        filled |= {"unit_id": cast.unit("urban")}
    if ACTORS[action] == "wang":
        return cast.ask("wang", case_id, action, **filled)
    return cast.post(ACTORS[action], case_id, action, **filled)


def assigned(cast: Cast, state: str) -> int:
    """A case in that state which the clerk could be asked to handle, so that they may see it."""
    case_id = cast.bring_to(state)
    if state in {"submitted", "accepted"}:
        cast.change(case_id, assignee_staff_id=int(cast.desk("chengguan").me["id"]))
    return case_id


@pytest.mark.parametrize("state", STATES)
def test_every_action_out_of(cast: Cast, state: str) -> None:
    case_id = 0  # a refusal leaves the case as it was: the next action tries the same one
    for action in ACTIONS:
        case_id = case_id or assigned(cast, state)
        edge = TABLE.edge(action, state)
        version, entries = cast.version(case_id), cast.column(case_id, "entry_count")
        answer = take(cast, case_id, action)
        what = f"{action} out of {state}: {answer.text[:300]}"
        if edge is None:
            assert answer.status_code == 409, what
            assert answer.json["code"] == "action_not_open", what
            details = answer.json["details"]
            assert details["state"] == state, what
            assert details["current_version"] == version, what
            assert action not in {a["action"] for a in details["open_actions"]}, what
            assert cast.column(case_id, "entry_count") == entries, what
            assert cast.column(case_id, "state") == state, what
        else:
            assert answer.status_code == 200, what
            assert answer.json["state"] == (edge.target or state), what
            assert answer.json["version"] == version + 1, what
            newest = answer.json["timeline"][-1]
            assert newest["title"].replace("您", "居民") == edge.sentence("城管所", to_citizen=False), what
            closed = not TABLE.state(answer.json["state"]).is_open
            assert (cast.column(case_id, "closed_at") is not None) is closed, what
            case_id = 0


@pytest.mark.parametrize("state", STATES)
def test_what_is_offered_is_what_is_allowed(cast: Cast, state: str) -> None:
    case_id = assigned(cast, state)
    possible = {edge.action for edge in TABLE.edges_from(state)}
    offered: set[str] = set()
    for username in set(ACTORS.values()) - {"wang"}:
        seen = cast.desk(username).get(f"/staff/cases/{case_id}")
        assert seen.status_code == 200, (username, seen.text)
        offered |= {a["action"] for a in seen.json["actions"]}
    offered |= {
        a["action"] for a in cast.resident("wang").get(f"/resident/reports/{case_id}").json["actions"]
    }
    assert offered == possible


@pytest.mark.parametrize("action", [a for a in ACTIONS if a in FILLED])
def test_what_an_edge_demands_is_asked_for(cast: Cast, action: str) -> None:
    edge = next(e for e in TABLE.edges if e.action == action)
    case_id = cast.bring_to(edge.sources[0])
    for field in (f for f in edge.fields if f.required):
        answer = take(cast, case_id, action, **{field.name: ""})
        assert answer.status_code == 422, (field.name, answer.text)
        assert answer.json["code"] == "demands_missing"
        assert field.label in answer.json["message"]
        assert list(answer.json["fields"]) == [field.name]
    assert cast.column(case_id, "state") == edge.sources[0]
    assert cast.column(case_id, "entry_count") == cast.version(case_id)


@pytest.mark.parametrize(
    ("state", "action", "given", "field"),
    [
        ("handled", "pass_check", {"outcome": "vanished"}, "outcome"),
        ("handled", "pass_check", {"reply": "长" * 1001}, "reply"),
        ("handled", "pass_check", {"note": "不该有的备注"}, "note"),  # would stand where the reply belongs
        ("dispatched", "start", {"note": "没人问的话"}, "note"),
        ("closed", "rate", {"score": "perfect"}, "score"),
        ("closed", "dispute", {"note": "长" * 501}, "note"),
        ("submitted", "note", {"note": "长" * 1001}, "note"),
        ("submitted", "note", {"outcome": "resolved"}, "outcome"),
    ],
)
def test_what_no_edge_takes_is_refused(
    cast: Cast, state: str, action: str, given: dict[str, Any], field: str
) -> None:
    case_id = cast.bring_to(state)
    answer = take(cast, case_id, action, **given)
    assert answer.status_code == 422, answer.text
    assert field in answer.json["fields"]
    assert cast.column(case_id, "state") == state
