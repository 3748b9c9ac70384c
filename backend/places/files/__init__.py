"""The town's own data as files under config/: read, checked as a whole, handed on as dataclasses.

``read_config(directory)`` gives every town with everything that belongs to it. Each feature then
saves its own part: places its tree, identity the units, reports the categories, cases the rules,
workflow the holidays. Nothing here touches the database.
"""

from backend.places.files.model import (
    BrandLine,
    CategoryLine,
    ConfigFiles,
    Emergency,
    HolidayLine,
    Limit,
    Phone,
    PlaceLine,
    Privacy,
    RuleLine,
    StaffLine,
    TownFiles,
    UnitLine,
)
from backend.places.files.problems import ConfigProblems, Problem
from backend.places.files.reader import read_config

__all__ = [
    "BrandLine",
    "CategoryLine",
    "ConfigFiles",
    "ConfigProblems",
    "Emergency",
    "HolidayLine",
    "Limit",
    "Phone",
    "PlaceLine",
    "Privacy",
    "Problem",
    "RuleLine",
    "StaffLine",
    "TownFiles",
    "UnitLine",
    "read_config",
]
