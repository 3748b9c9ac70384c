"""What a resident sees of the wall beyond the public pages, as dicts for the schemas."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.comments import queries as comments
from backend.comments.states import STATES as COMMENT_STATES
from backend.kernel.actor import Actor
from backend.kernel.clock import shanghai
from backend.kernel.db import db
from backend.wall import follow_ups
from backend.wall.access import get_public_entry
from backend.wall.models import WallFollowUp
from backend.wall.states import FOLLOW_UP_TABLE


def receipt(row: WallFollowUp) -> dict[str, Any]:
    """What the asker gets."""
    said = comments.get(row.comment_id)
    state = said.state if said is not None else ""
    return {
        "id": row.id,
        "comment_id": row.comment_id,
        "state": row.state,
        "state_label": FOLLOW_UP_TABLE.state(row.state).label,
        "comment_state": state,
        "comment_state_label": COMMENT_STATES.get(state, ""),
        "due_on": shanghai(row.due_at).date() if row.due_at is not None else None,
    }


def mine(actor: Actor, entry_id: int) -> dict[str, Any]:
    """What of a public entry is this person's own. NotFound when it is not on the wall."""
    entry = get_public_entry(entry_id)
    own = {card["id"]: card for card in comments.own(actor.id, follow_ups.ENTRY, entry.id)}
    asked = db.session.scalars(
        select(WallFollowUp)
        .where(WallFollowUp.entry_id == entry.id, WallFollowUp.resident_id == actor.id)
        .order_by(WallFollowUp.created_at.desc())
    )
    return comments.my_marks(actor.id, follow_ups.ENTRY, entry.id) | {
        "followed": follow_ups.is_following(entry.id, actor.id),
        "my_follow_ups": [_own(row, own[row.comment_id]) for row in asked if row.comment_id in own],
    }


def _own(row: WallFollowUp, card: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "comment_id": row.comment_id,
        "text": card["text"],
        "state": row.state,
        "state_label": FOLLOW_UP_TABLE.state(row.state).label,
        "comment_state": card["state"],
        "comment_state_label": card["state_label"],
        "held_reason": card["held_reason"] or "",
    }
