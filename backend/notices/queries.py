"""Reads of notices: what everybody or a village's own people see, and the lists of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from backend.kernel.actor import Actor
from backend.kernel.clock import start_of_day
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.kernel.paging import PAGE_SIZE, Page, behind, in_order_of, make_page, parse_cursor
from backend.notices import policy
from backend.notices.categories import PUBLIC, VILLAGE
from backend.notices.models import Notice, NoticeSignature
from backend.notices.objection_models import NoticeObjection
from backend.notices.objection_states import ASKED
from backend.notices.states import CONFIRMED, RETURNED, REVIEWED, RUNNING, STANDS, SUBMITTED, WRITABLE
from backend.places import queries as places

VIEWS = {"todo": "待我办", "drafts": "草稿", "running": "办理中", "published": "已发布"}


@dataclass(frozen=True)
class Wanted:
    """Which notices of a town; what is empty is not asked for."""

    town_id: int
    village: int | None = None
    kind: str = ""
    category: str = ""
    year: int | None = None


def wanted(town_id: int, given: Mapping[str, Any]) -> Wanted:
    """From what a query asked for."""
    return Wanted(town_id, given["village"], given["kind"], given["category"], given["year"])


def town(code: str) -> Any:
    """The active town of that code, or the first one. NotFound."""
    if code:
        return places.town_by_code(code)
    found = places.towns()
    if not found:
        raise NotFound("town_unknown", "还没有载入任何镇的资料。")
    return found[0]


def published(of: Wanted, cursor: str | None, home: int | None = None) -> Page[Notice]:
    """A page of what stands published, newest first; with `home` also what is for that village alone (OPEN-17)."""
    seen: ColumnElement[bool] = Notice.listed == PUBLIC
    if home is not None:
        seen = or_(seen, and_(Notice.listed == VILLAGE, Notice.village_id == home))
    query = select(Notice).where(Notice.town_id == of.town_id, seen, *_filters(of))
    if home is None:
        index = "ix_notices_public" if of.village is None else "ix_notices_village"
        query = query.with_hint(Notice.__table__, in_order_of(index), "mysql")
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(Notice.published_at, Notice.id, at))  # type: ignore[arg-type]
    newest = query.order_by(Notice.published_at.desc(), Notice.id.desc()).limit(PAGE_SIZE + 1)
    rows = db.session.scalars(newest).all()
    return make_page(rows, PAGE_SIZE, lambda row: (row.published_at or row.created_at, row.id))


def _filters(of: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if of.village is not None:
        found.append(Notice.village_id == of.village)
    if of.kind:
        found.append(Notice.section == of.kind)
    if of.category:
        found.append(Notice.category == of.category)
    if of.year is not None:
        found.append(Notice.published_at >= start_of_day(date(of.year, 1, 1)))
        found.append(Notice.published_at < start_of_day(date(of.year + 1, 1, 1)))
    return found


def objection_counts(notice_id: int) -> dict[str, int]:
    """How many questions everybody may read, and how many of them wait for an answer."""
    shown = (NoticeObjection.notice_id == notice_id, NoticeObjection.shown)
    rows = db.session.execute(
        select(NoticeObjection.state, func.count()).where(*shown).group_by(NoticeObjection.state)
    )
    counted = {row[0]: row[1] for row in rows}
    return {"count": sum(counted.values()), "unanswered": counted.get(ASKED, 0)}


def of_desk(actor: Actor, view: str, village: int | None, cursor: str | None) -> Page[Notice]:
    """A list of the desk, the newest begun first: what this person has to do next, drafts, on the way, published."""
    query = select(Notice).where(_todo(actor) if view == "todo" else _view(actor, view))
    if village is not None:
        query = query.where(Notice.village_id == village)
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(Notice.created_at, Notice.id, at))
    query = query.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(PAGE_SIZE + 1)
    return make_page(db.session.scalars(query).all(), PAGE_SIZE, lambda row: (row.created_at, row.id))


def _view(actor: Actor, view: str) -> ColumnElement[bool]:
    states = {"drafts": WRITABLE, "running": RUNNING, "published": STANDS}[view]
    reach = or_(*(_scope(actor, one) for one in policy.DESK))
    return and_(Notice.state.in_(states), reach)


def _todo(actor: Actor) -> ColumnElement[bool]:
    """As policy.may_take has it, for a list: whoever signed this round, or wrote in it, has nothing to do."""
    signed = exists().where(
        NoticeSignature.notice_id == Notice.id,
        NoticeSignature.round == Notice.round,
        NoticeSignature.staff_id == actor.id,
    )
    of_village, of_town = Notice.village_id.is_not(None), Notice.village_id.is_(None)
    others = or_(
        and_(Notice.state == SUBMITTED, of_village, _scope(actor, policy.REVIEW)),
        and_(Notice.state == SUBMITTED, of_town, _scope(actor, policy.CONFIRM)),
        and_(Notice.state == REVIEWED, _scope(actor, policy.CONFIRM)),
        and_(Notice.state == CONFIRMED, _scope(actor, policy.PUBLISH)),
    )
    own = and_(Notice.state == RETURNED, _scope(actor, policy.DRAFT))
    return or_(own, and_(others, ~signed, Notice.drafted_by != actor.id))


def _scope(actor: Actor, permission: str) -> ColumnElement[bool]:
    """The places of every role that gives the permission."""
    columns = {"town": Notice.town_id, "area": Notice.area_id, "village": Notice.village_id}
    reached = [
        columns[grant.place_level] == grant.place_id
        for grant in actor.grants_with(permission)
        if grant.place_level in columns
    ]
    return or_(false(), *reached)
