"""Guides as the search over everything shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backend.guides import queries
from backend.search.kinds import Found


def cards(guide_ids: Sequence[int]) -> Mapping[int, Found]:
    """Those of them that are shown."""
    return {
        row.id: Found(
            row.title,
            "、".join([row.group_name, *(str(one["name"]) for one in row.materials)]),
            row.updated_on,
            "/" + queries.PAGE.format(id=row.id),
        )
        for row in queries.found(guide_ids).values()
    }
