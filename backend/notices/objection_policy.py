"""Who answers a question, who looks at requests and at what is owed, who orders? Pure.

A village answers for itself: the town's desk, whose publishing right reaches every village, answers for the town's
own notices only, and looks at the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from backend.kernel.actor import Actor
from backend.notices.objection_states import ANSWERED, ASKED
from backend.notices.publishing_request_states import ORDERED, REACHED, REFUSED
from backend.workflow.table import Edge

PUBLISH, WATCH = "notice.publish", "notice.watch"
#: whoever may look: what is owed concerns those who draft as well
LOOKERS = (PUBLISH, WATCH)
DEBTORS = ("notice.draft", PUBLISH, WATCH)
Places = Mapping[str, int | None]


class ObjectionLike(Protocol):
    """What the rules read of a question."""

    @property
    def state(self) -> str: ...
    @property
    def shown(self) -> bool: ...
    @property
    def overdue(self) -> bool: ...
    @property
    def resident_id(self) -> int | None: ...
    @property
    def places(self) -> Places: ...


class RequestLike(Protocol):
    """What the rules read of a request to publish."""

    @property
    def state(self) -> str: ...
    @property
    def overdue(self) -> bool: ...
    @property
    def shown(self) -> bool: ...
    @property
    def joined(self) -> int: ...
    @property
    def resident_id(self) -> int | None: ...
    @property
    def places(self) -> Places: ...


def answers_for(places: Places, actor: Actor) -> bool:
    """Whether the actor speaks in public for that village, or for the town when it lies in none (OPEN-07)."""
    if actor.kind != "staff":
        return False
    level = "town" if places.get("village") is None else "village"
    here = (one for one in actor.grants_with(PUBLISH) if one.place_level == level and one.unit_id is None)
    return any(one.covers(places, None) for one in here)


def watches(places: Places, actor: Actor) -> bool:
    """Whether the actor looks after publication there for the town (OPEN-10)."""
    return actor.kind == "staff" and actor.may_on(WATCH, places, None)


def may_look(places: Places, actor: Actor) -> bool:
    """At the desk: whoever answers there or watches for the town."""
    return answers_for(places, actor) or watches(places, actor)


def may_take_objection(row: ObjectionLike, edge: Edge, actor: Actor) -> bool:
    """Whether this actor may take this edge: what nobody can read yet is not answered in public (OPEN-08)."""
    if actor.kind == "system" or edge.by == "system":
        return actor.kind == edge.by == "system"
    if edge.action == "ask":
        return actor.kind == "resident"
    if edge.action == "answer":
        return row.shown and answers_for(row.places, actor)
    own = actor.kind == "resident" and row.resident_id == actor.id
    late = row.state == ASKED and row.overdue
    return own and (row.state == ANSWERED or (late and edge.action == "unsatisfied"))


def may_take_request(row: RequestLike, edge: Edge, actor: Actor) -> bool:
    """Whether this actor may take this edge of a request (OPEN-03, OPEN-10)."""
    if actor.kind == "system" or edge.by == "system":
        return actor.kind == edge.by == "system"
    if edge.action == "ask":
        return actor.kind == "resident"
    if edge.action == "withdraw":
        return actor.kind == "resident" and row.resident_id == actor.id and row.joined <= 1
    if not row.shown:
        return False
    if edge.action in {"publish", "refuse"}:
        return answers_for(row.places, actor)
    late = row.state == REACHED and row.overdue
    return watches(row.places, actor) and (row.state == REFUSED or (edge.action == "order" and late))


def owes_answer(row: RequestLike) -> bool:
    """Whether the village owes an answer now."""
    return row.state in (REACHED, ORDERED)
