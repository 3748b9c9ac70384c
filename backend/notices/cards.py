"""What a message, and what the search, need to know of notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from backend.cases.queries import SubjectCard
from backend.kernel.clock import shanghai
from backend.kernel.db import db
from backend.notices.categories import PUBLIC
from backend.notices.models import Notice
from backend.notices.publishing import PAGE
from backend.places.queries import places_named
from backend.search.kinds import Found


def of_notice(notice_id: int) -> SubjectCard | None:
    """The card of a notice; None when it is gone."""
    row = db.session.get(Notice, notice_id)
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
        due_at=row.due_at,
        town_id=row.town_id,
        resident_id=None,
        assignee_staff_id=None,
        assignee_unit_id=None,
        assignee_unit_name="",
        places=row.places,
        page=PAGE.format(id=row.corrects_id or row.id),
    )


def found(notice_ids: Sequence[int]) -> Mapping[int, Found]:
    """Notices as the search shows them: never what is for one village alone (OPEN-17)."""
    rows = db.session.scalars(select(Notice).where(Notice.id.in_(notice_ids), Notice.listed == PUBLIC)).all()
    names = places_named([row.village_id for row in rows if row.village_id is not None])
    return {
        row.id: Found(
            title=row.title,
            text=row.body,
            on=shanghai(row.published_at or row.created_at).date(),
            path="/" + PAGE.format(id=row.id),
            village_name=names[row.village_id].name if row.village_id in names else "",
        )
        for row in rows
    }
