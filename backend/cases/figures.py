"""Figures: medians rather than means, satisfaction with its n, nothing that ranks people (HOT-13, §2.3)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, func, select

from backend.cases.kinds import all_case_kinds
from backend.cases.models import Case
from backend.cases.queries import open_states, queue_counts, scope_of
from backend.cases.standing import answered_states
from backend.kernel.actor import Actor
from backend.kernel.clock import shanghai, start_of_day, today
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.places import queries as places

LONGEST_PERIOD = 400
EARLIEST = date(2020, 1, 1)  # nothing here is older; a date in 1970 is a slip
# 满意率 = (满意 + 0.9 × 基本满意) ÷ 已评价 (domain-rules §2.3); nobody's silence counts as an answer.
WORTH = {"satisfied": 1.0, "basically": 0.9, "unsatisfied": 0.0}


def board(actor: Actor, first: date | None, last: date | None) -> dict[str, Any]:
    """The figures of everything in the actor's scope; the period is Shanghai days, both included."""
    first, last = _period(first, last)
    begins, ends = start_of_day(first), start_of_day(last + timedelta(days=1))
    scope = scope_of(actor)
    counts = queue_counts(actor)
    # What was merged is the same matter once more; it is counted where it was merged into (§2.3).
    received = db.session.execute(
        select(Case.created_at, Case.category_name, Case.village_id).where(
            scope, Case.created_at >= begins, Case.created_at < ends, Case.merged_into.is_(None)
        )
    ).all()
    closed = _closed(scope & (Case.closed_at >= begins) & (Case.closed_at < ends))
    days = [(c.closed_at - c.created_at).total_seconds() / 86400 for c in closed]
    rated = [c.rating for c in closed if c.rating]
    return {
        "open": sum(counts["states"].values()),
        "due_today": counts["due_today"],
        "overdue": counts["overdue"],
        "submitted": counts["states"].get("submitted", 0),
        "received": len(received),
        "closed_month": len(closed),
        "median_days": {"value": round(median(days), 1) if days else None, "n": len(days)},
        "satisfaction": {"percent": satisfied_percent(rated), "n": len(rated)},
        "by_state": _by_state(counts["states"]),
        "by_day": _by_day(first, last, [r.created_at for r in received], [c.closed_at for c in closed]),
        "by_category": _top(Counter(r.category_name for r in received)),
        "by_village": _by_village(Counter(r.village_id for r in received if r.village_id)),
    }


def _period(first: date | None, last: date | None) -> tuple[date, date]:
    """The days asked for, the last thirty when none are; Invalid with a sentence."""
    last = last or today()
    first = first or max(EARLIEST, last) - timedelta(days=29)
    again = {"from": ["请重新选择"]}
    if not EARLIEST <= first <= last <= today() + timedelta(days=LONGEST_PERIOD):
        sentence = f"起止日期不对：请在 {EARLIEST:%Y 年} 至今的范围内选择，起始日期不能晚于截止日期。"
        raise Invalid("bad_period", sentence, fields=again)
    if (last - first).days > LONGEST_PERIOD:
        raise Invalid("period_too_long", f"一次最长可看 {LONGEST_PERIOD} 天。", fields=again)
    return first, last


def home(town_id: int) -> dict[str, Any]:
    """What the town received and did since the first of this month, for everyone."""
    first = today().replace(day=1)
    begins = start_of_day(first)
    received = db.session.execute(
        select(func.count())
        .select_from(Case)
        .where(Case.town_id == town_id, Case.created_at >= begins, Case.merged_into.is_(None))
    ).scalar_one()
    closed = _closed((Case.town_id == town_id) & (Case.closed_at >= begins))
    days = [(c.closed_at - c.created_at).total_seconds() / 86400 for c in closed]
    rated = [c.rating for c in closed if c.rating]
    return {
        "month_from": first.isoformat(),
        "received": received,
        "closed": len(closed),
        "median_days": round(median(days), 1) if days else None,
        "satisfied_percent": satisfied_percent(rated),
        "rated": len(rated),
    }


def satisfied_percent(ratings: list[str]) -> float | None:
    """The share of satisfaction in percent; None, shown as "—", when nobody has answered."""
    if not ratings:
        return None
    return round(100 * sum(WORTH[r] for r in ratings) / len(ratings), 1)


def _closed(condition: ColumnElement[bool]) -> list[Any]:
    """What was closed with an answer: what was not accepted, withdrawn or merged is in no rate (§2.3)."""
    columns = select(Case.created_at, Case.closed_at, Case.rating)
    return list(db.session.execute(columns.where(condition, Case.state.in_(answered_states()))).all())


def _by_state(states: dict[str, int]) -> list[dict[str, Any]]:
    labels = {s.code: s.for_staff for kind in all_case_kinds() for s in kind.workflow.table.states}
    return [{"state": code, "label": labels[code], "n": states.get(code, 0)} for code in open_states()]


def _by_day(first: date, last: date, received: list[Any], closed: list[Any]) -> list[dict[str, Any]]:
    came = Counter(shanghai(m).date() for m in received)
    went = Counter(shanghai(m).date() for m in closed)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [{"day": d.isoformat(), "received": came[d], "closed": went[d]} for d in days]


def _by_village(counted: Counter[int]) -> list[dict[str, Any]]:
    names = places.places_named(list(counted))
    return _top(Counter({names[i].name: n for i, n in counted.items() if i in names}))


def _top(counted: Counter[str]) -> list[dict[str, Any]]:
    return [{"name": name, "n": n} for name, n in counted.most_common(12)]
