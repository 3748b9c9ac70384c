"""Routes of 有事好商量 for residents: propose, speak, keep a seat, follow, look back."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.views import MethodView

from backend.comments import queries as comments
from backend.comments.schemas import OwnCommentSchema
from backend.consultations import following, meetings, proposing, queries, services, speaking, views
from backend.consultations.access import get_consultation_for, get_public
from backend.consultations.schemas import (
    ConsultationCursorSchema,
    ConsultationPageSchema,
    MyConsultationSchema,
    ProposedSchema,
    ProposeSchema,
    RateConsultationSchema,
    SpeakSchema,
    WithdrawProposalSchema,
)
from backend.consultations.states import TABLE
from backend.identity.guards import resident_guard
from backend.identity.minors import demand_guardian
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent, idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.places.queries import town_id_of
from backend.polls import queries as polls

blueprint = Blueprint(
    "resident_consultations",
    __name__,
    url_prefix="/api/v1/resident",
    guard=resident_guard,
    description="有事好商量",
)


@blueprint.post("/consultations")
@idempotent
@limit("6/hour", name="consultation.propose")
@blueprint.arguments(ProposeSchema)
@blueprint.response(201, ProposedSchema)
def propose(given: dict[str, Any]) -> dict[str, Any]:
    """Propose a topic; it is screened within 15 days, and the reason is published (CON-04)."""
    demand_guardian(g.actor.id)
    draft = proposing.Draft(
        town_id=town_id_of(given["town"]),
        village_id=given["village_id"],
        title=given["title"],
        body=given["body"],
        reason=given["reason"],
    )
    return views.own_view(proposing.propose(g.actor, draft))


@blueprint.get("/consultations/mine")
@blueprint.arguments(ConsultationCursorSchema, location="query")
@blueprint.response(200, ConsultationPageSchema)
def mine(wanted: dict[str, str]) -> dict[str, Any]:
    """What one proposed or follows, newest first."""
    return views.lines(queries.of_resident(g.actor.id, wanted.get("cursor")))


@blueprint.post("/consultations/<topic_id>/withdrawal")
@idempotent_when_keyed
@blueprint.arguments(WithdrawProposalSchema)
@blueprint.response(200, ProposedSchema)
def withdraw(given: dict[str, str], topic_id: str) -> dict[str, Any]:
    """Take one's own proposal back before it was screened. 404 for another person's."""
    topic = get_consultation_for(g.actor, parse_id(topic_id))
    services.act(topic, "withdraw", g.actor, None, given)
    return views.own_view(topic)


@blueprint.get("/consultations/<topic_id>/mine")
@blueprint.response(200, MyConsultationSchema)
def my_part(topic_id: str) -> dict[str, Any]:
    """What one has to do with a topic: follows, seat, rating, whether one may vote, what one said."""
    topic = get_consultation_for(g.actor, parse_id(topic_id))
    rating = following.rating_of(g.actor.id, topic.id)
    return views.mine(
        topic,
        g.actor.id,
        followed=following.follows(g.actor.id, topic.id),
        seat=meetings.has_seat(g.actor.id, topic.id),
        score=rating.score if rating is not None else None,
    ) | {"poll": polls.standing(TABLE.kind, topic.id, g.actor.id)}


@blueprint.post("/consultations/<topic_id>/comments")
@idempotent
@limit("10/minute", name="consultation.speak")
@blueprint.arguments(SpeakSchema)
@blueprint.response(201, OwnCommentSchema)
def speak(given: dict[str, Any], topic_id: str) -> dict[str, Any]:
    """Say or ask something; it is shown once it was checked. 409 when the topic is not open."""
    said = speaking.speak(g.actor, parse_id(topic_id), given)
    return comments.own_cards([said], g.actor.id)[0]


@blueprint.route("/consultations/<topic_id>/seat")
class Seat(MethodView):
    """A seat at the meeting that is called."""

    @idempotent_when_keyed
    @limit("10/minute", name="consultation.seat")
    @blueprint.response(204)
    def post(self, topic_id: str) -> None:
        """Keep a seat; 409 when there is none left. Again changes nothing."""
        meetings.take_seat(g.actor, parse_id(topic_id))

    @blueprint.response(204)
    def delete(self, topic_id: str) -> None:
        """Give it back."""
        meetings.give_seat_back(g.actor, parse_id(topic_id))


@blueprint.route("/consultations/<topic_id>/follow")
class Follow(MethodView):
    """Hearing of a topic."""

    @idempotent_when_keyed
    @limit("30/minute", name="consultation.follow")
    @blueprint.response(204)
    def post(self, topic_id: str) -> None:
        """Hear what becomes of it. Again changes nothing."""
        following.follow_public(g.actor, parse_id(topic_id))

    @blueprint.response(204)
    def delete(self, topic_id: str) -> None:
        """Hear of it no more."""
        following.stop_following(g.actor, get_public(parse_id(topic_id)).id)


@blueprint.post("/consultations/<topic_id>/rating")
@idempotent_when_keyed
@limit("10/minute", name="consultation.rate")
@blueprint.arguments(RateConsultationSchema)
@blueprint.response(204)
def rate(given: dict[str, Any], topic_id: str) -> None:
    """Look back at how it went, once; 409 out of its time."""
    following.rate(g.actor, parse_id(topic_id), given["score"], given["note"])
