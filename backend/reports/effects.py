"""What an edge of 随手拍 does besides the state: a table of actions and functions.

Three tables, each filled by decorated functions in the files of the side ways (kind.py imports them):
`shows` says what the timeline row keeps beside its note, and is asked before the row is written;
`carries_out` changes what else changes, after the row and the clocks; `rings` is what a clock sets
going when it warns or runs out. Each may have several.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backend.cases.models import Case
from backend.cases.services import assign
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.reports import queries
from backend.reports.states import ANSWER_CLOCK
from backend.workflow import clocks
from backend.workflow.models import TimelineEntry

#: what was filled in and stands beside the note on the timeline, for whoever may read the row
KEPT = (
    "outcome",
    "score",
    "reason",
    "body",
    "external_number",
    "until",
    "way",
    "reached",
    "solved",
    "satisfaction",
)
#: photos of work done; all others belong to the report
AFTER_PHOTOS = frozenset({"handle", "upstream_answered"})


@dataclass(frozen=True)
class Taken:
    """An edge that has just been taken: its row is written, its clocks are set, the case is locked."""

    case: Case
    actor: Actor
    given: Mapping[str, Any]
    entry: TimelineEntry


Effect = Callable[[Taken], None]
Shown = Callable[[Case, Actor, Mapping[str, Any]], Mapping[str, Any]]
Ring = Callable[[Case], None]
_effects: dict[str, list[Effect]] = defaultdict(list)
_shown: dict[str, list[Shown]] = defaultdict(list)
_rings: dict[tuple[str, str], list[Ring]] = defaultdict(list)


def carries_out(*actions: str) -> Callable[[Effect], Effect]:
    """Register what these actions change besides the state; Invalid raised there undoes the whole step."""

    def register(effect: Effect) -> Effect:
        for action in actions:
            _effects[action].append(effect)
        return effect

    return register


def shows(*actions: str) -> Callable[[Shown], Shown]:
    """Register what the timeline row of these actions keeps; messages and the citizen read it from there."""

    def register(shown: Shown) -> Shown:
        for action in actions:
            _shown[action].append(shown)
        return shown

    return register


def carry_out(action: str, taken: Taken) -> None:
    """Change what the action changes besides the state."""
    for effect in _effects.get(action, ()):
        effect(taken)
    if taken.entry.from_state != taken.entry.to_state and action != "start":
        forget_request(taken.case)  # what was asked for in one state is not decided in another


def rings(clock: str, what: str) -> Callable[[Ring], Ring]:
    """Register what a report does itself when a clock warns or runs out (clocks.WARNING, clocks.BREACH)."""

    def register(ring: Ring) -> Ring:
        _rings[(clock, what)].append(ring)
        return ring

    return register


def on_ring(case: Case, clock: str, what: str) -> None:
    """Do what a ringing clock of a locked case sets going."""
    for ring in _rings.get((clock, what), ()):
        ring(case)


def shown_data(case: Case, action: str, actor: Actor, given: Mapping[str, Any], rule: str) -> dict[str, Any]:
    """What the timeline row keeps beside the note; made before the row, which is never changed."""
    data: dict[str, Any] = {}
    if given.get("unit_id"):
        # Messages are made from the row, so it says by id whom it was given to.
        data |= {
            "unit": queries.unit_name(int(given["unit_id"])),
            "unit_id": str(given["unit_id"]),
            "staff_id": str(given.get("staff_id") or ""),
        }
    elif case.assignee_unit_name:
        data |= {
            "unit": case.assignee_unit_name,
            "unit_id": str(case.assignee_unit_id or ""),
            "staff_id": str(case.assignee_staff_id or ""),
        }
    if rule:
        data["rule"] = rule
    data |= {name: _plain(given[name]) for name in KEPT if given.get(name)}
    if given.get("media_ids"):
        data["media_ids"] = [str(m) for m in given["media_ids"]]
    for shown in _shown.get(action, ()):
        data |= shown(case, actor, given)
    return data


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@carries_out("dispatch", "accept_and_dispatch")
def _assign(taken: Taken) -> None:
    give(taken)


def give(taken: Taken) -> None:
    """Assign the case as the step says; Invalid when they cannot take it."""
    staff_id = taken.given.get("staff_id")
    assign(taken.case, int(taken.given["unit_id"]), int(staff_id) if staff_id else None)


def take_away(case: Case) -> None:
    """Nobody has the case any more: it is the desk's again."""
    case.assignee_unit_id = case.assignee_staff_id = None
    case.assignee_unit_name = case.assignee_role = ""


def forget_request(case: Case) -> None:
    """Nothing waits for a decision any more."""
    case.pending_request, case.pending_by, case.pending_until = "", None, None


@carries_out("start")
def _start(taken: Taken) -> None:
    if taken.case.assignee_staff_id is None:
        taken.case.assignee_staff_id = taken.actor.id


@carries_out("handle")
def _handle(taken: Taken) -> None:
    taken.case.handled_by = taken.actor.id


@carries_out("fail_check")
def _fail_check(taken: Taken) -> None:
    if taken.given.get("unit_id"):
        give(taken)


@carries_out("pass_check")
def _pass_check(taken: Taken) -> None:
    taken.case.outcome = taken.given["outcome"]
    queries.report_of(taken.case).reply = taken.given["reply"]


@carries_out("approve_reopen", "reopen")
def _open_again(taken: Taken) -> None:
    case = taken.case
    case.reopen_count += 1
    case.rating = case.rated_at = case.outcome = None
    if taken.given.get("unit_id"):
        give(taken)


@carries_out("refuse_reopen")
def _refuse_reopen(taken: Taken) -> None:
    """Closed when it was closed before: a refusal does not make the answer a later one."""
    taken.case.closed_at = _answered_at(taken.case) or taken.case.closed_at


def _answered_at(case: Case) -> datetime | None:
    held = (c for c in clocks.of_subject(case.kind, case.id) if c.name == ANSWER_CLOCK)
    answer = next(held, None)
    return answer.stopped_at if answer is not None else None


@carries_out("rate")
def _rate(taken: Taken) -> None:
    taken.case.rating, taken.case.rated_at = taken.given["score"], now()
    queries.report_of(taken.case).rating_comment = taken.given.get("note") or None
