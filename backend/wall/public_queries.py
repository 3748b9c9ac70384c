"""What everybody reads of the wall: lists, one entry, the map. Copies that a second person approved, nothing of a case.

Every list is read from an index that begins with town and state; a test on MariaDB counts the rows.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select

from backend.kernel.clock import shanghai, start_of_day, today
from backend.kernel.db import db
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.ids import LARGEST_ID
from backend.kernel.paging import PAGE_SIZE, Page, behind, in_order_of, make_page, parse_cursor
from backend.kernel.settings import settings
from backend.media import queries as media
from backend.places import queries as places
from backend.search.queries import matching
from backend.wall.models import WallEntry, WallPhoto
from backend.wall.states import PUBLISHED

SEARCH_KIND = "wall"
SCORES = {"satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意"}
MISSING = NotFound("wall_entry_not_found", "没有找到这条回音，可能已经撤下，或者链接写错了。")

_C = WallEntry.__table__.c
_P = WallPhoto.__table__.c
_LINE = select(
    _C.id, _C.code, _C.title, _C.category_code, _C.category_name, _C.village_name, _C.place_label, _C.unit_name,
    _C.closed_on, _C.days_taken, _C.days_promised, _C.on_time, _C.score, _C.follow_up_count, _C.unanswered_count,
    _C.waiting_since, _C.follower_count, _C.published_at,
)  # fmt: skip
#: what the page, the feed and the open data say beyond a line
_WHOLE = _LINE.add_columns(
    _C.matter, _C.done, _C.received_on, _C.republished_at, _C.town_id, _C.state, _C.notes
)


@dataclass(frozen=True)
class Wanted:
    """Which entries of a town; what is empty is not asked for. `month` is its first day in Shanghai."""

    town_id: int
    village: int | None = None
    category: str = ""
    unit: int | None = None
    month: date | None = None
    words: str = ""


def wanted(town_id: int, given: Mapping[str, Any]) -> Wanted:
    """From what a query asked for."""
    month = given.get("month") or ""
    return Wanted(
        town_id,
        given.get("village"),
        given.get("category") or "",
        given.get("unit"),
        date.fromisoformat(f"{month}-01") if month else None,
        given.get("words") or "",
    )


def next_month(first: date) -> date:
    """The first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def on_the_wall(of: Wanted) -> list[ColumnElement[bool]]:
    """The conditions that entries meet."""
    found = [_C.town_id == of.town_id, _C.state == PUBLISHED]
    if of.village is not None:
        found.append(_C.village_id == of.village)
    if of.category:
        found.append(_C.category_code == of.category)
    if of.unit is not None:
        found.append(_C.unit_id == of.unit)
    if of.month is not None:
        begins, ends = start_of_day(of.month), start_of_day(next_month(of.month))
        found += [_C.published_at >= begins, _C.published_at < ends]
    if of.words:
        found.append(_C.id.in_(matching(SEARCH_KIND, of.town_id, of.words)))
    return found


def _by_index(statement: Select[Any], of: Wanted, order: str = "newest") -> Select[Any]:
    """Say by which index: six begin with town and state, and MariaDB, unsure among them, reads all that lies
    before a cursor. What is asked for by words is found by these."""
    if of.words:
        return statement
    filtered = {"village": of.village, "category": of.category, "unit": of.unit}
    name = next((one for one, value in filtered.items() if value), "newest") if order == "newest" else order
    return statement.with_hint(WallEntry.__table__, in_order_of(f"ix_wall_entries_{name}"), "mysql")


def page(of: Wanted, order: str, cursor: str | None) -> Page[dict[str, Any]]:
    """A page of lines. Raises Invalid for a cursor that is none of ours."""
    statement = _by_index(_LINE.where(*on_the_wall(of)), of, order)
    if order == "followed":
        found = _most_followed(statement, cursor)
    elif order == "waiting":
        found = _longest_waiting(statement, cursor)
    else:
        found = newest(statement, cursor, PAGE_SIZE)
    photos = photos_of([row.id for row in found.items])
    return Page([line(row, photos.get(row.id, {})) for row in found.items], found.next_cursor)


def newest(statement: Select[Any], cursor: str | None, most: int) -> Page[Row[Any]]:
    """By the date of publication."""
    at = parse_cursor(cursor)
    if at is not None:
        statement = statement.where(behind(_C.published_at, _C.id, at))
    ordered = statement.order_by(_C.published_at.desc(), _C.id.desc()).limit(most + 1)
    return make_page(db.session.execute(ordered).all(), most, lambda row: (row.published_at, row.id))


def _longest_waiting(statement: Select[Any], cursor: str | None) -> Page[Row[Any]]:
    """Only what waits for an answer, the oldest question first."""
    at = parse_cursor(cursor)
    if at is None:
        statement = statement.where(_C.waiting_since.is_not(None))
    else:
        statement = statement.where(_C.waiting_since >= at[0], or_(_C.waiting_since > at[0], _C.id > at[1]))
    ordered = statement.order_by(_C.waiting_since, _C.id).limit(PAGE_SIZE + 1)
    return make_page(db.session.execute(ordered).all(), PAGE_SIZE, lambda row: (row.waiting_since, row.id))


