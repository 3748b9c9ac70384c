"""The whole of config/: every town's directory read and checked, all faults told at once."""

from __future__ import annotations

from pathlib import Path

from backend.places.files.boundaries import Boundaries, add_boundaries
from backend.places.files.catalogue import read_categories, read_holidays, read_rules
from backend.places.files.model import ConfigFiles, TownFiles
from backend.places.files.petitions import read_petitions
from backend.places.files.problems import Problems
from backend.places.files.towns import read_brand, read_places, read_staff, read_units


def read_config(directory: Path, only: str | None = None) -> ConfigFiles:
    """Read ``directory``/towns/<code>/ (all towns, or the one named) and ``directory``/holidays.csv.

    Raises ConfigProblems with every fault by file and line; nothing is half-read.
    """
    problems = Problems()
    root = directory / "towns"
    found = sorted(path.parent for path in root.glob("*/town.toml"))
    if only is not None:
        found = [path for path in found if path.name == only]
    if not found:
        problems.add(
            root,
            0,
            f"没有找到城镇“{only}”的 town.toml" if only else "没有找到任何城镇：缺少 towns/<编码>/town.toml",
        )
    towns = [town for path in found if (town := _read_town(path, problems)) is not None]
    _check_counties(towns, problems)
    holidays = tuple(read_holidays(directory / "holidays.csv", problems))
    problems.raise_if_any()
    return ConfigFiles(tuple(sorted(towns, key=lambda t: (t.brand.position, t.brand.code))), holidays)


def _read_town(path: Path, problems: Problems) -> TownFiles | None:
    brand = read_brand(path / "town.toml", problems)
    categories = read_categories(path / "categories.toml", problems)
    read_petitions(path / "petitions.toml", problems)  # read again where it is shown: it has no rows
    if brand is None:
        return None
    places = read_places(path / "places.csv", brand, problems)
    places = add_boundaries(places, Boundaries(path / "boundaries.geojson", problems), problems)
    units = read_units(path / "units.csv", places, problems)
    staff = read_staff(path / "staff.csv", units, places, problems)
    rules = read_rules(path / "routing.toml", categories, units, places, problems)
    return TownFiles(path, brand, tuple(places), tuple(units), tuple(staff), tuple(categories), tuple(rules))


def _check_counties(towns: list[TownFiles], problems: Problems) -> None:
    names: dict[str, str] = {}
    for town in towns:
        first = names.setdefault(town.brand.county_code, town.brand.county_name)
        if first != town.brand.county_name:
            text = (
                f"县编码 {town.brand.county_code} 在别的城镇里叫“{first}”，这里叫“{town.brand.county_name}”"
            )
            problems.add(town.directory / "town.toml", 0, text)
