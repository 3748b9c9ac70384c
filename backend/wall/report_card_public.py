"""Routes of the report card for everyone; kept before Flask like the wall."""

from __future__ import annotations

from typing import Any

from backend.identity.guards import public_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.kernel.page_cache import depend_on, public_page
from backend.places.schemas import TownQuery
from backend.wall import public_queries as wall
from backend.wall import report_card
from backend.wall.report_card_schemas import ReportCardSchema, ReportCardsSchema

blueprint = Blueprint(
    "public_report_cards",
    __name__,
    url_prefix="/api/v1/public",
    guard=public_guard,
    description="月度公报：公开阅读",
)


@blueprint.get("/report-cards")
@public_page(query=TownQuery)
@limit("60/minute", name="report_cards")
@blueprint.arguments(TownQuery, location="query")
@blueprint.response(200, ReportCardsSchema)
def read_list(given: dict[str, Any]) -> dict[str, Any]:
    """The town's published report cards, newest month first."""
    town = wall.town(given["town"])
    depend_on(wall.surrogate(town.id))
    cards = report_card.published(town.id)
    corrected = report_card.corrections(cards)
    return {
        "items": [
            report_card.public_line(card, len(corrected.get((card.town_id, card.month), [])))
            for card in cards
        ]
    }


@blueprint.get("/report-cards/<card_id>")
@public_page()
@limit("60/minute", name="report_card")
@blueprint.response(200, ReportCardSchema)
def read_one(card_id: str) -> dict[str, Any]:
    """A report card as it was published, with its dated corrections."""
    card = report_card.published_one(parse_id(card_id))
    depend_on(wall.surrogate(card.town_id))
    return report_card.public_page(card)
