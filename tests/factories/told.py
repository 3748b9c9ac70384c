"""What a step of a case said to whom."""

from __future__ import annotations

from sqlalchemy import select

from backend.identity.models import Staff
from backend.kernel.db import db, transaction
from backend.notifications.models import InboxMessage
from backend.workflow.models import TimelineEntry
from tests.factories.cases import Cast

RESIDENTS = ("wang", "li")


def told(cast: Cast, case_id: int, action: str) -> dict[str, InboxMessage]:
    """Whom the last row of that action reached: user name or resident → the line in their inbox."""
    residents = {int(cast.resident(name).me["id"]): name for name in RESIDENTS}
    with cast.app.app_context(), transaction(writing=False):
        rows = select(TimelineEntry.id).where(
            TimelineEntry.subject_id == int(case_id), TimelineEntry.action == action
        )
        entry_id = db.session.scalars(rows.order_by(TimelineEntry.seq.desc())).first()
        assert entry_id is not None, f"{action} never happened"
        staff = {row.id: row.username for row in db.session.scalars(select(Staff))}
        found = db.session.scalars(select(InboxMessage).where(InboxMessage.cause_id == entry_id)).all()
        db.session.expunge_all()
    names = {"resident": residents, "staff": staff}
    return {names[m.person_kind][m.person_id]: m for m in found}


def titles(cast: Cast, case_id: int, action: str) -> dict[str, str]:
    """Whom the last row of that action reached, and under which title."""
    return {who: message.title for who, message in told(cast, case_id, action).items()}
