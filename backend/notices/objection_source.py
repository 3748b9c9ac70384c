"""What questions, requests and the watch read of notices: the one place of theirs that knows the rows of a notice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.notices.access import get_public, get_readable, standing
from backend.notices.categories import Category, of_town
from backend.notices.finance_sheets import have_line
from backend.notices.models import Notice
from backend.notices.states import STANDS
from backend.notices.watch_rules import is_periodic
from backend.places.queries import places_named

#: what a request is about that names no category
PLAIN = "村务信息"
#: published, and no supplement: what lists show
_PUBLISHED = select(Notice).where(Notice.listed != "", Notice.corrects_id.is_(None))


@dataclass(frozen=True)
class Source:
    """A notice that stands published."""

    id: int
    town_id: int
    area_id: int | None
    village_id: int | None
    kind: str
    category: str
    title: str
    period: str
    audience: str
    sheet_id: int | None
    published_on: date


def of_all(notice_ids: Iterable[int]) -> list[Source]:
    """The published ones of these notices; a supplement is its notice's."""
    rows = db.session.scalars(_PUBLISHED.where(Notice.id.in_(set(notice_ids))))
    return [_source(row) for row in rows]


def of(notice_id: int) -> Source | None:
    """A notice that stands published; None otherwise."""
    found = standing(notice_id)
    return None if found is None else _source(found)


def public(notice_id: int) -> Source:
    """A notice that everybody may read. NotFound."""
    return _source(get_public(notice_id))


def readable(actor: Actor, notice_id: int) -> Source:
    """A notice that this resident may read: public, or of their own village (OPEN-17). NotFound."""
    return _source(get_readable(actor, notice_id))


def latest(town_id: int, village_id: int, most: int) -> list[Source]:
    """The newest published notices of a village and of its town."""
    here = or_(Notice.village_id == village_id, Notice.village_id.is_(None))
    query = _PUBLISHED.where(Notice.town_id == town_id, here)
    rows = db.session.scalars(query.order_by(Notice.published_at.desc(), Notice.id.desc()).limit(most))
    return [_source(row) for row in rows]


def has_line(source: Source, number: int) -> bool:
    """Whether the notice's sheet, or that of a correction that was published, has a line of that number (OPEN-05)."""
    corrected = select(Notice.sheet_id).where(
        Notice.corrects_id == source.id, Notice.state.in_(STANDS), Notice.sheet_id.is_not(None)
    )
    sheets = [source.sheet_id, *db.session.scalars(corrected)]
    return have_line([one for one in sheets if one is not None], number)


def first_published_on(town_id: int) -> date | None:
    """The day of the town's first notice of any village; None before it."""
    of_villages = (Notice.town_id == town_id, Notice.village_id.is_not(None), Notice.listed != "")
    return db.session.scalar(select(func.min(Notice.published_on)).where(*of_villages))


def published_periods(town_id: int, periods: Collection[str]) -> dict[tuple[int, str, str], tuple[int, date]]:
    """By village, category and period: the first notice that was published for it, and its day."""
    rows = db.session.execute(
        select(Notice.village_id, Notice.category, Notice.period, Notice.id, Notice.published_on)
        .where(
            Notice.town_id == town_id,
            Notice.period.in_(periods),
            Notice.village_id.is_not(None),
            Notice.listed != "",
        )
        .order_by(Notice.published_at.desc(), Notice.id.desc())
    )
    return {
        (row.village_id, row.category, row.period): (row.id, row.published_on)
        for row in rows
        if row.village_id is not None and row.published_on is not None
    }


def _source(row: Notice) -> Source:
    assert row.published_on is not None  # it is published
    return Source(
        id=row.id,
        town_id=row.town_id,
        area_id=row.area_id,
        village_id=row.village_id,
        kind=row.section,
        category=row.category,
        title=row.title,
        period=row.period,
        audience=row.audience,
        sheet_id=row.sheet_id,
        published_on=row.published_on,
    )


def duties(town_id: int) -> list[Category]:
    """What every village of the town owes every so often (OPEN-04)."""
    return [one for one in of_town(town_id).categories.values() if is_periodic(one.frequency)]


def knows_category(town_id: int, code: str) -> bool:
    """Whether the town has such a category."""
    return code in of_town(town_id).categories


def category_label(town_id: int, code: str) -> str:
    """What a category is called; plain words for none, or for one that is no more."""
    found = of_town(town_id).categories.get(code)
    return found.label if found is not None else PLAIN


def village_name(village_id: int | None) -> str:
    """The name of a village; "" for none."""
    if village_id is None:
        return ""
    found = places_named([village_id]).get(village_id)
    return found.name if found is not None else ""


def no_village() -> NotFound:
    """The one answer for a village that is missing or out of reach."""
    return NotFound("village_not_found", "没有找到这个村，或不在您负责的范围里。")
