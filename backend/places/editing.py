"""The tree of places as it is kept on screen: names, public numbers (GRID-01), on and off, boundaries.

Its own file: services.py makes the tree what the files say. What was edited here a load leaves alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from backend import audit
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Invalid, NotFound
from backend.places import geometry, ports
from backend.places.files.boundaries import OUTSIDE_SHARE, OVERLAP_SHARE
from backend.places.models import LEVEL_LABELS, LEVELS, Place, Town
from backend.places.shapes import shapely

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

PERMISSION = "places.manage"
_LABELS = {
    "name": "名称",
    "worker_name": "网格员",
    "worker_phone": "网格员电话",
    "supervision_phone": "监督电话",
    "active": "启用",
    "area_km2": "面积(平方公里)",
}
_MOST_POINTS = 20_000
_LEAST_KM2 = 0.0001  # a hundred square metres


@dataclass(frozen=True)
class PlaceDraft:
    """A place as somebody wants it to be."""

    name: str
    worker_name: str = ""
    worker_phone: str = ""
    supervision_phone: str = ""
    active: bool = True


def tree(actor: Actor, *permissions: str) -> list[dict[str, Any]]:
    """The places of the actor's town that one of `permissions` reaches, from the top down."""
    rows = db.session.scalars(
        select(Place).where(Place.town_id == actor.town_id).order_by(Place.position, Place.id)
    ).all()
    shown = [row for row in rows if any(_reaches(actor, p, row) for p in permissions)]
    shown.sort(key=lambda row: LEVELS.index(row.level))
    return [_shown(actor, row) for row in shown]


def change(actor: Actor, place_id: int, draft: PlaceDraft) -> dict[str, Any]:
    """Rename a place, keep its public numbers, switch it off or on.

    Raises NotFound out of reach; Invalid for a name in use beside it, for the town itself switched
    off, and for a place in which places, units or open matters remain.
    """
    row = _within_reach(actor, place_id)
    if not draft.name:
        raise _bad("name", "请填写名称。")
    beside = select(Place.id).where(
        Place.parent_id == row.parent_id, Place.name == draft.name, Place.active, Place.id != row.id
    )
    if db.session.scalars(beside).first() is not None:
        raise _bad("name", "同一个上级下面已经有这个名称，请换一个。", "place_exists")
    if row.active and not draft.active:
        _demand_empty(row)
    if draft.active and not row.active:
        _demand_parent_active(row)
    before = _fields(row)
    row.name, row.active = draft.name, draft.active
    row.worker_name, row.worker_phone = draft.worker_name, draft.worker_phone
    row.supervision_phone = draft.supervision_phone
    _changed(actor, row, before, "place_changed")
    return _shown(actor, row)


def replace_boundary(
    actor: Actor, place_id: int, raw: Mapping[str, Any], crs: str, *, check_only: bool = False
) -> dict[str, Any]:
    """Give a place another boundary from GeoJSON in the coordinate system `crs`; checked as a load does.

    `raw` is a geometry, a feature, or a collection with one feature. With `check_only` nothing is
    kept. Returns the areas before and after in km². Raises Invalid with the sentence of what is wrong:
    not an area, outside its parent, over a neighbour, or cutting off what lies in it.
    """
    row = _within_reach(actor, place_id)
    outline = _outline(raw, crs)
    _demand_inside_parent(row, outline)
    _demand_beside_others(row, outline)
    _demand_around_parts(row, outline)
    before = _fields(row)
    found = {
        "area_before": before["area_km2"],
        "area_after": round(geometry.area_km2(outline), 3),
        "kept": not check_only,
    }
    if not check_only:
        row.boundary = json.loads(json.dumps(shapely.geometry.mapping(outline)))
        inside = outline.centroid if outline.contains(outline.centroid) else outline.representative_point()
        row.center_lon, row.center_lat = round(inside.x, 6), round(inside.y, 6)
        _changed(actor, row, before, "boundary_replaced")
    return found


def _within_reach(actor: Actor, place_id: int) -> Place:
    row = db.session.get(Place, place_id, with_for_update=True)
    if row is None or row.town_id != actor.town_id or not _reaches(actor, PERMISSION, row):
        raise NotFound
    return row


def _reaches(actor: Actor, permission: str, row: Place) -> bool:
    """A grant bounded to one unit edits no place: a place is everybody's who works there."""
    return any(
        grant.unit_id is None and getattr(row, f"{grant.place_level}_id") == grant.place_id
        for grant in actor.grants_with(permission)
    )


def _changed(actor: Actor, row: Place, before: Mapping[str, Any], what: str) -> None:
    row.edited_at = now()
    town = db.session.get_one(Town, row.town_id, with_for_update=True)
    town.version += 1  # readers that keep the tree in memory read it again
    db.session.flush()
    audit.record_change(actor, what, "place", row.id, before, _fields(row), name=row.name, labels=_LABELS)


