"""The only ways to a post and to a thread: they check the person and say 404 otherwise."""

from __future__ import annotations

from sqlalchemy import select

from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.neighbours import policy
from backend.neighbours.models import NeighbourPost, NeighbourThread
from backend.neighbours.states import SHOWN

NO_POST = NotFound("post_not_found", "没有找到这条互助，可能已经办妥、到期或撤下。")
NO_THREAD = NotFound("thread_not_found", "没有找到这段对话，可能已经到期删除。")


def load_locked(post_id: int) -> NeighbourPost | None:
    """The row, locked, for the engine."""
    return db.session.execute(
        select(NeighbourPost)
        .where(NeighbourPost.id == post_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def of_comment(comment_id: int) -> NeighbourPost | None:
    """The post whose words this comment is, locked."""
    found = db.session.scalar(select(NeighbourPost.id).where(NeighbourPost.comment_id == comment_id))
    return None if found is None else load_locked(found)


def get_public(post_id: int) -> NeighbourPost:
    """A post that everybody may read now. NotFound."""
    row = db.session.get(NeighbourPost, post_id)
    if row is None or row.state != SHOWN:
        raise NO_POST
    return row


def get_own(actor: Actor, post_id: int) -> NeighbourPost:
    """One's own post, in whatever state. NotFound."""
    row = db.session.get(NeighbourPost, post_id)
    if row is None or row.resident_id != actor.id:
        raise NO_POST
    return row


def get_for_staff(actor: Actor, post_id: int) -> NeighbourPost:
    """A post of a town for which the actor moderates. NotFound."""
    row = db.session.get(NeighbourPost, post_id)
    if row is None or not actor.may_on(policy.REVIEW, {"town": row.town_id}, None):
        raise NO_POST
    return row


def get_thread(actor: Actor, thread_id: int, *, lock: bool = False) -> NeighbourThread:
    """A thread of one's own: only the two who talk in it ever read it. NotFound."""
    query = select(NeighbourThread).where(NeighbourThread.id == thread_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = db.session.scalar(query)
    if row is None or not policy.is_in(row, actor.id):
        raise NO_THREAD
    return row
