"""How long posts and what neighbours wrote each other are kept (PI-08)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select

from backend.comments import services as comments
from backend.comments.models import Comment
from backend.kernel.db import db
from backend.neighbours.models import NeighbourMessage, NeighbourPost, NeighbourThread
from backend.neighbours.states import TABLE
from backend.workflow.models import TimelineEntry


def old_threads(before: datetime) -> Select[Any]:
    """Ids of talks about posts that ended before that moment."""
    return (
        select(NeighbourThread.id)
        .join(NeighbourPost, NeighbourPost.id == NeighbourThread.post_id)
        .where(NeighbourPost.closed_at < before)
        .order_by(NeighbourThread.id)
    )


def forget_threads(ids: Sequence[Any]) -> Sequence[Any]:
    """Delete these talks with every message."""
    db.session.execute(delete(NeighbourMessage).where(NeighbourMessage.thread_id.in_(ids)))
    db.session.execute(delete(NeighbourThread).where(NeighbourThread.id.in_(ids)))
    return ids


def old_posts(before: datetime) -> Select[Any]:
    """Ids of posts that ended before that moment."""
    ended = NeighbourPost.closed_at < before
    return select(NeighbourPost.id).where(ended).order_by(NeighbourPost.closed_at)


def forget_posts(ids: Sequence[Any]) -> Sequence[Any]:
    """Delete these posts with timeline and talks; their words and photos go as an author's do."""
    talks = select(NeighbourThread.id).where(NeighbourThread.post_id.in_(ids))
    forget_threads(list(db.session.scalars(talks)))
    words = select(NeighbourPost.comment_id).where(NeighbourPost.id.in_(ids))
    said = select(Comment).where(Comment.id.in_(words)).with_for_update()
    for comment in db.session.scalars(said):
        comments.erase(comment)
    own = (TimelineEntry.subject_kind == TABLE.kind) & TimelineEntry.subject_id.in_(ids)
    db.session.execute(delete(TimelineEntry).where(own).execution_options(synchronize_session=False))
    db.session.execute(delete(NeighbourPost).where(NeighbourPost.id.in_(ids)))
    return ids
