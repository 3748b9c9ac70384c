"""The two demonstration towns as files: places, units and boundaries, drawn by the program.

Numbers are the real town's (9 areas, 38 villages, 41 grids, 228 micro-grids); every name is
invented and says so. The second town is tiny and declares another coordinate system, so that the
border between towns and the conversion are both in use.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from backend.demo.boundaries import Drawn, Plan, draw, to_degrees, write_geojson

#: which villages (from 0) have two grids
TWO_GRIDS = frozenset({2, 16, 30})
DISCIPLINE = "discipline"


@dataclass(frozen=True)
class DemoTown:
    """A town to draw: its plan, its words, its offices (code, name, phone)."""

    code: str
    name: str
    plan: Plan
    crs: str
    village_prefix: str
    area_names: tuple[str, ...]
    center: tuple[str, str]
    departments: tuple[tuple[str, str], ...]
    phone_prefix: str


NANSHAHE = DemoTown(
    code="nanshahe",
    name="南沙河镇",
    plan=Plan(
        seed=7,
        center=(117.15, 35.02),
        half_width_m=4700,
        half_height_m=3800,
        villages=(5, 4, 4, 4, 4, 4, 4, 4, 5),
        grids=tuple(2 if village in TWO_GRIDS else 1 for village in range(38)),
        micro_grids=(6,) * 23 + (5,) * 18,
    ),
    crs="gcj02",
    village_prefix="示例",
    area_names=tuple(f"第{n}片区" for n in "一二三四五六七八九"),
    center=("center", "镇综治中心"),
    departments=(
        ("leaders", "镇领导班子"),
        ("power", "供电所"),
        ("water", "水利站"),
        ("urban", "城管所"),
        ("land", "自然资源所"),
        ("emergency", "应急管理办公室"),
        ("construction", "村镇建设办公室"),
        ("justice", "司法所"),
        ("civil", "民政和社会事务办公室"),
        ("service", "便民服务中心"),
    ),
    phone_prefix="0632-0000",
)

BEIHE = DemoTown(
    code="beihe",
    name="示例北河镇",
    plan=Plan(
        seed=3,
        center=(117.15, 35.085),
        half_width_m=2300,
        half_height_m=1700,
        villages=(2, 2),
        grids=(1, 1, 1, 1),
        micro_grids=(2, 2, 2, 2),
    ),
    crs="wgs84",
    village_prefix="北河示例",
    area_names=("东片区", "西片区"),
    center=("hall", "镇便民服务中心"),
    departments=(("leaders", "镇领导班子"), ("farm-water", "农水站")),
    phone_prefix="0632-0001",
)

TOWNS: tuple[DemoTown, ...] = (NANSHAHE, BEIHE)
_DIGITS = "零一二三四五六七八九"


def write_towns(directory: Path) -> list[Path]:
    """Draw both towns into ``directory``/towns/<code>/: places.csv, units.csv, boundaries.geojson."""
    written: list[Path] = []
    for town in TOWNS:
        target = directory / "towns" / town.code
        target.mkdir(parents=True, exist_ok=True)
        drawn = draw(town.plan)
        places = _places(town)
        _write_csv(target / "places.csv", ("level", "code", "name", "parent"), places)
        _write_csv(
            target / "units.csv", ("code", "name", "kind", "parent", "place", "phone"), _units(town, places)
        )
        write_geojson(target / "boundaries.geojson", _shapes(town, drawn, places), town.crs)
        written += [target / name for name in ("places.csv", "units.csv", "boundaries.geojson")]
    return written


def chinese_number(number: int) -> str:
    """1–99 in Chinese: 十, 二十一."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return (_DIGITS[tens] if tens > 1 else "") + "十" + (_DIGITS[ones] if ones else "")


def _places(town: DemoTown) -> list[tuple[str, str, str, str]]:
    """Lines of places.csv: areas, villages, grids, micro-grids, each level in the order it was drawn."""
    areas: list[tuple[str, str, str, str]] = []
    villages: list[tuple[str, str, str, str]] = []
    grids: list[tuple[str, str, str, str]] = []
    micro_grids: list[tuple[str, str, str, str]] = []
    for area, name in enumerate(town.area_names):
        areas.append(("area", f"A{area + 1}", name, town.code))
        for _ in range(town.plan.villages[area]):
            number = len(villages) + 1
            village = f"V{number:02d}"
            villages.append(
                ("village", village, f"{town.village_prefix}{chinese_number(number)}村", f"A{area + 1}")
            )
            for _ in range(town.plan.grids[number - 1]):
                grid = f"G{len(grids) + 1:02d}"
                micro_count = town.plan.micro_grids[len(grids)]
                grids.append(("grid", grid, f"第{len(grids) + 1}网格", village))
                micro_grids += [
                    ("micro_grid", f"{grid}-{n}", f"第{len(grids)}网格{n}组", grid)
                    for n in range(1, micro_count + 1)
                ]
    return [*areas, *villages, *grids, *micro_grids]


def _units(town: DemoTown, places: Sequence[tuple[str, str, str, str]]) -> list[tuple[str, ...]]:
    """Lines of units.csv: the desk, the offices, each village's committee, each grid. Numbers are invented."""
    code, name = town.center
    units: list[tuple[str, ...]] = [(code, name, "center", "", town.code, f"{town.phone_prefix}000")]
    for index, (department, title) in enumerate(town.departments, start=1):
        units.append((department, title, "department", code, town.code, f"{town.phone_prefix}{index:03d}"))
    # Beside the desk, not below it: what names the desk can still be read here (XF 30).
    phone = f"{town.phone_prefix}090"
    units.append((DISCIPLINE, "镇纪检监察办公室", "department", "", town.code, phone))
    names = {place: title for _, place, title, _ in places}
    for level, place, title, _ in places:
        if level == "village":
            number = int(place[1:])
            phone = f"{town.phone_prefix}{100 + number}"
            units.append((place.lower(), f"{title}村委会", "village", code, place, phone))
    for level, place, title, parent in places:
        if level == "grid":
            phone = f"{town.phone_prefix}{200 + int(place[1:])}"
            units.append((place.lower(), f"{names[parent]}{title}", "grid", parent.lower(), place, phone))
    return units


def _shapes(
    town: DemoTown, drawn: Drawn, places: Sequence[tuple[str, str, str, str]]
) -> list[tuple[str, str, BaseGeometry]]:
    """The town, its grids and micro-grids; areas and villages are unions of their parts, made by the loader."""
    of_level = {
        level: [(code, name) for line_level, code, name, _ in places if line_level == level]
        for level in ("grid", "micro_grid")
    }
    shapes: list[tuple[str, str, BaseGeometry]] = [
        (town.code, town.name, to_degrees(drawn.outline, town.plan, town.crs))
    ]
    for level, parts in (("grid", drawn.grids), ("micro_grid", drawn.micro_grids)):
        for (code, name), shape in zip(of_level[level], parts, strict=True):
            shapes.append((code, name, to_degrees(shape, town.plan, town.crs)))
    return shapes


def _write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
