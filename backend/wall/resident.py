"""Routes of 问题回音壁 for residents: ask a follow-up, follow an entry, agree or not."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.views import MethodView

from backend.identity.guards import resident_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.wall import consents, follow_ups, resident_views, services
from backend.wall.schemas import (
    AskFollowUpSchema,
    FollowedSchema,
    FollowUpReceiptSchema,
    MyWallEntrySchema,
    WallConsentLinesSchema,
    WallConsentSchema,
    WallDecisionSchema,
    source_of,
)

blueprint = Blueprint(
    "resident_wall", __name__, url_prefix="/api/v1/resident", guard=resident_guard, description="问题回音壁"
)


@blueprint.route("/wall/<entry_id>/follow-ups", methods=["POST"])
@idempotent
@limit("6/minute", name="wall.ask")
@blueprint.arguments(AskFollowUpSchema)
@blueprint.response(201, FollowUpReceiptSchema)
def ask(given: dict[str, Any], entry_id: str) -> dict[str, Any]:
    """Ask a follow-up on an outcome; it is public once it has passed the checks."""
    row = follow_ups.ask(g.actor, parse_id(entry_id), given["text"], given["photo_ids"])
    return resident_views.receipt(row)


@blueprint.route("/wall/<entry_id>/mine")
@blueprint.response(200, MyWallEntrySchema)
def mine(entry_id: str) -> dict[str, Any]:
    """What of an entry is one's own: whether one follows it, what one asked and seconded."""
    return resident_views.mine(g.actor, parse_id(entry_id))


@blueprint.route("/wall/<entry_id>/follow")
class Follow(MethodView):
    """Hear of an entry, or no more."""

    @limit("30/minute", name="wall.follow")
    @blueprint.response(200, FollowedSchema)
    def post(self, entry_id: str) -> dict[str, Any]:
        """Follow; again changes nothing."""
        entry = follow_ups.follow(g.actor, parse_id(entry_id))
        return {"followed": True, "followers": entry.follower_count}

    @limit("30/minute", name="wall.unfollow")
    @blueprint.response(200, FollowedSchema)
    def delete(self, entry_id: str) -> dict[str, Any]:
        """Follow no more; again changes nothing."""
        entry = follow_ups.unfollow(g.actor, parse_id(entry_id))
        return {"followed": False, "followers": entry.follower_count}


@blueprint.route("/wall-consents")
class Consents(MethodView):
    """One's word on whether one's own matters may be shown."""

    @blueprint.response(200, WallConsentLinesSchema)
    def get(self) -> dict[str, Any]:
        """What one was asked and has said, newest first."""
        return {"items": consents.own(g.actor.id)}

    @limit("30/minute", name="wall.consent")
    @blueprint.arguments(WallDecisionSchema)
    @blueprint.response(200, WallConsentSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Agree, refuse, or take the word back: what is up comes down at once (PIPL 15)."""
        return {"state": services.decide_consent(g.actor, *source_of(given), given["agree"])}
