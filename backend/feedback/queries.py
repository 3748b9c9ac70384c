"""Reads of opinions on the program."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from backend.feedback.models import Feedback
from backend.kernel.db import db
from backend.kernel.paging import PAGE_SIZE, Page, behind, make_page, parse_cursor


def opinions(cursor: str | None) -> Page[Feedback]:
    """Opinions, newest first."""
    query = select(Feedback)
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(Feedback.created_at, Feedback.id, at))
    rows = db.session.execute(
        query.order_by(Feedback.created_at.desc(), Feedback.id.desc()).limit(PAGE_SIZE + 1)
    )
    return make_page(list(rows.scalars()), PAGE_SIZE, lambda f: (f.created_at, f.id))


def texts(ids: Iterable[int]) -> dict[int, str]:
    """What was written, by opinion; one that is gone is absent."""
    rows = db.session.execute(select(Feedback.id, Feedback.text).where(Feedback.id.in_(set(ids))))
    return {row.id: row.text for row in rows}
