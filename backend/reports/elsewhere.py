"""Out of these hands: not ours, back to the desk, to other hands, beyond the town.

None of it gives a clock back what it has used: only the citizen's own objection begins anew (HOT-03).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.cases.models import Case
from backend.cases.policy import in_scope
from backend.kernel.actor import Actor
from backend.kernel.clock import today
from backend.kernel.errors import Invalid
from backend.reports import queries
from backend.reports.effects import Taken, carries_out, forget_request, give, shows, take_away
from backend.reports.fields import NOT_OURS
from backend.reports.states import ANSWER_CLOCK
from backend.workflow import clocks
from backend.workflow.calendar import end_of
from backend.workflow.kinds import kind_of

NOT_ACCEPTED_OUTCOME = "not_accepted"
EMERGENCY_NUMBERS = "110、119、120、122"
ESCALATION = "escalation"
_REASONS = {option.value: option.label for option in NOT_OURS.options}


@carries_out("refuse")
def _refuse(taken: Taken) -> None:
    """HOT-03: the citizen reads why, and where to go; in an emergency the number to call."""
    case, given = taken.case, taken.given
    lines = [
        given["note"],
        f"不予受理的原因：{_REASONS[given['reason']]}。",
        f"应当找：{given['body']}。",
    ]
    if given["reason"] == "emergency":
        number = queries.category_of(case).emergency_number or EMERGENCY_NUMBERS
        lines.append(f"情况紧急请马上拨打 {number}。")
    queries.report_of(case).reply = "\n".join(lines)
    case.outcome = NOT_ACCEPTED_OUTCOME
    take_away(case)


@carries_out("contest")
def _contest(taken: Taken) -> None:
    taken.case.contested, taken.case.outcome = True, None


@carries_out("return_to_desk")
def _return(taken: Taken) -> None:
    """Returns are counted, and the clocks run on: whoever gets it next has what is left (HOT-06)."""
    case = taken.case
    case.returned_units = [*case.returned_units, str(case.assignee_unit_id)]
    case.return_count += 1
    take_away(case)


@shows("transfer")
def _from_whom(case: Case, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"from_staff_id": str(case.assignee_staff_id or "")}


@carries_out("transfer")
def _transfer(taken: Taken) -> None:
    """Invalid when a handler gives it beyond the own unit, or when nothing would change."""
    case, given = taken.case, taken.given
    unit_id = int(given["unit_id"])
    staff_id = int(given["staff_id"]) if given.get("staff_id") else None
    if (unit_id, staff_id) == (case.assignee_unit_id, case.assignee_staff_id):
        raise Invalid("same_hands", "现在就是他在办，请选择别人。", fields={"unit_id": ["请选择别人"]})
    if unit_id != case.assignee_unit_id and not in_scope(case, taken.actor, "case.dispatch"):
        raise Invalid(
            "other_unit",
            "只能转给本单位的同事；应由别的单位办的，请退回分流。",
            fields={"unit_id": ["只能选本单位"]},
        )
    give(taken)
    forget_request(case)


@shows("escalate")
def _to_whom(case: Case, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"unit": given.get("body") or ""}


@carries_out("escalate")
def _escalate(taken: Taken) -> None:
    """HOT-12: the date set above wins, earlier or later than ours. Invalid when it is past."""
    case, until = taken.case, taken.given.get("until")
    if until is not None and until < today():
        raise Invalid(
            "date_past",
            "对方要求的办结日期已经过了，请核对。",
            fields={"until": ["请选择今天或以后的日期"]},
        )
    case.upstream_body, case.upstream_due_on = taken.given["body"], until
    case.upstream_number = taken.given.get("external_number") or None
    if until is not None:
        clocks.agree(case, kind_of(case.kind), ANSWER_CLOCK, end_of(until), ESCALATION)


@shows("upstream_answered", "upstream_returned")
def _by_whom(case: Case, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"unit": case.upstream_body}


@carries_out("upstream_answered")
def _upstream_answered(taken: Taken) -> None:
    """Who wrote the answer down does not check it (GRID-10)."""
    taken.case.handled_by = taken.actor.id


@carries_out("upstream_returned")
def _upstream_returned(taken: Taken) -> None:
    """Ours again, by our own date."""
    case = taken.case
    clocks.disagree(case, kind_of(case.kind), ANSWER_CLOCK, ESCALATION)
    case.upstream_body, case.upstream_number, case.upstream_due_on = "", None, None
    take_away(case)
