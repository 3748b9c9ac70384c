"""Reads: a person's inbox and grants, and the messages that staff look after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from backend.identity import queries as identity
from backend.kernel.actor import Actor, Grant
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.kernel.ids import show_code
from backend.kernel.paging import Page, behind, make_page, parse_cursor
from backend.notifications import audiences, grants, ports
from backend.notifications.audiences import Person
from backend.notifications.models import (
    FAILED,
    IN_DOUBT,
    PENDING,
    SENT,
    SKIPPED,
    TIMELINE,
    Delivery,
    InboxMessage,
)
from backend.notifications.table import MINI, OFFICIAL, PUBLICATION, RESIDENT_TEMPLATES, STAFF_TEMPLATES
from backend.outbox.models import OutboxJob
from backend.subscriptions.queries import hears_of_anything

#: wx.requestSubscribeMessage takes three template ids at most.
MOST_ASKED = 3
PAGE_SIZE = 20
STATE_LABELS = {
    SENT: "已发送",
    PENDING: "待发送",
    FAILED: "发送失败",
    IN_DOUBT: "结果不明",
    SKIPPED: "未推送",
}
CHANNEL_LABELS = {MINI: "小程序订阅消息", OFFICIAL: "公众号模板消息"}
LEVEL_COLUMNS = {
    "town": Delivery.town_id,
    "area": Delivery.area_id,
    "village": Delivery.village_id,
    "grid": Delivery.grid_id,
}


def addressed_to(resident_id: int) -> ColumnElement[bool]:
    """The inbox of a resident: their own lines, and those of the member of staff they are bound as."""
    own = and_(InboxMessage.person_kind == "resident", InboxMessage.person_id == resident_id)
    staff = identity.staff_of_resident(resident_id)
    if staff is None:
        return own
    return or_(own, and_(InboxMessage.person_kind == "staff", InboxMessage.person_id == staff.id))


def inbox(resident_id: int, cursor: str | None, limit: int = PAGE_SIZE) -> Page[InboxMessage]:
    """A page of the inbox, newest first."""
    wanted = select(InboxMessage).where(addressed_to(resident_id))
    at = parse_cursor(cursor)
    if at is not None:
        wanted = wanted.where(behind(InboxMessage.created_at, InboxMessage.id, at))
    rows = db.session.scalars(
        wanted.order_by(InboxMessage.created_at.desc(), InboxMessage.id.desc()).limit(limit + 1)
    ).all()
    return make_page(rows, limit, lambda row: (row.created_at, row.id))


def unread(resident_id: int) -> int:
    """How many inbox lines the resident has not read."""
    counted = select(func.count()).select_from(InboxMessage)
    return int(
        db.session.scalar(counted.where(addressed_to(resident_id), InboxMessage.read_at.is_(None))) or 0
    )


def subscriptions(resident_id: int) -> list[dict[str, Any]]:
    """What the resident has granted, by template of the mini-program."""
    person = Person("resident", resident_id)
    openids = audiences.Reach([person]).openids(person, MINI)
    items = []
    for name in _templates_of(resident_id):
        template = ports.templates().get(name, MINI)
        if template is not None:
            left = grants.remaining(MINI, openids, template.template_id) if openids else 0
            items.append(
                {
                    "template": name,
                    "template_id": template.template_id,
                    "title": template.title,
                    "remaining": left,
                }
            )
    return items


def ask(items: Sequence[dict[str, Any]]) -> list[str]:
    """The template ids to ask for, those with least left first.

    What is granted for good needs no asking. One-time and long-term templates may not be asked for
    in one call (20002), so the long-term ones come first, alone, until they are granted.
    """
    long_term = {t.template_id for t in ports.templates().of(MINI) if t.long_term}
    open_items = [i for i in items if i["remaining"] < grants.MOST]
    wanted = [i for i in open_items if i["template_id"] in long_term] or open_items
    return [str(i["template_id"]) for i in sorted(wanted, key=lambda i: i["remaining"])[:MOST_ASKED]]


def _templates_of(resident_id: int) -> tuple[str, ...]:
    worker = identity.staff_of_resident(resident_id) is not None
    told = (PUBLICATION,) if hears_of_anything(resident_id) else ()
    return (*RESIDENT_TEMPLATES, *(STAFF_TEMPLATES if worker else ()), *told)


def get_delivery_for(actor: Actor, delivery_id: int, permission: str, *, lock: bool = False) -> Delivery:
    """The only way to one message for a member of staff. NotFound when missing or out of scope."""
    wanted = select(Delivery).where(Delivery.id == delivery_id, _scope(actor, permission))
    delivery = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if delivery is None:
        raise NotFound
    return delivery


def messages(
    actor: Actor, state: str | None, cursor: str | None, limit: int = PAGE_SIZE
) -> Page[dict[str, Any]]:
    """A page of pushed messages in the actor's scope, newest first, their recipients masked."""
    wanted = (
        select(Delivery, OutboxJob.attempts, OutboxJob.last_error)
        .outerjoin(OutboxJob, OutboxJob.job_key == Delivery.job_key)
        .where(_scope(actor, "message.view"))
    )
    if state is not None:
        wanted = wanted.where(Delivery.state == state)
    at = parse_cursor(cursor)
    if at is not None:
        wanted = wanted.where(behind(Delivery.created_at, Delivery.id, at))
    rows = db.session.execute(
        wanted.order_by(Delivery.created_at.desc(), Delivery.id.desc()).limit(limit + 1)
    ).all()
    page = make_page(rows, limit, lambda row: (row.Delivery.created_at, row.Delivery.id))
    names = _masked_names([row.Delivery for row in page.items])
    items = [_item(row.Delivery, row.attempts, row.last_error, names) for row in page.items]
    return Page(items, page.next_cursor)


