"""May I see this topic, and take this edge of it? Pure.

Deny by default: who organises (consult.manage) in the village or the town, who screens and signs
(consult.approve), the unit that carries it out, and the resident who proposed it. Everybody sees what was screened.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from backend.consultations.states import HIDDEN
from backend.kernel.actor import Actor
from backend.workflow.table import Edge

MANAGE, APPROVE, CARRY = "consult.manage", "consult.approve", "case.handle"
#: what whoever organises does
MANAGERS = frozenset(
    {
        "bring",
        "edit",
        "open",
        "prolong",
        "correct",
        "call_meeting",
        "cancel_meeting",
        "record_meeting",
        "group",
        "draft_conclusion",
        "record_resolution",
        "publish",
        "hand_over",
        "nothing_to_do",
        "report_progress",
        "extend",
        "finish",
    }
)
#: what is decided by another person than the one who brought or drafted it
APPROVERS = frozenset({"accept", "decline", "conclude", "return_conclusion", "reconsider", "cancel"})
FOUR_TWO = "four_two"
BY_RESIDENT = "resident"


class ConsultationLike(Protocol):
    """What the rules read of a topic."""

    @property
    def state(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def proposer_id(self) -> int | None: ...
    @property
    def registered_by(self) -> int | None: ...
    @property
    def track(self) -> str: ...
    @property
    def frozen(self) -> bool: ...
    @property
    def conclusion(self) -> str: ...
    @property
    def drafted_by(self) -> int | None: ...
    @property
    def assignee_unit_id(self) -> int | None: ...
    @property
    def places(self) -> Mapping[str, int | None]: ...


def is_public(topic: ConsultationLike) -> bool:
    """Whether everybody may read it: since it was screened."""
    return topic.state not in HIDDEN


def may_see(topic: ConsultationLike, actor: Actor) -> bool:
    """Whether a member of staff may open its page; residents read what is public, and their own."""
    if actor.kind == "resident":
        return is_public(topic) or (topic.proposer_id is not None and topic.proposer_id == actor.id)
    if actor.kind != "staff":
        return actor.kind == "system"
    return manages(topic, actor) or approves(topic, actor) or carries(topic, actor)


def manages(topic: ConsultationLike, actor: Actor) -> bool:
    """Whether the actor organises it."""
    return actor.may_on(MANAGE, topic.places, topic.assignee_unit_id)


def approves(topic: ConsultationLike, actor: Actor) -> bool:
    """Whether the actor screens and signs."""
    return actor.may_on(APPROVE, topic.places, topic.assignee_unit_id)


def carries(topic: ConsultationLike, actor: Actor) -> bool:
    """Whether the actor is of the unit that carries it out (CON-02)."""
    unit = topic.assignee_unit_id
    return unit is not None and unit == actor.unit_id and actor.may(CARRY)


def may_take(topic: ConsultationLike, edge: Edge, actor: Actor) -> bool:
    """Whether this actor may take this edge now."""
    if actor.kind == "system" or edge.by == "system":
        return actor.kind == edge.by == "system"
    if edge.action in {"propose", "withdraw"}:
        return _proposer_may(topic, actor)
    if actor.kind != "staff":
        return False
    if edge.action in APPROVERS:
        return approves(topic, actor) and _approver_may(topic, edge.action, actor)
    if edge.action == "report_progress":
        return manages(topic, actor) or carries(topic, actor)
    return edge.action in MANAGERS and manages(topic, actor) and _manager_may(topic, edge.action)


def _proposer_may(topic: ConsultationLike, actor: Actor) -> bool:
    """A resident takes back their own; what a village or the town brought, whoever organises there."""
    if actor.kind == "resident":
        return topic.proposer_id == actor.id
    return actor.kind == "staff" and topic.origin != BY_RESIDENT and manages(topic, actor)


def _approver_may(topic: ConsultationLike, action: str, actor: Actor) -> bool:
    if action in {"accept", "decline"}:
        return topic.registered_by != actor.id
    if action in {"conclude", "return_conclusion"}:
        return topic.drafted_by is not None and topic.drafted_by != actor.id
    return True


def _manager_may(topic: ConsultationLike, action: str) -> bool:
    if action == "edit":
        return not topic.frozen
    if action == "correct":
        return topic.frozen
    return action != "record_resolution" or topic.track == FOUR_TWO
