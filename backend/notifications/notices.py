"""What staff are told that no timeline caused: a line in the inbox, and a push without a word of what it is.

Such a message is listed to nobody else: whoever keeps the list of messages is not to learn who was told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import insert, select

from backend.cases.words import URGENCIES
from backend.kernel.clock import now, shanghai
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.notifications import audiences, rendering
from backend.notifications.audiences import Person
from backend.notifications.models import PENDING, Delivery, InboxMessage
from backend.notifications.services import MESSAGE, owe
from backend.notifications.table import INBOX_PAGE, TASK

#: the hour in Shanghai that stands as the time to look by: the platform refuses an empty one
CLOSES = 18


def tell_staff(
    town_id: int, staff_ids: Collection[int], cause: str, cause_id: int, title: str, text: str
) -> None:
    """Tell members of staff, once for each cause and person; safe to run again."""
    known = set(
        db.session.scalars(
            select(InboxMessage.person_id).where(
                InboxMessage.cause_kind == cause,
                InboxMessage.cause_id == cause_id,
                InboxMessage.person_kind == "staff",
                InboxMessage.template == TASK,
            )
        )
    )
    told = [Person("staff", one) for one in sorted(set(staff_ids) - known)]
    if not told:
        return
    line = {"cause_kind": cause, "cause_id": cause_id, "template": TASK, "title": title, "text": text}
    line |= {"page": INBOX_PAGE, "created_at": now(), "read_at": None}
    rows = [line | {"id": new_id(), "person_kind": one.kind, "person_id": one.id} for one in told]
    db.session.execute(insert(InboxMessage.__table__), rows)  # type: ignore[arg-type]
    reach = audiences.Reach(told)
    for person in told:
        channel = reach.channel_for(person, TASK)
        if channel is not None:
            _push(town_id, person, channel, cause, cause_id)


def _push(town_id: int, person: Person, channel: str, cause: str, cause_id: int) -> None:
    delivery_id = new_id()
    delivery = Delivery(
        id=delivery_id,
        cause_kind=cause,
        cause_id=cause_id,
        person_kind=person.kind,
        person_id=person.id,
        template=TASK,
        channel=channel,
        subject_kind=cause,
        subject_id=0,
        subject_code="",
        town_id=town_id,
        state=PENDING,
        job_key=f"{MESSAGE}:{delivery_id}",
        created_at=now(),
    )
    db.session.add(delivery)
    db.session.flush()
    owe(delivery)


def values(at: datetime) -> Mapping[str, object]:
    """The fields of the template: that there is something, to be looked at before the office closes."""
    closes = shanghai(at).replace(hour=CLOSES, minute=0, second=0, microsecond=0)
    said = {"at": at, "code": "", "due": closes, "urgency": URGENCIES["normal"]}
    return rendering.neutral(said) | {"title": rendering.NEUTRAL_TASK, "status": rendering.NEUTRAL_STATUS}
