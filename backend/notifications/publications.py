"""What residents are told of what was published: a line in the inbox of each, and one push to whom it can reach."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from backend.kernel.db import db
from backend.notifications.models import Delivery, InboxMessage
from backend.notifications.table import INBOX_PAGE, PUBLICATION
from backend.notifications.telling import Line, tell

RESIDENT = "resident"


def tell_residents(
    town_id: int, residents: Collection[int], cause: str, cause_id: int, title: str, text: str, page: str
) -> None:
    """Tell residents, once for each cause and person; safe to run again."""
    told = Line(cause, cause_id, PUBLICATION, title, text, page)
    tell(town_id, RESIDENT, residents, told, subject_id=cause_id)


def said(delivery: Delivery) -> tuple[Mapping[str, object], str] | None:
    """The fields of the template and the page it opens, from the line in the inbox; None when that is gone."""
    line = db.session.scalars(
        select(InboxMessage).where(
            InboxMessage.cause_kind == delivery.cause_kind,
            InboxMessage.cause_id == delivery.cause_id,
            InboxMessage.person_kind == delivery.person_kind,
            InboxMessage.person_id == delivery.person_id,
            InboxMessage.template == PUBLICATION,
        )
    ).one_or_none()
    if line is None:
        return None
    values = {"title": line.text, "at": delivery.created_at, "hint": line.title, "neutral": line.title}
    return values, line.page or INBOX_PAGE
