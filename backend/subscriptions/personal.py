"""What subscriptions keep of a person: shown and copied in full, and how it goes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from backend.kernel.db import db
from backend.subscriptions.kinds import KINDS, WAYS
from backend.subscriptions.models import PublicationSubscription


def copy(resident_id: int) -> list[dict[str, Any]]:
    """What one chose to hear of."""
    rows = db.session.scalars(_of(resident_id).order_by(PublicationSubscription.id))
    records = [
        {"title": KINDS[row.kind], "facts": [("方式", WAYS[row.way]), ("时间", row.created_at)]}
        for row in rows
    ]
    return [{"code": "publication_subscriptions", "title": "您的订阅", "records": records}]


def forget_person(resident_id: int) -> dict[str, list[Any]]:
    """Erase them."""
    ids = [row.id for row in db.session.scalars(_of(resident_id))]
    db.session.execute(
        delete(PublicationSubscription).where(PublicationSubscription.resident_id == resident_id)
    )
    return {"publication_subscription": ids}


def _of(resident_id: int) -> Any:
    return select(PublicationSubscription).where(PublicationSubscription.resident_id == resident_id)
