"""Routes of the side ways: intake by staff, supervision, call-backs, child tasks."""

from __future__ import annotations

from tests.support.permissions.route import staff

TAKE_IN = {"dispatcher", "grid_worker"}

ROUTES = {
    "POST /api/v1/staff/reports": staff(TAKE_IN),
    "GET /api/v1/staff/reports/similar": staff(TAKE_IN),
}
