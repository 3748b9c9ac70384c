"""The dictionaries of config/ → rows: the first load, and what a later one may do to what was changed on screen.

ADR 0005: files begin, the screen continues. A later load refuses to undo what was changed on screen and says
what differs; the one who loads decides: the file wins (force), or the screen does (keep).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from backend.cases import rules as case_rules
from backend.cases.models import RoutingRule
from backend.kernel.ids import new_id
from backend.places.files.model import CategoryLine, HolidayLine, TownFiles
from backend.reports import catalogue
from backend.reports.models import Category
from backend.workflow import holidays
from backend.workflow.clocks import set_holidays

Edited = Literal["refuse", "force", "keep"]


class EditedOnScreen(Exception):
    """The files would undo what was changed on screen; `lines` say what, one Chinese line each."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = list(lines)


def load_dictionaries(
    town_id: int, town: TownFiles, places: Mapping[str, int], units: Mapping[str, int], edited: Edited
) -> list[str]:
    """Put a town's categories and rules in place; what differs from the screen when `edited` is "refuse".

    `places` and `units`: code → id. The caller raises EditedOnScreen when anything is returned.
    """
    categories = [_category(town_id, line) for line in town.categories]
    rules = _rules(town_id, town, places, units)
    if edited == "refuse":
        lines = [*catalogue.differences(town_id, categories), *case_rules.differences(town_id, rules)]
        if lines:
            return [f"{town.brand.name} {line}" for line in lines]
    kept = catalogue.edited(town_id) if edited == "keep" else set()
    catalogue.replace_categories(town_id, categories, kept)
    if not (edited == "keep" and case_rules.is_edited(town_id)):
        case_rules.replace_rules(town_id, rules)
    return []


def load_holidays(days: Sequence[HolidayLine], edited: Edited) -> list[str]:
    """The files' corrections replace the years that they speak of; other years keep what the town entered."""
    lines: list[str] = []
    for year in sorted({line.day.year for line in days}):
        of_year = [holidays.Day(d.day, d.working, d.name) for d in days if d.day.year == year]
        if edited == "refuse":
            lines += holidays.differences(year, of_year)
        if edited == "keep" and holidays.from_screen(year):
            continue
        rows = [(d.day, d.working, d.name) for d in of_year]
        set_holidays(rows, date(year, 1, 1), date(year, 12, 31))
        holidays.note_source(year, "file", len(of_year))
    return lines


def _rules(
    town_id: int, town: TownFiles, places: Mapping[str, int], units: Mapping[str, int]
) -> list[RoutingRule]:
    return [
        RoutingRule(
            id=new_id(),
            town_id=town_id,
            position=r.position,
            name=r.name,
            categories=list(r.categories),
            groups=list(r.groups),
            place_ids=[str(places[p]) for p in r.places],
            urgencies=list(r.urgencies),
            unit_id=units[r.unit_code] if r.unit_code else None,
            to_grid=r.to_grid,
            role=r.role,
            auto=r.auto,
        )
        for r in town.rules
    ]


def _category(town_id: int, line: CategoryLine) -> Category:
    return Category(
        id=new_id(),
        town_id=town_id,
        code=line.code,
        name=line.name,
        group_code=line.group_code,
        group_name=line.group_name,
        urgency=line.urgency,
        keywords=list(line.keywords),
        after_photo=line.after_photo,
        after_photo_reason=line.after_photo_reason,
        before_photo=line.before_photo,
        before_photo_reason=line.before_photo_reason,
        self_settle=line.self_settle,
        wall=line.wall,
        limit_amount=line.limit.amount,
        limit_unit=line.limit.unit,
        accept_amount=line.accept_limit.amount,
        accept_unit=line.accept_limit.unit,
        emergency_number=line.emergency.number if line.emergency else "",
        emergency_words=line.emergency.words if line.emergency else "",
        place_required=line.place_required,
        position=line.position,
    )
