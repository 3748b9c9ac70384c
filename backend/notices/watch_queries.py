"""Reads of the frequency watch (OPEN-04, OPEN-10): which village owes what, since when, and what the town ordered.

Counted from what is published, never stored: what a village publishes is off the list at once. A town is watched
from the month of its first notice on: nobody owes what was before the program was used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from backend.kernel.actor import Actor
from backend.kernel.clock import today
from backend.kernel.db import db
from backend.notices import objection_policy as policy
from backend.notices import objection_source as sources
from backend.notices import watch_rules as rules
from backend.notices.categories import Category
from backend.notices.objection_models import NoticeReport
from backend.notices.watch_models import NoticeOrder, NoticeReminder
from backend.places import queries as places
from backend.places.queries import PlaceCard

MISSING, DUE, LATE_PUBLISHED, PUBLISHED = "missing", "due", "published_late", "published"
STATES = {
    MISSING: "逾期未公开",
    DUE: "快到期",
    LATE_PUBLISHED: "逾期后公开",
    PUBLISHED: "按时公开",
}
Key = tuple[int, str, str]


@dataclass(frozen=True)
class Owed:
    """One thing that one village owes, or owed, for one period."""

    village: PlaceCard
    duty: Category
    period: rules.Period
    notice_id: int | None
    published_on: date | None

    @property
    def key(self) -> Key:
        """Village, category and period."""
        return self.village.id, self.duty.code, self.period.code

    def days_late(self, day: date) -> int:
        """Days after the day by which it was to be published; counted to that day while it is not."""
        return rules.days_late(self.period.due_on, self.published_on or day)

    def state(self, day: date) -> str:
        """How it stands on a day."""
        if self.published_on is not None:
            return LATE_PUBLISHED if self.days_late(day) else PUBLISHED
        return MISSING if self.days_late(day) else DUE


def owed(town_id: int, village_ids: Iterable[int] | None = None) -> list[Owed]:
    """Everything that the villages of a town were to publish lately, village by village, newest period first."""
    begun = sources.first_published_on(town_id)
    if begun is None:
        return []
    day, since = today(), begun.replace(day=1)
    due = [(duty, one) for duty in sources.duties(town_id) for one in _since(duty, day, since)]
    if not due:
        return []
    there = sources.published_periods(town_id, {period.code for _, period in due})
    wanted = None if village_ids is None else set(village_ids)
    villages = [v for v in places.children(town_id, "village") if wanted is None or v.id in wanted]
    return [
        Owed(village, duty, period, *there.get((village.id, duty.code, period.code), (None, None)))
        for village in villages
        for duty, period in due
    ]


def _since(duty: Category, day: date, since: date) -> Iterator[rules.Period]:
    return (one for one in rules.recent(duty.frequency, day) if one.due_on >= since)


def orders(town_id: int) -> dict[Key, list[NoticeOrder]]:
    """What the town ordered, by village, category and period; oldest first."""
    rows = db.session.scalars(
        select(NoticeOrder)
        .where(NoticeOrder.town_id == town_id)
        .order_by(NoticeOrder.ordered_on, NoticeOrder.id)
    )
    found: dict[Key, list[NoticeOrder]] = {}
    for row in rows:
        found.setdefault((row.village_id, row.category, row.period), []).append(row)
    return found


def line(one: Owed, ordered: list[NoticeOrder], day: date) -> dict[str, Any]:
    """One thing owed, as everybody reads it."""
    last = ordered[-1] if ordered else None
    return {
        "village_id": one.village.id,
        "village_name": one.village.name,
        "kind": one.duty.kind,
        "kind_label": one.duty.kind_label,
        "category": one.duty.code,
        "category_label": one.duty.label,
        "period": one.period.code,
        "period_label": one.period.label,
        "due_on": one.period.due_on,
        "state": one.state(day),
        "state_label": STATES[one.state(day)],
        "days_late": one.days_late(day),
        "notice_id": one.notice_id,
        "published_on": one.published_on,
        "ordered_on": last.ordered_on if last is not None else None,
        "order_note": last.note if last is not None else "",
    }


def late_count(village_id: int) -> int:
    """How many publications of a village are late and not there, for its own page (OPEN-10)."""
    town_id, day = places.get_place(village_id).places["town"], today()
    return sum(one.state(day) == MISSING for one in owed(town_id, [village_id]))


def for_desk(actor: Actor) -> dict[str, Any]:
    """What the villages in the actor's reach owe: what is late first, then what is due soon; with its orders."""
    day, items = today(), []
    for town_id in _towns(actor):
        ordered, reminded, reported = orders(town_id), _reminded(town_id), _reported(town_id)
        for one in owed(town_id):
            if one.state(day) == PUBLISHED or not _reaches(one.village, actor):
                continue
            mine = ordered.get(one.key, [])
            items.append(
                line(one, mine, day)
                | {
                    "reminded_on": reminded.get(one.key),
                    "reports": reported[one.key],
                    "orders": [
                        {"on": row.ordered_on, "note": row.note, "unit": row.ordered_unit} for row in mine
                    ],
                    "may_order": one.state(day) == MISSING
                    and policy.watches(one.village.places, actor)
                    and all(row.ordered_on != day for row in mine),
                }
            )
    items.sort(key=lambda it: (it["published_on"] is not None, -it["days_late"], it["due_on"]))
    return {"as_of": day, "items": items}


def _towns(actor: Actor) -> list[int]:
    return [actor.town_id] if actor.town_id is not None else []


def _reaches(village: PlaceCard, actor: Actor) -> bool:
    return any(actor.may_on(one, village.places, None) for one in policy.DEBTORS)


def _reminded(town_id: int) -> dict[Key, date]:
    rows = db.session.execute(
        select(
            NoticeReminder.village_id,
            NoticeReminder.category,
            NoticeReminder.period,
            func.max(NoticeReminder.sent_on),
        )
        .where(NoticeReminder.town_id == town_id)
        .group_by(NoticeReminder.village_id, NoticeReminder.category, NoticeReminder.period)
    )
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def _reported(town_id: int) -> Counter[Key]:
    rows = db.session.execute(
        select(NoticeReport.village_id, NoticeReport.category, NoticeReport.period).where(
            NoticeReport.town_id == town_id, NoticeReport.village_id.is_not(None)
        )
    )
    return Counter((int(row[0] or 0), row[1], row[2]) for row in rows)
