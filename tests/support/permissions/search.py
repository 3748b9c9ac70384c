"""Routes that find what is public, and a village's own page."""

from __future__ import annotations

from tests.support.permissions.route import any_value, public

ROUTES = {
    "GET /api/v1/public/search": public(),
    "GET /api/v1/public/news.atom": public(),
    "GET /api/v1/public/villages/<village_id>/home": public(target=any_value("1")),
    "GET /api/v1/public/villages/<village_id>/code.png": public(target=any_value("1")),
}
