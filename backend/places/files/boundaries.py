"""boundaries.geojson: one feature per place, `"crs"` declared, converted to GCJ-02 on entry."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.places import geometry
from backend.places.files.model import PlaceLine
from backend.places.files.problems import Problems
from backend.places.files.tables import read_text
from backend.places.shapes import shapely

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

#: A part must lie within its whole but for this share of its area: drawn borders never fit to the metre.
OUTSIDE_SHARE = 0.05
OVERLAP_SHARE = 0.02
NEEDED = ("town", "grid")
PARTS_OF = {"town": "area", "area": "village", "village": "grid"}


class Boundaries:
    """The shapes of one town by place code, with the line each feature stands on."""

    def __init__(self, path: Path, problems: Problems) -> None:
        self.path, self._problems = path, problems
        self.shapes: dict[str, BaseGeometry] = {}
        self._lines: dict[str, int] = {}
        text = read_text(path, problems)
        if text is None:
            return
        try:
            data = json.loads(text)
        except json.JSONDecodeError as error:
            problems.add(path, error.lineno, f"不是合格的 JSON：{error.msg}")
            return
        self._read(data, text)

    def line(self, code: str) -> int:
        """The line of the feature with this code; 0 when unknown."""
        return self._lines.get(code, 0)

    def _read(self, data: Any, text: str) -> None:
        crs = data.get("crs") if isinstance(data, dict) else None
        if crs not in geometry.CRS_NAMES:
            names = "、".join(f'"{name}"' for name in geometry.CRS_NAMES)
            self._problems.add(
                self.path, 1, f'必须写明坐标系 "crs"，只能是：{names}（差几百米，会落进别的网格）'
            )
            return
        features = data.get("features")
        if not isinstance(features, list):
            self._problems.add(self.path, 1, "缺少 features：应当是一个 FeatureCollection")
            return
        for found in re.finditer(r'"code"\s*:\s*"([^"]+)"', text):
            self._lines.setdefault(found[1], text.count("\n", 0, found.start()) + 1)
        for index, feature in enumerate(features, start=1):
            self._feature(index, feature if isinstance(feature, dict) else {}, crs)

    def _feature(self, index: int, feature: dict[str, Any], crs: str) -> None:
        code = (feature.get("properties") or {}).get("code")
        if not isinstance(code, str) or not code:
            self._problems.add(self.path, 0, f"第 {index} 个要素没有写 properties.code")
            return
        name = f"第 {index} 个要素({code})"
        if code in self.shapes:
            self._problems.add(self.path, self.line(code), f"{name}：这个编码的边界出现了两次")
            return
        fault = geometry.boundary_fault(feature.get("geometry"))
        if fault:
            self._problems.add(self.path, self.line(code), f"{name}：{fault}")
            return
        shape = shapely.geometry.shape(feature["geometry"])
        self.shapes[code] = geometry.rounded(geometry.geometry_to_gcj02(shape, crs))


def add_boundaries(places: list[PlaceLine], boundaries: Boundaries, problems: Problems) -> list[PlaceLine]:
    """The same lines with boundary and centre.

    The town and every grid need a boundary of their own; an area or a village without one gets the
    union of its parts. Complains about parts outside their whole and about grids that overlap.
    """
    by_code = {line.code: line for line in places}
    for code in boundaries.shapes:
        if code not in by_code:
            problems.add(boundaries.path, boundaries.line(code), f"边界的编码“{code}”在 places.csv 里没有")
    for line in places:
        if line.level in NEEDED and line.code not in boundaries.shapes and boundaries.shapes:
            problems.add(boundaries.path, 0, f"{line.name}({line.code}) 没有边界")
    shapes = _with_unions(places, boundaries.shapes)
    _check_within(places, shapes, boundaries, problems)
    _check_overlaps([p for p in places if p.level == "grid"], shapes, boundaries, problems)
    return [_drawn(line, shapes.get(line.code)) for line in places]


def _drawn(line: PlaceLine, shape: BaseGeometry | None) -> PlaceLine:
    if shape is None:
        return line
    inside = shape.centroid if shape.contains(shape.centroid) else shape.representative_point()
    # Tuples become lists, as they come back from the database.
    raw = json.loads(json.dumps(shapely.geometry.mapping(shape)))
    return replace(line, boundary=raw, center=(round(inside.x, 6), round(inside.y, 6)))


def _with_unions(places: list[PlaceLine], drawn: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    shapes = dict(drawn)
    for level in ("village", "area"):
        for line in places:
            if line.level != level or line.code in shapes:
                continue
            parts = [shapes[p.code] for p in places if p.parent_code == line.code and p.code in shapes]
            if parts:
                shapes[line.code] = geometry.rounded(shapely.union_all(parts))
    return shapes


def _check_within(
    places: list[PlaceLine], shapes: dict[str, BaseGeometry], boundaries: Boundaries, problems: Problems
) -> None:
    for line in places:
        shape, whole = shapes.get(line.code), shapes.get(line.parent_code)
        if shape is None or whole is None or not whole.is_valid or shape.within(whole):
            continue
        outside = shape.difference(whole).area / shape.area
        if outside > OUTSIDE_SHARE:
            text = f"{line.name}({line.code}) 的边界有 {outside:.0%} 在上级 {line.parent_code} 之外"
            problems.add(boundaries.path, boundaries.line(line.code), text)


def _check_overlaps(
    grids: list[PlaceLine], shapes: dict[str, BaseGeometry], boundaries: Boundaries, problems: Problems
) -> None:
    drawn = [line for line in grids if line.code in shapes]
    tree = shapely.STRtree([shapes[line.code] for line in drawn])
    for index, line in enumerate(drawn):
        for other in tree.query(shapes[line.code], predicate="intersects"):
            if other <= index:
                continue
            shared = shapes[line.code].intersection(shapes[drawn[other].code]).area
            share = shared / min(shapes[line.code].area, shapes[drawn[other].code].area)
            if share > OVERLAP_SHARE:
                text = f"网格 {line.code} 与 {drawn[other].code} 的边界重叠了 {share:.0%}"
                problems.add(boundaries.path, boundaries.line(line.code), text)
