"""The only writers of child tasks. The case is locked first, then the task: `open_tasks` counts exactly.

A step on a task changes nothing of the case but that count; the citizen's clock runs on beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from backend.cases.access import load_locked
from backend.cases.models import Case
from backend.cases.services import hands
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.kernel.ids import new_id
from backend.media import services as media
from backend.tasks import policy, queries
from backend.tasks.models import ChildTask
from backend.tasks.states import TABLE
from backend.workflow import engine

LONGEST = timedelta(days=366)
MOST_OPEN = 20
MOST_PHOTOS = 9


def add(case: Case, actor: Actor, unit_id: int, staff_id: int | None, until: date, text: str) -> None:
    """Give a part of a locked case to a unit, to be done until a calendar date (Shanghai).

    Raises Invalid: the date, the unit or the person cannot be; too many at once.
    """
    if not today() <= until <= today() + LONGEST:
        raise Invalid("until_wrong", "日期应在今天以后一年之内。", fields={"until": ["应在今天以后一年之内"]})
    if case.open_tasks >= MOST_OPEN:
        raise Invalid("tasks_full", f"一件诉求最多同时有 {MOST_OPEN} 个子任务，请先办完或取消几个。")
    unit = hands(case.town_id, unit_id, staff_id)
    task = ChildTask(
        id=new_id(),
        kind=TABLE.kind,
        case_id=case.id,
        **{f"{level}_id": place_id for level, place_id in case.places.items()},
        text=text,
        until=until,
        assignee_unit_id=unit.id,
        assignee_unit_name=unit.name,
        assignee_staff_id=staff_id,
        created_at=now(),
    )
    engine.begin(task, actor, action="assign", note=text, data=_shown(task, case))
    db.session.add(task)
    case.open_tasks += 1
    db.session.flush()


def _shown(task: ChildTask, case: Case) -> dict[str, Any]:
    """Whose it is and whose the case is, by id: messages are made from the row."""
    return {
        "unit": task.assignee_unit_name,
        "unit_id": str(task.assignee_unit_id),
        "staff_id": str(task.assignee_staff_id or ""),
        "lead_unit_id": str(case.assignee_unit_id or ""),
        "lead_staff_id": str(case.assignee_staff_id or ""),
    }


def act(actor: Actor, task_id: int, action: str, version: int, given: Mapping[str, Any]) -> ChildTask:
    """Take an action on a task that the actor may see; Conflict, Forbidden, Invalid as for a case."""
    task = queries.get_task_for(actor, task_id)
    case = _locked_case(task)
    data = _shown(task, case)
    if given.get("media_ids"):
        data["media_ids"] = [str(m) for m in given["media_ids"]]
    if action == "reassign" and given.get("unit_id"):
        staff_id = given.get("staff_id")
        unit = hands(case.town_id, int(given["unit_id"]), int(staff_id) if staff_id else None)
        data |= {
            "unit": unit.name,
            "unit_id": str(unit.id),
            "staff_id": str(staff_id or ""),
            "from_staff_id": str(task.assignee_staff_id or ""),
        }
    named = policy.as_named(task, actor)
    entry = engine.perform(task, action, named, version=version, given=given, data=data)
    if action == "reassign":
        task.assignee_unit_id, task.assignee_unit_name = int(data["unit_id"]), data["unit"]
        task.assignee_staff_id = int(data["staff_id"]) if data["staff_id"] else None
    elif action == "start" and task.assignee_staff_id is None:
        task.assignee_staff_id = actor.id
    elif action == "finish":
        task.handled_by = actor.id
        photos = tuple(int(m) for m in given.get("media_ids") or ())
        media.attach(actor, photos, TABLE.kind, task.id, "after", MOST_PHOTOS)
    if not TABLE.state(entry.to_state).is_open:
        case.open_tasks -= 1
    db.session.flush()
    return task


def cancel_all(case: Case, actor: Actor) -> None:
    """End what is still open of a locked case that itself ended; whoever ended it, the program does this."""
    for task in queries.open_tasks(case.id):
        engine.perform(task, "case_ended", SYSTEM, version=None, data=_shown(task, case))
    case.open_tasks = 0
    db.session.flush()


def _locked_case(task: ChildTask) -> Case:
    case = load_locked(task.case_id)
    if case is None:
        raise LookupError(f"child task {task.id} names the case {task.case_id}, which is not there")
    return case
