"""Coordinate systems by table, and what a boundary may not be."""

from __future__ import annotations

from typing import Any

import pytest

from backend.places import geometry

# Reference points: the worked example that map makers' conversion libraries share (Beijing).
WGS84_TO_GCJ02 = [
    ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ((117.15, 35.02), (117.15591327419837, 35.01948072027534)),
    ((2.35, 48.85), (2.35, 48.85)),  # outside China nothing is shifted
]
BD09_TO_GCJ02 = [((116.404, 39.915), (116.39762729119315, 39.90865673957631))]


@pytest.mark.parametrize(("given", "expected"), WGS84_TO_GCJ02)
def test_wgs84_becomes_gcj02(given: tuple[float, float], expected: tuple[float, float]) -> None:
    assert geometry.to_gcj02(*given, "wgs84") == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("given", "expected"), BD09_TO_GCJ02)
def test_bd09_becomes_gcj02(given: tuple[float, float], expected: tuple[float, float]) -> None:
    assert geometry.to_gcj02(*given, "bd09") == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("lon", [75.1, 104.06, 117.15, 134.7])
@pytest.mark.parametrize("lat", [18.25, 35.02, 53.4])
def test_the_way_back_ends_where_it_began(lon: float, lat: float) -> None:
    assert geometry.gcj02_to_wgs84(*geometry.wgs84_to_gcj02(lon, lat)) == pytest.approx((lon, lat), abs=1e-9)
    there = geometry.bd09_to_gcj02(*geometry.gcj02_to_bd09(lon, lat))
    assert geometry.distance_m(lon, lat, *there) < 1


def test_the_shift_is_hundreds_of_metres() -> None:
    """Why a coordinate system must be declared: the wrong one lies in another grid."""
    assert 400 < geometry.distance_m(117.15, 35.02, *geometry.wgs84_to_gcj02(117.15, 35.02)) < 700


def test_an_unknown_system_is_refused() -> None:
    with pytest.raises(ValueError, match="cgcs"):
        geometry.to_gcj02(117, 35, "cgcs")


def _polygon(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(p) for p in points]]}


FAULTS = [
    (
        _polygon((117, 35), (117.1, 35.1), (117.1, 35), (117, 35.1), (117, 35)),
        "自己交叉了，位置在 117.05, 35.05",
    ),
    (_polygon((35, 117), (35.1, 117), (35.1, 117.1), (35, 117)), "写反了"),
    (_polygon((17, 15), (17.1, 15), (17.1, 15.1), (17, 15)), "不在中国范围内"),
    ({"type": "LineString", "coordinates": [[117, 35], [117.1, 35]]}, "必须是面"),
    ({"type": "Polygon", "coordinates": [[[117, 35], [117.1]]]}, "写得不完整"),
    (None, "必须是面"),
]


@pytest.mark.parametrize(("raw", "words"), FAULTS)
def test_each_faulty_boundary_has_its_own_sentence(raw: Any, words: str) -> None:
    assert words in (geometry.boundary_fault(raw) or "")


def test_a_good_boundary_has_no_fault() -> None:
    assert geometry.boundary_fault(_polygon((117, 35), (117.1, 35), (117.1, 35.1), (117, 35))) is None


def test_area_in_square_kilometres() -> None:
    from shapely.geometry import box

    # 0.01° by 0.01° at 35°N: 0.912 km by 1.113 km
    assert geometry.area_km2(box(117, 35, 117.01, 35.01)) == pytest.approx(1.015, abs=0.01)
