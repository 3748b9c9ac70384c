"""Reads of 邻里互助: what everybody sees, what is one's own, what moderators see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, or_, select

from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.paging import PAGE_SIZE, Page, behind, in_order_of, make_page, parse_cursor
from backend.neighbours.models import NeighbourMessage, NeighbourPost, NeighbourThread
from backend.neighbours.policy import REVIEW
from backend.neighbours.services import SEARCH_KIND
from backend.neighbours.states import CHECKING, ENDED, SHOWN
from backend.places.queries import town_id_of, towns
from backend.search.queries import matching

VIEW_STATES: dict[str, tuple[str, ...]] = {"shown": (SHOWN,), "checking": (CHECKING,), "ended": ENDED}


def town_of(code: str) -> int:
    """A town by its code; without one the first. NotFound."""
    return town_id_of(code or next((one.code for one in towns()), ""))


def public_page_of(
    town_id: int, direction: str, category: str, village_id: int | None, words: str, cursor: str | None
) -> Page[NeighbourPost]:
    """What stands there now, newest first."""
    query = select(NeighbourPost).where(NeighbourPost.town_id == town_id, NeighbourPost.state == SHOWN)
    for column, value in (
        (NeighbourPost.direction, direction),
        (NeighbourPost.category, category),
        (NeighbourPost.village_id, village_id),
    ):
        if value:
            query = query.where(column == value)
    if words:
        query = query.where(NeighbourPost.id.in_(matching(SEARCH_KIND, town_id, words)))
    elif village_id is None:
        query = query.with_hint(NeighbourPost, in_order_of("ix_neighbour_posts_public"), "mysql")
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(NeighbourPost.shown_at, NeighbourPost.id, at))  # type: ignore[arg-type]
    ordered = query.order_by(NeighbourPost.shown_at.desc(), NeighbourPost.id.desc()).limit(PAGE_SIZE + 1)
    return make_page(
        db.session.scalars(ordered).all(), PAGE_SIZE, lambda row: (row.shown_at or row.created_at, row.id)
    )


def own_page(resident_id: int, cursor: str | None) -> Page[NeighbourPost]:
    """One's own posts in every state, newest first."""
    return _by_creation(select(NeighbourPost).where(NeighbourPost.resident_id == resident_id), cursor)


def of_desk(actor: Actor, view: str, cursor: str | None) -> Page[NeighbourPost]:
    """The posts of the towns for which the actor moderates, newest first."""
    reached = {one.place_id for one in actor.grants_with(REVIEW) if one.place_level == "town"}
    query = select(NeighbourPost).where(NeighbourPost.town_id.in_(reached))
    if view in VIEW_STATES:
        query = query.where(NeighbourPost.state.in_(VIEW_STATES[view]))
    return _by_creation(query, cursor)


def _by_creation(query: Select[Any], cursor: str | None) -> Page[NeighbourPost]:
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(NeighbourPost.created_at, NeighbourPost.id, at))
    ordered = query.order_by(NeighbourPost.created_at.desc(), NeighbourPost.id.desc()).limit(PAGE_SIZE + 1)
    return make_page(db.session.scalars(ordered).all(), PAGE_SIZE, lambda row: (row.created_at, row.id))


def thread_counts(post_ids: list[int]) -> dict[int, int]:
    """How many people wrote about each post."""
    counted = (
        select(NeighbourThread.post_id, func.count())
        .where(NeighbourThread.post_id.in_(post_ids))
        .group_by(NeighbourThread.post_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def own_threads(resident_id: int, cursor: str | None) -> Page[NeighbourThread]:
    """The talks one is in, the last written to first."""
    query = select(NeighbourThread).where(
        or_(NeighbourThread.owner_id == resident_id, NeighbourThread.asker_id == resident_id)
    )
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(NeighbourThread.last_at, NeighbourThread.id, at))
    ordered = query.order_by(NeighbourThread.last_at.desc(), NeighbourThread.id.desc()).limit(PAGE_SIZE + 1)
    return make_page(db.session.scalars(ordered).all(), PAGE_SIZE, lambda row: (row.last_at, row.id))


def messages(thread_id: int, cursor: str | None) -> Page[NeighbourMessage]:
    """A page of what was written, newest first."""
    query = select(NeighbourMessage).where(NeighbourMessage.thread_id == thread_id)
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(NeighbourMessage.sent_at, NeighbourMessage.id, at))
    ordered = query.order_by(NeighbourMessage.sent_at.desc(), NeighbourMessage.id.desc()).limit(PAGE_SIZE + 1)
    return make_page(db.session.scalars(ordered).all(), PAGE_SIZE, lambda row: (row.sent_at, row.id))


def last_messages(thread_ids: list[int]) -> dict[int, NeighbourMessage]:
    """The last message of each talk."""
    newest = (
        select(func.max(NeighbourMessage.id))
        .where(NeighbourMessage.thread_id.in_(thread_ids))
        .group_by(NeighbourMessage.thread_id)
    )
    rows = db.session.scalars(select(NeighbourMessage).where(NeighbourMessage.id.in_(newest)))
    return {row.thread_id: row for row in rows}


def unread(thread: NeighbourThread, resident_id: int) -> int:
    """How many messages of the other one has not seen."""
    mine = thread.owner_id == resident_id
    seen = thread.owner_read_at if mine else thread.asker_read_at
    query = select(func.count()).where(
        NeighbourMessage.thread_id == thread.id, NeighbourMessage.by_owner == (not mine)
    )
    if seen is not None:
        query = query.where(NeighbourMessage.sent_at > seen)
    return db.session.scalar(query) or 0


def posts(post_ids: set[int]) -> dict[int, NeighbourPost]:
    """Posts by id."""
    return {
        row.id: row for row in db.session.scalars(select(NeighbourPost).where(NeighbourPost.id.in_(post_ids)))
    }
