"""What is found by words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, column, false, literal, select, table, text

from backend.kernel.db import db
from backend.kernel.paging import behind
from backend.search.grams import asked
from backend.search.models import SearchText

_texts: Any = SearchText.__table__
_FTS5 = table("search_grams", column("rowid"))


def matching(kind: str, town_id: int, words: str) -> Select[tuple[int]]:
    """A select of the ids of a town's subjects of a kind that hold all of `words`; none when nothing was asked.

    For a condition of another query: `Entry.id.in_(matching("wall", town_id, "路灯"))`.
    """
    return select(_texts.c.subject_id).where(
        _texts.c.town_id == town_id, _texts.c.kind == kind, holds(asked(words))
    )


def find(
    kind: str, town_id: int, words: str, *, most: int, after: tuple[datetime, int] | None = None
) -> list[int]:
    """The ids of at most `most` subjects, newest first, behind `after` = (at, id)."""
    wanted = matching(kind, town_id, words)
    if after is not None:
        wanted = wanted.where(behind(_texts.c.at, _texts.c.subject_id, after))
    newest = wanted.order_by(_texts.c.at.desc(), _texts.c.subject_id.desc()).limit(most)
    return list(db.session.scalars(newest))


def holds(wanted: list[str]) -> ColumnElement[bool]:
    """The condition that a text holds all of these grams (grams.asked), by the engine's full-text index."""
    if not wanted:
        return false()
    found: ColumnElement[bool]
    if db.session.get_bind().dialect.name == "sqlite":
        # A gram is letters and digits: nothing in it means anything to FTS5 but the star.
        match = text("search_grams MATCH :grams").bindparams(grams=" ".join(wanted))
        found = _texts.c.id.in_(select(_FTS5.c.rowid).where(match))
    else:
        found = _texts.c.grams.match(literal(" ".join(f"+{gram}" for gram in wanted)))
    return found