def _demand_empty(row: Place) -> None:
    if row.level == "town":
        raise _bad("active", "镇本身不能停用。", "place_is_town")
    below = select(Place.name).where(Place.parent_id == row.id, Place.active)
    names = db.session.scalars(below.limit(3)).all()
    if names:
        raise _bad("active", f"它下面还有{'、'.join(names)}等地点，请先停用它们。", "place_has_parts")
    for count, sentence in (
        (ports.units_at(row.id), "个单位设在这里，请先移走"),
        (ports.open_cases_at(row.level, row.id), "件诉求在这里没有办结，请先办结"),
    ):
        if count:
            raise _bad("active", f"还有 {count} {sentence}。", "place_in_use")


def _demand_parent_active(row: Place) -> None:
    parent = db.session.get(Place, row.parent_id) if row.parent_id else None
    if parent is not None and not parent.active:
        raise _bad("active", f"上级“{parent.name}”已停用，请先启用它。")


def _outline(raw: Mapping[str, Any], crs: str) -> BaseGeometry:
    found: Any = raw
    if found.get("type") == "FeatureCollection":
        features = found.get("features")
        if not isinstance(features, list) or len(features) != 1 or not isinstance(features[0], dict):
            raise _bad("geojson", "文件里要正好有一个面：一次换一个地点的边界。", "boundary_wrong")
        found = features[0]
    if found.get("type") == "Feature":
        found = found.get("geometry")
    fault = geometry.boundary_fault(found)
    if fault:
        raise _bad("geojson", f"{fault}。", "boundary_wrong")
    outline = shapely.geometry.shape(found)
    if shapely.get_num_coordinates(outline) > _MOST_POINTS:
        raise _bad("geojson", f"边界的点太多（超过 {_MOST_POINTS} 个），请先化简。", "boundary_wrong")
    outline = geometry.rounded(geometry.geometry_to_gcj02(outline, crs))
    if not outline.is_valid or geometry.area_km2(outline) < _LEAST_KM2:
        raise _bad("geojson", "这个面太小了，不像是一块地方，请检查文件。", "boundary_wrong")
    return outline


def _demand_inside_parent(row: Place, outline: BaseGeometry) -> None:
    parent = db.session.get(Place, row.parent_id) if row.parent_id else None
    if parent is None or parent.boundary is None:
        return
    share = _outside(outline, shapely.geometry.shape(parent.boundary))
    if share > OUTSIDE_SHARE:
        sentence = f"这个边界有 {share:.0%} 在上级“{parent.name}”之外，请检查坐标系选得对不对。"
        raise _bad("geojson", sentence, "boundary_outside")


def _demand_beside_others(row: Place, outline: BaseGeometry) -> None:
    """Neighbours of one level share a border, never ground: a report would lie in two grids."""
    beside = select(Place.name, Place.boundary).where(
        Place.town_id == row.town_id,
        Place.level == row.level,
        Place.active,
        Place.boundary.is_not(None),
        Place.id != row.id,
    )
    for name, boundary in db.session.execute(beside):
        other = shapely.geometry.shape(boundary)
        if not outline.intersects(other):
            continue
        share = outline.intersection(other).area / min(outline.area, other.area)
        if share > OVERLAP_SHARE:
            raise _bad(
                "geojson", f"这个边界与“{name}”重叠了 {share:.0%}，请先改好再上传。", "boundary_overlaps"
            )


def _demand_around_parts(row: Place, outline: BaseGeometry) -> None:
    parts = select(Place.name, Place.boundary).where(
        Place.parent_id == row.id, Place.active, Place.boundary.is_not(None)
    )
    for name, boundary in db.session.execute(parts):
        share = _outside(shapely.geometry.shape(boundary), outline)
        if share > OUTSIDE_SHARE:
            sentence = f"它下面的“{name}”会有 {share:.0%} 落在外面，请先改下级的边界。"
            raise _bad("geojson", sentence, "boundary_cuts_off")


def _outside(part: BaseGeometry, whole: BaseGeometry) -> float:
    return 0.0 if part.within(whole) else float(part.difference(whole).area / part.area)


def _fields(row: Place) -> dict[str, Any]:
    fields = {name: getattr(row, name) for name in _LABELS if name != "area_km2"}
    area = None if row.boundary is None else round(geometry.area_km2(shapely.geometry.shape(row.boundary)), 3)
    return fields | {"area_km2": area}


def _shown(actor: Actor, row: Place) -> dict[str, Any]:
    return {
        "id": row.id,
        "level": row.level,
        "level_label": LEVEL_LABELS[row.level],
        "code": row.code,
        "name": row.name,
        "parent_id": None if row.level == "town" else row.parent_id,
        "worker_name": row.worker_name,
        "worker_phone": row.worker_phone,
        "supervision_phone": row.supervision_phone,
        "has_boundary": row.boundary is not None,
        "active": row.active,
        "edited_at": row.edited_at,
        "editable": _reaches(actor, PERMISSION, row),
    }


def _bad(field: str, sentence: str, code: str = "invalid") -> Invalid:
    return Invalid(code, sentence, fields={field: [sentence]})
