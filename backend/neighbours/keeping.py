"""How long posts and what neighbours wrote each other are kept (PI-08)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select

from backend.kernel.db import db
from backend.neighbours.models import NeighbourMessage, NeighbourPost, NeighbourThread


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
