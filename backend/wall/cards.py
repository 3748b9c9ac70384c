"""What a message needs to know of an entry and of a follow-up (cases/parts.py)."""

from __future__ import annotations

from backend.cases.queries import SubjectCard
from backend.kernel.db import db
from backend.wall import follow_ups
from backend.wall.models import WallEntry, WallFollowUp


def of_entry(entry_id: int) -> SubjectCard | None:
    """The card of an entry; None when it is gone."""
    row = db.session.get(WallEntry, entry_id)
    return _card(row, row.id, row.kind) if row is not None else None


def of_follow_up(follow_up_id: int) -> SubjectCard | None:
    """The card of a follow-up: everybody who waits for its answer is told of it."""
    row = db.session.get(WallFollowUp, follow_up_id)
    entry = db.session.get(WallEntry, row.entry_id) if row is not None else None
    if row is None or entry is None:
        return None
    return _card(entry, row.id, row.kind, row, tuple(follow_ups.audience(row.id)))


def _card(
    entry: WallEntry, card_id: int, kind: str, row: WallFollowUp | None = None, told: tuple[int, ...] = ()
) -> SubjectCard:
    return SubjectCard(
        id=card_id,
        kind=kind,
        title=entry.title,
        code=entry.code,
        place_label=entry.place_label,
        category_name=entry.category_name,
        urgency="normal",
        due_at=(row or entry).due_at,
        town_id=entry.town_id,
        resident_id=None,
        assignee_staff_id=None,
        assignee_unit_id=entry.unit_id,
        assignee_unit_name=entry.unit_name,
        places=entry.places,
        also_for=told,
        page=follow_ups.PAGE.format(id=entry.id),
    )
