"""The contact that somebody left with an opinion, and when it goes (PI-08)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from backend.feedback.models import Feedback
from backend.kernel.db import db


def old_contacts(before: datetime) -> Select[Any]:
    """Ids of opinions given before that moment that still have a contact."""
    return select(Feedback.id).where(Feedback.created_at < before, Feedback.contact.is_not(None))


def forget_contacts(ids: Sequence[Any]) -> Sequence[Any]:
    """Erase the contact; what was said of the program stays."""
    db.session.execute(update(Feedback).where(Feedback.id.in_(ids)).values(contact=None))
    return ids
