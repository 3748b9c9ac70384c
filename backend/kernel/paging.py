"""Keyset paging: an opaque cursor over (created, id), newest first.

The condition is `created <= ? AND (created < ? OR id < ?)`: MariaDB walks the index for this
form (20 rows read), and reads the whole range for the row-value form (35,265 rows, measured).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_

from backend.kernel.errors import Invalid
from backend.kernel.ids import LARGEST_ID

T = TypeVar("T")
PAGE_SIZE = 20


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items and the way to the next ones; `next_cursor` is None at the end."""

    items: Sequence[T]
    next_cursor: str | None


def make_cursor(created: datetime, row_id: int) -> str:
    """The cursor that points just behind a row."""
    return base64.urlsafe_b64encode(f"{created.astimezone(UTC).isoformat()}|{row_id}".encode()).decode()


def parse_cursor(cursor: str | None) -> tuple[datetime, int] | None:
    """The (created, id) behind a cursor; Invalid when it is none of ours."""
    if not cursor:
        return None
    try:
        created, _, row_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        moment = datetime.fromisoformat(created)
        if moment.tzinfo is None or not 0 <= int(row_id) <= LARGEST_ID:
            raise ValueError("not of our making")
        return moment.astimezone(UTC), int(row_id)
    except (ValueError, OverflowError) as error:
        raise Invalid("bad_cursor", "翻页标记已失效，请刷新后再试。", fields={"cursor": ["无效"]}) from error


def behind(
    created: SQLColumnExpression[datetime], row_id: SQLColumnExpression[int], at: tuple[datetime, int]
) -> ColumnElement[bool]:
    """The rows that come after the cursor, newest first."""
    return and_(created <= at[0], or_(created < at[0], row_id < at[1]))


def in_order_of(index: str) -> str:
    """MariaDB's hint for a page that is read along an index.

    Without it the optimizer takes a scan of the table to be cheaper than the range behind a cursor whenever more
    than about half of the rows lie behind it, drops the range, and then walks the index from its newest row: 20,000
    rows for page 1,000, of which it returns 20.
    """
    return f"FORCE INDEX ({index})"


def make_page(rows: Sequence[T], limit: int, key: Callable[[T], tuple[datetime, Any]]) -> Page[T]:
    """A page of at most `limit` from `limit + 1` fetched rows."""
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(shown, make_cursor(*key(shown[-1])) if more and shown else None)
