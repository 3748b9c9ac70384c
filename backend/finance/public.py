"""Routes for everybody: a published sheet entry by entry, and a village's year in bars."""

from __future__ import annotations

from typing import Any

from backend.finance import queries, schemas
from backend.finance.access import get_public_sheet
from backend.finance.services import surrogate
from backend.identity.guards import public_guard
from backend.kernel.errors import NotFound
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.kernel.page_cache import depend_on, public_page
from backend.places.queries import get_place

blueprint = Blueprint(
    "public_finance", __name__, url_prefix="/api/v1/public", guard=public_guard, description="村级收支公开"
)
#: of pages that had to be made: what is kept is not counted
RATE = "60/minute"


@blueprint.get("/finance-sheets/<sheet_id>")
@public_page(query=schemas.PublicFinanceQuerySchema)
@limit(RATE, name="finance.sheet")
@blueprint.arguments(schemas.PublicFinanceQuerySchema, location="query")
@blueprint.response(200, schemas.PublicFinanceSheetSchema)
def read(given: dict[str, Any], sheet_id: str) -> dict[str, Any]:
    """A sheet that a public notice refers to: head, entries (200 at a time), foot; persons masked (OPEN-04)."""
    sheet = get_public_sheet(parse_id(sheet_id))
    depend_on(surrogate(sheet.town_id))
    return queries.public_page(sheet, given["cursor"])


@blueprint.get("/finance-charts")
@public_page(query=schemas.FinanceChartsQuerySchema)
@limit(RATE, name="finance.charts")
@blueprint.arguments(schemas.FinanceChartsQuerySchema, location="query")
@blueprint.response(200, schemas.FinanceChartsSchema)
def charts(given: dict[str, Any]) -> dict[str, Any]:
    """A village's year by month and category, beside the same months of the year before."""
    village = get_place(given["village"])
    if village.level != "village":
        raise NotFound
    depend_on(surrogate(village.places["town"]))
    return queries.charts(village.id, given["year"])
