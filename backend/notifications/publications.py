"""What residents are told of what was published: a line in the inbox of each, and one push to whom it can reach."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import insert, select

from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.notifications import audiences
from backend.notifications.audiences import Person
from backend.notifications.models import PENDING, Delivery, InboxMessage
from backend.notifications.services import MESSAGE, owe
from backend.notifications.table import INBOX_PAGE, PUBLICATION

RESIDENT = "resident"


def tell_residents(
    town_id: int, residents: Collection[int], cause: str, cause_id: int, title: str, text: str, page: str
) -> None:
    """Tell residents, once for each cause and person; safe to run again."""
    known = set(
        db.session.scalars(
            select(InboxMessage.person_id).where(
                InboxMessage.cause_kind == cause,
                InboxMessage.cause_id == cause_id,
                InboxMessage.person_kind == RESIDENT,
                InboxMessage.template == PUBLICATION,
            )
        )
    )
    told = [Person(RESIDENT, one) for one in sorted(set(residents) - known)]
    if not told:
        return
    line = {"cause_kind": cause, "cause_id": cause_id, "template": PUBLICATION, "title": title, "text": text}
    line |= {"page": page, "created_at": now(), "read_at": None}
    rows = [line | {"id": new_id(), "person_kind": one.kind, "person_id": one.id} for one in told]
    db.session.execute(insert(InboxMessage.__table__), rows)  # type: ignore[arg-type]
    reach = audiences.Reach(told)
    for person in told:
        channel = reach.channel_for(person, PUBLICATION)
        if channel is not None:
            owe(_delivery(town_id, person, channel, cause, cause_id))


def _delivery(town_id: int, person: Person, channel: str, cause: str, cause_id: int) -> Delivery:
    delivery_id = new_id()
    delivery = Delivery(
        id=delivery_id,
        cause_kind=cause,
        cause_id=cause_id,
        person_kind=person.kind,
        person_id=person.id,
        template=PUBLICATION,
        channel=channel,
        subject_kind=cause,
        subject_id=cause_id,
        subject_code="",
        town_id=town_id,
        state=PENDING,
        job_key=f"{MESSAGE}:{delivery_id}",
        created_at=now(),
    )
    db.session.add(delivery)
    db.session.flush()
    return delivery


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
