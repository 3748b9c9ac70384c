"""May I take this edge of a photo report? Pure."""

from __future__ import annotations

from backend.cases.policy import CaseLike, in_scope, is_assigned, is_own, may_see
from backend.kernel.actor import Actor
from backend.workflow.table import Edge

RESIDENTS_OWN = frozenset({"rate", "dispute", "supplement"})
BY_RULE = frozenset({"accept", "dispatch", "accept_and_dispatch"})
NEEDED = {
    "accept": ("case.accept",),
    "dispatch": ("case.dispatch",),
    "accept_and_dispatch": ("case.accept", "case.dispatch"),
    "pass_check": ("case.check",),
    "fail_check": ("case.check",),
    "approve_reopen": ("case.reopen",),
    "refuse_reopen": ("case.reopen",),
}
__all__ = ["may_see", "may_take"]


class RatedCase(CaseLike):
    """A case with its rating."""

    @property
    def rating(self) -> str | None: ...


def may_take(case: RatedCase, edge: Edge, actor: Actor) -> bool:
    """Whether the actor may take the edge of this case, the state aside.

    A check is somebody else's than the handler's (GRID-10); only the resident who brought it rates
    it, and once (§1.4, HOT-09); the program itself takes only the edges that a routing rule takes.
    """
    action = edge.action
    if actor.kind == "system":
        return action in BY_RULE
    if action in RESIDENTS_OWN:
        return is_own(case, actor) and not (action == "rate" and case.rating is not None)
    if actor.kind != "staff":
        return False
    if action in {"start", "handle"}:
        return is_assigned(case, actor)
    if action == "note":
        return is_assigned(case, actor) or in_scope(case, actor, "case.note")
    if action in {"pass_check", "fail_check"} and case.handled_by == actor.id:
        return False
    return action in NEEDED and all(in_scope(case, actor, p) for p in NEEDED[action])
