"""Reads of the tree: which grid a point lies in, the map, the children of a place.

A town's boundaries are kept in memory per process and read again when the town's version has
changed, so that a load by one process is seen by all others at their next question.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, select

from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.places import geometry
from backend.places.geometry import to_gcj02
from backend.places.models import LEVELS, Place, Town
from backend.places.shapes import shapely

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["to_gcj02"]

#: how much the map's lines are thinned, in degrees (about 5 m)
SIMPLIFY_DEGREES = 0.00005
MAP_LEVELS = ("town", "village", "grid")


@dataclass(frozen=True)
class PlaceCard:
    """A place without its boundary; ``places`` maps level → id of itself and its ancestors."""

    id: int
    level: str
    code: str
    name: str
    parent_id: int | None
    places: dict[str, int]
    center: tuple[float, float] | None
    active: bool
    worker_name: str = ""
    worker_phone: str = ""
    supervision_phone: str = ""


@dataclass(frozen=True)
class Located:
    """Where a point lies. Below the town a level may be missing: a gap between drawn grids."""

    town: PlaceCard
    area: PlaceCard | None
    village: PlaceCard | None
    grid: PlaceCard | None
    micro_grid: PlaceCard | None

    @property
    def places(self) -> dict[str, int]:
        """Level → id, of the levels that are known."""
        found = (self.micro_grid, self.grid, self.village, self.area, self.town)
        return next(place.places for place in found if place is not None)

    @property
    def label(self) -> str:
        """As people read it: 示例三村 · 第17网格."""
        parts = [place.name for place in (self.village, self.grid) if place is not None]
        return " · ".join(parts) or self.town.name


@dataclass(frozen=True)
class _Tree:
    """One town in memory."""

    version: int
    cards: dict[int, PlaceCard]
    outline: BaseGeometry
    index: dict[str, tuple[shapely.STRtree, list[int]]]
    map: dict[str, Any]

    def at(self, level: str, point: shapely.Point) -> PlaceCard | None:
        tree, ids = self.index[level]
        hits = sorted(int(i) for i in tree.query(point, predicate="intersects"))
        return self.cards[ids[hits[0]]] if hits else None


_trees: dict[int, _Tree] = {}
_building = threading.Lock()


def locate(town_id: int, lon: float, lat: float) -> Located | None:
    """The places that hold a point given in GCJ-02 degrees; None when it lies outside the town.

    On a border the place that stands first in the town's list wins, always the same one.
    """
    tree = _tree(town_id)
    point = shapely.Point(lon, lat)
    if not tree.outline.intersects(point):
        return None
    found = {level: tree.at(level, point) for level in ("area", "village", "grid", "micro_grid")}
    lowest = found["micro_grid"] or found["grid"] or found["village"] or found["area"]
    if lowest is None:
        return Located(tree.cards[town_id], None, None, None, None)
    return _located(tree, lowest)


def located_place(place_id: int) -> Located:
    """The same answer for a place chosen by hand (a village, a grid); NotFound when it is none of ours.

    A village that has one grid lies in it, so its worker can be named; with more, nobody is guessed.
    """
    row = db.session.execute(
        select(Place.town_id).where(Place.id == place_id, Place.active, Place.level.not_in(("county",)))
    ).scalar_one_or_none()
    if row is None:
        raise NotFound("place_unknown", "没有找到这个地点，请重新选择。")
    tree = _tree(row)
    place = tree.cards[place_id]
    if place.level == "village":
        grids = [
            card
            for card in tree.cards.values()
            if card.level == "grid" and card.places.get("village") == place_id and card.active
        ]
        place = grids[0] if len(grids) == 1 else place
    return _located(tree, place)


def _located(tree: _Tree, place: PlaceCard) -> Located:
    def at(level: str) -> PlaceCard | None:
        place_id = place.places.get(level)
        return tree.cards.get(place_id) if place_id else None

    town = at("town")
    assert town is not None  # every place below a town carries its id
    return Located(town, at("area"), at("village"), at("grid"), at("micro_grid"))


def get_place(place_id: int) -> PlaceCard:
    """A place by id, switched off or not; NotFound."""
    row = db.session.execute(_CARDS.where(Place.id == place_id)).one_or_none()
    if row is None:
        raise NotFound("place_unknown", "没有找到这个地点，请重新选择。")
    return _card(row)


def places_named(place_ids: Sequence[int]) -> dict[int, PlaceCard]:
    """Many places at once, by id."""
    rows = db.session.execute(_CARDS.where(Place.id.in_(set(place_ids))))
    return {row.id: _card(row) for row in rows}


def children(place_id: int, level: str) -> list[PlaceCard]:
    """The active places of a level under a place, however far down, in the town's order."""
    if level not in LEVELS:
        raise ValueError(f"unknown level {level!r}")
    above = get_place(place_id)
    column = getattr(Place, f"{above.level}_id")
    rows = db.session.execute(
        _CARDS.where(column == place_id, Place.level == level, Place.active).order_by(
            Place.position, Place.id
        )
    )
    return [_card(row) for row in rows]


