"""随手拍 as a kind of case: what the core and the engine are told of it."""

from __future__ import annotations

from backend.cases.access import load_locked
from backend.cases.kinds import CaseKind, register_case_kind
from backend.cases.models import Case
from backend.reports import (
    asking,
    call_backs,
    child_tasks,
    effects,
    elsewhere,
    jobs,
    merging,
    more_time,
    oversight,
    policy,
    queries,
    services,
    supervision,
)
from backend.reports.elsewhere import NOT_ACCEPTED_OUTCOME
from backend.reports.fields import ASSIGNEE
from backend.reports.states import (
    ACCEPT_CLOCK,
    ANSWER_CLOCK,
    CITIZEN_CLOCK,
    REOPEN_CLOCK,
    SUPERVISION_CLOCK,
    TABLE,
)
from backend.workflow.kinds import Kind
from backend.workflow.table import Edge, Field, Limit

# 重办: half the original limit, at least two working days (domain-rules §2.2).
LEAST_AGAIN = Limit(2, "working_day")
OWN_LIMITS = {
    # A request to re-open is decided within two working days (ours; a town may ask for another).
    REOPEN_CLOCK: Limit(2, "working_day"),
    # The citizen has three working days to answer, and three more after the reminder.
    CITIZEN_CLOCK: Limit(3, "working_day"),
    SUPERVISION_CLOCK: Limit(2, "working_day"),
}
# Imported for what they register.
SIDE_WAYS = (asking, elsewhere, merging, more_time, call_backs, supervision, child_tasks)
#: may lead to hands when there are none: settled on the spot, or answered from above
NEED_HANDS = frozenset({"approve_reopen", "reopen", "fail_check"})
__all__ = ["jobs", "register_reports"]


def register_reports() -> None:
    """Make 随手拍 known; called once by the composition root."""
    register_case_kind(
        CaseKind(
            workflow=Kind(
                table=TABLE,
                may=policy.may_take,
                demands=demands,
                limit=limit,
                load=load_locked,
                main_clock=ANSWER_CLOCK,
                on_ring=effects.on_ring,
                quiet=frozenset({CITIZEN_CLOCK}),
                inner=frozenset({SUPERVISION_CLOCK}),
            ),
            may_see=policy.may_see,
            act=services.act,
            details=queries.details,
            group_of=queries.group_of,
            points=queries.points,
            contact=queries.contact,
            oversight=oversight.of_case,
        )
    )


def demands(case: Case, edge: Edge) -> tuple[Field, ...]:
    """What this case adds to the table: a photo where its category asks for one, hands where it has none."""
    if edge.action == "handle":
        return _with_after_photo(case, edge.fields)
    if edge.action in NEED_HANDS and case.assignee_unit_id is None:
        return (ASSIGNEE, *edge.fields)
    return edge.fields


def _with_after_photo(case: Case, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """An after-photo is demanded only where the category says why (国办函〔2026〕12号)."""
    category = queries.category_of(case)
    if not category.after_photo:
        return fields
    label = f"办后照片（{category.after_photo_reason}）" if category.after_photo_reason else "办后照片"
    return tuple(
        Field("media_ids", label, "photos", required=True, most=9) if f.name == "media_ids" else f
        for f in fields
    )


def limit(case: Case, clock: str) -> Limit | None:
    """How long a clock of this case runs (domain-rules §2.2).

    Once it was answered, half as long; what was refused and contested, or merged and split, has its
    full length.
    """
    if clock == SUPERVISION_CLOCK and case.supervision_open:
        return None  # a second cause gives no more time
    if clock in OWN_LIMITS:
        return OWN_LIMITS[clock]
    category = queries.category_of(case)
    if clock == ACCEPT_CLOCK:
        return Limit(category.accept_amount, category.accept_unit)  # type: ignore[arg-type]  # checked by the loader
    first = Limit(category.limit_amount, category.limit_unit)  # type: ignore[arg-type]  # checked by the loader
    return first if case.outcome in {None, NOT_ACCEPTED_OUTCOME} else _again(first)


def _again(first: Limit) -> Limit:
    """Half the limit, rounded up, at least two working days; hours are short enough and stay."""
    if first.unit in {"working_hour", "emergency_hour"}:
        return first
    half = Limit(-(-first.amount // 2), first.unit)
    # Two working days may take four days on the calendar: over a weekend.
    enough = 4 if first.unit == "natural_day" else LEAST_AGAIN.amount
    return half if half.amount >= enough else LEAST_AGAIN