def _most_followed(statement: Select[Any], cursor: str | None) -> Page[Row[Any]]:
    """The number may change while somebody pages: an entry may then be met twice."""
    if cursor:
        count, row_id = _read_count(cursor)
        statement = statement.where(
            _C.follower_count <= count, or_(_C.follower_count < count, _C.id < row_id)
        )
    ordered = statement.order_by(_C.follower_count.desc(), _C.id.desc()).limit(PAGE_SIZE + 1)
    rows = db.session.execute(ordered).all()
    last = rows[PAGE_SIZE - 1] if len(rows) > PAGE_SIZE else None
    after = None if last is None else f"{last.follower_count}|{last.id}"
    return Page(rows[:PAGE_SIZE], base64.urlsafe_b64encode(after.encode()).decode() if after else None)


def _read_count(cursor: str) -> tuple[int, int]:
    try:
        count, _, row_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        found = (int(count), int(row_id))
        if not all(0 <= number <= LARGEST_ID for number in found):
            raise ValueError("not of our making")
        return found
    except ValueError as error:
        raise Invalid("bad_cursor", "翻页标记已失效，请刷新后再试。", fields={"cursor": ["无效"]}) from error


def line(row: Row[Any], photos: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """An entry as lists show it (PublicWallItemSchema; a test holds both equal)."""
    waiting: datetime | None = row.waiting_since
    return {
        "id": str(row.id),
        "code": row.code,
        "title": row.title,
        "category_code": row.category_code,
        "category_label": row.category_name,
        "village_name": row.village_name,
        "place_label": row.place_label,
        "unit_name": row.unit_name,
        "closed_on": row.closed_on,
        "days_taken": row.days_taken,
        "days_promised": row.days_promised,
        "on_time": None if row.on_time is None else bool(row.on_time),
        "score": row.score,
        "score_label": SCORES.get(row.score or "", ""),
        "before_photo": photos.get("before"),
        "after_photo": photos.get("after"),
        "follow_up_count": row.follow_up_count,
        "unanswered_count": row.unanswered_count,
        "longest_waiting_days": None if waiting is None else days_since(waiting),
        "followers": row.follower_count,
        "published_on": shanghai(row.published_at).date(),
    }


def taken_words(days: int) -> str:
    """How long it took."""
    return f"{days} 天办结" if days else "当天办结"


def promised_words(days: int | None) -> str:
    """What was promised; nothing where nothing was."""
    return "" if days is None else f"承诺 {days} 天" if days else "承诺当天"


def days_since(moment: datetime) -> int:
    """Calendar days in Shanghai since then; on the day itself none."""
    return (today() - shanghai(moment).date()).days


def photos_of(entry_ids: Sequence[int]) -> dict[int, dict[str, dict[str, Any]]]:
    """The public copies that somebody looked at, by entry and by role."""
    if not entry_ids:
        return {}
    statement = select(_P.entry_id, _P.role, _P.file_key, _P.thumb_key, _P.width, _P.height).where(
        _P.entry_id.in_(entry_ids), _P.faces_checked_at.is_not(None)
    )
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.entry_id, {})[row.role] = {
            "url": media.url(row.file_key),
            "thumb_url": media.url(row.thumb_key),
            "width": row.width,
            "height": row.height,
        }
    return found


def known(*, entry_id: int | None = None, code: str = "") -> Row[Any]:
    """An entry that is or was on the wall, whole, by its id or its code: what was shown once keeps its address,
    also while it is being written anew. NotFound."""
    which = _C.code == code if entry_id is None else _C.id == entry_id
    row = db.session.execute(_WHOLE.where(which, _C.published_at.is_not(None))).one_or_none()
    if row is None:
        raise MISSING
    return row


def entries(of: Wanted, cursor: str | None, most: int) -> Page[Row[Any]]:
    """Whole rows, newest first: for the feed and the open data."""
    return newest(_by_index(_WHOLE.where(*on_the_wall(of)), of), cursor, most)


def share_url(code: str) -> str:
    """Where the page that is shared stands."""
    return f"{settings().public_base_url}/w/{code}"


def share_picture(code: str) -> str:
    """Where the picture of its share card stands."""
    return f"{settings().public_base_url}/w/picture/{code}.png"


def town(code: str) -> Any:
    """The active town of that code, or the first one. NotFound."""
    if code:
        return places.town_by_code(code)
    found = places.towns()
    if not found:
        raise NotFound("town_unknown", "还没有载入任何镇的资料。")
    return found[0]


def surrogate(town_id: int) -> str:
    """The name that stands for everything public of a town's wall (kernel/page_numbers.py)."""
    return f"wall:{town_id}"


def town_name(town_id: int) -> str:
    """As people say it."""
    return places.get_place(town_id).name


def spots(of: Iterable[Any]) -> dict[int, places.PlaceCard]:
    """Places by id."""
    return places.places_named([int(one) for one in of])
