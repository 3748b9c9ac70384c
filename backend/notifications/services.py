"""Telling people: the inbox always, then one push channel. And what staff do about failures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from backend import audit, outbox
from backend.cases.queries import SubjectCard, subject_card
from backend.identity.services import on_anonymise, on_merge
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict
from backend.kernel.ids import new_id
from backend.notifications import audiences, queries, rendering
from backend.notifications.audiences import Person
from backend.notifications.models import (
    FAILED,
    IN_DOUBT,
    PENDING,
    Delivery,
    InboxMessage,
    SubscriptionGrant,
)
from backend.notifications.table import OFFICIAL, Message, messages_for
from backend.outbox.services import job_id_of, send_again
from backend.workflow.models import TimelineEntry
from backend.workflow.queries import entry as timeline_entry

MESSAGE = "message"
TIMELINE = "timeline"


Listener = Callable[[TimelineEntry], object]
_listeners: list[Listener] = []


def also_look(listener: Listener) -> Listener:
    """Register another who acts on each row of a timeline, in the same transaction; must be safe to run again."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


@outbox.handles(TIMELINE)
def fan_out(job: outbox.Job) -> None:
    """Turn one row of a timeline into what it tells whom."""
    entry = timeline_entry(int(job.payload["entry_id"]))
    if entry is None:
        return
    for listener in _listeners:
        listener(entry)
    messages = messages_for(entry.subject_kind, entry.action, entry.data.get("clock"))
    card = subject_card(entry.subject_kind, entry.subject_id) if messages else None
    if card is None:
        return
    for message in messages:
        for person in audiences.people(message.audience, entry, card):
            tell(person, message, entry, card)
    db.session.flush()


def tell(person: Person, message: Message, entry: TimelineEntry, card: SubjectCard) -> None:
    """Write the inbox line and owe the push, if the person can and wants to be reached. Safe to run again."""
    known = select(InboxMessage.id).where(
        InboxMessage.cause_kind == TIMELINE,
        InboxMessage.cause_id == entry.id,
        InboxMessage.person_kind == person.kind,
        InboxMessage.person_id == person.id,
        InboxMessage.template == message.template,
    )
    if db.session.scalar(known) is not None:
        return
    db.session.add(
        InboxMessage(
            id=new_id(),
            cause_kind=TIMELINE,
            cause_id=entry.id,
            person_kind=person.kind,
            person_id=person.id,
            template=message.template,
            title=message.title,
            text=rendering.inbox_text(message, entry, card),
            page=rendering.page_of(message, card),
            created_at=entry.at,
        )
    )
    db.session.flush()
    channel = audiences.channel_for(person, message.template) if message.push else None
    if channel is not None:
        push(person, message.template, channel, entry.id, card)


def push(person: Person, template: str, channel: str, entry_id: int, card: SubjectCard) -> None:
    """Owe one message through one channel, unless it was owed before.

    One undelivered message per subject and person at a time: 办结 must not overtake 受理.
    """
    known = select(Delivery.id).where(
        Delivery.cause_kind == TIMELINE,
        Delivery.cause_id == entry_id,
        Delivery.person_kind == person.kind,
        Delivery.person_id == person.id,
        Delivery.template == template,
        Delivery.channel == channel,
    )
    if db.session.scalar(known) is not None:
        return
    delivery_id = new_id()
    delivery = Delivery(
        id=delivery_id,
        cause_kind=TIMELINE,
        cause_id=entry_id,
        person_kind=person.kind,
        person_id=person.id,
        template=template,
        channel=channel,
        subject_kind=card.kind,
        subject_id=card.id,
        subject_code=card.code,
        town_id=card.town_id,
        area_id=card.places.get("area"),
        village_id=card.places.get("village"),
        grid_id=card.places.get("grid"),
        state=PENDING,
        job_key=f"{MESSAGE}:{delivery_id}",
        created_at=now(),
    )
    db.session.add(delivery)
    db.session.flush()
    owe(delivery)


