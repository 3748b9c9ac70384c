"""The cursor: opaque, exact, and refused with a sentence when it is none of ours."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest

from backend.kernel.errors import Invalid
from backend.kernel.paging import make_cursor, make_page, parse_cursor

MOMENT = datetime(2026, 3, 10, 2, 0, 0, 123456, tzinfo=UTC)


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize("row_id", [0, 7, 2**63 - 1])
def test_a_cursor_keeps_the_moment_to_the_microsecond(row_id: int) -> None:
    assert parse_cursor(make_cursor(MOMENT, row_id)) == (MOMENT, row_id)


def test_a_cursor_speaks_of_utc() -> None:
    shanghai = MOMENT.astimezone(timezone(timedelta(hours=8)))
    assert make_cursor(shanghai, 1) == make_cursor(MOMENT, 1)


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_cursor_is_the_first_page(nothing: str | None) -> None:
    assert parse_cursor(nothing) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "汉字",
        "!!!!",
        encoded("2026-03-10"),
        encoded("2026-03-10T02:00:00|1"),  # naive
        encoded("2026-03-10T02:00:00+00:00|"),
        encoded("2026-03-10T02:00:00+00:00|one"),
        encoded("2026-03-10T02:00:00+00:00|-1"),
        encoded(f"2026-03-10T02:00:00+00:00|{2**63}"),  # no database's integer
        encoded("0001-01-01T00:00:00+23:00|1"),  # before the calendar begins
        base64.urlsafe_b64encode(b"\xff\xfe|1").decode(),
    ],
)
def test_a_foreign_cursor_is_refused_with_a_sentence(cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_cursor(cursor)
    assert refused.value.code == "bad_cursor"
    assert "cursor" in refused.value.fields


def test_a_page_points_on_only_when_there_is_more() -> None:
    rows = [(MOMENT - timedelta(seconds=n), n) for n in range(4)]
    page = make_page(rows, 3, lambda r: r)
    assert list(page.items) == rows[:3]
    assert parse_cursor(page.next_cursor) == rows[2]
    assert make_page(rows, 4, lambda r: r).next_cursor is None
    assert make_page([], 4, lambda r: r).next_cursor is None
