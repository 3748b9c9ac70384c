"""What 邻里互助 keeps of a person, for them; and how it goes (PI-07). The words of posts are the comments'."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select, update

from backend.kernel.db import db
from backend.neighbours import keeping, services
from backend.neighbours.access import load_locked
from backend.neighbours.models import NeighbourMessage, NeighbourPost, NeighbourThread
from backend.neighbours.states import DIRECTIONS, TABLE
from backend.workflow.models import TimelineEntry

NOBODY = 0


def copy(resident_id: int) -> list[dict[str, Any]]:
    """One's posts, and what one wrote to others about them."""
    posts = select(NeighbourPost).where(NeighbourPost.resident_id == resident_id).order_by(NeighbourPost.id)
    return [
        {
            "code": "neighbour_posts",
            "title": "您发布的邻里互助",
            "records": [_post(row) for row in db.session.scalars(posts)],
        },
        {
            "code": "neighbour_messages",
            "title": "您在邻里互助里写的消息",
            "records": _written(resident_id),
        },
    ]


def _post(row: NeighbourPost) -> dict[str, Any]:
    return {
        "title": row.title,
        "facts": [
            ("时间", row.created_at),
            ("类别", DIRECTIONS[row.direction]),
            ("状态", TABLE.state(row.state).label),
            ("到期日", row.expires_on),
        ],
    }


def _written(resident_id: int) -> list[dict[str, Any]]:
    query = (
        select(NeighbourMessage, NeighbourPost.title)
        .join(NeighbourThread, NeighbourThread.id == NeighbourMessage.thread_id)
        .join(NeighbourPost, NeighbourPost.id == NeighbourThread.post_id)
        .where(
            or_(
                NeighbourMessage.by_owner & (NeighbourThread.owner_id == resident_id),
                ~NeighbourMessage.by_owner & (NeighbourThread.asker_id == resident_id),
            )
        )
        .order_by(NeighbourMessage.id)
    )
    return [
        {"title": title, "facts": [("时间", row.sent_at), ("内容", row.text)]}
        for row, title in db.session.execute(query)
    ]


def let_go(resident_id: int) -> dict[str, list[Any]]:
    """Take the person out: posts lose author and title and stand there no more, talks go whole."""
    talks = select(NeighbourThread.id).where(
        or_(NeighbourThread.owner_id == resident_id, NeighbourThread.asker_id == resident_id)
    )
    talk_ids = list(db.session.scalars(talks))
    keeping.forget_threads(talk_ids)
    post_ids = list(
        db.session.scalars(select(NeighbourPost.id).where(NeighbourPost.resident_id == resident_id))
    )
    for post_id in post_ids:
        row = load_locked(post_id)
        if row is not None:
            services.forget_author(row)
    own = (
        (TimelineEntry.subject_kind == services.SUBJECT)
        & TimelineEntry.subject_id.in_(post_ids)
        & (TimelineEntry.actor_kind == "resident")
    )
    erased = {"note": None, "actor_name": None, "salt": "", "inner_salt": None, "actor_id": NOBODY}
    db.session.execute(
        update(TimelineEntry).where(own).values(**erased).execution_options(synchronize_session=False)
    )
    db.session.flush()
    return {"neighbour_thread": talk_ids, services.SUBJECT: post_ids}
