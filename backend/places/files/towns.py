"""town.toml, places.csv, units.csv, staff.csv: the town, its tree, its offices, its people."""

from __future__ import annotations

import re
from pathlib import Path

from backend.places.files.model import (
    UNIT_KINDS,
    BrandLine,
    Phone,
    PlaceLine,
    Privacy,
    StaffLine,
    UnitLine,
)
from backend.places.files.problems import Problems
from backend.places.files.tables import Row, TomlFile, csv_rows

#: level → the level its parent must have
PARENT_LEVEL = {"area": "town", "village": "area", "grid": "village", "micro_grid": "grid"}
CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")
PHONE = re.compile(r"^[0-9+()\- ]{3,20}$")


def read_brand(path: Path, problems: Problems) -> BrandLine | None:
    """The town's own page of data; None when the file cannot be read at all."""
    file = TomlFile(path, problems)
    county, town, privacy = file.row("county"), file.row("town"), file.row("privacy")
    if county is None or town is None or privacy is None:
        return None
    county.only(("code", "name"))
    town.only(("code", "name", "product_name", "operator", "filing_number", "position"))
    privacy.only(("version", "title", "paragraphs"))
    if not privacy.texts("paragraphs"):
        privacy.complain("隐私说明至少要有一段", "paragraphs")
    code = good_code(town)
    if code and code != path.parent.name:
        town.complain(f"编码“{code}”和目录名“{path.parent.name}”不一致", "code")
    features = file.row("features", needed=False)
    return BrandLine(
        county_code=good_code(county),
        county_name=county.text("name", longest=60),
        code=code,
        name=town.text("name", longest=60),
        product_name=town.text("product_name", longest=60),
        operator=town.text("operator", longest=120),
        filing_number=town.text("filing_number", needed=False, longest=60),
        position=town.number("position", 0, 999, 0),
        phones=tuple(_phone(row) for row in file.rows("phones")),
        privacy=Privacy(
            privacy.text("version", longest=20), privacy.text("title"), privacy.texts("paragraphs")
        ),
        features={} if features is None else {key: features.flag(key, False) for key in features.values},
    )


def _phone(row: Row) -> Phone:
    row.only(("name", "number", "hours"))
    number = row.text("number")
    if number and not PHONE.match(number):
        row.complain(f"“{number}”不像电话号码", "number")
    return Phone(row.text("name"), number, row.text("hours", needed=False))


def read_places(path: Path, brand: BrandLine, problems: Problems) -> list[PlaceLine]:
    """The town first, then the lines of places.csv; parents stand before or after, as one likes."""
    town = PlaceLine("town", brand.code, brand.name, brand.county_code, 0, None, None)
    found: dict[str, tuple[PlaceLine, Row | None]] = {town.code: (town, None)}
    for row in csv_rows(path, ("level", "code", "name", "parent"), problems):
        level, code = row.choice("level", tuple(PARENT_LEVEL)), good_code(row)
        line = PlaceLine(
            level, code, row.text("name", longest=60), row.text("parent"), len(found), None, None
        )
        if code in found:
            earlier = found[code][1]
            row.complain(f"编码“{code}”重复了，第 {earlier.line if earlier else 0} 行已经用过")
        elif code:
            found[code] = (line, row)
    for line, checked in found.values():
        if checked is not None:
            _check_parent(line, checked, {code: entry[0] for code, entry in found.items()})
    return [line for line, _ in found.values()]


def _check_parent(line: PlaceLine, row: Row, by_code: dict[str, PlaceLine]) -> None:
    parent = by_code.get(line.parent_code)
    if parent is None:
        if line.parent_code:
            row.complain(f"上级编码“{line.parent_code}”不存在")
    elif parent.level != PARENT_LEVEL[line.level]:
        row.complain(
            f"{line.level} 的上级应当是 {PARENT_LEVEL[line.level]}，“{parent.code}”却是 {parent.level}"
        )


def read_units(path: Path, places: list[PlaceLine], problems: Problems) -> list[UnitLine]:
    """The offices; a parent must stand in an earlier line, exactly one is the desk (center)."""
    place_codes = {line.code for line in places}
    units: dict[str, UnitLine] = {}
    for row in csv_rows(path, ("code", "name", "kind", "parent", "place", "phone"), problems):
        code, parent, place = good_code(row), row.text("parent", needed=False), row.text("place")
        phone = row.text("phone", needed=False)
        if code in units:
            row.complain(f"编码“{code}”重复了")
        if parent and parent not in units:
            row.complain(f"上级单位“{parent}”不存在，或者写在了后面")
        if place and place not in place_codes:
            row.complain(f"地点编码“{place}”在 places.csv 里没有")
        if phone and not PHONE.match(phone):
            row.complain(f"“{phone}”不像电话号码")
        kind = row.choice("kind", UNIT_KINDS)
        units[code] = UnitLine(code, row.text("name", longest=60), kind, parent, place, phone, len(units))
    _check_kinds(path, list(units.values()), places, problems)
    return list(units.values())


def _check_kinds(path: Path, units: list[UnitLine], places: list[PlaceLine], problems: Problems) -> None:
    if not units:
        return
    centers = [u for u in units if u.kind == "center"]
    if len(centers) != 1:
        problems.add(path, 0, f"受理分流的单位(center)应当正好一个，现在有 {len(centers)} 个")
    served = {u.place_code for u in units if u.kind == "grid"}
    for line in places:
        if line.level == "grid" and line.code not in served:
            problems.add(path, 0, f"{line.name}({line.code}) 没有对应的网格单位(kind=grid)")


def read_staff(
    path: Path, units: list[UnitLine], places: list[PlaceLine], problems: Problems
) -> list[StaffLine]:
    """Accounts, if the file is there. Roles are parted by blanks; the names of roles are identity's to check."""
    unit_codes, place_codes = {u.code for u in units}, {p.code for p in places}
    staff: dict[str, StaffLine] = {}
    for row in csv_rows(path, ("username", "name", "unit", "roles", "place"), problems, needed=False):
        username, unit, place = row.text("username", longest=40), row.text("unit"), row.text("place")
        if username in staff:
            row.complain(f"用户名“{username}”重复了")
        if unit and unit not in unit_codes:
            row.complain(f"单位“{unit}”在 units.csv 里没有")
        if place and place not in place_codes:
            row.complain(f"地点编码“{place}”在 places.csv 里没有")
        roles = tuple(row.text("roles").split())
        staff[username] = StaffLine(username, row.text("name", longest=60), unit, roles, place)
    return list(staff.values())


def good_code(row: Row, key: str = "code") -> str:
    """A code: ASCII letters, digits, - and _, at most 32 characters."""
    code = row.text(key)
    if code and not CODE.match(code):
        row.complain(f"编码“{code}”只能用字母、数字、- 和 _，最多 32 个", key)
        return ""
    return code
