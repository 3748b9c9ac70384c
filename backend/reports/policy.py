"""May I take this edge of a photo report? Pure."""

from __future__ import annotations

from typing import Protocol

from backend.cases.policy import CaseLike, in_scope, is_assigned, is_own
from backend.cases.policy import may_see as may_see_by_duty
from backend.kernel.actor import Actor
from backend.workflow.table import Edge

RESIDENTS_OWN = frozenset({"rate", "dispute", "supplement", "answer_office", "withdraw", "contest"})
# Taken by the program where a rule says so; a case whose lead was withdrawn goes on by itself.
BY_RULE = frozenset({"accept", "dispatch", "accept_and_dispatch", "split"})
# Taken by whoever has it.
HANDLERS = frozenset(
    {"start", "handle", "return_to_desk", "ask_extension", "ask_suspension", "answer_supervision"}
)
NEEDED = {
    "accept": ("case.accept",),
    "dispatch": ("case.dispatch",),
    "accept_and_dispatch": ("case.accept", "case.dispatch"),
    "pass_check": ("case.check",),
    "fail_check": ("case.check",),
    "approve_reopen": ("case.reopen",),
    "refuse_reopen": ("case.reopen",),
    "reopen": ("case.reopen",),
    "refuse": ("case.accept",),
    "escalate": ("case.dispatch",),
    "upstream_answered": ("case.dispatch",),
    "upstream_returned": ("case.dispatch",),
    "merge": ("case.dispatch",),
    "split": ("case.dispatch",),
    "add_task": ("case.dispatch",),
    "approve_extension": ("case.extend",),
    "refuse_extension": ("case.extend",),
    "approve_suspension": ("case.extend",),
    "refuse_suspension": ("case.extend",),
    "supervise": ("case.supervise",),
    "lift_supervision": ("case.supervise",),
    "call_back": ("case.call_back",),
    "register": ("case.intake",),
    "report_found": ("case.intake", "case.handle"),
    "settle_on_spot": ("case.intake", "case.handle"),
}
# Taken by whoever has it, or by the desk in whose scope it lies.
EITHER = {
    "note": "case.note",
    "transfer": "case.dispatch",
    "ask_citizen": "case.accept",
    "go_on": "case.accept",
    "resume": "case.dispatch",
}
# Decided by somebody else than the one who did or asked for it (GRID-10, HOT-08).
NOT_THE_HANDLER = frozenset({"pass_check", "fail_check", "call_back"})
DECISIONS = {
    "approve_extension": "extension",
    "refuse_extension": "extension",
    "approve_suspension": "suspension",
    "refuse_suspension": "suspension",
}
__all__ = ["may_see", "may_take"]


class SeenCase(CaseLike, Protocol):
    """What the rule of visibility reads of a case."""

    @property
    def registered_by(self) -> int | None: ...


class TakenCase(CaseLike, Protocol):
    """What the edges' rules read of a case."""

    @property
    def state(self) -> str: ...
    @property
    def rating(self) -> str | None: ...
    @property
    def contested(self) -> bool: ...
    @property
    def pending_request(self) -> str: ...
    @property
    def pending_by(self) -> int | None: ...
    @property
    def returned_units(self) -> list[str]: ...
    @property
    def extension_count(self) -> int: ...
    @property
    def suspension_count(self) -> int: ...
    @property
    def supervision_open(self) -> bool: ...


def may_see(case: SeenCase, actor: Actor) -> bool:
    """Own, assigned, handled or in scope; and whoever brought it in follows what becomes of it (GRID-03)."""
    if may_see_by_duty(case, actor):
        return True
    return actor.kind == "staff" and actor.may("case.intake") and case.registered_by == actor.id


def may_take(case: TakenCase, edge: Edge, actor: Actor) -> bool:
    """Whether the actor may take the edge of this case, the state aside.

    A check is somebody else's than the handler's (GRID-10); only the resident who brought it rates
    it, and once (§1.4, HOT-09); the program itself takes its own edges and those of a routing rule.
    """
    action = edge.action
    if actor.kind == "system":
        return edge.by == "system" or action in BY_RULE
    if edge.by == "system" or not _still_open(case, action):
        return False
    if action in RESIDENTS_OWN:
        return is_own(case, actor)
    return actor.kind == "staff" and _staff_may(case, action, actor)


def _staff_may(case: TakenCase, action: str, actor: Actor) -> bool:
    if action in HANDLERS:
        return is_assigned(case, actor)
    if action in EITHER:
        return is_assigned(case, actor) or in_scope(case, actor, EITHER[action])
    if action in NOT_THE_HANDLER and case.handled_by == actor.id:
        return False
    if action in DECISIONS and case.pending_by == actor.id:
        return False
    return action in NEEDED and all(in_scope(case, actor, p) for p in NEEDED[action])


def _still_open(case: TakenCase, action: str) -> bool:
    """Whether what is done once, or asked for first, is open: a rule of the case, whoever asks."""
    if action in DECISIONS:
        return case.pending_request == DECISIONS[action]
    if action == "rate":
        return case.rating is None
    if action == "contest":
        return not case.contested
    if action == "return_to_desk":  # HOT-06: after a decision no further return by the same unit
        return str(case.assignee_unit_id) not in case.returned_units
    if action == "ask_extension":
        return not case.pending_request and case.extension_count == 0
    if action == "ask_suspension":
        return not case.pending_request and case.suspension_count == 0
    if action in {"answer_supervision", "lift_supervision"}:
        return case.supervision_open
    return True
