"""May I write, approve, answer? Pure. Whoever wrote it never approves it (PI-06)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from backend.kernel.actor import Actor
from backend.workflow.table import Edge

WRITE, APPROVE, PETITIONS = "wall.write", "wall.approve", "petition.triage"
WRITERS = frozenset({"draft", "submit", "take_back", "discard", "revise"})
APPROVERS = frozenset({"approve", "return", "publish_again"})
#: whoever sees that something is wrong takes it down; a second person is needed to put it up, not to take it down
EITHER = frozenset({"unpublish"})
PETITION = "petition"


class EntryLike(Protocol):
    """What the rules read of an entry."""

    @property
    def source_kind(self) -> str: ...
    @property
    def writers(self) -> list[str]: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def places(self) -> Mapping[str, int | None]: ...


class FollowUpLike(Protocol):
    """What the rules read of a follow-up question."""

    @property
    def unit_id(self) -> int | None: ...
    @property
    def shown(self) -> bool: ...
    @property
    def places(self) -> Mapping[str, int | None]: ...


def may_write(entry: EntryLike, actor: Actor) -> bool:
    """The desk of its place; of a petition's entry the petition office, for only that has read the matter."""
    permission = PETITIONS if entry.source_kind == PETITION else WRITE
    return actor.kind == "staff" and actor.may_on(permission, entry.places, entry.unit_id)


def may_approve(entry: EntryLike, actor: Actor) -> bool:
    """Somebody who approves there and has not written in it."""
    return (
        actor.kind == "staff"
        and actor.may_on(APPROVE, entry.places, entry.unit_id)
        and str(actor.id) not in entry.writers
    )


def may_see(entry: EntryLike, actor: Actor) -> bool:
    """At the desk: who writes or approves there. What everybody reads of it is a page of its own."""
    if actor.kind == "system":
        return True
    if actor.kind != "staff":
        return False
    approves = actor.may_on(APPROVE, entry.places, entry.unit_id)
    writes = actor.may_on(WRITE, entry.places, entry.unit_id)
    return approves or writes or may_write(entry, actor)


def may_take(entry: EntryLike, edge: Edge, actor: Actor) -> bool:
    """Whether this actor may take this edge of an entry."""
    if actor.kind == "system" or edge.by == "system":
        return actor.kind == edge.by == "system"
    if edge.action in WRITERS:
        return may_write(entry, actor)
    if edge.action in APPROVERS:
        return may_approve(entry, actor)
    approves = actor.kind == "staff" and actor.may_on(APPROVE, entry.places, entry.unit_id)
    return edge.action in EITHER and (approves or may_write(entry, actor))


def may_answer(follow_up: FollowUpLike, actor: Actor) -> bool:
    """The desk of the place answers in public."""
    return actor.kind == "staff" and actor.may_on(WRITE, follow_up.places, follow_up.unit_id)


def may_take_follow_up(follow_up: FollowUpLike, edge: Edge, actor: Actor) -> bool:
    """Whether this actor may take this edge of a follow-up: what nobody can read yet is not answered in public."""
    if actor.kind == "system" or edge.by == "system":
        return actor.kind == edge.by == "system"
    if edge.action == "ask":
        return actor.kind == "resident"
    return follow_up.shown and may_answer(follow_up, actor)
