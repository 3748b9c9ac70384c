"""What the files under config/ say, parsed and validated: frozen, without any database id.

Rows refer to each other by ``code``. Order is the order in the file (``position`` from 0).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

LimitUnit = Literal["natural_day", "working_day", "working_hour", "emergency_hour"]
Urgency = Literal["normal", "important", "urgent"]

#: domain-rules §3.2: calendar days · 8 working hours · 8–12 and 14–18 on working days · without any pause
LIMIT_UNITS: dict[str, str] = {
    "natural_day": "个自然日",
    "working_day": "个工作日",
    "working_hour": "个工作小时",
    "emergency_hour": "小时（不分昼夜）",
}
URGENCIES: tuple[str, ...] = ("normal", "important", "urgent")
#: whether closed matters of a category may be shown on the wall, and how that is called
WALL_USES = {"open": "可以公开", "consent": "本人同意才公开", "never": "不公开"}
#: kinds of org units: the desk that accepts and dispatches · an office of the town · a village's own · a grid's
UNIT_KINDS: tuple[str, ...] = ("center", "department", "village", "grid")


@dataclass(frozen=True)
class Phone:
    """A number shown to everyone; hours in words."""

    name: str
    number: str
    hours: str


@dataclass(frozen=True)
class Privacy:
    """The privacy notice (PI-02); a new version asks for consent again."""

    version: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class BrandLine:
    """A town and what it shows of itself (town.toml)."""

    county_code: str
    county_name: str
    code: str
    name: str
    product_name: str
    operator: str
    filing_number: str
    position: int
    phones: tuple[Phone, ...]
    privacy: Privacy
    features: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class PlaceLine:
    """A line of places.csv with its boundary; the town itself is the first one.

    ``boundary`` is a GeoJSON geometry in GCJ-02, ``center`` a point inside it (lon, lat).
    """

    level: str
    code: str
    name: str
    parent_code: str
    position: int
    boundary: dict[str, Any] | None
    center: tuple[float, float] | None


@dataclass(frozen=True)
class Limit:
    """How much time, in which unit (domain-rules §3.2)."""

    amount: int
    unit: LimitUnit


@dataclass(frozen=True)
class Emergency:
    """Whom to call first, and the words that say so (HOT-03)."""

    number: str
    words: str


@dataclass(frozen=True)
class CategoryLine:
    """One item of the catalogue (domain-rules §3.3, limits §2.2)."""

    code: str
    name: str
    group_code: str
    group_name: str
    urgency: Urgency
    keywords: tuple[str, ...]
    after_photo: bool
    after_photo_reason: str
    before_photo: bool
    before_photo_reason: str
    self_settle: bool
    limit: Limit
    accept_limit: Limit
    emergency: Emergency | None
    place_required: bool
    position: int
    #: whether closed matters may be shown on the wall: open, consent (only if the citizen agrees), never
    wall: str = "never"


@dataclass(frozen=True)
class RuleLine:
    """One routing rule; the first that fits wins.

    It fits when every condition that is not empty holds: one of ``categories``, one of ``groups``,
    lying in one of ``places`` (codes, any level), one of ``urgencies``. Then the case goes to
    ``unit_code``, or, when ``to_grid``, to the unit of the grid it lies in; ``role`` names who in
    that unit. ``auto``: dispatched without a dispatcher's hand.
    """

    name: str
    categories: tuple[str, ...]
    groups: tuple[str, ...]
    places: tuple[str, ...]
    urgencies: tuple[str, ...]
    unit_code: str | None
    to_grid: bool
    role: str
    auto: bool
    position: int


@dataclass(frozen=True)
class UnitLine:
    """An organisation unit (units.csv): ``kind`` one of UNIT_KINDS, ``place_code`` where it serves."""

    code: str
    name: str
    kind: str
    parent_code: str
    place_code: str
    phone: str
    position: int


@dataclass(frozen=True)
class StaffLine:
    """A staff account (staff.csv, optional); passwords never stand in a file."""

    username: str
    name: str
    unit_code: str
    roles: tuple[str, ...]
    place_code: str


@dataclass(frozen=True)
class HolidayLine:
    """One date that is not what its weekday says: ``working`` False = day off, True = made-up day."""

    day: date
    working: bool
    name: str


@dataclass(frozen=True)
class TownFiles:
    """Everything one town's directory says."""

    directory: Path
    brand: BrandLine
    places: tuple[PlaceLine, ...]
    units: tuple[UnitLine, ...]
    staff: tuple[StaffLine, ...]
    categories: tuple[CategoryLine, ...]
    rules: tuple[RuleLine, ...]

    def place(self, code: str) -> PlaceLine:
        """The place with this code; KeyError if there is none."""
        for line in self.places:
            if line.code == code:
                return line
        raise KeyError(code)


@dataclass(frozen=True)
class ConfigFiles:
    """All towns, in the order of their ``position``, and the holidays they share."""

    towns: tuple[TownFiles, ...]
    holidays: tuple[HolidayLine, ...]
