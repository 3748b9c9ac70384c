"""The series of a town, kept by the town itself on screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from backend.audit.queries import locked_at_version
from backend.audit.services import record_change
from backend.bulletin import policy
from backend.bulletin.models import Article, ArticleSeries
from backend.bulletin.shown import surrogate
from backend.bulletin.states import PUBLISHED
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import Conflict
from backend.kernel.ids import new_id
from backend.kernel.page_numbers import bump

SUBJECT = "article_series"
LABELS = {"name": "名称", "position": "次序", "active": "在用"}


def of_town(town_id: int) -> list[ArticleSeries]:
    """All series of a town in their order, those switched off too."""
    query = select(ArticleSeries).where(ArticleSeries.town_id == town_id)
    return list(db.session.scalars(query.order_by(ArticleSeries.position, ArticleSeries.id)))


def counts(town_id: int) -> dict[int, int]:
    """How many published articles each series has."""
    query = (
        select(Article.series_id, func.count())
        .where(Article.town_id == town_id, Article.state == PUBLISHED)
        .group_by(Article.series_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def add(actor: Actor, given: Mapping[str, Any]) -> ArticleSeries:
    """A new series. Raises Conflict when the town has one of that code or name."""
    town_id = policy.town_of(actor)
    held = of_town(town_id)
    _demand_unused(held, given, None)
    position = given.get("position", max((row.position for row in held), default=0) + 1)
    row = ArticleSeries(
        id=new_id(), town_id=town_id, code=given["code"], name=given["name"], position=position, active=True
    )
    db.session.add(row)
    db.session.flush()
    _note(actor, row, None)
    return row


def change(actor: Actor, series_id: int, given: Mapping[str, Any]) -> ArticleSeries:
    """Rename, move, switch off or on. Raises NotFound, Conflict."""
    town_id = policy.town_of(actor)
    row = locked_at_version(ArticleSeries, town_id, series_id, given["version"], "这个栏目", SUBJECT)
    before = _fields(row)
    _demand_unused(of_town(town_id), given, row.id)
    for name in ("name", "position", "active"):
        if name in given:
            setattr(row, name, given[name])
    _note(actor, row, before)
    return row


def _demand_unused(held: list[ArticleSeries], given: Mapping[str, Any], own: int | None) -> None:
    for row in held:
        if row.id != own and (row.code == given.get("code") or row.name == given.get("name")):
            raise Conflict("series_exists", "已经有这个栏目了，请换一个名称和代码。")


def _fields(row: ArticleSeries) -> dict[str, Any]:
    return {"name": row.name, "position": row.position, "active": row.active}


def _note(actor: Actor, row: ArticleSeries, before: dict[str, Any] | None) -> None:
    what = "article_series.create" if before is None else "article_series.change"
    if record_change(actor, what, SUBJECT, row.id, before, _fields(row), name=row.name, labels=LABELS):
        row.version = 1 if before is None else row.version + 1
    bump(surrogate(row.town_id))
    db.session.flush()
