"""The only writer of opinions on the program."""

from __future__ import annotations

from backend.feedback.models import Feedback
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.outbox.services import enqueue


def give(text: str, page: str, contact: str) -> Feedback:
    """Keep an opinion. Who gave it is not kept, unless they leave a contact."""
    row = Feedback(id=new_id(), text=text, page=page, contact=contact or None, created_at=now())
    db.session.add(row)
    db.session.flush()
    enqueue("content.posted", {"kind": "feedback", "id": str(row.id)})  # whoever reviews content hears of it
    return row
