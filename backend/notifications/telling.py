"""Telling people what no timeline caused: a line in the inbox of each, and one push to whom it can reach."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import insert, select

from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.notifications import audiences
from backend.notifications.audiences import Person
from backend.notifications.models import PENDING, Delivery, InboxMessage
from backend.notifications.services import MESSAGE, owe


@dataclass(frozen=True)
class Line:
    """What is told, of which cause, by which template; `page` is what the line in the inbox opens."""

    cause: str
    cause_id: int
    template: str
    title: str
    text: str
    page: str


def tell(town_id: int, kind: str, ids: Collection[int], line: Line, subject_id: int) -> None:
    """Tell these people of a kind (resident, staff), once for each cause and person; safe to run again.

    `subject_id` is what waits for each other in sending: one undelivered message of a subject and a person.
    """
    told = [Person(kind, one) for one in sorted(set(ids) - _known(kind, line))]
    if not told:
        return
    shared = {
        "cause_kind": line.cause,
        "cause_id": line.cause_id,
        "template": line.template,
        "title": line.title,
    }
    shared |= {"text": line.text, "page": line.page, "created_at": now(), "read_at": None}
    rows = [shared | {"id": new_id(), "person_kind": one.kind, "person_id": one.id} for one in told]
    db.session.execute(insert(InboxMessage.__table__), rows)  # type: ignore[arg-type]
    reach = audiences.Reach(told)
    for person in told:
        channel = reach.channel_for(person, line.template)
        if channel is not None:
            owe(_delivery(town_id, person, channel, line, subject_id))


def _known(kind: str, line: Line) -> set[int]:
    of_cause = select(InboxMessage.person_id).where(
        InboxMessage.cause_kind == line.cause,
        InboxMessage.cause_id == line.cause_id,
        InboxMessage.person_kind == kind,
        InboxMessage.template == line.template,
    )
    return set(db.session.scalars(of_cause))


def _delivery(town_id: int, person: Person, channel: str, line: Line, subject_id: int) -> Delivery:
    delivery_id = new_id()
    delivery = Delivery(
        id=delivery_id,
        cause_kind=line.cause,
        cause_id=line.cause_id,
        person_kind=person.kind,
        person_id=person.id,
        template=line.template,
        channel=channel,
        subject_kind=line.cause,
        subject_id=subject_id,
        subject_code="",
        town_id=town_id,
        state=PENDING,
        job_key=f"{MESSAGE}:{delivery_id}",
        created_at=now(),
    )
    db.session.add(delivery)
    db.session.flush()
    return delivery
