"""Invented boundaries for a demonstration town: plausible, deterministic, without gaps.

One Voronoi diagram of the smallest places is drawn and cut to an irregular outline; every larger
place is the union of its parts, so that neighbours share their borders exactly. Each border line
is then bent a little, by its own two ends, so that both neighbours bend it alike.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy
import shapely
from shapely.geometry import MultiPoint, Point, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from backend.places.geometry import gcj02_to_wgs84

METRES_PER_DEGREE = 111_320.0
BEND = 0.09
TRIES = 200


@dataclass(frozen=True)
class Plan:
    """How a town is divided: villages of each area, grids of each village, micro-grids of each grid."""

    seed: int
    center: tuple[float, float]
    half_width_m: float
    half_height_m: float
    villages: tuple[int, ...]
    grids: tuple[int, ...]
    micro_grids: tuple[int, ...]


@dataclass
class Drawn:
    """Shapes in metres around the centre, each level in order; micro-grids by (grid, number)."""

    outline: BaseGeometry
    areas: list[BaseGeometry] = field(default_factory=list)
    villages: list[BaseGeometry] = field(default_factory=list)
    grids: list[BaseGeometry] = field(default_factory=list)
    micro_grids: Sequence[BaseGeometry] = field(default_factory=list)


def draw(plan: Plan) -> Drawn:
    """The town of the plan; the same plan gives the same town on every machine.

    Raises RuntimeError when no drawing in which every place hangs together is found.
    """
    for attempt in range(TRIES):
        rng = random.Random(plan.seed * 1000 + attempt)
        drawn = _attempt(plan, rng)
        if drawn is not None:
            return drawn
    raise RuntimeError(f"no connected drawing in {TRIES} tries: change the plan's seed")


def to_degrees(shape: BaseGeometry, plan: Plan, crs: str) -> BaseGeometry:
    """Metres around the centre → degrees in GCJ-02, or carried back to WGS-84; six decimals."""
    lon0, lat0 = plan.center
    shrink = math.cos(math.radians(lat0))

    def point(x: float, y: float) -> tuple[float, float]:
        lon, lat = lon0 + x / (METRES_PER_DEGREE * shrink), lat0 + y / METRES_PER_DEGREE
        if crs == "wgs84":
            lon, lat = gcj02_to_wgs84(lon, lat)
        return round(lon, 6), round(lat, 6)

    return shapely.transform(shape, lambda points: numpy.array([point(x, y) for x, y in points]))


def write_geojson(path: Path, shapes: Sequence[tuple[str, str, BaseGeometry]], crs: str) -> None:
    """One feature a line (code, name, shape), so that a fault has a line of its own."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": mapping(shape)},
            ensure_ascii=False,
            separators=(",", ":"),
        ).replace('"code":"', '"code": "')
        for code, name, shape in shapes
    ]
    head = f'{{"type": "FeatureCollection", "crs": "{crs}", "features": [\n'
    path.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8")


def _attempt(plan: Plan, rng: random.Random) -> Drawn | None:
    outline = _outline(plan, rng)
    points, owners = _seeds(plan, outline, rng)
    cells = _cells(points, outline)
    polygons = [cell for cell in cells if isinstance(cell, Polygon) and not cell.is_empty]
    if len(polygons) != len(cells):
        return None
    micro = [_bent(cell) for cell in polygons]
    if not all(shape.is_valid for shape in micro):
        return None
    grids = _unions(micro, [grid for grid, _, _ in owners])
    villages = _unions(micro, [village for _, village, _ in owners])
    areas = _unions(micro, [area for _, _, area in owners])
    if not all(isinstance(shape, Polygon) and not shape.interiors for shape in (*grids, *villages, *areas)):
        return None
    return Drawn(shapely.union_all(micro), areas, villages, grids, micro)


