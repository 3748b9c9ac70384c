"""Routes of 邻里互助 for residents: put up, settle, flag, and write each other."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.views import MethodView

from backend.identity.guards import resident_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent, idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.neighbours import queries, services, threads, views
from backend.neighbours.access import get_own, get_thread
from backend.neighbours.schemas import (
    NeighbourActOnPostSchema,
    NeighbourAgreeSchema,
    NeighbourCursorSchema,
    NeighbourFlaggedPostSchema,
    NeighbourFlagPostSchema,
    NeighbourMessagePageSchema,
    NeighbourPutUpSchema,
    NeighbourThreadPageSchema,
    NeighbourThreadSchema,
    NeighbourWriteMessageSchema,
    OwnNeighbourPageSchema,
    OwnNeighbourPostSchema,
)
from backend.places.queries import town_id_of

blueprint = Blueprint(
    "resident_neighbours",
    __name__,
    url_prefix="/api/v1/resident",
    guard=resident_guard,
    description="邻里互助",
)


@blueprint.route("/neighbours")
class Posts(MethodView):
    """One's own posts."""

    @blueprint.arguments(NeighbourCursorSchema, location="query")
    @blueprint.response(200, OwnNeighbourPageSchema)
    def get(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """In every state, newest first."""
        return views.own_page(queries.own_page(g.actor.id, wanted["cursor"]), g.actor)

    @idempotent
    @limit("10/hour", name="neighbours.post")
    @blueprint.arguments(NeighbourPutUpSchema)
    @blueprint.response(201, OwnNeighbourPostSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Put something up; it is shown once it was checked. 422 for what may not be traded, or a number."""
        draft = services.Draft(
            town_id=town_id_of(given["town"]),
            village_id=given["village_id"],
            direction=given["kind"],
            category=given["category"],
            title=given["title"],
            text=given["text"],
            expires_on=given["expires_on"],
        )
        return views.own_view(services.post(g.actor, draft, given["photo_ids"]), g.actor)


@blueprint.get("/neighbours/<post_id>")
@blueprint.response(200, OwnNeighbourPostSchema)
def read_own(post_id: str) -> dict[str, Any]:
    """One's own post. 404 for another person's: that is read where everybody reads it."""
    return views.own_view(get_own(g.actor, parse_id(post_id)), g.actor)


@blueprint.post("/neighbours/<post_id>/actions/<action>")
@idempotent_when_keyed
@limit("30/minute", name="neighbours.act")
@blueprint.arguments(NeighbourActOnPostSchema)
@blueprint.response(200, OwnNeighbourPostSchema)
def act(given: dict[str, Any], post_id: str, action: str) -> dict[str, Any]:
    """close, withdraw or renew (once); 409 when it has changed since `version`."""
    row = services.act(g.actor, parse_id(post_id), action, given["version"], given["expires_on"])
    return views.own_view(row, g.actor)


@blueprint.post("/neighbours/<post_id>/flag")
@idempotent
@limit("10/minute", name="neighbours.flag")
@blueprint.arguments(NeighbourFlagPostSchema)
@blueprint.response(201, NeighbourFlaggedPostSchema)
def flag(given: dict[str, str], post_id: str) -> dict[str, Any]:
    """Say that a post should not stand there; once."""
    row = services.flag(g.actor, parse_id(post_id), given["reason"], given["note"])
    return {"id": row.id, "flagged": True}


@blueprint.post("/neighbours/<post_id>/threads")
@idempotent
@limit("20/hour", name="neighbours.ask")
@blueprint.arguments(NeighbourWriteMessageSchema)
@blueprint.response(201, NeighbourThreadSchema)
def ask(given: dict[str, str], post_id: str) -> dict[str, Any]:
    """Write to whoever posted; the thread that is there goes on."""
    return views.thread(threads.ask(g.actor, parse_id(post_id), given["text"]), g.actor)


@blueprint.get("/neighbour-threads")
@blueprint.arguments(NeighbourCursorSchema, location="query")
@blueprint.response(200, NeighbourThreadPageSchema)
def own_threads(wanted: dict[str, Any]) -> dict[str, Any]:
    """The talks one is in, the last written to first."""
    return views.threads(queries.own_threads(g.actor.id, wanted["cursor"]), g.actor)


@blueprint.get("/neighbour-threads/<thread_id>")
@blueprint.arguments(NeighbourCursorSchema, location="query")
@blueprint.response(200, NeighbourMessagePageSchema)
def read_thread(wanted: dict[str, Any], thread_id: str) -> dict[str, Any]:
    """What was written, newest first. 404 for everybody but the two."""
    row = get_thread(g.actor, parse_id(thread_id))
    return views.messages(row, queries.messages(row.id, wanted["cursor"]), g.actor)


@blueprint.post("/neighbour-threads/<thread_id>/read")
@blueprint.response(200, NeighbourThreadSchema)
def note_read(thread_id: str) -> dict[str, Any]:
    """Say that one has seen what was written so far."""
    row = get_thread(g.actor, parse_id(thread_id), lock=True)
    threads.read(row, g.actor)
    return views.thread(row, g.actor)


@blueprint.post("/neighbour-threads/<thread_id>/messages")
@idempotent
@limit("30/minute", name="neighbours.write")
@blueprint.arguments(NeighbourWriteMessageSchema)
@blueprint.response(201, NeighbourThreadSchema)
def write(given: dict[str, str], thread_id: str) -> dict[str, Any]:
    """Go on writing; a number is refused until both have agreed."""
    return views.thread(threads.write(g.actor, parse_id(thread_id), given["text"]), g.actor)


@blueprint.post("/neighbour-threads/<thread_id>/agreement")
@idempotent_when_keyed
@blueprint.arguments(NeighbourAgreeSchema)
@blueprint.response(200, NeighbourThreadSchema)
def agree(given: dict[str, bool], thread_id: str) -> dict[str, Any]:
    """Say, or take back, that numbers may be exchanged here; it takes both."""
    return views.thread(threads.agree(g.actor, parse_id(thread_id), agreed=given["agree"]), g.actor)


@blueprint.post("/neighbour-threads/<thread_id>/end")
@idempotent_when_keyed
@blueprint.response(200, NeighbourThreadSchema)
def end(thread_id: str) -> dict[str, Any]:
    """Write no more here; either may say so, without a reason."""
    return views.thread(threads.end(g.actor, parse_id(thread_id)), g.actor)