def owe(delivery: Delivery) -> None:
    """Enqueue a delivery in the lane of its subject and person."""
    lane = f"{delivery.subject_kind}:{delivery.subject_id}:{delivery.person_kind}:{delivery.person_id}"
    outbox.enqueue(MESSAGE, {"delivery_id": delivery.id}, key=delivery.job_key, lane=lane)


def push_by_other_channel(delivery: Delivery, card: SubjectCard) -> None:
    """The subscribe message could not be sent: use the official account where it is followed."""
    person = Person(delivery.person_kind, delivery.person_id)
    if delivery.channel == OFFICIAL or not audiences.wants_push(person):
        return
    if audiences.openid_for(person, OFFICIAL, delivery.template) is not None:
        push(person, delivery.template, OFFICIAL, delivery.cause_id, card)


def resend(actor: Actor, delivery_id: int) -> Delivery:
    """Send a failed or doubtful message again, on its own row; the permission is message.resend.

    Raises NotFound for a message out of scope, Conflict for one that has not come to rest.
    """
    delivery = queries.get_delivery_for(actor, delivery_id, "message.resend", lock=True)
    if delivery.state not in (FAILED, IN_DOUBT):
        raise Conflict(
            "not_at_rest", "这条消息正在发送或已经送达，不需要重发。", details={"state": delivery.state}
        )
    job_id = job_id_of(delivery.job_key)
    if job_id is None:  # done, told later that it did not arrive, and pruned meanwhile
        owe(delivery)
    else:
        send_again(job_id, even_done=delivery.state == FAILED)
    delivery.state, delivery.error, delivery.error_code = PENDING, None, None
    audit.record(
        actor, "message_resent", delivery.subject_kind, delivery.subject_id, {"delivery": str(delivery.id)}
    )
    db.session.flush()
    return delivery


def mark_read(resident_id: int, ids: Sequence[int] | None) -> None:
    """Mark a resident's messages as read: these, or all with None. Others' ids are passed over."""
    unread = update(InboxMessage).where(queries.addressed_to(resident_id), InboxMessage.read_at.is_(None))
    if ids is not None:
        unread = unread.where(InboxMessage.id.in_(ids))
    db.session.execute(unread.values(read_at=now()).execution_options(synchronize_session=False))


@on_merge
def follow_merge(kept_id: int, gone_id: int) -> None:
    """Two residents became one: inbox and deliveries follow. Grants stay, they belong to an openid."""
    moved: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (InboxMessage, ("cause_kind", "cause_id", "template")),
        (Delivery, ("cause_kind", "cause_id", "template", "channel")),
    )
    for model, unique in moved:
        columns = [getattr(model, name) for name in unique]
        owned = (model.person_kind == "resident", model.person_id == kept_id)
        taken = {tuple(row) for row in db.session.execute(select(*columns).where(*owned))}
        moving = select(model).where(model.person_kind == "resident", model.person_id == gone_id)
        for row in db.session.scalars(moving).all():
            if tuple(getattr(row, name) for name in unique) in taken:
                db.session.delete(row)
            else:
                row.person_id = kept_id
    db.session.flush()


@on_anonymise
def forget(resident_id: int) -> None:
    """A person's data is removed: the inbox, the openids of what was sent, and what they granted."""
    theirs = (Delivery.person_kind == "resident", Delivery.person_id == resident_id)
    openids = db.session.scalars(
        select(Delivery.openid).where(*theirs, Delivery.openid.is_not(None)).distinct()
    ).all()
    if openids:
        db.session.execute(delete(SubscriptionGrant).where(SubscriptionGrant.openid.in_(openids)))
    db.session.execute(
        update(Delivery).where(*theirs).values(openid=None).execution_options(synchronize_session=False)
    )
    db.session.execute(
        delete(InboxMessage).where(
            InboxMessage.person_kind == "resident", InboxMessage.person_id == resident_id
        )
    )


def comes_to_rest(delivery: Delivery, in_doubt: bool, code: int | None, error: str) -> None:
    """The outbox gave a message up; staff see it and can send it again."""
    delivery.state = IN_DOUBT if in_doubt else FAILED
    delivery.error_code, delivery.error = code, error[:200]
