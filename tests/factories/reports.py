"""Photo reports for tests, brought to a state over HTTP the way people would bring them there."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask

from backend.kernel.clock import today
from tests.factories.identity import Caller, desk, resident, unit_id
from tests.factories.places import IN_G01

_numbers = itertools.count(1)
LAMP = "0201"  # goes to the department `urban` when a dispatcher says so; asks for no after-photo
RUBBISH = "0101"  # goes to the grid worker by itself; asks for an after-photo
OTHER = "9901"  # proposed to the grid


@dataclass
class Report:
    """A report and who brought it."""

    id: str
    code: str
    resident: Caller


def submit(
    app: Flask,
    person: str = "wang",
    *,
    category: str | None = LAMP,
    point: tuple[float, float] = IN_G01,
    text: str = "村口的路灯不亮了",
    **more: Any,
) -> Report:
    """A report as it stands right after `person` sent it."""
    caller = resident(app, person)
    body = {
        "town": "dongwan",
        "text": text,
        "category_code": category,
        "point": {"lon": point[0], "lat": point[1]},
        **more,
    }
    answer = caller.post("/resident/reports", body, key=f"report-{next(_numbers)}")
    assert answer.status_code == 201, answer.text
    told: Any = answer.json
    return Report(told["id"], told["code"], caller)


def act(caller: Caller, report: Report, action: str, **given: Any) -> Any:
    """Take an action with the version as it is now; returns the response."""
    side = "resident" if caller.headers.get("Authorization") and action in RESIDENTS else "staff"
    path = f"/{side}/{'reports' if side == 'resident' else 'cases'}/{report.id}"
    version = given.pop("version", None)
    if version is None:
        seen: Any = report.resident.get(f"/resident/reports/{report.id}").json
        version = seen["version"]
    return caller.post(f"{path}/actions/{action}", {"version": version, **given}, key=f"act-{next(_numbers)}")


RESIDENTS = {"supplement", "rate", "dispute", "answer_office", "withdraw", "contest"}
# What brings a report to each state, from the start: (who, action, what they give).
WAY: dict[str, list[tuple[str, str, dict[str, Any]]]] = {"submitted": []}
WAY["accepted"] = [("fenliu", "accept", {})]
WAY["dispatched"] = [("fenliu", "accept_and_dispatch", {"unit": "urban", "staff": "chengguan"})]
WAY["handling"] = [*WAY["dispatched"], ("chengguan", "start", {})]
WAY["handled"] = [*WAY["handling"], ("chengguan", "handle", {"note": "换了灯泡"})]
WAY["closed"] = [*WAY["handled"], ("hecha", "pass_check", {"reply": "灯已修好", "outcome": "resolved"})]
WAY["handler_asked"] = [*WAY["handling"], ("chengguan", "ask_citizen", {"note": "是哪一根灯杆？"})]
WAY["extension_asked"] = [*WAY["handling"], ("chengguan", "ask_extension", {"days": 8, "note": "等灯具"})]
WAY["suspension_asked"] = [*WAY["handling"], ("chengguan", "ask_suspension", {"days": 90, "note": "等改造"})]
WAY["suspended"] = [*WAY["suspension_asked"], ("lingdao", "approve_suspension", {"note": "改造后一起换"})]
WAY["escalated"] = [*WAY["accepted"], ("fenliu", "escalate", {"body": "市供电公司"})]
WAY["supervised"] = [*WAY["handling"], ("lingdao", "supervise", {"note": "请三天内办好"})]
WAY["reopen_requested"] = [*WAY["closed"], ("resident", "dispute", {"note": "今天又不亮了"})]


def in_state(app: Flask, state: str, person: str = "wang") -> Report:
    """A street-lamp report in `state`: dispatched to 城管所's chengguan from `dispatched` on."""
    report = submit(app, person)
    for who, action, given in WAY[state]:
        caller = report.resident if who == "resident" else desk(app, who)
        answer = act(caller, report, action, **with_ids(app, given))
        assert answer.status_code == 200, f"{action}: {answer.text}"
    return report


def with_ids(app: Flask, given: dict[str, Any]) -> dict[str, Any]:
    """What an action is given, with the ids of the unit and the person that it names by code, and a date."""
    found = {key: value for key, value in given.items() if key not in {"unit", "staff", "days"}}
    if "days" in given:
        found["until"] = (today() + timedelta(days=given["days"])).isoformat()
    if "unit" in given:
        found["unit_id"] = str(unit_id(app, given["unit"]))
    if "staff" in given:
        found["staff_id"] = str(desk(app, given["staff"]).id)
    return found
