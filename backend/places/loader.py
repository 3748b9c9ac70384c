"""Files in, rows out: what `flask town load` does for the tree of places.

The composition of the whole command (units, categories, rules, holidays) stands in backend/cli.py;
each feature saves its own part of the same TownFiles, with the ids that load_places() returns::

    config = read_config(settings().town_config)         # ConfigProblems: print it, exit 1
    def unit():
        for town in config.towns:
            loaded = load_places(town)                   # loaded.town_id, loaded.places[code] -> id
            units = identity.services.save_units(loaded.town_id, town.units, loaded.places)
            reports.services.save_categories(loaded.town_id, town.categories)
            cases.services.save_rules(loaded.town_id, town.rules, loaded.places, units)
        workflow.services.save_holidays(config.holidays)
    run_unit(unit)                                       # all of it, or nothing
"""

from __future__ import annotations

from backend.places.files import ConfigFiles, ConfigProblems, TownFiles, read_config
from backend.places.services import TownLoad, deactivate_missing, save_town

load_places = save_town

__all__ = [
    "ConfigFiles",
    "ConfigProblems",
    "TownFiles",
    "TownLoad",
    "deactivate_missing",
    "load_places",
    "read_config",
]
