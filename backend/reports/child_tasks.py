"""Several units at once, one line for the citizen (PET-06): the case's side of its child tasks."""

from __future__ import annotations

from backend.kernel.errors import Conflict
from backend.reports import effects
from backend.reports.effects import Taken
from backend.reports.ports import child_tasks


@effects.carries_out("add_task")
def _add(taken: Taken) -> None:
    given = taken.given
    staff_id = given.get("staff_id")
    person = int(staff_id) if staff_id else None
    child_tasks().add(taken.case, taken.actor, int(given["unit_id"]), person, given["until"], given["note"])


@effects.carries_out("handle", "pass_check")
def _wait_for_all(taken: Taken) -> None:
    """The case is done when its parts are: Conflict names those that are not, and undoes the step."""
    if taken.case.open_tasks:
        units = child_tasks().open_units(taken.case.id)
        said = f"还有{len(units)}个子任务没有办完：{'、'.join(units)}。请等它们办完，或先取消。"
        raise Conflict("tasks_open", said, details={"units": units})


@effects.carries_out("refuse", "withdraw", "merge")
def _end(taken: Taken) -> None:
    if taken.case.open_tasks:
        child_tasks().cancel_all(taken.case, taken.actor)
