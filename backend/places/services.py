"""The only writer of places and towns: a town's files become rows, again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.places.files.model import BrandLine, PlaceLine, TownFiles
from backend.places.files.problems import ConfigProblems, Problem
from backend.places.models import LEVELS, Place, Town

_COMPARED = (
    "name", "parent_id", "boundary", "center_lon", "center_lat", "position", "active",
    *(f"{level}_id" for level in LEVELS),
)  # fmt: skip


@dataclass(frozen=True)
class TownLoad:
    """What a load did; ``places`` maps codes (the county's and the town's too) to ids."""

    town_id: int
    places: Mapping[str, int]
    created: int
    changed: int
    deactivated: int


def save_town(files: TownFiles) -> TownLoad:
    """Find or update the county, the town and its tree; what vanished is switched off, never deleted.

    A place that was edited on screen stays as it was left there.
    Flushes, does not commit. The town's version grows only when something changed.
    Raises ConfigProblems when a code now stands for a place of another level: history hangs on it.
    """
    county = _county(files.brand)
    town_place, town = _town(files.brand, county)
    rows = {
        row.code: row
        for row in db.session.scalars(
            select(Place).where(Place.town_id == town_place.id, Place.id != town_place.id)
        )
    }
    rows[town_place.code] = town_place
    _check_levels(files, rows)
    counts = {"created": 0, "changed": 0, "deactivated": 0}
    is_new = town.version == 0
    for line in sorted(files.places, key=lambda p: LEVELS.index(p.level)):
        parent = county if line.level == "town" else rows[line.parent_code]
        row = rows.get(line.code)
        if row is None:
            row = rows[line.code] = Place(id=new_id(), level=line.level, code=line.code)
            db.session.add(row)
            counts["created"] += 1
            _apply(row, _values(line, row, parent))
        elif row.edited_at is None and _apply(row, _values(line, row, parent)):
            counts["created" if is_new else "changed"] += 1
    named = {line.code for line in files.places}
    for code, row in rows.items():
        if code not in named and row.active and row.edited_at is None:
            row.active = False
            counts["deactivated"] += 1
    if any(counts.values()):
        town.version += 1
    town.loaded_at = now()
    db.session.flush()
    codes = {code: row.id for code, row in rows.items()} | {county.code: county.id}
    return TownLoad(town_place.id, codes, **counts)


def deactivate_missing(town_ids: set[int]) -> int:
    """Switch off every town that is not among those just loaded; how many."""
    gone = db.session.scalars(select(Town).where(Town.active, Town.id.not_in(town_ids))).all()
    for town in gone:
        town.active = False
        town.version += 1
    db.session.flush()
    return len(gone)


def _county(brand: BrandLine) -> Place:
    found = db.session.scalars(
        select(Place).where(Place.level == "county", Place.code == brand.county_code)
    ).first()
    if found is None:
        found = Place(id=new_id(), level="county", code=brand.county_code, position=0)
        found.county_id = found.id
        db.session.add(found)
    found.name, found.active = brand.county_name, True
    db.session.flush()
    return found


def _town(brand: BrandLine, county: Place) -> tuple[Place, Town]:
    town = db.session.scalars(select(Town).where(Town.code == brand.code)).first()
    if town is None:
        place = Place(id=new_id(), level="town", code=brand.code, name=brand.name, parent_id=county.id)
        place.county_id, place.town_id = county.id, place.id
        db.session.add(place)
        db.session.flush()
        town = Town(id=place.id, code=brand.code, version=0)
        db.session.add(town)
    else:
        place = db.session.get_one(Place, town.id)
    town.product_name, town.operator, town.filing_number = (
        brand.product_name,
        brand.operator,
        brand.filing_number,
    )
    town.phones = [{"name": p.name, "number": p.number, "hours": p.hours} for p in brand.phones]
    town.privacy = {
        "version": brand.privacy.version,
        "title": brand.privacy.title,
        "paragraphs": list(brand.privacy.paragraphs),
    }
    town.features, town.position, town.active = dict(brand.features), brand.position, True
    return place, town


def _check_levels(files: TownFiles, rows: Mapping[str, Place]) -> None:
    problems = [
        Problem(
            files.directory / "places.csv",
            0,
            f"编码“{line.code}”原来是 {rows[line.code].level}({rows[line.code].name})，现在成了 {line.level}：请换一个新编码",
        )
        for line in files.places
        if line.code in rows and rows[line.code].level != line.level
    ]
    if problems:
        raise ConfigProblems(problems)


def _values(line: PlaceLine, row: Place, parent: Place) -> dict[str, Any]:
    ancestors = {f"{level}_id": getattr(parent, f"{level}_id") for level in LEVELS}
    ancestors[f"{line.level}_id"] = row.id
    lon, lat = line.center or (None, None)
    return {
        "name": line.name,
        "parent_id": parent.id,
        "boundary": line.boundary,
        "center_lon": lon,
        "center_lat": lat,
        "position": line.position,
        "active": True,
        **ancestors,
    }


def _apply(row: Place, values: Mapping[str, Any]) -> bool:
    """Set what differs; whether anything did."""
    changed = False
    for name in _COMPARED:
        if getattr(row, name) != values[name]:
            setattr(row, name, values[name])
            changed = True
    return changed
