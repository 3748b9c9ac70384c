"""The page of one entry, its follow-up questions, the map, the filters and the open data, for everyone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy import case as sql_case

from backend.comments import queries as comments
from backend.identity import queries as identity
from backend.kernel.clock import shanghai, start_of_day, today
from backend.kernel.db import db
from backend.kernel.paging import PAGE_SIZE, Page, behind, make_page, parse_cursor
from backend.wall import public_queries as wall
from backend.wall.models import WallEntry, WallFollowUp
from backend.wall.public_queries import Wanted
from backend.wall.states import FOLLOW_UP_TABLE, PUBLISHED, UNANSWERED, UNPUBLISHED

OPEN_PAGE = 200
MAP_DAYS = 365
MONTHS_MOST = 60
NOTE = (
    "问题回音壁开放数据：每条经过脱敏并由第二人审核，不含任何个人信息；日期为北京时间，天数从收到之日起算。"
)
_C = WallEntry.__table__.c
_F = WallFollowUp.__table__.c
_STATES = {state.code: state for state in FOLLOW_UP_TABLE.states}


def entry(row: Row[Any]) -> dict[str, Any]:
    """The page of an entry; of one that was taken down nothing but its dates and notes."""
    if row.state != PUBLISHED:
        return _taken_down(row)
    asked = follow_ups(row.id, None)
    return {
        **wall.line(row, wall.photos_of([row.id]).get(row.id, {})),
        "state": row.state,
        "state_label": "已公开",
        "matter": row.matter,
        "done": row.done,
        "received_on": row.received_on,
        "follow_ups": asked.items,
        "follow_ups_cursor": asked.next_cursor,
        "notes": row.notes,
        "share_picture": wall.share_picture(row.code),
        "share_url": wall.share_url(row.code),
    }


def _taken_down(row: Row[Any]) -> dict[str, Any]:
    published_on = shanghai(row.published_at).date()
    words = ("category_code", "category_label", "village_name", "place_label", "unit_name", "matter", "done")
    return {
        **dict.fromkeys(words, ""),
        **dict.fromkeys(("days_promised", "on_time", "score", "before_photo", "after_photo"), None),
        **dict.fromkeys(("days_taken", "follow_up_count", "unanswered_count", "followers"), 0),
        "id": str(row.id),
        "code": row.code,
        "title": "这条回音已经撤下",
        "score_label": "",
        "longest_waiting_days": None,
        "closed_on": published_on,
        "received_on": published_on,
        "published_on": published_on,
        "state": UNPUBLISHED,
        "state_label": "已撤下",
        "follow_ups": [],
        "follow_ups_cursor": None,
        "notes": row.notes,
        "share_picture": wall.share_picture(row.code),
        "share_url": wall.share_url(row.code),
    }


def follow_ups(entry_id: int, cursor: str | None) -> Page[dict[str, Any]]:
    """The questions that are shown, newest first. The caller knows that the entry is on the wall."""
    at = parse_cursor(cursor)
    statement = select(WallFollowUp.__table__).where(_F.entry_id == entry_id, _F.shown)
    if at is not None:
        statement = statement.where(behind(_F.created_at, _F.id, at))
    ordered = statement.order_by(_F.created_at.desc(), _F.id.desc()).limit(PAGE_SIZE + 1)
    rows = db.session.execute(ordered).all()
    found = make_page(rows, PAGE_SIZE, lambda row: (row.created_at, row.id))
    said = comments.of_ids([row.comment_id for row in found.items]) if found.items else {}
    shown = [_question(row, said[row.comment_id]) for row in found.items if row.comment_id in said]
    return Page(shown, found.next_cursor)


def _question(row: Row[Any], said: Mapping[str, Any]) -> dict[str, Any]:
    state = _STATES[row.state]
    photos = [
        {"url": one.url, "thumb_url": one.thumb_url, "width": one.width, "height": one.height}
        for one in said["photos"]
    ]
    return {
        "id": str(row.id),
        "comment_id": str(row.comment_id),
        "text": said["text"],
        "photos": photos,
        "author_label": said["author_label"],
        "asked_on": shanghai(row.created_at).date(),
        "state": row.state,
        "state_label": state.label,
        "tone": state.tone,
        "days_waiting": wall.days_since(row.created_at) if row.state in UNANSWERED else None,
        "overdue": bool(row.overdue) and row.state in UNANSWERED,
        "answer": row.answer,
        "answered_unit": row.answered_unit,
        "answered_on": None if row.answered_at is None else shanghai(row.answered_at).date(),
        "seconds": said["second_count"],
        "mine": False,
    }


def on_map(of: Wanted) -> list[dict[str, Any]]:
    """Counts by the finest place with a centre, of a month or of the last twelve; never a single matter's point."""
    conditions = wall.on_the_wall(of)
    if of.month is None:
        conditions.append(_C.published_at >= start_of_day(today() - timedelta(days=MAP_DAYS)))
    waits = func.sum(sql_case((_C.unanswered_count > 0, 1), else_=0))
    levels = (_C.micro_grid_id, _C.grid_id, _C.village_id)
    rows = db.session.execute(select(*levels, func.count(), waits).where(*conditions).group_by(*levels)).all()
    cards = wall.spots({i for row in rows for i in row[:3] if i is not None})
    found: dict[int, dict[str, Any]] = {}
    for *ids, count, waiting in rows:
        at = [cards[i] for i in ids if i in cards and cards[i].center is not None]
        if not at:
            continue
        lon, lat = at[0].center or (0.0, 0.0)
        spot = found.setdefault(
            at[0].id,
            {"place_id": str(at[0].id), "level": at[0].level, "name": at[0].name, "lon": round(lon, 6),
             "lat": round(lat, 6), "entries": 0, "unanswered": 0},
        )  # fmt: skip
        spot["entries"] += count
        spot["unanswered"] += int(waiting or 0)
    return sorted(found.values(), key=lambda one: int(one["place_id"]))


