"""Reads of the core: the lines of the lists and their counts, a person's filters, cards for messages.

The lists are plain columns → dict → orjson (ORM + marshmallow costs 4.3 times the bare SQL, this
2.4). tests/api/cases hold their dicts equal to the schema. The queue itself is queue.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy import case as sql_case

from backend.cases import parts
from backend.cases.kinds import all_case_kinds, case_kind
from backend.cases.models import Case, SavedFilter
from backend.cases.side_views import marks
from backend.cases.standing import is_late, running_states, time_words
from backend.cases.words import URGENCIES
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.clock import now, start_of_day, today
from backend.kernel.db import db
from backend.kernel.ids import show_code
from backend.media.queries import url as url_of

# The table's columns, not the class's attributes: through the ORM a page costs a third more.
_C = Case.__table__.c
QUEUE_COLUMNS = (
    _C.id,
    _C.kind,
    _C.code,
    _C.title,
    _C.category_name,
    _C.place_label,
    _C.state,
    _C.urgency,
    _C.created_at,
    _C.due_at,
    _C.closed_at,
    _C.assignee_staff_id,
    _C.assignee_unit_name,
    _C.cover_key,
    _C.version,
    _C.return_count,
    _C.supervision_open,
    _C.pending_request,
    _C.suspended_until,
)
LEVEL_COLUMNS = {
    "town": _C.town_id,
    "area": _C.area_id,
    "village": _C.village_id,
    "grid": _C.grid_id,
    "micro_grid": _C.micro_grid_id,
}


@dataclass(frozen=True)
class SubjectCard:
    """What a message needs to know of a case."""

    id: int
    kind: str
    title: str
    code: str
    place_label: str
    category_name: str
    urgency: str
    due_at: datetime | None
    town_id: int
    resident_id: int | None
    assignee_staff_id: int | None
    assignee_unit_id: int | None
    assignee_unit_name: str
    places: Mapping[str, int | None]
    registered_by: int | None = None
    #: who could take it in its unit; and who has to keep out of it, and hears nothing (回避)
    handled_with: str = "case.handle"
    kept_out: frozenset[int] = frozenset()
    #: residents who brought it together with `resident_id`, and hear what they hear
    also_for: tuple[int, ...] = ()
    #: what the citizen reads next in a state, where that is not what the table of states says
    next_steps: Mapping[str, str] = field(default_factory=dict)
    #: the page that its messages open for residents, where it is not the kind's usual one
    page: str = ""


_NO_COLUMNS = {"page", "places", "handled_with", "kept_out", "also_for", "next_steps"}
_CARD_COLUMNS = tuple(_C[name] for name in SubjectCard.__dataclass_fields__ if name not in _NO_COLUMNS)
_CARDS = select(*dict.fromkeys([*_CARD_COLUMNS, *LEVEL_COLUMNS.values()]))


def subject_card(kind: str, case_id: int) -> SubjectCard | None:
    """The card of a case for the worker that writes messages; None when it is gone."""
    return subject_cards([(kind, case_id)]).get((kind, case_id))


def subject_cards(wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], SubjectCard]:
    """The cards of several cases, or of parts of cases, by (kind, id); those that are gone are missing."""
    read = _CARDS.where(_C.id.in_({case_id for _, case_id in wanted}))
    found = {(card.kind, card.id): card for card in map(_card, db.session.execute(read))}
    for kind, part_id in wanted:
        part = None if (kind, part_id) in found else parts.card_of(kind, part_id)
        if part is not None:
            found[kind, part_id] = part
    return found


def _card(row: Any) -> SubjectCard:
    known = row._mapping
    places = {level: known[column] for level, column in LEVEL_COLUMNS.items()}
    return SubjectCard(**{column.name: known[column] for column in _CARD_COLUMNS}, places=places)


def open_states() -> tuple[str, ...]:
    """The states in which somebody still owes something."""
    return tuple(
        dict.fromkeys(s.code for kind in all_case_kinds() for s in kind.workflow.table.states if s.is_open)
    )


def scope_of(actor: Actor) -> ColumnElement[bool]:
    """The cases a member of staff may see, as a condition; the same rule as policy.may_see()."""
    parts: list[ColumnElement[bool]] = [_grant_scope(grant) for grant in actor.grants_with("case.view")]
    if actor.may("case.handle"):
        parts.append(_assigned_to(actor))
        parts.append(_C.handled_by == actor.id)
    return or_(*parts) if parts else false()


def _grant_scope(grant: Any) -> ColumnElement[bool]:
    column = LEVEL_COLUMNS.get(grant.place_level)
    if column is None:
        return false()
    scope = column == grant.place_id
    return scope if grant.unit_id is None else and_(scope, _C.assignee_unit_id == grant.unit_id)


def _assigned_to(actor: Actor) -> ColumnElement[bool]:
    mine = _C.assignee_staff_id == actor.id
    if actor.stands_in_for:
        mine = _C.assignee_staff_id.in_([actor.id, *(away for away, _ in actor.stands_in_for)])
    if actor.unit_id is None:
        return mine
    return or_(mine, and_(_C.assignee_unit_id == actor.unit_id, _C.assignee_staff_id.is_(None)))


def queue_item(row: Any, names: Mapping[int, Any]) -> dict[str, Any]:
    """One line of a list whose names were read apart."""
    person = names.get(row.assignee_staff_id)
    return queue_line(row, person.name if person else None)


def queue_line(row: Any, assignee_name: str | None) -> dict[str, Any]:
    """One line of the queue."""
    state = case_kind(row.kind).workflow.table.state(row.state)
    return {
        "id": str(row.id),
        "code_display": show_code(row.code),
        "title": row.title,
        "category_name": row.category_name,
        "place_label": row.place_label,
        "state": row.state,
        "state_label": state.for_staff,
        "tone": state.tone,
        "urgency": row.urgency,
        "urgency_label": URGENCIES[row.urgency],
        "created_at": row.created_at,
        "due_at": row.due_at,
        "overdue": is_late(state, row.due_at, row.closed_at),
        "due_text": time_words(state, row.due_at, row.closed_at),
        "assignee_name": assignee_name,
        "unit_name": row.assignee_unit_name or None,
        "thumb_url": url_of(row.cover_key) if row.cover_key else None,
        "version": row.version,
        "marks": marks(row),
    }


def queue_counts(actor: Actor) -> dict[str, Any]:
    """How many cases wait in each state, how many are due or late, in one statement."""
    moment, tomorrow = now(), start_of_day(today() + timedelta(days=1))
    late = sql_case((_C.due_at < moment, 1), else_=0)
    due_today = sql_case((and_(_C.due_at >= moment, _C.due_at < tomorrow), 1), else_=0)
    mine = sql_case((_C.assignee_staff_id == actor.id, 1), else_=0)
    rows = db.session.execute(
        select(_C.state, func.count(), func.sum(late), func.sum(due_today), func.sum(mine))
        .where(scope_of(actor), _C.state.in_(open_states()))
        .group_by(_C.state)
    ).all()
    states = dict.fromkeys(open_states(), 0) | {row[0]: row[1] for row in rows}
    timed = [row for row in rows if row[0] in running_states()]
    return {
        "states": states,
        "due_today": sum(int(row[3] or 0) for row in timed),
        "overdue": sum(int(row[2] or 0) for row in timed),
        "reopen_requested": states.get("reopen_requested", 0),
        "mine": sum(int(row[4] or 0) for row in rows),
    }


def tasks_page(actor: Actor) -> dict[str, Any]:
    """What waits for this worker: theirs, and their unit's that nobody has, soonest due first.

    Parts of cases (child tasks) stand among them, told by their `kind`. Open tasks of one worker are few: they come as one page of at most 100.
    """
    rows = db.session.execute(
        select(*QUEUE_COLUMNS)
        .where(_assigned_to(actor), _C.state.in_(("dispatched", "handling")))
        .order_by(_C.due_at, _C.id)
        .limit(100)
    ).all()
    names = identity.staff_cards(r.assignee_staff_id for r in rows if r.assignee_staff_id)
    points = {
        kind: case_kind(kind).points([r.id for r in rows if r.kind == kind])
        for kind in {r.kind for r in rows}
    }
    items = [
        queue_item(row, names)
        | {"kind": "case", "case_id": str(row.id), "point": points[row.kind].get(row.id)}
        for row in rows
    ]
    items += parts.waiting_for(actor)
    items.sort(key=lambda item: (item["due_at"] is None, item["due_at"] or item["created_at"]))
    return {"items": items, "next_cursor": None}


def open_task_count(staff: identity.StaffCard) -> int:
    """How many tasks wait for a member of staff: theirs, and their unit's that nobody has."""
    unassigned = and_(Case.assignee_unit_id == staff.unit_id, Case.assignee_staff_id.is_(None))
    cases = db.session.execute(
        select(func.count())
        .select_from(Case)
        .where(
            or_(Case.assignee_staff_id == staff.id, unassigned), Case.state.in_(("dispatched", "handling"))
        )
    ).scalar_one()
    return cases + parts.count_for(staff)


def open_cases_of_unit(unit_id: int) -> int:
    """How many cases that have not ended are with a unit."""
    statement = select(func.count()).select_from(Case)
    return db.session.execute(
        statement.where(Case.assignee_unit_id == unit_id, Case.closed_at.is_(None))
    ).scalar_one()


def open_cases_at(level: str, place_id: int) -> int:
    """How many cases that have not ended lie in a place (`level` of places.models.LEVELS)."""
    statement = select(func.count()).select_from(Case)
    return db.session.execute(
        statement.where(getattr(Case, f"{level}_id") == place_id, Case.closed_at.is_(None))
    ).scalar_one()


def filters_of(actor: Actor) -> list[SavedFilter]:
    """The actor's own saved filters, oldest first."""
    return list(
        db.session.execute(
            select(SavedFilter)
            .where(SavedFilter.staff_id == actor.id)
            .order_by(SavedFilter.created_at, SavedFilter.id)
        ).scalars()
    )