def _outline(plan: Plan, rng: random.Random) -> Polygon:
    waves = [(k, rng.uniform(0.02, 0.13) / math.sqrt(k), rng.uniform(0, math.tau)) for k in range(2, 9)]
    ring = []
    for step in range(72):
        angle = math.tau * step / 72
        radius = 1 + sum(size * math.sin(k * angle + phase) for k, size, phase in waves)
        squarer = 1 / max(abs(math.cos(angle)), abs(math.sin(angle))) ** 0.3
        ring.append(
            (
                plan.half_width_m * radius * squarer * math.cos(angle),
                plan.half_height_m * radius * squarer * math.sin(angle),
            )
        )
    return Polygon([(round(x, 1), round(y, 1)) for x, y in ring])


def _seeds(
    plan: Plan, outline: Polygon, rng: random.Random
) -> tuple[list[Point], list[tuple[int, int, int]]]:
    """One point per micro-grid and the (grid, village, area) each belongs to."""
    points: list[Point] = []
    owners: list[tuple[int, int, int]] = []
    village = grid = 0
    for area, area_shape in enumerate(_split(outline, len(plan.villages), rng)):
        for village_shape in _split(area_shape, plan.villages[area], rng):
            for grid_shape in _split(village_shape, plan.grids[village], rng):
                for part in _split(grid_shape, plan.micro_grids[grid], rng):
                    points.append(
                        part.representative_point() if part.geom_type != "Polygon" else part.centroid
                    )
                    owners.append((grid, village, area))
                grid += 1
            village += 1
    return points, owners


def _split(shape: BaseGeometry, count: int, rng: random.Random) -> list[BaseGeometry]:
    """About equal parts: a few rounds of moving each point to the middle of its cell."""
    if count == 1:
        return [shape]
    points = [_point_in(shape, rng) for _ in range(count)]
    for _ in range(12):
        points = [cell.centroid for cell in _cells(points, shape)]
    cells = _cells(points, shape)
    return sorted(cells, key=lambda cell: (-round(cell.centroid.y / 700), cell.centroid.x))


def _point_in(shape: BaseGeometry, rng: random.Random) -> Point:
    west, south, east, north = shape.bounds
    while True:
        point = Point(rng.uniform(west, east), rng.uniform(south, north))
        if shape.contains(point):
            return point


def _cells(points: Sequence[Point], outline: BaseGeometry) -> list[BaseGeometry]:
    """The Voronoi cell of each point, in the order of the points, cut to the outline."""
    diagram = shapely.voronoi_polygons(MultiPoint(points), extend_to=outline.buffer(5000))
    tree = shapely.STRtree(list(diagram.geoms))
    found = [diagram.geoms[int(tree.query(point, predicate="intersects")[0])] for point in points]
    return [shapely.set_precision(cell.intersection(outline), 0.01) for cell in found]


def _unions(shapes: Sequence[BaseGeometry], owners: Sequence[int]) -> list[BaseGeometry]:
    return [
        shapely.union_all([s for s, o in zip(shapes, owners, strict=True) if o == owner])
        for owner in sorted(set(owners))
    ]


def _bent(cell: Polygon) -> Polygon:
    ring = list(cell.exterior.coords)
    bent: list[tuple[float, float]] = []
    for start, end in itertools.pairwise(ring):
        bent.extend(_bend(start, end, 2)[:-1])
    return Polygon(bent)


def _bend(start: Sequence[float], end: Sequence[float], depth: int) -> list[tuple[float, float]]:
    """The line from start to end with its middle pushed aside, the same from either side."""
    a, b = (start[0], start[1]), (end[0], end[1])
    length = math.dist(a, b)
    if depth == 0 or length < 60:
        return [a, b]
    low, high = sorted((a, b))
    digest = hashlib.sha256(f"{low[0]:.2f},{low[1]:.2f},{high[0]:.2f},{high[1]:.2f}".encode()).digest()
    push = (digest[0] / 255 - 0.5) * 2 * BEND
    middle = (
        round((low[0] + high[0]) / 2 - (high[1] - low[1]) * push, 2),
        round((low[1] + high[1]) / 2 + (high[0] - low[0]) * push, 2),
    )
    return _bend(a, middle, depth - 1)[:-1] + _bend(middle, b, depth - 1)
