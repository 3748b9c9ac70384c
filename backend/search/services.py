"""What is public is put where it is found, and taken out when it is public no longer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from backend.kernel.db import db
from backend.kernel.page_numbers import bump
from backend.search.grams import grams
from backend.search.models import SearchText


def surrogate(town_id: int) -> str:
    """What kept pages of searches and of village pages depend on."""
    return f"search:{town_id}"


def index(
    kind: str, subject_id: int, *, town_id: int, village_id: int | None, title: str, text: str, at: datetime
) -> None:
    """Let a public text be found from this unit's commit on, in the place of what was there of it.

    Only what everybody may read: who searches is not asked who they are. `at` orders what is found.
    """
    row = _row(kind, subject_id)
    if row is None:
        row = SearchText(kind=kind, subject_id=subject_id)
        db.session.add(row)
    row.town_id, row.village_id, row.at = town_id, village_id, at
    row.grams = " ".join(grams(f"{title}\n{text}"))
    bump(surrogate(town_id))  # writes what is in the session: the row is whole by now
    db.session.flush()


def forget(kind: str, subject_id: int) -> None:
    """Let it be found no longer; nothing when it was not there."""
    row = _row(kind, subject_id)
    if row is not None:
        bump(surrogate(row.town_id))
        db.session.delete(row)
        db.session.flush()


def _row(kind: str, subject_id: int) -> SearchText | None:
    return db.session.scalars(
        select(SearchText).where(SearchText.kind == kind, SearchText.subject_id == subject_id)
    ).one_or_none()
