"""Reads of the bulletin: what everybody sees, and the desk's list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from backend.bulletin.access import MISSING
from backend.bulletin.models import (
    EVERYWHERE,
    Article,
    ArticleFile,
    ArticleSeries,
    ArticleVillage,
    ArticleVolume,
)
from backend.bulletin.policy import town_of
from backend.bulletin.shown import SEARCH_KIND
from backend.bulletin.states import PUBLISHED
from backend.kernel.actor import Actor
from backend.kernel.clock import shanghai, start_of_day
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.kernel.paging import PAGE_SIZE, Page, behind, in_order_of, make_page, parse_cursor
from backend.places import queries as places
from backend.search.queries import matching

#: a bound on what the archive and a volume read at once
MOST_OF_A_YEAR = 2000


@dataclass(frozen=True)
class Wanted:
    """Which articles of a town; what is empty is not asked for. `first` to before `after`: days in Shanghai."""

    town_id: int
    village: int | None = None
    series: str = ""
    first: date | None = None
    after: date | None = None
    words: str = ""


def wanted(town_id: int, given: Mapping[str, Any]) -> Wanted:
    """From what a query asked for; a month says more than a year."""
    month, year = given.get("month") or "", given.get("year")
    first = after = None
    if month:
        first = date.fromisoformat(f"{month}-01")
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    elif year:
        first, after = date(year, 1, 1), date(year + 1, 1, 1)
    return Wanted(
        town_id, given.get("village"), given.get("series") or "", first, after, given.get("words") or ""
    )


def town(code: str) -> Any:
    """The active town of that code, or the first one. NotFound."""
    if code:
        return places.town_by_code(code)
    found = places.towns()
    if not found:
        raise NotFound("town_unknown", "还没有载入任何镇的资料。")
    return found[0]


def public(of: Wanted, cursor: str | None) -> Page[Article]:
    """A page of what is published, newest first. Raises Invalid for a cursor that is none of ours."""
    query = select(Article).where(*_published(of))
    if not of.words:
        index = "ix_articles_series" if of.series else "ix_articles_newest"
        query = query.with_hint(Article.__table__, in_order_of(index), "mysql")
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(Article.published_at, Article.id, at))  # type: ignore[arg-type]
    newest = query.order_by(Article.published_at.desc(), Article.id.desc()).limit(PAGE_SIZE + 1)
    rows = db.session.scalars(newest).all()
    return make_page(rows, PAGE_SIZE, lambda row: (row.published_at or row.created_at, row.id))


def _published(of: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Article.town_id == of.town_id, Article.state == PUBLISHED]
    if of.series:
        ids = select(ArticleSeries.id).where(
            ArticleSeries.town_id == of.town_id, ArticleSeries.code == of.series
        )
        found.append(Article.series_id.in_(list(db.session.scalars(ids))))
    if of.village is not None:
        here = ArticleVillage.village_id.in_((of.village, EVERYWHERE))
        found.append(Article.id.in_(select(ArticleVillage.article_id).where(here)))
    if of.first is not None and of.after is not None:
        found += [
            Article.published_at >= start_of_day(of.first),
            Article.published_at < start_of_day(of.after),
        ]
    if of.words:
        found.append(Article.id.in_(matching(SEARCH_KIND, of.town_id, of.words)))
    return found


def known(article_id: int) -> Article:
    """An article that is or was published: what was shown once keeps its address. NotFound."""
    row = db.session.get(Article, article_id)
    if row is None or row.published_at is None:
        raise MISSING
    return row


def archive(town_id: int) -> list[dict[str, Any]]:
    """How many articles each month in Shanghai has, newest first."""
    query = select(Article.published_at).where(Article.town_id == town_id, Article.state == PUBLISHED)
    counted: dict[str, int] = {}
    for at in db.session.scalars(query.order_by(Article.published_at.desc())):
        month = f"{shanghai(at):%Y-%m}" if at is not None else ""
        counted[month] = counted.get(month, 0) + 1
    return [{"month": month, "articles": count} for month, count in counted.items()]


def of_days(town_id: int, first: date, after: date) -> list[Article]:
    """What was published on these days, the oldest first: for a volume."""
    query = select(Article).where(*_published(Wanted(town_id, first=first, after=after)))
    oldest = query.order_by(Article.published_at, Article.id).limit(MOST_OF_A_YEAR)
    return list(db.session.scalars(oldest))


def of_desk(actor: Actor, state: str, cursor: str | None) -> Page[Article]:
    """The town's articles in a state, or all; the newest begun first."""
    query = select(Article).where(Article.town_id == town_of(actor))
    if state:
        query = query.where(Article.state == state)
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(Article.created_at, Article.id, at))
    query = query.order_by(Article.created_at.desc(), Article.id.desc()).limit(PAGE_SIZE + 1)
    return make_page(db.session.scalars(query).all(), PAGE_SIZE, lambda row: (row.created_at, row.id))


def files_of(article_ids: Sequence[int]) -> dict[int, list[ArticleFile]]:
    """Article → its files in their order; without one it is absent."""
    found: dict[int, list[ArticleFile]] = {}
    query = select(ArticleFile).where(ArticleFile.article_id.in_(article_ids))
    for row in db.session.scalars(query.order_by(ArticleFile.position, ArticleFile.id)):
        found.setdefault(row.article_id, []).append(row)
    return found


def villages_of(article_ids: Sequence[int]) -> dict[int, list[int]]:
    """Article → the villages it is for; for all of the town: none, and absent."""
    found: dict[int, list[int]] = {}
    query = select(ArticleVillage).where(
        ArticleVillage.article_id.in_(article_ids), ArticleVillage.village_id != EVERYWHERE
    )
    for row in db.session.scalars(query.order_by(ArticleVillage.village_id)):
        found.setdefault(row.article_id, []).append(row.village_id)
    return found


def volumes(town_id: int, *, ready: bool) -> list[ArticleVolume]:
    """The town's volumes, newest first; `ready`: of each year the newest that can be read."""
    query = select(ArticleVolume).where(ArticleVolume.town_id == town_id)
    rows = db.session.scalars(query.order_by(ArticleVolume.year.desc(), ArticleVolume.id.desc())).all()
    if not ready:
        return list(rows)
    newest: dict[int, ArticleVolume] = {}
    for row in rows:
        if row.state == "ready":
            newest.setdefault(row.year, row)
    return list(newest.values())


def volume_count(town_id: int, year: int) -> int:
    """How many articles a volume of that year has now."""
    of = Wanted(town_id, first=date(year, 1, 1), after=date(year + 1, 1, 1))
    return int(
        db.session.execute(select(func.count()).select_from(Article).where(*_published(of))).scalar_one()
    )
