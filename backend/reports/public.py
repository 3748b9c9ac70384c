"""Routes of 随手拍 for everyone: the catalogue, so that the form can be read without login."""

from __future__ import annotations

from typing import Any

from backend.cases.public import TownQuerySchema
from backend.identity.guards import public_guard
from backend.kernel.http import Blueprint
from backend.places.queries import town_by_code
from backend.reports import queries, views
from backend.reports.schemas import CategoriesSchema

blueprint = Blueprint(
    "public_reports", __name__, url_prefix="/api/v1/public", guard=public_guard, description="随手拍的类别"
)


@blueprint.route("/categories")
@blueprint.arguments(TownQuerySchema, location="query")
@blueprint.response(200, CategoriesSchema)
def categories(wanted: dict[str, str]) -> dict[str, Any]:
    """The town's catalogue with its promises, and whom to call first in an emergency."""
    return {"items": [views.category_line(c) for c in queries.categories(town_by_code(wanted["town"]).id)]}
