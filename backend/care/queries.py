"""Reads of care: one's own, what is to be done where one plans, what one is to do oneself.

There is no way to ask by a person, by a reason or by a household: who reads a list reads what is to be done.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from backend.care.models import CareAgreement, CareVisit, HelpRequest
from backend.care.policy import PLAN, VISIT
from backend.care.states import ASKED, ASSIGNED, ENDED, VISITED
from backend.care.words import CANCELLED, PLANNED
from backend.identity.queries import StaffCard
from backend.kernel.actor import Actor
from backend.kernel.clock import today
from backend.kernel.db import db
from backend.kernel.paging import PAGE_SIZE, Page, behind, make_page, parse_cursor

OPEN = (ASKED, ASSIGNED, VISITED)
MOST_VISITS = 100


def own_requests(resident_id: int, cursor: str | None) -> Page[HelpRequest]:
    """One's own requests, newest first."""
    return _requests(select(HelpRequest).where(HelpRequest.resident_id == resident_id), cursor)


def of_desk(actor: Actor, view: str, cursor: str | None) -> Page[HelpRequest]:
    """open: what is under way where one plans; mine: what one is to do oneself; ended: what is over, till deleted."""
    mine = HelpRequest.assignee_staff_id.in_(_worker_ids(actor))
    query = select(HelpRequest)
    if view == "mine":
        query = query.where(mine, HelpRequest.state.in_(OPEN))
    else:
        states = OPEN if view == "open" else ENDED
        query = query.where(or_(mine, _planned_by(actor, HelpRequest)), HelpRequest.state.in_(states))
    return _requests(query, cursor)


def _requests(query: Select[Any], cursor: str | None) -> Page[HelpRequest]:
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(HelpRequest.created_at, HelpRequest.id, at))
    ordered = query.order_by(HelpRequest.created_at.desc(), HelpRequest.id.desc()).limit(PAGE_SIZE + 1)
    return make_page(db.session.scalars(ordered).all(), PAGE_SIZE, lambda row: (row.created_at, row.id))


def _planned_by(actor: Actor, model: type[HelpRequest] | type[CareAgreement]) -> ColumnElement[bool]:
    """The places of every role that plans visits."""
    columns = {"town": model.town_id, "village": model.village_id, "grid": model.grid_id}
    reached = [
        columns[grant.place_level] == grant.place_id
        for grant in actor.grants_with(PLAN)
        if grant.place_level in columns and grant.unit_id is None
    ]
    return or_(false(), *reached)


def _worker_ids(actor: Actor) -> list[int]:
    """Oneself, and those one stands in for."""
    return [actor.id, *(away for away, _ in actor.stands_in_for)] if actor.may(VISIT) else []


def own_agreements(resident_id: int) -> list[CareAgreement]:
    """One's own agreements, newest first."""
    query = select(CareAgreement).where(CareAgreement.resident_id == resident_id)
    return list(db.session.scalars(query.order_by(CareAgreement.id.desc())))


def agreements_of(actor: Actor, cursor: str | None) -> Page[CareAgreement]:
    """The agreements where one plans, newest first."""
    query = select(CareAgreement).where(_planned_by(actor, CareAgreement))
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(CareAgreement.created_at, CareAgreement.id, at))
    ordered = query.order_by(CareAgreement.created_at.desc(), CareAgreement.id.desc()).limit(PAGE_SIZE + 1)
    return make_page(db.session.scalars(ordered).all(), PAGE_SIZE, lambda row: (row.created_at, row.id))


def visits_under(agreement_ids: Iterable[int]) -> dict[int, list[CareVisit]]:
    """The visits under each agreement, by day."""
    found: dict[int, list[CareVisit]] = {}
    query = select(CareVisit).where(CareVisit.agreement_id.in_(set(agreement_ids)))
    for row in db.session.scalars(query.order_by(CareVisit.day)):
        found.setdefault(row.agreement_id, []).append(row)
    return found


def next_days(agreement_ids: Iterable[int]) -> dict[int, Any]:
    """The next planned day of each agreement."""
    query = (
        select(CareVisit.agreement_id, func.min(CareVisit.day))
        .where(CareVisit.agreement_id.in_(set(agreement_ids)), CareVisit.state == PLANNED)
        .group_by(CareVisit.agreement_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def own_visits(actor: Actor, view: str) -> list[tuple[CareVisit, CareAgreement]]:
    """A worker's own visits with their agreements: due by today, ahead, or done and not yet deleted."""
    query = (
        select(CareVisit, CareAgreement)
        .join(CareAgreement, CareAgreement.id == CareVisit.agreement_id)
        .where(CareVisit.worker_id.in_(_worker_ids(actor)))
    )
    if view == "done":
        query = query.where(CareVisit.state.not_in((PLANNED, CANCELLED))).order_by(CareVisit.day.desc())
    else:
        due = CareVisit.day <= today() if view == "today" else CareVisit.day > today()
        query = query.where(CareVisit.state == PLANNED, due).order_by(CareVisit.day, CareVisit.id)
    return [(row[0], row[1]) for row in db.session.execute(query.limit(MOST_VISITS))]


def open_visit_count(worker: StaffCard) -> int:
    """How many of their own visits wait for a worker: asked for and not yet made, or agreed on and due by today."""
    asked = HelpRequest.assignee_staff_id == worker.id, HelpRequest.state == ASSIGNED
    agreed = CareVisit.worker_id == worker.id, CareVisit.state == PLANNED, CareVisit.day <= today()
    return sum(
        db.session.execute(select(func.count()).select_from(model).where(*which)).scalar_one()
        for model, which in ((HelpRequest, asked), (CareVisit, agreed))
    )
