"""What a message, and what the search, need to know of articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from backend.bulletin import queries
from backend.bulletin.clean_html import text_of
from backend.bulletin.models import Article
from backend.bulletin.shown import PAGE
from backend.bulletin.states import PUBLISHED
from backend.cases.queries import SubjectCard
from backend.kernel.clock import shanghai
from backend.kernel.db import db
from backend.places.queries import places_named
from backend.search.kinds import Found


def of_article(article_id: int) -> SubjectCard | None:
    """The card of an article; None when it is gone."""
    row = db.session.get(Article, article_id)
    if row is None:
        return None
    return SubjectCard(
        id=row.id,
        kind=row.kind,
        title=row.title,
        code=row.code,
        place_label="",
        category_name="",
        urgency="normal",
        due_at=None,
        town_id=row.town_id,
        resident_id=None,
        assignee_staff_id=None,
        assignee_unit_id=None,
        assignee_unit_name="",
        places=row.places,
        page=PAGE.format(id=row.id),
    )


def found(article_ids: Sequence[int]) -> Mapping[int, Found]:
    """Published articles as the search shows them."""
    rows = db.session.scalars(select(Article).where(Article.id.in_(article_ids), Article.state == PUBLISHED))
    shown = {row.id: row for row in rows if row.published_at is not None}
    villages = queries.villages_of(list(shown))
    names = places_named([one for few in villages.values() for one in few])
    return {
        row.id: Found(
            title=row.title,
            text=f"{row.summary}\n{text_of(row.html)}".strip(),
            on=shanghai(row.published_at or row.created_at).date(),
            path="/" + PAGE.format(id=row.id),
            village_name="、".join(names[one].name for one in villages.get(row.id, [])),
        )
        for row in shown.values()
    }
