"""Reads of the wall for staff: what may become an entry, the lists, one entry, the follow-ups that wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from backend.cases.models import Case
from backend.cases.queries import LEVEL_COLUMNS, scope_of
from backend.identity import queries as identity
from backend.kernel.actor import Actor, Grant
from backend.kernel.db import db
from backend.kernel.paging import PAGE_SIZE, Page, behind, make_page, parse_cursor
from backend.wall import policy, ports
from backend.wall.models import WallEntry, WallFollowUp
from backend.wall.states import (
    ASKED,
    DISCARDED,
    DRAFTED,
    PUBLISHED,
    REOPENED,
    RETURNED,
    SUBMITTED,
    UNPUBLISHED,
)

_E = WallEntry.__table__.c
_F = WallFollowUp.__table__.c
_LEVELS = ("town", "area", "village", "grid", "micro_grid")
VIEWS = {
    "drafts": (DRAFTED, RETURNED),
    "submitted": (SUBMITTED,),
    "published": (PUBLISHED, UNPUBLISHED),
    "mine": (DRAFTED, RETURNED, SUBMITTED, PUBLISHED, UNPUBLISHED, DISCARDED),
}
#: what waits for the desk: a question without an answer, and a matter that is being done again
WAITING = (ASKED, REOPENED)


def candidates(actor: Actor, cursor: str | None) -> Page[Case]:
    """Closed cases from which this person may write an entry and nobody has begun one, newest first."""
    uses = {code for town in _towns(actor) for code, use in ports.uses(town).items() if use != ports.NEVER}
    case = Case.__table__.c
    begun = exists().where(
        WallEntry.source_kind == case.kind, WallEntry.source_id == case.id, _E.source_key.is_not(None)
    )
    query = select(Case).where(
        case.state == "closed",
        case.category_code.in_(uses),
        case.confidential.is_(False),
        case.stored_only_at.is_(None),
        scope_of(actor),
        _case_scope(actor),
        ~begun,
    )
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(case.created_at, case.id, at))
    query = query.order_by(case.created_at.desc(), case.id.desc()).limit(PAGE_SIZE + 1)
    return make_page(list(db.session.scalars(query)), PAGE_SIZE, lambda row: (row.created_at, row.id))


def _towns(actor: Actor) -> set[int]:
    return {int(actor.town_id)} if actor.town_id is not None else set()


def _case_scope(actor: Actor) -> ColumnElement[bool]:
    unit = Case.__table__.c.assignee_unit_id
    return _any(_reaches(grant, LEVEL_COLUMNS, unit) for grant in actor.grants_with(policy.WRITE))


def entries(actor: Actor, view: str, cursor: str | None) -> Page[WallEntry]:
    """The entries this person writes or approves, newest first: drafts, submitted, published, or their own."""
    query = select(WallEntry).where(_E.state.in_(VIEWS[view]), _entry_scope(actor))
    if view == "mine":
        query = query.where(_E.written_by == actor.id)
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(_E.created_at, _E.id, at))
    query = query.order_by(_E.created_at.desc(), _E.id.desc()).limit(PAGE_SIZE + 1)
    return make_page(list(db.session.scalars(query)), PAGE_SIZE, lambda row: (row.created_at, row.id))


def _entry_scope(actor: Actor) -> ColumnElement[bool]:
    levels = {level: _E[f"{level}_id"] for level in _LEVELS}
    parts = [
        _reaches(grant, levels, _E.unit_id)
        for permission in (policy.WRITE, policy.APPROVE)
        for grant in actor.grants_with(permission)
    ]
    parts += [
        and_(_E.source_kind == policy.PETITION, _reaches(grant, levels, _E.unit_id))
        for grant in actor.grants_with(policy.PETITIONS)
    ]
    return _any(parts)


def follow_ups(actor: Actor, view: str, cursor: str | None) -> Page[WallFollowUp]:
    """The follow-ups that this person answers, newest first; `waiting`: those that wait for the desk."""
    levels = {level: _F[f"{level}_id"] for level in _LEVELS}
    query = select(WallFollowUp).where(
        _any(_reaches(grant, levels, _F.unit_id) for grant in actor.grants_with(policy.WRITE))
    )
    if view == "waiting":
        query = query.where(_F.state.in_(WAITING))
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(_F.created_at, _F.id, at))
    query = query.order_by(_F.created_at.desc(), _F.id.desc()).limit(PAGE_SIZE + 1)
    return make_page(list(db.session.scalars(query)), PAGE_SIZE, lambda row: (row.created_at, row.id))


def of_entry(entry_id: int) -> list[WallFollowUp]:
    """The follow-ups of one entry, oldest first."""
    query = select(WallFollowUp).where(WallFollowUp.entry_id == entry_id)
    return list(db.session.scalars(query.order_by(WallFollowUp.created_at, WallFollowUp.id)))


def entries_by_id(ids: Sequence[int]) -> dict[int, WallEntry]:
    """Entries by id."""
    rows = db.session.scalars(select(WallEntry).where(WallEntry.id.in_(set(ids))))
    return {row.id: row for row in rows}


def names(ids: Sequence[int | None]) -> dict[int, str]:
    """Names of staff by id."""
    return {i: card.name for i, card in identity.staff_cards(i for i in ids if i is not None).items()}


def _reaches(grant: Grant, levels: Any, unit: Any) -> ColumnElement[bool]:
    column = levels.get(grant.place_level)
    if column is None:
        return false()
    here: ColumnElement[bool] = column == grant.place_id
    return and_(here, unit == grant.unit_id if grant.unit_id is not None else true())


def _any(parts: Any) -> ColumnElement[bool]:
    found = list(parts)
    return or_(*found) if found else false()
