"""Telling people: the inbox always, then one push channel. And what staff do about failures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from backend import audit, outbox
from backend.cases.queries import SubjectCard, subject_cards
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
    TIMELINE,
    Delivery,
    InboxMessage,
    SubscriptionGrant,
)
from backend.notifications.table import OFFICIAL, Message, messages_for
from backend.outbox.services import job_id_of, send_again
from backend.workflow.models import TimelineEntry
from backend.workflow.queries import entries as timeline_entries

MESSAGE = "message"


Listener = Callable[[TimelineEntry], object]
_listeners: list[Listener] = []


def also_look(listener: Listener) -> Listener:
    """Register another who acts on each row of a timeline, in the same transaction; must be safe to run again."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


@outbox.handles(TIMELINE)
class FanOut(outbox.Handler):
    """Turns rows of a timeline into what they tell whom."""

    together = True

    def complete(self, job: outbox.Job, result: Any) -> None:
        self.complete_all([(job, result)])

    def complete_all(self, done: Sequence[tuple[outbox.Job, Any]]) -> None:
        ids = [int(job.payload["entry_id"]) for job, _ in done]
        found = timeline_entries(ids)
        spread([found[entry_id] for entry_id in ids if entry_id in found])


@dataclass(frozen=True)
class _Telling:
    """What one row tells one person."""

    person: Person
    message: Message
    entry: TimelineEntry
    card: SubjectCard

    @property
    def key(self) -> tuple[int, str, int, str]:
        return self.entry.id, self.person.kind, self.person.id, self.message.template


@dataclass(frozen=True)
class _Push:
    """A message owed to one person through one channel, because of one row."""

    person: Person
    template: str
    channel: str
    entry_id: int
    card: SubjectCard

    @property
    def key(self) -> tuple[int, str, int, str, str]:
        return self.entry_id, self.person.kind, self.person.id, self.template, self.channel


def spread(entries: Sequence[TimelineEntry]) -> None:
    """Tell of these rows whom they concern. Safe to run again."""
    for entry in entries:
        for listener in _listeners:
            listener(entry)
    said = [(e, messages_for(e.subject_kind, e.action, e.data.get("clock"))) for e in entries]
    cards = subject_cards({(e.subject_kind, e.subject_id) for e, messages in said if messages})
    telling = []
    for entry, messages in said:
        card = cards.get((entry.subject_kind, entry.subject_id))
        if card is None:
            continue
        for message in messages:
            people = audiences.people(message.audience, entry, card)
            telling += [_Telling(person, message, entry, card) for person in people]
    if telling:
        _tell(telling)


def _tell(telling: Sequence[_Telling]) -> None:
    """Write the inbox lines that are not there yet, and owe the pushes to those who can and want to be reached."""
    known = select(
        InboxMessage.cause_id, InboxMessage.person_kind, InboxMessage.person_id, InboxMessage.template
    ).where(InboxMessage.cause_kind == TIMELINE, InboxMessage.cause_id.in_({t.entry.id for t in telling}))
    done = {tuple(row) for row in db.session.execute(known)}
    new = list({t.key: t for t in telling if t.key not in done}.values())
    if not new:
        return
    db.session.execute(insert(InboxMessage.__table__), [_inbox_line(one) for one in new])  # type: ignore[arg-type]
    pushed = [one for one in new if one.message.push]
    reach = audiences.Reach({one.person for one in pushed})
    channels = [(one, reach.channel_for(one.person, one.message.template)) for one in pushed]
    _push(
        [
            _Push(one.person, one.message.template, channel, one.entry.id, one.card)
            for one, channel in channels
            if channel is not None
        ]
    )


def _inbox_line(one: _Telling) -> dict[str, Any]:
    return {
        "id": new_id(),
        "cause_kind": TIMELINE,
        "cause_id": one.entry.id,
        "person_kind": one.person.kind,
        "person_id": one.person.id,
        "template": one.message.template,
        "title": one.message.title,
        "text": rendering.inbox_text(one.message, one.entry, one.card),
        "page": rendering.page_of(one.message, one.card),
        "created_at": one.entry.at,
        "read_at": None,
    }


def push(person: Person, template: str, channel: str, entry_id: int, card: SubjectCard) -> None:
    """Owe one message through one channel, unless it was owed before.

    One undelivered message per subject and person at a time: 办结 must not overtake 受理.
    """
    _push([_Push(person, template, channel, entry_id, card)])


def _push(pushes: Sequence[_Push]) -> None:
    if not pushes:
        return
    known = select(
        Delivery.cause_id, Delivery.person_kind, Delivery.person_id, Delivery.template, Delivery.channel
    ).where(Delivery.cause_kind == TIMELINE, Delivery.cause_id.in_({one.entry_id for one in pushes}))
    done = {tuple(row) for row in db.session.execute(known)}
    new = [_delivery(one) for key, one in {p.key: p for p in pushes}.items() if key not in done]
    db.session.add_all(new)
    db.session.flush()
    for delivery in new:
        owe(delivery)


def _delivery(one: _Push) -> Delivery:
    delivery_id = new_id()
    return Delivery(
        id=delivery_id,
        cause_kind=TIMELINE,
        cause_id=one.entry_id,
        person_kind=one.person.kind,
        person_id=one.person.id,
        template=one.template,
        channel=one.channel,
        subject_kind=one.card.kind,
        subject_id=one.card.id,
        subject_code=one.card.code,
        town_id=one.card.town_id,
        area_id=one.card.places.get("area"),
        village_id=one.card.places.get("village"),
        grid_id=one.card.places.get("grid"),
        state=PENDING,
        job_key=f"{MESSAGE}:{delivery_id}",
        created_at=now(),
    )


def owe(delivery: Delivery) -> None:
    """Enqueue a delivery in the lane of its subject and person."""
    lane = f"{delivery.subject_kind}:{delivery.subject_id}:{delivery.person_kind}:{delivery.person_id}"
    outbox.enqueue(MESSAGE, {"delivery_id": delivery.id}, key=delivery.job_key, lane=lane)


def push_by_other_channel(delivery: Delivery, card: SubjectCard) -> None:
    """The subscribe message could not be sent: use the official account where it is followed."""
    if delivery.channel == OFFICIAL:
        return
    person = Person(delivery.person_kind, delivery.person_id)
    reach = audiences.Reach([person])
    if reach.wants_push(person) and reach.openid_for(person, OFFICIAL, delivery.template) is not None:
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
