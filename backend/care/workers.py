"""Who can be sent: the grid workers of a village, the grid's own first."""

from __future__ import annotations

from collections.abc import Mapping

from backend.care.policy import VISIT
from backend.identity import queries as identity
from backend.identity.queries import StaffCard
from backend.places.queries import children, get_place


def of(places: Mapping[str, int | None]) -> list[StaffCard]:
    """Active workers of the grids of that village who may visit; those of its own grid come first."""
    town_id, village_id = places.get("town"), places.get("village")
    if town_id is None:
        return []
    allowed = {card.id for cards in identity.assignable(town_id, VISIT).values() for card in cards}
    near = [places] if places.get("grid") else []
    if village_id is not None:
        near += [get_place(grid.id).places for grid in children(village_id, "grid")]
    found: dict[int, StaffCard] = {}
    for where in near:
        here = {level: where[level] for level in ("grid", "village") if where.get(level)}
        for card in identity.staff_for(town_id, "grid_worker", here):
            if card.id in allowed:
                found.setdefault(card.id, card)
    return list(found.values())


def own_of(places: Mapping[str, int | None]) -> StaffCard | None:
    """The one worker of the grid; None when the grid is not known, or has none: then a person decides."""
    if not places.get("grid"):
        return None
    return next(iter(of({**places, "village": None})), None)
