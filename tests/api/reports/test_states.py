"""Every pair of a state and an action, made from the table: the allowed ones lead where it says, all others are refused.

Each action is taken by an actor who may, so that a refusal is the state's and nobody else's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask

from backend.reports.states import TABLE
from tests.factories.cases import BODY, Cast
from tests.fakes.platform import RecordingPlatform

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
    "refuse": "fenliu",
    "contest": "wang",
    "ask_citizen": "chengguan",
    "answer_office": "wang",
    "go_on": "fenliu",
    "return_to_desk": "chengguan",
    "transfer": "fenliu",
    "ask_extension": "chengguan",
    "approve_extension": "lingdao",
    "refuse_extension": "lingdao",
    "ask_suspension": "chengguan",
    "approve_suspension": "lingdao",
    "refuse_suspension": "lingdao",
    "resume": "fenliu",
    "escalate": "fenliu",
    "upstream_answered": "fenliu",
    "upstream_returned": "fenliu",
    "withdraw": "wang",
    "merge": "fenliu",
    "split": "fenliu",
    "reopen": "lingdao",
    "supervise": "lingdao",
    "answer_supervision": "chengguan",
    "lift_supervision": "lingdao",
    "call_back": "hecha",
    "add_task": "fenliu",
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
    "refuse": {"reason": "other_body", "body": BODY, "note": "高压线路由供电公司管"},
    "contest": {"note": "这是村里的路灯，不是高压线路"},
    "ask_citizen": {"note": "是哪一根灯杆？"},
    "answer_office": {"note": "小卖部门口那根"},
    "return_to_desk": {"note": "这条路由交通所管"},
    "transfer": {"unit_id": "urban", "note": "今天他在那一片"},
    "ask_extension": {"until": "2026-03-18", "note": "灯具要从外地调"},
    "approve_extension": {"note": "灯具后天到货，到货就换"},
    "refuse_extension": {"note": "库房里有灯具"},
    "ask_suspension": {"until": "2026-06-18", "note": "等路面改造"},
    "approve_suspension": {"note": "路面改造以后一起换"},
    "refuse_suspension": {"note": "可以先修"},
    "escalate": {"body": BODY, "until": "2026-04-10"},
    "upstream_answered": {"note": "线路已经改好"},
    "upstream_returned": {"note": "产权属于镇里"},
    "merge": {"into_code": "the earlier one's"},
    "split": {"note": "不是同一根灯杆"},
    "reopen": {"note": "回访时说还是不亮"},
    "supervise": {"note": "请三天内办好"},
    "answer_supervision": {"note": "明天换好"},
    "call_back": {"way": "phone", "reached": "yes", "solved": "yes", "satisfaction": "satisfied"},
    "add_task": {"unit_id": "urban", "until": "2026-03-16", "note": "量一下灯杆的高度"},
    "dispatch": {"unit_id": "urban"},
    "accept_and_dispatch": {"unit_id": "urban"},
}
# What must have happened before, beside the state: who decides on what was asked for.
EXTENSION = {"pending_request": "extension", "pending_until": date(2026, 3, 18)}
SUSPENSION = {"pending_request": "suspension", "pending_until": date(2026, 6, 18)}
BEFORE: dict[str, dict[str, Any]] = {
    "approve_extension": EXTENSION,
    "refuse_extension": EXTENSION,
    "approve_suspension": SUSPENSION,
    "refuse_suspension": SUSPENSION,
    "answer_supervision": {"supervision_open": True},
    "lift_supervision": {"supervision_open": True},
}
#: the desk's own question, which no handler has yet
DESKS = {"submitted": {"ask_citizen": "fenliu"}}
BEYOND = {"escalate", "upstream_answered", "upstream_returned"}
ACTIONS = list(dict.fromkeys(e.action for e in TABLE.edges if e.sources != ("",) and e.by == "person"))
SYSTEMS = list(dict.fromkeys(e.action for e in TABLE.edges if e.by == "system"))
STATES = [state.code for state in TABLE.states]


def test_everyone_stands_in_the_lists() -> None:
    assert ACTORS.keys() == set(ACTIONS)
    demanding = {e.action for e in TABLE.edges if any(f.required for f in e.fields) and e.action in ACTORS}
    assert demanding <= FILLED.keys()


def take(cast: Cast, case_id: int, action: str, without: str = "", **given: Any) -> Any:
    filled = FILLED.get(action, {}) | given
    if filled.get("unit_id"):
        filled["unit_id"] = cast.unit(filled["unit_id"])
    if action == "merge":
        filled["into_code"] = cast.earlier
    filled.pop(without, None)
    actor = DESKS.get(cast.column(case_id, "state"), {}).get(action, ACTORS[action])
    if actor == "wang":
        return cast.ask("wang", case_id, action, **filled)
    return cast.post(actor, case_id, action, **filled)


@dataclass
class Earlier(Cast):
    """The cast, with a case that is older than all others."""

    earlier: str = ""


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> Earlier:
    """Everyone who takes part, and a case to merge into."""
    cast = Earlier(app)
    cast.earlier = cast.submit("li")["code"]
    return cast


def assigned(cast: Cast, state: str, action: str = "") -> int:
    """A case in that state which the clerk could be asked to handle, so that they may see it."""
    case_id = cast.bring_to(state)
    if cast.column(case_id, "assignee_unit_id") is None:
        held = {"assignee_unit_id": int(cast.unit("urban")), "assignee_unit_name": "城管所"}
        cast.change(case_id, **held, assignee_staff_id=int(cast.desk("chengguan").me["id"]))
    cast.change(case_id, **BEFORE.get(action, {}))
    return case_id


@pytest.mark.parametrize("state", STATES)
def test_every_action_out_of(cast: Earlier, state: str) -> None:
    case_id = 0  # a refusal leaves the case as it was: the next action tries the same one
    for action in ACTIONS:
        case_id = 0 if action in BEFORE else case_id
        case_id = case_id or assigned(cast, state, action)
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
            unit = BODY if action in BEYOND else "城管所"
            assert newest["title"].replace("您", "居民") == edge.sentence(unit, to_citizen=False), what
            ended = not TABLE.state(answer.json["state"]).is_open
            assert (cast.column(case_id, "closed_at") is not None) is ended, what
            case_id = 0


@pytest.mark.parametrize("action", SYSTEMS)
def test_what_the_program_does_nobody_else_does(cast: Earlier, action: str) -> None:
    edge = next(e for e in TABLE.edges if e.action == action)
    case_id = assigned(cast, edge.sources[0])
    for username in ("fenliu", "chengguan", "hecha", "lingdao"):
        assert cast.post(username, case_id, action).status_code == 403, username
    if edge.visibility != "staff":
        assert cast.ask("wang", case_id, action).status_code == 403
    assert cast.column(case_id, "state") == edge.sources[0]


@pytest.mark.parametrize("state", STATES)
def test_what_is_offered_is_what_is_allowed(cast: Earlier, state: str) -> None:
    possible = {edge.action for edge in TABLE.edges_from(state) if edge.by == "person"}
    assert offered(cast, assigned(cast, state)) == possible - BEFORE.keys()
    for action in BEFORE.keys() & possible:
        assert action in offered(cast, assigned(cast, state, action)), action


def offered(cast: Cast, case_id: int) -> set[str]:
    """What the case offers to any of those who take actions."""
    found: set[str] = set()
    for username in set(ACTORS.values()) - {"wang"}:
        seen = cast.desk(username).get(f"/staff/cases/{case_id}")
        assert seen.status_code == 200, (username, seen.text)
        found |= {a["action"] for a in seen.json["actions"]}
    seen = cast.resident("wang").get(f"/resident/reports/{case_id}")
    return found | {a["action"] for a in seen.json["actions"]}


@pytest.mark.parametrize("action", [a for a in ACTIONS if a in FILLED])
def test_what_an_edge_demands_is_asked_for(cast: Earlier, action: str) -> None:
    edge = next(e for e in TABLE.edges if e.action == action)
    case_id = assigned(cast, edge.sources[0], action)
    for field in (f for f in edge.fields if f.required):
        answer = take(cast, case_id, action, without=field.name)
        assert answer.status_code == 422, (field.name, answer.text)
        assert answer.json["code"] == "demands_missing"
        assert field.label in answer.json["message"]
        assert list(answer.json["fields"]) == [field.name]
    assert cast.column(case_id, "state") == edge.sources[0]
    assert cast.column(case_id, "entry_count") == cast.version(case_id)


@pytest.mark.parametrize(
    ("state", "action", "given", "field"),
    [
        ("submitted", "refuse", {"reason": "dislike"}, "reason"),
        ("submitted", "refuse", {"body": "长" * 81}, "body"),
        ("submitted", "merge", {"note": "长" * 1001}, "note"),
        ("submitted", "accept", {"unit_id": "urban"}, "unit_id"),
        ("handling", "transfer", {"until": "2026-03-20"}, "until"),
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
