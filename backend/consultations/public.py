"""Routes of 有事好商量 for everyone: what is talked about, and one topic with all that became of it.

All are kept before Flask (kernel/page_cache.py) and answer everybody alike: what one has to do with a topic oneself
is asked for elsewhere (resident.py).
"""

from __future__ import annotations

from typing import Any

from backend.comments import queries as comments
from backend.comments.schemas import CommentPage, CommentQuery
from backend.consultations import queries, views
from backend.consultations.access import get_public
from backend.consultations.models import Consultation
from backend.consultations.schemas import (
    ConsultationPageSchema,
    ConsultationQuerySchema,
    ConsultationSchema,
)
from backend.consultations.shown import surrogate
from backend.consultations.states import TABLE
from backend.identity.guards import public_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.kernel.page_cache import depend_on, public_page
from backend.places.queries import town_id_of

blueprint = Blueprint(
    "public_consultations",
    __name__,
    url_prefix="/api/v1/public",
    guard=public_guard,
    description="有事好商量：议题、意见、会议、结论、落实",
)
#: of pages that had to be made: what is kept is not counted. They fall with every word that is let through.
RATE = "120/minute"


def _known(topic_id: str) -> Consultation:
    topic = get_public(parse_id(topic_id))
    depend_on(surrogate(topic.town_id))
    return topic


@blueprint.get("/consultations")
@public_page(query=ConsultationQuerySchema)
@limit(RATE, name="consultations.list")
@blueprint.arguments(ConsultationQuerySchema, location="query")
@blueprint.response(200, ConsultationPageSchema)
def list_topics(wanted: dict[str, Any]) -> dict[str, Any]:
    """The topics of a town or of one village, newest first; `stage` narrows."""
    town_id = town_id_of(wanted["town"])
    depend_on(surrogate(town_id))
    return views.lines(queries.public_page(town_id, wanted["village"], wanted["stage"], wanted["cursor"]))


@blueprint.get("/consultations/<topic_id>")
@public_page()
@limit(RATE, name="consultations.topic")
@blueprint.response(200, ConsultationSchema)
def read_topic(topic_id: str) -> dict[str, Any]:
    """One topic: text and versions, meeting, groups with their reasons, conclusion, progress, rating."""
    return views.public_view(_known(topic_id))


@blueprint.get("/consultations/<topic_id>/comments")
@public_page(query=CommentQuery)
@limit(RATE, name="consultations.comments")
@blueprint.arguments(CommentQuery, location="query")
@blueprint.response(200, CommentPage)
def read_comments(wanted: dict[str, Any], topic_id: str) -> Any:
    """What was said about it and is public; `mine` and `seconded` are asked for elsewhere."""
    topic = _known(topic_id)
    kinds = [wanted["kind"]] if wanted["kind"] else views.SPOKEN
    return comments.shown(TABLE.kind, topic.id, kinds=kinds, order=wanted["order"], cursor=wanted["cursor"])
