"""What the kept pages of a town's topics stand under, and how they fall (kernel/page_cache.py, docs/adr/0017).

Whatever changes what everybody reads of a topic says so in its own transaction: a step and the end of a period, a
seat, a rating, and through the comments' hooks (speaking.py) what people say, second, take back or are answered.
Left out on purpose: what changes with each vote on a statement, and the poll's turnout, are made anew for everybody.
"""

from __future__ import annotations

from sqlalchemy import select

from backend.consultations.models import Consultation
from backend.kernel.db import db
from backend.kernel.page_numbers import bump


def surrogate(town_id: int) -> str:
    """The name under which kept pages of a town's topics stand (kernel/page_numbers.py)."""
    return f"consultations:{town_id}"


def changed(town_id: int) -> None:
    """Something that everybody reads of a topic of the town changes with the unit under way."""
    bump(surrogate(town_id))


def changed_of(topic_id: int) -> None:
    """The same where only the topic is known; nothing when it is gone."""
    town_id = db.session.scalar(select(Consultation.town_id).where(Consultation.id == topic_id))
    if town_id is not None:
        changed(town_id)
