"""随手拍 as a kind of case: what the core and the engine are told of it."""

from __future__ import annotations

from backend.cases.access import load_locked
from backend.cases.kinds import CaseKind, register_case_kind
from backend.cases.models import Case
from backend.kernel.db import db
from backend.reports import jobs, policy, queries, services
from backend.reports.models import Category
from backend.reports.states import ACCEPT_CLOCK, ANSWER_CLOCK, TABLE
from backend.workflow.kinds import Kind
from backend.workflow.table import Edge, Field, Limit

# 重办: half the original limit, at least two working days (domain-rules §2.2).
LEAST_AGAIN = Limit(2, "working_day")
# A request to re-open is decided within two working days (ours; a town may ask for another).
DECIDE_REOPEN = Limit(2, "working_day")
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
            ),
            may_see=policy.may_see,
            act=services.act,
            details=queries.details,
            group_of=lambda case: _category(case).group_code,
            points=queries.points,
            contact=queries.contact,
        )
    )


def demands(case: Case, edge: Edge) -> tuple[Field, ...]:
    """An after-photo is demanded only where the category says why (国办函〔2026〕12号)."""
    if edge.action != "handle":
        return edge.fields
    category = _category(case)
    if not category.after_photo:
        return edge.fields
    label = f"办后照片（{category.after_photo_reason}）" if category.after_photo_reason else "办后照片"
    return tuple(
        Field("media_ids", label, "photos", required=True, most=9) if f.name == "media_ids" else f
        for f in edge.fields
    )


def limit(case: Case, clock: str) -> Limit | None:
    """How long a clock of this case runs (domain-rules §2.2)."""
    category = _category(case)
    if clock == ACCEPT_CLOCK:
        return Limit(category.accept_amount, category.accept_unit)  # type: ignore[arg-type]  # checked by the loader
    if clock != ANSWER_CLOCK:
        return DECIDE_REOPEN
    first = Limit(category.limit_amount, category.limit_unit)  # type: ignore[arg-type]  # checked by the loader
    return first if case.entry_count <= 1 else _again(first)


def _again(first: Limit) -> Limit:
    """Half the limit, rounded up, at least two working days; hours are short enough and stay."""
    if first.unit in {"working_hour", "emergency_hour"}:
        return first
    half = Limit(-(-first.amount // 2), first.unit)
    # Two working days may take four days on the calendar: over a weekend.
    enough = 4 if first.unit == "natural_day" else LEAST_AGAIN.amount
    return half if half.amount >= enough else LEAST_AGAIN


def _category(case: Case) -> Category:
    found = db.session.get(Category, case.category_id)
    if found is None:
        raise LookupError(
            f"case {case.id} names the category {case.category_code!r}, which its town never had"
        )
    return found
