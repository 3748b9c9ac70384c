"""Routes of subscriptions: what a resident wants to hear of. (/subscriptions is WeChat's own, of notifications.)"""

from __future__ import annotations

from typing import Any

from backend.identity.guards import current_actor, resident_guard
from backend.kernel.http import Blueprint
from backend.kernel.limits import limit
from backend.places.schemas import TownQuery
from backend.subscriptions import queries, services
from backend.subscriptions.schemas import PublicationChoicesGivenSchema, PublicationChoicesSchema

blueprint = Blueprint(
    "resident_publication_subscriptions",
    __name__,
    url_prefix="/api/v1/resident",
    guard=resident_guard,
    description="订阅：按类别和村，每条通知或每天汇总",
)


@blueprint.get("/publication-subscriptions")
@blueprint.arguments(TownQuery, location="query")
@blueprint.response(200, PublicationChoicesSchema)
def read(given: dict[str, Any]) -> dict[str, Any]:
    """What one hears of in a town, and of what one could."""
    return queries.chosen(current_actor().id, queries.town(given["town"]).id)


@blueprint.route("/publication-subscriptions", methods=["PUT"])
@limit("30/minute", name="subscriptions.choose")
@blueprint.arguments(PublicationChoicesGivenSchema)
@blueprint.response(200, PublicationChoicesSchema)
def choose(given: dict[str, Any]) -> dict[str, Any]:
    """Put these choices in the place of what was there."""
    actor, town = current_actor(), queries.town(given["town"])
    services.choose(actor.id, town.id, given["items"])
    return queries.chosen(actor.id, town.id)
