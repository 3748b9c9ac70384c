"""Routes of announced visits for residents (PET-18)."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from backend.identity.guards import current_actor, resident_guard
from backend.identity.minors import demand_guardian
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent, idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.petitions import visit_views, visits
from backend.petitions.visit_schemas import (
    AskVisitSchema,
    MyVisitSchema,
    MyVisitsSchema,
    VisitTimesSchema,
    VisitTownSchema,
)
from backend.places.queries import town_id_of

blueprint = Blueprint(
    "resident_petition_visits",
    __name__,
    url_prefix="/api/v1/resident",
    guard=resident_guard,
    description="信访直通车：预约走访",
)


@blueprint.get("/petition-visits/times")
@blueprint.arguments(VisitTownSchema, location="query")
@blueprint.response(200, VisitTimesSchema)
def times(wanted: dict[str, str]) -> dict[str, Any]:
    """The days and hours that can be chosen; none where the town takes no appointments online."""
    return visit_views.times(wanted["town"])


@blueprint.route("/petition-visits")
class Visits(MethodView):
    """One's own visits."""

    @blueprint.response(200, MyVisitsSchema)
    def get(self) -> dict[str, Any]:
        """One's own visits, the latest day first."""
        return visit_views.mine(current_actor())

    @idempotent
    @limit("6/minute", name="petition_visit.ask")
    @blueprint.arguments(AskVisitSchema)
    @blueprint.response(201, MyVisitSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Announce a visit; a sixth representative is refused with the article (PET-18)."""
        actor = current_actor()
        demand_guardian(actor.id)
        names = tuple(given.pop("representatives"))
        asked = visits.Asked(town_id=town_id_of(given.pop("town")), representatives=names, **given)
        return visit_views.own(visits.ask(actor, asked))


@blueprint.post("/petition-visits/<visit_id>/cancel")
@idempotent_when_keyed
@limit("10/minute", name="petition_visit.cancel")
@blueprint.response(200, MyVisitSchema)
def cancel(visit_id: str) -> dict[str, Any]:
    """Cancel one's own visit; again changes nothing."""
    return visit_views.own(visits.give_up(current_actor(), parse_id(visit_id)))
