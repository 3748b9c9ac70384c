"""May I see this request, plan this visit? Pure. Only who needs it: who asked, who plans there, who goes there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from backend.kernel.actor import Actor
from backend.workflow.table import Edge

PLAN, VISIT = "care.plan", "care.visit"
RESIDENTS = frozenset({"ask", "cancel", "close"})


class RequestLike(Protocol):
    """What the rules read of a request."""

    @property
    def resident_id(self) -> int: ...
    @property
    def assignee_staff_id(self) -> int | None: ...
    @property
    def places(self) -> Mapping[str, int | None]: ...


class PlacedLike(Protocol):
    """What lies somewhere: an agreement."""

    @property
    def places(self) -> Mapping[str, int | None]: ...


def plans(subject: PlacedLike, actor: Actor) -> bool:
    """Whether the actor plans visits there."""
    return actor.kind == "staff" and actor.may_on(PLAN, subject.places, None)


def goes(worker_id: int | None, actor: Actor) -> bool:
    """Whether it is this worker's own visit, or that of somebody they stand in for (代班)."""
    if actor.kind != "staff" or worker_id is None or not actor.may(VISIT):
        return False
    return worker_id == actor.id or actor.stands_for(worker_id) is not None


def may_see(request: RequestLike, actor: Actor) -> bool:
    """Whether somebody may open a request."""
    if actor.kind == "resident":
        return request.resident_id == actor.id
    if actor.kind != "staff":
        return actor.kind == "system"
    return plans(request, actor) or goes(request.assignee_staff_id, actor)


def may_take(request: RequestLike, edge: Edge, actor: Actor) -> bool:
    """Whether this actor may take this edge of a request."""
    if actor.kind == "system" or edge.by == "system":
        return actor.kind == edge.by == "system"
    if actor.kind == "resident":
        return edge.action in RESIDENTS and request.resident_id == actor.id
    if edge.action == "assign":
        return plans(request, actor)
    if edge.action in {"visit", "visit_again"}:
        return goes(request.assignee_staff_id, actor)
    return edge.action == "close" and (plans(request, actor) or goes(request.assignee_staff_id, actor))
