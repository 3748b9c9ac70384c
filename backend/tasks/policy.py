"""May I take this edge of a child task? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from backend.kernel.actor import Actor
from backend.workflow.table import Edge

HANDLERS = frozenset({"start", "finish", "return"})
DESK = frozenset({"assign", "reassign", "cancel"})


class TaskLike(Protocol):
    """What the rules read of a child task."""

    @property
    def assignee_unit_id(self) -> int: ...
    @property
    def assignee_staff_id(self) -> int | None: ...
    @property
    def handled_by(self) -> int | None: ...
    @property
    def places(self) -> Mapping[str, int | None]: ...


def may_take(task: TaskLike, edge: Edge, actor: Actor) -> bool:
    """Whoever has it does it; the desk in whose scope its case lies gives it to others, or cancels it."""
    if actor.kind == "system" or edge.by == "system":
        return actor.kind == edge.by == "system"
    if actor.kind != "staff":
        return False
    if edge.action in HANDLERS:
        return has(task, actor)
    return edge.action in DESK and actor.may_on("case.dispatch", task.places, None)


def has(task: TaskLike, actor: Actor) -> bool:
    """Whether it is this worker's to do: given to them, to somebody for whom they stand in (代班), or to
    their unit and to nobody in it yet."""
    if actor.kind != "staff" or not actor.may("case.handle"):
        return False
    if task.assignee_staff_id is not None:
        return task.assignee_staff_id == actor.id or actor.stands_for(task.assignee_staff_id) is not None
    return task.assignee_unit_id == actor.unit_id


def as_named(task: TaskLike, actor: Actor) -> Actor:
    """The actor as the timeline names them: with 代… when they act on what somebody else was given."""
    stood_in = actor.stands_for(task.assignee_staff_id)
    return actor if stood_in is None else replace(actor, name=f"{actor.name}（代{stood_in}）")


def may_see(task: TaskLike, actor: Actor) -> bool:
    """Whoever has it or did it, and those who see the cases of its place."""
    if actor.kind != "staff":
        return actor.kind == "system"
    return has(task, actor) or task.handled_by == actor.id or actor.may_on("case.view", task.places, None)
