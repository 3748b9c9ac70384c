"""What 随手拍 needs of child tasks, declared by the one who asks; app.py says who answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.cases.models import Case
from backend.kernel.actor import Actor


@dataclass(frozen=True)
class ChildTasks:
    """The case is locked whenever these are called.

    add         give a part of the case to a unit, perhaps to a person in it, until a calendar date (Shanghai),
                with what is to be done; raises Invalid when it cannot be given so
    cancel_all  end what is still open, because the case itself ended
    open_units  the names of the units that have not finished, oldest first
    of_case     the tasks as the case's page shows them to this viewer
    """

    add: Callable[[Case, Actor, int, int | None, date, str], None]
    cancel_all: Callable[[Case, Actor], None]
    open_units: Callable[[int], list[str]]
    of_case: Callable[[Case, Actor], list[dict[str, Any]]]


_tasks: ChildTasks | None = None


def child_tasks_by(tasks: ChildTasks) -> None:
    """Say who keeps the child tasks; called once by the composition root."""
    global _tasks
    _tasks = tasks


def child_tasks() -> ChildTasks:
    """Who keeps the child tasks; RuntimeError while nobody is wired in."""
    if _tasks is None:
        raise RuntimeError("nobody keeps the child tasks: app.py has to say who")
    return _tasks
