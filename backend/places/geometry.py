"""Pure geometry: coordinate systems used in China, and what is wrong with a boundary.

Three systems are met: ``wgs84`` (GPS chips, EXIF, browsers, many official boundaries), ``gcj02``
(what Chinese maps, WeChat's among them, must show; ours inside) and ``bd09`` (Baidu's). They lie
hundreds of metres apart, enough for the wrong grid.

Accuracy: ``wgs84 → gcj02`` is the published approximation, the same that the map makers' own
samples follow to a few centimetres; the way back is found by iteration and returns to its start
within 1e-9 degrees (0.1 mm). ``bd09 → gcj02`` is a published approximation too, good to 1 m.
Outside China's bounding box nothing is shifted, as map makers do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, get_args

from backend.places.shapes import numpy, shapely

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Crs = Literal["gcj02", "wgs84", "bd09"]
CRS_NAMES: tuple[str, ...] = get_args(Crs)

_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
_BAIDU = math.pi * 3000.0 / 180.0
_METRES_PER_DEGREE = 111_320.0


def to_gcj02(lon: float, lat: float, crs: str) -> tuple[float, float]:
    """The same point in GCJ-02 degrees; ValueError for a coordinate system we do not know."""
    if crs == "gcj02":
        return lon, lat
    if crs == "wgs84":
        return wgs84_to_gcj02(lon, lat)
    if crs == "bd09":
        return bd09_to_gcj02(lon, lat)
    raise ValueError(f"unknown coordinate system {crs!r}")


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """GPS degrees → GCJ-02 degrees."""
    if not _in_china(lon, lat):
        return lon, lat
    d_lon, d_lat = _shift(lon, lat)
    return lon + d_lon, lat + d_lat


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """GCJ-02 degrees → GPS degrees, for GIS export; by iteration, to 1e-9 degrees."""
    if not _in_china(lon, lat):
        return lon, lat
    guess_lon, guess_lat = lon, lat
    for _ in range(30):
        there_lon, there_lat = wgs84_to_gcj02(guess_lon, guess_lat)
        error_lon, error_lat = lon - there_lon, lat - there_lat
        guess_lon, guess_lat = guess_lon + error_lon, guess_lat + error_lat
        if abs(error_lon) < 1e-10 and abs(error_lat) < 1e-10:
            break
    return guess_lon, guess_lat


def bd09_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Baidu degrees → GCJ-02 degrees."""
    x, y = lon - 0.0065, lat - 0.006
    radius = math.hypot(x, y) - 0.00002 * math.sin(y * _BAIDU)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * _BAIDU)
    return radius * math.cos(angle), radius * math.sin(angle)


def gcj02_to_bd09(lon: float, lat: float) -> tuple[float, float]:
    """GCJ-02 degrees → Baidu degrees."""
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BAIDU)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BAIDU)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def geometry_to_gcj02(geometry: BaseGeometry, crs: str) -> BaseGeometry:
    """Every vertex converted; the shape itself stays."""
    if crs == "gcj02":
        return geometry
    return shapely.transform(geometry, _each(lambda lon, lat: to_gcj02(lon, lat, crs)))


def rounded(geometry: BaseGeometry) -> BaseGeometry:
    """Six decimals (0.1 m): shared borders stay shared, and files stay small."""
    return shapely.transform(geometry, lambda points: numpy.round(points, 6))


def distance_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres between two near points (flat earth: exact enough within a county)."""
    x = (lon - other_lon) * math.cos(math.radians((lat + other_lat) / 2))
    return math.hypot(x, lat - other_lat) * _METRES_PER_DEGREE


def area_km2(geometry: BaseGeometry) -> float:
    """Square kilometres of a polygon given in degrees."""
    if geometry.is_empty:
        return 0.0
    shrink = math.cos(math.radians(geometry.centroid.y))
    return float(geometry.area) * shrink * (_METRES_PER_DEGREE / 1000) ** 2


def boundary_fault(raw: Any) -> str | None:
    """What is wrong with a GeoJSON geometry as a boundary, as a Chinese sentence; None if nothing is.

    Degrees are expected as [longitude, latitude]; swapped pairs and self-crossing rings are named
    with the point where the fault lies.
    """
    if not isinstance(raw, dict) or raw.get("type") not in ("Polygon", "MultiPolygon"):
        kind = raw.get("type") if isinstance(raw, dict) else "空"
        return f"边界必须是面(Polygon 或 MultiPolygon)，这里是{kind}"
    try:
        shape = shapely.geometry.shape(raw)
    except (ValueError, TypeError, KeyError, IndexError, shapely.errors.ShapelyError):
        return "边界的坐标写得不完整：每个环至少要四个点，首尾相同"
    if shape.is_empty:
        return "边界是空的"
    west, south, east, north = shape.bounds
    if 73 <= south <= 136 and 3 <= west <= 54:
        return "经度和纬度写反了：应当先写经度(约 117)，再写纬度(约 35)"
    if not (west >= 73 and east <= 136 and south >= 3 and north <= 54):
        return f"坐标不在中国范围内(经度 {west:.4f}～{east:.4f}，纬度 {south:.4f}～{north:.4f})"
    if not shape.is_valid:
        return _crossing(shape)
    return None


def _crossing(shape: BaseGeometry) -> str:
    why = shapely.is_valid_reason(shape)
    text, _, where = why.partition("[")
    at = f"，位置在 {where.rstrip(']').replace(' ', ', ')}" if where else ""
    if text.startswith(("Self-intersection", "Ring Self-intersection")):
        return f"边界自己交叉了{at}"
    return f"边界不是合格的面({text}){at}"


def _each(convert: Callable[[float, float], tuple[float, float]]) -> Callable[[Any], Any]:
    def run(points: Iterable[tuple[float, float]]) -> Any:
        return numpy.array([convert(float(x), float(y)) for x, y in points])

    return run


def _in_china(lon: float, lat: float) -> bool:
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def _shift(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    root = math.sqrt(abs(x))
    common = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    radians = math.radians(lat)
    magic = 1 - _ECCENTRICITY * math.sin(radians) ** 2
    d_lat = north * 180.0 / ((_AXIS * (1 - _ECCENTRICITY)) / (magic * math.sqrt(magic)) * math.pi)
    d_lon = east * 180.0 / (_AXIS / math.sqrt(magic) * math.cos(radians) * math.pi)
    return d_lon, d_lat
