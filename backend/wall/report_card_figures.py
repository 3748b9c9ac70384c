"""The figures of a month, reckoned from the cases (domain-rules §2.3): of the town and of each village, each with its n.

Medians rather than means; silence is no satisfaction; a figure of fewer than ten is not shown, and villages
stand in the town's own order, never by a figure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from sqlalchemy import func, select

from backend.cases.figures import satisfied_percent
from backend.cases.models import Case
from backend.cases.standing import answered_states, running_states
from backend.kernel.clock import start_of_day
from backend.kernel.db import db
from backend.places import queries as places
from backend.wall.models import WallFollowUp
from backend.wall.public_queries import next_month
from backend.wall.states import UNANSWERED

LEAST = 10
FEW = f"不足{LEAST}件"
LABELS = {
    "received": "收到",
    "closed": "办结",
    "late": "超期办结",
    "overdue": "月底仍超期未结",
    "median_days": "办结用时（中位数）",
    "satisfaction": "满意率",
    "unanswered": "尚未答复的追问",
}


@dataclass(frozen=True)
class _Closed:
    """A case that was closed with an answer in the month."""

    village_id: int | None
    created_at: datetime
    closed_at: datetime
    due_at: datetime | None
    rating: str | None

    @property
    def days(self) -> float:
        return (self.closed_at - self.created_at).total_seconds() / 86400

    @property
    def late(self) -> bool:
        return self.due_at is not None and self.closed_at > self.due_at


@dataclass(frozen=True)
class Month:
    """What happened in a month: village ids of what was received, of what was late and open, of open questions."""

    received: Sequence[int | None]
    closed: Sequence[_Closed]
    overdue: Sequence[int | None]
    unanswered: Sequence[int | None]

    def of(self, village_id: int) -> Month:
        """The part of it that lies in one village."""
        return Month(
            [v for v in self.received if v == village_id],
            [c for c in self.closed if c.village_id == village_id],
            [v for v in self.overdue if v == village_id],
            [v for v in self.unanswered if v == village_id],
        )


def figures(town_id: int, month: date) -> dict[str, Any]:
    """The figures of the month that begins on `month`, as they are shown and kept."""
    found = read(town_id, month)
    villages = places.children(town_id, "village")
    return {
        "figures": lines(found),
        "villages": [
            {"village_id": str(one.id), "village_name": one.name, "figures": lines(found.of(one.id))}
            for one in villages
        ],
    }


def read(town_id: int, month: date) -> Month:
    """Read what the figures are made of. What was merged is counted where it was merged into (§2.3)."""
    begins, ends = start_of_day(month), start_of_day(next_month(month))
    here = Case.town_id == town_id
    received = select(Case.village_id).where(
        here, Case.created_at >= begins, Case.created_at < ends, Case.merged_into.is_(None)
    )
    closed = select(Case.village_id, Case.created_at, Case.closed_at, Case.due_at, Case.rating).where(
        here, Case.state.in_(answered_states()), Case.closed_at >= begins, Case.closed_at < ends
    )
    overdue = select(Case.village_id).where(
        here, Case.state.in_(running_states()), Case.due_at < ends, Case.created_at < ends
    )
    waiting = select(WallFollowUp.village_id).where(
        WallFollowUp.town_id == town_id,
        WallFollowUp.state.in_(UNANSWERED),
        WallFollowUp.shown,
        WallFollowUp.created_at < ends,
    )
    return Month(
        db.session.scalars(received).all(),
        [_Closed(*row) for row in db.session.execute(closed)],  # type: ignore[arg-type]  # closed has a date
        db.session.scalars(overdue).all(),
        db.session.scalars(waiting).all(),
    )


def lines(month: Month) -> list[dict[str, Any]]:
    """The figures in words. Each is reckoned from `n` cases, and not shown where these are fewer than ten."""
    received, closed = len(month.received), month.closed
    rated = [one.rating for one in closed if one.rating]
    percent = satisfied_percent(rated)
    return [
        _count("received", received),
        _count("closed", len(closed)),
        _count("late", sum(one.late for one in closed), of=len(closed)),
        _count("overdue", len(month.overdue), of=max(received, len(closed), len(month.overdue))),
        _measure("median_days", len(closed), lambda: round(median(one.days for one in closed), 1), "天"),
        _measure("satisfaction", len(rated), lambda: percent, "%"),
        _count("unanswered", len(month.unanswered), of=max(received, len(month.unanswered))),
    ]


def _count(code: str, number: int, of: int | None = None) -> dict[str, Any]:
    """A number of cases; `of`: among how many, when not among themselves."""
    n = number if of is None else of
    shown = n >= LEAST
    return {
        "code": code,
        "label": LABELS[code],
        "value": float(number) if shown else None,
        "n": n if shown else None,
        "words": f"{number} 件" if shown else FEW,
    }


def _measure(code: str, n: int, reckon: Callable[[], float | None], unit: str) -> dict[str, Any]:
    value = reckon() if n >= LEAST else None
    return {
        "code": code,
        "label": LABELS[code],
        "value": value,
        "n": n if value is not None else None,
        "words": FEW if value is None else f"{value:g}{unit if unit == '%' else ' ' + unit}（n={n}）",
    }


def anything(town_id: int) -> date | None:
    """The day of the town's first case; None while there is none."""
    first: datetime | None = db.session.scalar(
        select(func.min(Case.created_at)).where(Case.town_id == town_id)
    )
    return None if first is None else first.date()
