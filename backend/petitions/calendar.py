"""The legal calendar of the office, and the month's figures: of matters, never of a village or a person (§8.1).

What is due and what was breached goes by the clocks of the law; the citizen's own windows are no duty of the
office and stand in neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from backend.kernel.actor import Actor
from backend.kernel.clock import now, start_of_day, today
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.kernel.ids import show_code
from backend.petitions import queries, words
from backend.petitions.models import Petition, PetitionRating
from backend.petitions.states import (
    ABOVE_CLOCK,
    HANDLE_CLOCK,
    INFORM_CLOCK,
    JOINED,
    OBJECTION_CLOCK,
    REEXAMINATION_CLOCK,
    REVIEW_CLOCK,
    SENDER_CLOCK,
    SIMPLE_CLOCK,
    TABLE,
    WITHDRAWN,
)
from backend.workflow.models import WorkClock

#: duties; the windows to ask for review and re-examination are rights
DUTIES = (INFORM_CLOCK, HANDLE_CLOCK, SIMPLE_CLOCK, SENDER_CLOCK, REVIEW_CLOCK, REEXAMINATION_CLOCK)
SHOWN = (*DUTIES, OBJECTION_CLOCK, ABOVE_CLOCK)
WEEK, LOOKED_BACK = timedelta(days=7), timedelta(days=90)
MOST = 200
#: what ended without an answer owed any more is in no share of what was answered
NO_ANSWER_OWED = (JOINED, WITHDRAWN)


def legal_calendar(actor: Actor) -> dict[str, Any]:
    """What is due from today on within seven days, and what was breached within ninety; dates of Shanghai."""
    ends = start_of_day(today() + WEEK)
    running = WorkClock.state == "running"
    due = and_(running, WorkClock.name.in_(SHOWN), WorkClock.due_at >= now(), WorkClock.due_at < ends)
    late = or_(
        and_(running, WorkClock.due_at < now()),
        and_(WorkClock.state == "stopped", WorkClock.stopped_at > WorkClock.due_at),
    )
    since = start_of_day(today() - LOOKED_BACK)
    breached = and_(WorkClock.name.in_(DUTIES), WorkClock.due_at >= since, late)
    return {
        "today": today(),
        "due": [_line(p, c) for p, c in _clocks(actor, due)],
        "breached": [_line(p, c) for p, c in _clocks(actor, breached) if _days_late(p, c) > 0],
    }


def _clocks(actor: Actor, condition: ColumnElement[bool]) -> list[tuple[Petition, WorkClock]]:
    query = (
        select(Petition, WorkClock)
        .join(WorkClock, and_(WorkClock.subject_kind == TABLE.kind, WorkClock.subject_id == Petition.id))
        .where(queries.in_sight(actor), condition)
        .order_by(WorkClock.due_at, Petition.id)
        .limit(MOST)
    )
    return [(petition, clock) for petition, clock in db.session.execute(query)]


def _line(petition: Petition, clock: WorkClock) -> dict[str, Any]:
    state = TABLE.state(petition.state)
    return {
        "id": petition.id,
        "code_display": show_code(petition.code),
        "title": petition.title,
        "state_label": state.for_staff,
        "tone": state.tone,
        "unit_name": petition.assignee_unit_name or None,
        "clock": clock.name,
        "label": TABLE.clock_labels[clock.name],
        "due_on": words.day_of(clock.due_at),
        "days_late": _days_late(petition, clock),
        "still_open": clock.state == "running",
    }


def _kept_on(petition: Petition, clock: WorkClock) -> date | None:
    """The day on which the duty was done; None while it is not. A reply counts from its delivery (PET-11)."""
    if clock.name in {HANDLE_CLOCK, SIMPLE_CLOCK, SENDER_CLOCK} and petition.delivered_on is not None:
        return petition.delivered_on
    return words.day_of(clock.stopped_at) if clock.stopped_at is not None else None


def _days_late(petition: Petition, clock: WorkClock) -> int:
    done = _kept_on(petition, clock) or today()
    return max(0, (done - words.day_of(clock.due_at)).days)


def month_figures(actor: Actor, month: str) -> dict[str, Any]:
    """The month's figures of the towns (or of the one unit) whose figures the actor may see.

    ``month``: YYYY-MM, of Shanghai. Shares are of the duties whose last day lies in the month and that are
    done or late; ratings are those given in the month. Raises Invalid for a month that is none.
    """
    first, last = _month(month)
    begins, ends = start_of_day(first), start_of_day(last + timedelta(days=1))
    scope = queries.scope(actor, "petition.figures")
    received = db.session.scalars(
        select(Petition).where(scope, Petition.received_on >= first, Petition.received_on <= last)
    ).all()
    return {
        "month": month,
        "registered": len(received),
        "by_channel": _by(words.CHANNELS, (row.channel for row in received)),
        "by_class": _by(words.CLASSES, (row.petition_class for row in received)),
        "informed": _share(scope, INFORM_CLOCK, begins, ends),
        "answered": _share(scope, HANDLE_CLOCK, begins, ends),
        "satisfaction": [_satisfaction(scope, about, begins, ends) for about in words.RATED],
    }


def _month(month: str) -> tuple[date, date]:
    try:
        first = date.fromisoformat(f"{month}-01")
        following = (first + timedelta(days=31)).replace(day=1)
    except (ValueError, OverflowError) as error:
        raise Invalid(
            "bad_month", "月份不对，请重新选择。", fields={"month": ["应为 2026-03 这样"]}
        ) from error
    return first, following - timedelta(days=1)


def _by(labels: dict[str, str], found: Iterable[str]) -> list[dict[str, Any]]:
    counted = Counter(found)
    return [{"label": label, "count": counted[code]} for code, label in labels.items() if counted[code]]


def _counts_as(clock_name: str) -> ColumnElement[bool]:
    """The duty's clock; an answer is owed by the short one as long as the matter is a simple one (PET-25)."""
    of_law = WorkClock.name == clock_name
    if clock_name != HANDLE_CLOCK:
        return of_law
    return or_(of_law, and_(WorkClock.name == SIMPLE_CLOCK, Petition.simple.is_(True)))


