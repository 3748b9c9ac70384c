"""Routes of the core for everyone: look-up by code, and what the town is doing now."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from backend.cases import figures, views
from backend.cases.access import progress_by_code
from backend.cases.figure_schemas import HomeSchema
from backend.cases.schemas import ProgressSchema
from backend.identity.guards import public_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import read_code
from backend.kernel.limits import limit
from backend.kernel.schemas import Schema
from backend.places.queries import town_by_code

blueprint = Blueprint(
    "public_cases",
    __name__,
    url_prefix="/api/v1/public",
    guard=public_guard,
    description="查进度、镇上这个月",
)


class TownQuerySchema(Schema):
    """Which town."""

    town = fields.String(required=True, validate=validate.Length(1, 32))


@blueprint.route("/progress/<code>")
@blueprint.response(200, ProgressSchema)
@limit("30/minute")
def progress(code: str) -> dict[str, Any]:
    """State and dates of a case by its look-up code, at any hour, without login; nothing else."""
    return views.public_view(progress_by_code(read_code(code)))


@blueprint.route("/home")
@blueprint.arguments(TownQuerySchema, location="query")
@blueprint.response(200, HomeSchema)
def home(wanted: dict[str, str]) -> dict[str, Any]:
    """What the town received and did since the first of this month."""
    return figures.home(town_by_code(wanted["town"]).id)
