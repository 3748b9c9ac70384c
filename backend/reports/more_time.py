"""More time: an extension, and 挂账 (HOT-08, GRID-11, domain-rules §2.2).

Asked by whoever has the case, before it is late; decided by somebody else; told to the citizen with
the new date. Each at most once in a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from backend.cases.access import load_locked
from backend.cases.models import Case
from backend.cases.words import day_words
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import SHANGHAI, now, shanghai, today
from backend.kernel.errors import Conflict, Invalid
from backend.outbox.services import Owed, enqueue_all
from backend.reports import services
from backend.reports.effects import Taken, carries_out, forget_request, shows
from backend.reports.states import ANSWER_CLOCK, SUSPENDED
from backend.workflow import clocks
from backend.workflow.calendar import end_of
from backend.workflow.kinds import kind_of
from backend.workflow.models import WorkClock
from backend.workflow.table import Limit

EXTENSION, SUSPENSION = "extension", "suspension"
LONGEST_SUSPENSION = timedelta(days=365)
REVIEW_EVERY = timedelta(days=30)
#: a case that lay still goes on in the morning, and nobody is told at midnight
MORNING = time(8)
OVER_JOB, REVIEW_JOB = "report.suspension_over", "report.review_suspension"


@carries_out("ask_extension")
def _ask_extension(taken: Taken) -> None:
    """Before the due date, and at most once the original limit again (§2.2). Raises Conflict, Invalid."""
    case, until = taken.case, taken.given["until"]
    clock = _answer_clock(case)
    _in_time(clock, "延期")
    longest = _longest(clock)
    if (
        not shanghai(clock.due_at).date() <= until <= shanghai(longest).date()
        or end_of(until) <= clock.due_at
    ):
        raise Invalid(
            "bad_until",
            f"请选择现在的期限之后、{day_words(shanghai(longest).date())}以前的日期：延期不能超过原来的时限。",
            fields={"until": ["日期不在可延期的范围内"]},
        )
    _keep_request(taken, EXTENSION)


@carries_out("ask_suspension")
def _ask_suspension(taken: Taken) -> None:
    """An end date within 365 days; a case that is late is not laid aside (§2.2). Raises Conflict, Invalid."""
    until = taken.given["until"]
    _in_time(_answer_clock(taken.case), "挂账")
    if not today() < until <= today() + LONGEST_SUSPENSION:
        last = today() + LONGEST_SUSPENSION
        raise Invalid(
            "bad_until",
            f"请选择明天以后、{last.year} 年 {day_words(last)}以前的日期：挂账最长 365 天。",
            fields={"until": ["日期不在可挂账的范围内"]},
        )
    _keep_request(taken, SUSPENSION)


@shows("approve_extension")
def _new_date(case: Case, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row names the new date: messages read it there."""
    if case.pending_until is None or case.pending_request != EXTENSION:
        return {}
    due = _extended(_answer_clock(case), case.pending_until)
    return {"until": shanghai(due).date().isoformat(), "due_at": due.isoformat()} | _asker(case)


@carries_out("approve_extension")
def _approve_extension(taken: Taken) -> None:
    case = taken.case
    due = _extended(_answer_clock(case), _asked_until(case))
    if due <= now():
        raise Conflict("request_past", "申请延到的日期已经过了，请不予同意，让办理人重新说明。")
    clocks.agree(case, kind_of(case.kind), ANSWER_CLOCK, due, EXTENSION)
    case.extension_count += 1
    forget_request(case)


@shows("approve_suspension")
def _end_date(case: Case, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    return ({"until": case.pending_until.isoformat()} if case.pending_until else {}) | _asker(case)


@carries_out("approve_suspension")
def _approve_suspension(taken: Taken) -> None:
    """The clock is paused by the edge; what wakes the case up is owed from here on."""
    case = taken.case
    until = _asked_until(case)
    if until <= today():
        raise Conflict("request_past", "申请挂账到的日期已经到了，请不予同意。")
    case.suspended_until = until
    case.suspension_count += 1
    forget_request(case)
    over = datetime.combine(until, MORNING, SHANGHAI)
    enqueue_all(
        [
            Owed(OVER_JOB, _mark(case), key=f"{OVER_JOB}:{case.id}:{case.suspension_count}", not_before=over),
            *_review(case, taken.entry.at, 1),
        ]
    )


@shows("refuse_extension", "refuse_suspension")
def _who_asked(case: Case, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    return _asker(case)


@carries_out("refuse_extension", "refuse_suspension")
def _refuse(taken: Taken) -> None:
    forget_request(taken.case)


@carries_out("resume", "suspension_over", "withdraw")
def _awake(taken: Taken) -> None:
    taken.case.suspended_until = None


def suspension_over(case_id: int, number: int) -> bool:
    """Let a suspended case go on at its date; False when that suspension has ended before."""
    case = _still_suspended(case_id, number)
    if case is None:
        return False
    services.act(case, "suspension_over", SYSTEM, None, {})
    return True


def review_suspension(case_id: int, number: int, nth: int, begun: datetime) -> bool:
    """Ask for the monthly review, and owe the next one; False when that suspension has ended before.

    ``begun``: aware, when it was laid aside.
    """
    case = _still_suspended(case_id, number)
    if case is None:
        return False
    services.act(case, "review_suspension", SYSTEM, None, {})
    enqueue_all(_review(case, begun, nth + 1))
    return True


def _still_suspended(case_id: int, number: int) -> Case | None:
    case = load_locked(case_id)
    still = case is not None and case.state == SUSPENDED and case.suspension_count == number
    return case if still else None


def _mark(case: Case) -> dict[str, Any]:
    """Which suspension a job means: one that was ended by hand is not woken again."""
    return {"case_id": str(case.id), "number": case.suspension_count}


def _review(case: Case, begun: datetime, nth: int) -> list[Owed]:
    """The nth monthly review, when it falls before the end."""
    at = begun + nth * REVIEW_EVERY
    if case.suspended_until is None or shanghai(at).date() >= case.suspended_until:
        return []
    payload = _mark(case) | {"nth": nth, "begun": begun.isoformat()}
    key = f"{REVIEW_JOB}:{case.id}:{case.suspension_count}:{nth}"
    return [Owed(REVIEW_JOB, payload, key=key, not_before=at)]


def _keep_request(taken: Taken, what: str) -> None:
    case = taken.case
    case.pending_request, case.pending_by, case.pending_until = what, taken.actor.id, taken.given["until"]


def _asker(case: Case) -> dict[str, Any]:
    return {"asked_by": str(case.pending_by or "")}


def _asked_until(case: Case) -> date:
    assert case.pending_until is not None  # the policy lets only a pending request be decided
    return case.pending_until


def _answer_clock(case: Case) -> WorkClock:
    return next(c for c in clocks.of_subject(case.kind, case.id) if c.name == ANSWER_CLOCK)


def _in_time(clock: WorkClock, what: str) -> None:
    if now() > clock.due_at:
        raise Conflict("overdue", f"已经超过答复时限，不能再申请{what}；请尽快办理，并向居民说明。")


def _longest(clock: WorkClock) -> datetime:
    """The latest date of an extension: the clock's own limit once more."""
    limit = Limit(clock.amount, clock.unit)  # type: ignore[arg-type]  # written from a Limit
    return clocks.calendar().due(clock.due_at, limit)


def _extended(clock: WorkClock, until: date) -> datetime:
    """The end of that day, within the bound: a limit of hours is extended by hours."""
    return min(end_of(until), _longest(clock))
