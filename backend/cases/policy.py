"""May I? Pure functions over a case and an actor; every kind's own policy builds on these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from backend.kernel.actor import Actor


class CaseLike(Protocol):
    """What the policies read of a case."""

    @property
    def resident_id(self) -> int | None: ...
    @property
    def assignee_staff_id(self) -> int | None: ...
    @property
    def assignee_unit_id(self) -> int | None: ...
    @property
    def handled_by(self) -> int | None: ...
    @property
    def confidential(self) -> bool: ...
    @property
    def places(self) -> Mapping[str, int | None]: ...


def is_own(case: CaseLike, actor: Actor) -> bool:
    """Whether the actor is the resident who brought it."""
    return actor.kind == "resident" and case.resident_id is not None and case.resident_id == actor.id


def is_assigned(case: CaseLike, actor: Actor) -> bool:
    """Whether it is this worker's to do: given to them, to somebody for whom they stand in (代班), or to
    their unit and to nobody in it yet."""
    if actor.kind != "staff" or not actor.may("case.handle"):
        return False
    if case.assignee_staff_id is not None:
        return case.assignee_staff_id == actor.id or actor.stands_for(case.assignee_staff_id) is not None
    return case.assignee_unit_id is not None and case.assignee_unit_id == actor.unit_id


def as_named(case: CaseLike, actor: Actor) -> Actor:
    """The actor as the timeline names them: with 代… when they act on what somebody else was given."""
    stood_in = actor.stands_for(case.assignee_staff_id)
    return actor if stood_in is None else replace(actor, name=f"{actor.name}（代{stood_in}）")


def may_see(case: CaseLike, actor: Actor) -> bool:
    """The floor under every kind's visibility rule: own, assigned, handled, or in a viewing role's scope."""
    if is_own(case, actor) or actor.kind == "system":
        return True
    if actor.kind != "staff":
        return False
    if is_assigned(case, actor) or case.handled_by == actor.id:
        return True
    return in_scope(case, actor, "case.view")


def in_scope(case: CaseLike, actor: Actor, permission: str) -> bool:
    """Whether one role of the actor gives the permission and reaches where the case lies."""
    return actor.kind == "staff" and actor.may_on(permission, case.places, case.assignee_unit_id)


def may_know_contact(case: CaseLike, actor: Actor) -> bool:
    """Whether the citizen's contact is open to this worker.

    Of a confidential case (HOT-05 保密工单) only the desk that accepts it: handlers see the matter alone.
    """
    if case.confidential:
        return in_scope(case, actor, "case.accept")
    return is_assigned(case, actor) or in_scope(case, actor, "case.contact")
