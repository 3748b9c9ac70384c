"""How long what was said and is not public is kept, with what moderators and neighbours wrote about it (PI-08).

What everybody reads stays with its matter. The public log counts on: a hiding keeps its month and its reason, and
loses its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, delete, func, or_, select, update

from backend.comments import services
from backend.comments.models import Comment, CommentFlag, CommentHiding, CommentSecond
from backend.comments.states import HIDDEN, WITHDRAWN
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.settings import settings

#: no objection waits for its decision
_NOT_DISPUTED = or_(Comment.objected_at.is_(None), Comment.objection_result != "")
#: hidden, or taken back by the author
_NOT_PUBLIC = or_(and_(Comment.state == HIDDEN, _NOT_DISPUTED), Comment.state == WITHDRAWN)


def _due(before: datetime) -> datetime:
    """The town may keep less than the rule says, and never more (COMMENT_DAYS)."""
    return max(before, now() - timedelta(days=settings().comment_days))


def old_comments(before: datetime) -> Select[Any]:
    """Ids of comments that were hidden before that moment, and of those taken back that were said before it."""
    since = func.coalesce(Comment.hidden_at, Comment.created_at)
    old = (_NOT_PUBLIC, since < _due(before), Comment.resident_id.is_not(None))
    return select(Comment.id).where(*old).order_by(Comment.id)


def forget_comments(ids: Sequence[Any]) -> Sequence[Any]:
    """Erase words, photos, the tie to the author and who seconded; what was let stand meanwhile is left alone."""
    found = select(Comment).where(Comment.id.in_(ids), _NOT_PUBLIC).with_for_update()
    rows = list(db.session.scalars(found.execution_options(populate_existing=True)))
    for row in rows:
        services.erase(row, row.state)
    gone = [row.id for row in rows]
    db.session.execute(delete(CommentSecond).where(CommentSecond.comment_id.in_(gone)))
    db.session.flush()
    return gone


def old_notes(before: datetime) -> Select[Any]:
    """Ids of hidings before that moment of which a moderator's words are kept."""
    disputed = select(Comment.id).where(Comment.state == HIDDEN, ~_NOT_DISPUTED)
    old = (CommentHiding.at < _due(before), CommentHiding.note != "")
    return select(CommentHiding.id).where(*old, CommentHiding.comment_id.not_in(disputed))


def forget_notes(ids: Sequence[Any]) -> Sequence[Any]:
    """Erase what the moderators wrote, at the comment too; that something was hidden, and why, is still counted."""
    db.session.execute(update(CommentHiding).where(CommentHiding.id.in_(ids)).values(note=""))
    of_these = select(CommentHiding.comment_id).where(CommentHiding.id.in_(ids))
    said = select(CommentHiding.comment_id).where(CommentHiding.note != "")
    db.session.execute(
        update(Comment)
        .where(Comment.id.in_(of_these), Comment.id.not_in(said))
        .values(hidden_note="")
        .execution_options(synchronize_session=False)
    )
    return ids


def old_flags(before: datetime) -> Select[Any]:
    """Ids of comments of which the last flag was raised before that moment."""
    last = func.max(CommentFlag.created_at)
    return select(CommentFlag.comment_id).group_by(CommentFlag.comment_id).having(last < _due(before))


def forget_flags(comment_ids: Sequence[Any]) -> Sequence[Any]:
    """Erase who flagged these comments and what they wrote; how many there were stays with the comment."""
    db.session.execute(delete(CommentFlag).where(CommentFlag.comment_id.in_(comment_ids)))
    return comment_ids