def towns() -> list[Town]:
    """The active towns, in the operator's order."""
    statement = select(Town).where(Town.active).order_by(Town.position, Town.code)
    return list(db.session.scalars(statement))


def town_by_code(code: str) -> Town:
    """An active town; NotFound with a sentence."""
    found = db.session.scalars(select(Town).where(Town.code == code, Town.active)).first()
    if found is None:
        raise NotFound("town_unknown", "没有找到这个镇，可能链接写错了。")
    return found


_HERE = select(Town.__table__.c.id, Town.__table__.c.version).where(
    Town.__table__.c.code == bindparam("code"), Town.__table__.c.active
)
_VERSION = "version of the town"


def town_id_of(code: str) -> int:
    """The id of an active town; NotFound with a sentence.

    What locate() needs of the town is read with it and kept for the unit: one question, not two.
    """
    row = db.session.execute(_HERE, {"code": code}).one_or_none()
    if row is None:
        raise NotFound("town_unknown", "没有找到这个镇，可能链接写错了。")
    session = db.session()
    session.info[_VERSION] = (session.get_transaction(), row.id, row.version)
    return int(row.id)


def _version_in_this_unit(town_id: int) -> int:
    session = db.session()
    unit, known, version = session.info.get(_VERSION, (None, None, 0))
    return (
        version
        if unit is not None and (unit, known) == (session.get_transaction(), town_id)
        else town_version(town_id)
    )


def town_version(town_id: int) -> int:
    """The number that changes with every load that changed the tree; 0 for an unknown town."""
    return db.session.execute(select(Town.version).where(Town.id == town_id)).scalar_one_or_none() or 0


def town_map(town_id: int) -> dict[str, Any]:
    """GeoJSON FeatureCollection in GCJ-02: outline, villages, grids, with thinned lines.

    Feature properties: {id, level, name, parent_id}, ids as strings. Do not change the dict.
    """
    return _tree(town_id).map


_COLUMNS = Place.__table__.c
_CARDS = select(*(column for column in _COLUMNS if column.name != "boundary"))


def _card(row: Row[Any]) -> PlaceCard:
    ids = {level: getattr(row, f"{level}_id") for level in LEVELS}
    center = None if row.center_lon is None or row.center_lat is None else (row.center_lon, row.center_lat)
    return PlaceCard(
        id=row.id,
        level=row.level,
        code=row.code,
        name=row.name,
        parent_id=row.parent_id,
        places={level: place_id for level, place_id in ids.items() if place_id is not None},
        center=center,
        active=row.active,
        worker_name=row.worker_name,
        worker_phone=row.worker_phone,
        supervision_phone=row.supervision_phone,
    )


def _tree(town_id: int) -> _Tree:
    version = _version_in_this_unit(town_id)
    found = _trees.get(town_id)
    if found is not None and found.version == version:
        return found
    with _building:
        found = _trees.get(town_id)
        if found is None or found.version != version:
            found = _trees[town_id] = _build(town_id, version)
        return found


def _build(town_id: int, version: int) -> _Tree:
    statement = (
        select(*_COLUMNS).where(Place.town_id == town_id, Place.active).order_by(Place.position, Place.id)
    )
    rows = list(db.session.execute(statement))
    shapes = {row.id: shapely.geometry.shape(row.boundary) for row in rows if row.boundary is not None}
    if town_id not in shapes:
        raise NotFound("town_unknown", "没有找到这个镇，可能链接写错了。")
    index: dict[str, tuple[shapely.STRtree, list[int]]] = {}
    for level in ("area", "village", "grid", "micro_grid"):
        ids = [row.id for row in rows if row.level == level and row.id in shapes]
        index[level] = (shapely.STRtree([shapes[i] for i in ids]), ids)
    for outline in shapes.values():
        shapely.prepare(outline)
    drawn = _map([row for row in rows if row.id in shapes], shapes)
    cards = {row.id: _card(row) for row in rows}
    return _Tree(version, cards, shapes[town_id], index, drawn)


def _map(rows: Sequence[Row[Any]], shapes: dict[int, BaseGeometry]) -> dict[str, Any]:
    features = []
    for level in MAP_LEVELS:
        of_level = [row for row in rows if row.level == level]
        thinned = _thinned([shapes[row.id] for row in of_level])
        for row, outline in zip(of_level, thinned, strict=True):
            properties = {
                "id": str(row.id),
                "level": level,
                "name": row.name,
                "parent_id": None if row.parent_id is None else str(row.parent_id),
            }
            drawn = shapely.geometry.mapping(geometry.rounded(outline))
            features.append({"type": "Feature", "properties": properties, "geometry": drawn})
    return {"type": "FeatureCollection", "crs": "gcj02", "features": features}


def _thinned(outlines: list[BaseGeometry]) -> list[BaseGeometry]:
    """Fewer points; neighbours keep a common border where they have one."""
    if outlines and shapely.coverage_is_valid(outlines):
        return list(shapely.coverage_simplify(outlines, SIMPLIFY_DEGREES))
    return [outline.simplify(SIMPLIFY_DEGREES) for outline in outlines]