def filters(town_id: int) -> dict[str, Any]:
    """What stands on the wall, by village, category, unit and month."""
    here = (_C.town_id == town_id, _C.state == PUBLISHED)
    villages = wall.spots(_distinct(_C.village_id, here))
    units = identity.units_by_id(_distinct(_C.unit_id, here))
    codes = select(_C.category_code).where(*here).distinct().subquery()
    named = WallEntry.__table__.alias("named")
    name = (
        select(named.c.category_name)
        .where(named.c.town_id == town_id, named.c.state == PUBLISHED, named.c.category_code == codes.c[0])
        .limit(1)
        .scalar_subquery()
    )
    categories = db.session.execute(select(codes.c[0], name)).all()
    ends = db.session.execute(select(func.min(_C.published_at), func.max(_C.published_at)).where(*here)).one()
    return {
        "villages": [{"value": str(card.id), "label": card.name} for card in villages.values()],
        "categories": [{"value": code, "label": label} for code, label in sorted(categories)],
        "units": [{"value": str(card.id), "label": card.name} for card in units.values()],
        "months": _months(*ends),
    }


def _distinct(column: Any, conditions: Any) -> list[int]:
    return list(db.session.scalars(select(column).where(*conditions, column.is_not(None)).distinct()))


def _months(first: Any, last: Any) -> list[str]:
    """Newest first."""
    if first is None:
        return []
    month, end, found = shanghai(first).date().replace(day=1), shanghai(last).date(), []
    while month <= end:
        found.append(f"{month:%Y-%m}")
        month = wall.next_month(month)
    return found[::-1][:MONTHS_MOST]


def open_data(of: Wanted, cursor: str | None) -> dict[str, Any]:
    """Entries for programs: no person, no photo, nobody's question."""
    found = wall.entries(of, cursor, OPEN_PAGE)
    return {
        "town": wall.town_name(of.town_id),
        "note": NOTE,
        "items": [_open(row) for row in found.items],
        "next_cursor": found.next_cursor,
    }


def _open(row: Row[Any]) -> dict[str, Any]:
    return {
        "code": row.code,
        "url": wall.share_url(row.code),
        "title": row.title,
        "matter": row.matter,
        "done": row.done,
        "category_code": row.category_code,
        "category": row.category_name,
        "village": row.village_name,
        "unit": row.unit_name,
        "received_on": row.received_on,
        "closed_on": row.closed_on,
        "published_on": shanghai(row.published_at).date(),
        "days_taken": row.days_taken,
        "days_promised": row.days_promised,
        "on_time": None if row.on_time is None else bool(row.on_time),
        "score": row.score,
        "follow_ups": row.follow_up_count,
        "unanswered": row.unanswered_count,
    }
