"""The permission matrix: every route of the API, who may call it, and what lies out of whose reach.

Each file beside this one that has ROUTES is a part of it. A new route gets one line in the file of its
feature (a new feature brings a file of its own), for example:

    ROUTES = {
        "GET /api/v1/staff/units": staff({"administrator"}),
        "PATCH /api/v1/staff/units/<unit_id>": staff({"administrator"}, town(a_unit), {"name": "城管所"}),
        "DELETE /api/v1/staff/drafts/<draft_id>": staff(EVERYONE, own(make_a_draft)),
        "GET /api/v1/resident/rights": resident(),
    }
"""

from __future__ import annotations

import importlib
import pkgutil

from tests.support.permissions.route import Route


def _collected() -> dict[str, Route]:
    found: dict[str, Route] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        part = getattr(importlib.import_module(f"{__name__}.{module.name}"), "ROUTES", {})
        twice = found.keys() & part.keys()
        if twice:
            raise ValueError(f"routes with two entries, the second in {module.name}.py: {sorted(twice)}")
        found |= part
    return found


ROUTES: dict[str, Route] = _collected()