def _share(scope: ColumnElement[bool], clock_name: str, begins: datetime, ends: datetime) -> dict[str, Any]:
    """How many of the duties due in the month were done by their last day."""
    query = (
        select(Petition, WorkClock)
        .join(WorkClock, and_(WorkClock.subject_kind == TABLE.kind, WorkClock.subject_id == Petition.id))
        .where(scope, _counts_as(clock_name), WorkClock.due_at >= begins, WorkClock.due_at < ends)
        .where(Petition.state.not_in(NO_ANSWER_OWED))
    )
    decided = [
        _days_late(petition, clock) == 0
        for petition, clock in db.session.execute(query)
        if _kept_on(petition, clock) is not None or now() > clock.due_at
    ]
    return {"timely": sum(decided), "n": len(decided), "percent": _percent(sum(decided), len(decided))}


def _satisfaction(scope: ColumnElement[bool], about: str, begins: datetime, ends: datetime) -> dict[str, Any]:
    """The ratings given in the month, each score with its number; nobody's silence counts (§1.4)."""
    query = (
        select(PetitionRating.score)
        .join(Petition, Petition.id == PetitionRating.petition_id)
        .where(scope, PetitionRating.object == about)
        .where(PetitionRating.rated_at >= begins, PetitionRating.rated_at < ends)
    )
    counted = Counter(db.session.scalars(query))
    total = sum(counted.values())
    content = counted["satisfied"] + counted["basically"]
    return {
        "object": about,
        "label": words.RATED[about],
        "satisfied": counted["satisfied"],
        "basically": counted["basically"],
        "unsatisfied": counted["unsatisfied"],
        "n": total,
        "percent": _percent(content, total),
    }


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None