def undelivered(town_id: int) -> dict[str, int]:
    """How many of a town's messages came to rest undelivered, by state."""
    rows = db.session.execute(
        select(Delivery.state, func.count())
        .where(Delivery.town_id == town_id, Delivery.state.in_((FAILED, IN_DOUBT)))
        .where(Delivery.cause_kind == TIMELINE)
        .group_by(Delivery.state)
    )
    return {FAILED: 0, IN_DOUBT: 0} | {row[0]: row[1] for row in rows}


def message_item(delivery: Delivery) -> dict[str, Any]:
    """One message as the list shows it."""
    job = db.session.execute(
        select(OutboxJob.attempts, OutboxJob.last_error).where(OutboxJob.job_key == delivery.job_key)
    ).one_or_none()
    attempts, last_error = (job.attempts, job.last_error) if job else (None, None)
    return _item(delivery, attempts, last_error, _masked_names([delivery]))


def _scope(actor: Actor, permission: str) -> ColumnElement[bool]:
    """Messages about a matter, in the actor's places: who was told that a sealed letter waits is no list's matter."""
    parts = [_within(grant) for grant in actor.grants_with(permission)]
    return and_(Delivery.cause_kind == TIMELINE, or_(false(), *parts))


def _within(grant: Grant) -> ColumnElement[bool]:
    """Messages have no unit: a grant for one unit's cases alone opens none."""
    column = LEVEL_COLUMNS.get(grant.place_level)
    return false() if column is None or grant.unit_id is not None else column == grant.place_id


def _item(
    delivery: Delivery, attempts: int | None, last_error: str | None, names: dict[Person, str]
) -> dict[str, Any]:
    template = ports.templates().get(delivery.template, delivery.channel)  # type: ignore[arg-type]
    return {
        "id": delivery.id,
        "at": delivery.sent_at or delivery.created_at,
        "to_masked": names.get(Person(delivery.person_kind, delivery.person_id), "—"),
        "channel": delivery.channel,
        "channel_label": CHANNEL_LABELS.get(delivery.channel, delivery.channel),
        "template": template.title if template else delivery.template,
        "state": delivery.state,
        "state_label": STATE_LABELS[delivery.state],
        "error": delivery.error or (last_error if delivery.state == PENDING else None),
        "attempts": attempts or 0,
        "case_id": delivery.subject_id,
        "case_code": show_code(delivery.subject_code),
        "can_resend": delivery.state in (FAILED, IN_DOUBT),
    }


def _masked_names(deliveries: Sequence[Delivery]) -> dict[Person, str]:
    staff = identity.staff_cards(d.person_id for d in deliveries if d.person_kind == "staff")
    residents = identity.resident_cards(d.person_id for d in deliveries if d.person_kind == "resident")
    masked = {Person("staff", i): f"{card.name[:1]}**（{card.unit_name}）" for i, card in staff.items()}
    for i, resident in residents.items():
        shown = f"{resident.nickname[:1]}**" if resident.nickname else ""
        masked[Person("resident", i)] = " ".join(filter(None, ("居民", shown, resident.phone_masked)))
    return masked
