"""Posts as the search over everything shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from backend.comments.models import Comment
from backend.kernel.clock import shanghai
from backend.kernel.db import db
from backend.neighbours.models import NeighbourPost
from backend.neighbours.services import PAGE
from backend.neighbours.states import SHOWN
from backend.places.queries import places_named
from backend.search.kinds import Found


def cards(post_ids: Sequence[int]) -> Mapping[int, Found]:
    """Those of them that stand there now."""
    wanted = (
        select(NeighbourPost, Comment.text)
        .join(Comment, Comment.id == NeighbourPost.comment_id)
        .where(NeighbourPost.id.in_(post_ids), NeighbourPost.state == SHOWN)
    )
    rows = [(row[0], row[1]) for row in db.session.execute(wanted)]
    named = places_named([row.village_id for row, _ in rows if row.village_id is not None])
    return {
        row.id: Found(
            row.title,
            text.partition("\n")[2],
            shanghai(row.shown_at or row.created_at).date(),
            "/" + PAGE.format(id=row.id),
            named[row.village_id].name if row.village_id in named else "",
        )
        for row, text in rows
    }
