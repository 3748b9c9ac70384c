"""categories.toml, routing.toml, holidays.csv: what may be reported, who gets it, which days count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from backend.places.files.model import (
    LIMIT_UNITS,
    URGENCIES,
    WALL_USES,
    CategoryLine,
    Emergency,
    HolidayLine,
    Limit,
    PlaceLine,
    RuleLine,
    UnitLine,
)
from backend.places.files.problems import Problems
from backend.places.files.tables import Row, TomlFile, csv_rows
from backend.places.files.towns import good_code

_CATEGORY_KEYS = (
    "code", "name", "group", "urgency", "keywords", "after_photo", "after_photo_reason",
    "before_photo", "before_photo_reason", "self_settle", "limit", "accept_limit", "emergency", "place_required",
    "wall",
)  # fmt: skip
ROLES = ("grid_worker", "department_clerk")


def read_categories(path: Path, problems: Problems) -> list[CategoryLine]:
    """The catalogue; every group and category has its own code."""
    file = TomlFile(path, problems)
    groups: dict[str, str] = {}
    for row in file.rows("groups"):
        row.only(("code", "name"))
        groups[good_code(row)] = row.text("name", longest=30)
    lines: dict[str, CategoryLine] = {}
    for row in file.rows("categories"):
        line = _category(row, groups, len(lines))
        if line.code in lines:
            row.complain(f"编码“{line.code}”重复了", "code")
        lines[line.code] = line
    if file.data is not None and not lines:
        problems.add(path, 0, "一个类别都没有，至少要有一个 [[categories]]")
    return list(lines.values())


def _category(row: Row, groups: dict[str, str], position: int) -> CategoryLine:
    row.only(_CATEGORY_KEYS)
    group = row.text("group")
    if group and group not in groups:
        row.complain(f"分组“{group}”没有在 [[groups]] 里定义", "group")
    after_photo, after_reason = _photo(row, "after")
    before_photo, before_reason = _photo(row, "before")
    urgency = row.choice("urgency", URGENCIES, "normal")
    emergency = _emergency(row)
    return CategoryLine(
        code=good_code(row),
        name=row.text("name", longest=30),
        group_code=group,
        group_name=groups.get(group, ""),
        urgency=urgency,  # type: ignore[arg-type]  # choice() allows nothing else
        keywords=row.texts("keywords"),
        after_photo=after_photo,
        after_photo_reason=after_reason,
        before_photo=before_photo,
        before_photo_reason=before_reason,
        self_settle=row.flag("self_settle", False),
        limit=_limit(row, "limit", Limit(5, "working_day")),
        accept_limit=_limit(row, "accept_limit", Limit(2, "working_hour")),
        emergency=emergency,
        place_required=row.flag("place_required", True),
        position=position,
        wall=row.choice("wall", tuple(WALL_USES), "never"),
    )


def _photo(row: Row, side: str) -> tuple[bool, str]:
    """Whether a photo is demanded, and why: nobody is asked for one without a reason (国办函〔2026〕12号)."""
    demanded, reason = row.flag(f"{side}_photo", False), row.text(f"{side}_photo_reason", needed=False)
    if demanded and not reason:
        word = "办理后" if side == "after" else "办理前"
        row.complain(f"要求上传{word}照片，就要在 {side}_photo_reason 里说明为什么", f"{side}_photo")
    return demanded, reason


def _limit(row: Row, key: str, default: Limit) -> Limit:
    table = row.table(key)
    if table is None:
        if key == "limit" and key not in row.values:
            row.complain("没有写办理时限 limit")
        return default
    table.only(("amount", "unit"))
    unit = table.choice("unit", tuple(LIMIT_UNITS))
    return Limit(table.number("amount", 1, 366), unit)  # type: ignore[arg-type]  # choice() allows nothing else


def _emergency(row: Row) -> Emergency | None:
    table = row.table("emergency")
    if table is None:
        return None
    table.only(("number", "words"))
    return Emergency(table.text("number", longest=20), table.text("words"))


def read_rules(
    path: Path,
    categories: Sequence[CategoryLine],
    units: Sequence[UnitLine],
    places: Sequence[PlaceLine],
    problems: Problems,
) -> list[RuleLine]:
    """The routing rules in order; the last one must have no condition, so that no case is left over."""
    known = {
        "category": {c.code for c in categories},
        "group": {c.group_code for c in categories},
        "place": {p.code for p in places},
        "urgency": set(URGENCIES),
    }
    unit_codes = {u.code for u in units}
    file = TomlFile(path, problems)
    rules = [_rule(row, known, unit_codes, index) for index, row in enumerate(file.rows("rules"))]
    if file.data is not None and (not rules or not _catches_all(rules[-1])):
        problems.add(path, 0, "最后一条规则不能带条件(when)，否则会有事项没人接")
    for rule in rules[:-1]:
        if _catches_all(rule):
            problems.add(path, 0, f"规则“{rule.name}”没有条件，它后面的规则永远轮不到")
    return rules


def _catches_all(rule: RuleLine) -> bool:
    return not (rule.categories or rule.groups or rule.places or rule.urgencies)


def _rule(row: Row, known: dict[str, set[str]], unit_codes: set[str], position: int) -> RuleLine:
    row.only(("name", "when", "to", "auto"))
    when = row.table("when")
    conditions: dict[str, tuple[str, ...]] = dict.fromkeys(known, ())
    if when is not None:
        when.only(tuple(known))
        for key, codes in known.items():
            conditions[key] = when.texts(key)
            for code in conditions[key]:
                if code not in codes:
                    when.complain(f"条件 {key} 里的“{code}”不存在")
    unit, role = _target(row, unit_codes)
    return RuleLine(
        name=row.text("name", longest=60),
        categories=conditions["category"],
        groups=conditions["group"],
        places=conditions["place"],
        urgencies=conditions["urgency"],
        unit_code=None if unit == "grid" else unit,
        to_grid=unit == "grid",
        role=role,
        auto=row.flag("auto", False),
        position=position,
    )


def _target(row: Row, unit_codes: set[str]) -> tuple[str, str]:
    """(unit code or the word "grid", role)."""
    to = row.table("to")
    if to is None:
        row.complain('没有写交给谁，例如 to = { unit = "grid", role = "grid_worker" }')
        return "grid", "grid_worker"
    to.only(("unit", "role"))
    unit = to.text("unit")
    if unit and unit != "grid" and unit not in unit_codes:
        to.complain(f"单位“{unit}”在 units.csv 里没有")
    return unit, to.choice("role", ROLES, "grid_worker" if unit == "grid" else "department_clerk")


def read_holidays(path: Path, problems: Problems) -> list[HolidayLine]:
    """Dates that are not what their weekday says; on top of them stands what staff enter later."""
    lines: dict[date, HolidayLine] = {}
    for row in csv_rows(path, ("date", "kind", "name"), problems, needed=False):
        kind = row.choice("kind", ("holiday", "workday"))
        text = row.text("date")
        try:
            day = date.fromisoformat(text)
        except ValueError:
            row.complain(f"日期“{text}”不对，应当像 2027-01-01")
            continue
        if not date(2020, 1, 1) <= day <= date(2060, 1, 1):
            row.complain(f"日期“{text}”超出了 2020 年到 2060 年")
            continue
        if day in lines:
            row.complain(f"日期“{text}”重复了")
        lines[day] = HolidayLine(day, kind == "workday", row.text("name", longest=30))
    return list(lines.values())
