"""The frequency watch as everybody reads it, page by page: what is late, and how each village keeps its dates (OPEN-04).

A town of many villages may owe hundreds of things; what is late is counted anew for each page and ordered by what
no later day changes, so that nobody meets a line twice or misses one because a night lies between two pages.
"""

from __future__ import annotations

import base64
from collections import Counter
from datetime import date
from typing import Any

from backend.kernel.clock import today
from backend.kernel.errors import Invalid
from backend.notices import watch_queries as watch
from backend.notices.watch_queries import LATE_PUBLISHED, MISSING, PUBLISHED, Owed

#: lines of a page
MOST = 50
#: what is late, in the order in which it is shown
LATE = (MISSING, LATE_PUBLISHED)
#: published, how late, village, category, period
Place = tuple[int, int, int, str, str]


def page(
    town_id: int, *, village_id: int | None = None, state: str = "", cursor: str | None = None
) -> dict[str, Any]:
    """What is late in a town or in one village: what is not there, most days first; then what came late.

    `state` is one of LATE, or "" for both. `count` counts all pages; the villages stand on the first page only.
    Raises Invalid for a cursor that is none of ours.
    """
    day, after = today(), _read(cursor)
    found = watch.owed(town_id, None if village_id is None else [village_id])
    wanted = (state,) if state else LATE
    late = {_place(one): one for one in found if one.state(day) in wanted}
    behind = sorted(place for place in late if after is None or place > after)
    shown, ordered = behind[:MOST], watch.orders(town_id)
    return {
        "as_of": day,
        "items": [watch.line(late[at], ordered.get(late[at].key, []), day) for at in shown],
        "count": len(late),
        "villages": by_village(found, day) if after is None else [],
        "next_cursor": _cursor(shown[-1]) if len(behind) > len(shown) else None,
    }


def by_village(found: list[Owed], day: date) -> list[dict[str, Any]]:
    """Of each village how much was expected by a day, and came in time, late, or not at all."""
    counted: dict[int, Counter[str]] = {}
    names: dict[int, str] = {}
    for one in found:
        names[one.village.id] = one.village.name
        counted.setdefault(one.village.id, Counter())[one.state(day)] += 1
    return [
        {
            "village_id": village_id,
            "village_name": names[village_id],
            "expected": sum(states[s] for s in (MISSING, LATE_PUBLISHED, PUBLISHED)),
            "on_time": states[PUBLISHED],
            "late": states[LATE_PUBLISHED],
            "missing": states[MISSING],
        }
        for village_id, states in counted.items()
    ]


def _place(one: Owed) -> Place:
    """Where it stands among what is late: what is not there is older the earlier it was due."""
    village_id, category, period = one.key
    due_on = one.period.due_on
    if one.published_on is None:
        return 0, due_on.toordinal(), village_id, category, period
    return 1, -one.days_late(one.published_on), village_id, category, period


def _cursor(place: Place) -> str:
    return base64.urlsafe_b64encode("|".join(map(str, place)).encode()).decode()


def _read(cursor: str | None) -> Place | None:
    if not cursor:
        return None
    try:
        published, measure, village_id, category, period = (
            base64.urlsafe_b64decode(cursor.encode()).decode().split("|")
        )
        return int(published), int(measure), int(village_id), category, period
    except ValueError as error:
        raise Invalid("bad_cursor", "翻页标记已失效，请刷新后再试。", fields={"cursor": ["无效"]}) from error
