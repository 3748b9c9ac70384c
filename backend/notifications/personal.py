"""What a resident was told and how, for the resident; and how it is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select

from backend.identity import queries as identity
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.notifications.models import PENDING, Delivery, InboxMessage, SubscriptionGrant
from backend.outbox.services import insert_once
from backend.workflow.models import TimelineEntry

RESIDENT = "resident"
CAUSE = "rights"
CHANNELS = {"mini": "小程序订阅消息", "official": "公众号模板消息"}


def copy(resident_id: int) -> list[dict[str, Any]]:
    """The inbox, what was sent by WeChat, and what WeChat still lets us send."""
    return [
        {"code": "inbox", "title": "“消息”里的内容", "records": _inbox(resident_id)},
        {"code": "deliveries", "title": "微信消息的发送记录", "records": _sent(resident_id)},
        {"code": "grants", "title": "微信消息的授权", "records": _grants(resident_id)},
    ]


def _inbox(resident_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(InboxMessage).where(_inbox_of(resident_id)).order_by(InboxMessage.created_at.desc())
    ).scalars()
    return [
        {"title": m.title, "facts": [("内容", m.text), ("时间", m.created_at), ("看过", m.read_at)]}
        for m in rows
    ]


def _sent(resident_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(Delivery).where(_deliveries_to(resident_id)).order_by(Delivery.created_at.desc())
    ).scalars()
    return [
        {
            "title": CHANNELS.get(d.channel, d.channel),
            "facts": [("时间", d.created_at), ("送到微信", d.sent_at), ("关于（查询码）", d.subject_code)],
        }
        for d in rows
    ]


def _grants(resident_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(SubscriptionGrant).where(SubscriptionGrant.openid.in_(_openids(resident_id)))
    ).scalars()
    return [
        {"title": g.template_id, "facts": [("还能发几次", g.remaining), ("更新时间", g.updated_at)]}
        for g in rows
    ]


def stop(resident_id: int) -> dict[str, list[Any]]:
    """Forget the leave to send by WeChat (the person took it back)."""
    condition = SubscriptionGrant.openid.in_(_openids(resident_id))
    return {"subscription_grant": _erase(SubscriptionGrant, condition)}


def forget_person(resident_id: int) -> dict[str, list[Any]]:
    """Erase inbox, grants and records of sending; what is on its way is sent to nobody."""
    return stop(resident_id) | {
        "inbox_message": _erase(InboxMessage, _inbox_of(resident_id)),
        "delivery": _erase(Delivery, _deliveries_to(resident_id) & (Delivery.state != PENDING)),
    }


def forget_case(resident_id: int, case_id: int) -> dict[str, list[Any]]:
    """Erase what this person was told of one case."""
    entries = select(TimelineEntry.id).where(TimelineEntry.subject_id == case_id)
    about = _inbox_of(resident_id) & InboxMessage.cause_id.in_(entries)
    sent = _deliveries_to(resident_id) & (Delivery.subject_id == case_id) & (Delivery.state != PENDING)
    return {"inbox_message": _erase(InboxMessage, about), "delivery": _erase(Delivery, sent)}


def tell(resident_id: int, title: str, text: str, page: str, cause_id: int) -> None:
    """A line in the inbox that no timeline caused, once for each cause."""
    db.session.execute(
        insert_once(
            InboxMessage,
            {
                "id": new_id(),
                "cause_kind": CAUSE,
                "cause_id": cause_id,
                "person_kind": RESIDENT,
                "person_id": resident_id,
                "template": "rights.answer",
                "title": title,
                "text": text,
                "page": page,
                "created_at": now(),
            },
            "cause_kind",
            "cause_id",
            "person_kind",
            "person_id",
            "template",
        )
    )


def old_inbox(before: datetime) -> Select[Any]:
    """Ids of inbox lines older than that moment."""
    return select(InboxMessage.id).where(InboxMessage.created_at < before)


def old_deliveries(before: datetime) -> Select[Any]:
    """Ids of deliveries made before that moment and no longer on their way."""
    return select(Delivery.id).where(Delivery.created_at < before, Delivery.state != PENDING)


def forget_inbox(ids: Sequence[Any]) -> Sequence[Any]:
    """Erase these inbox lines."""
    db.session.execute(delete(InboxMessage).where(InboxMessage.id.in_(ids)))
    return ids


def forget_deliveries(ids: Sequence[Any]) -> Sequence[Any]:
    """Erase these records of sending."""
    db.session.execute(delete(Delivery).where(Delivery.id.in_(ids)))
    return ids


def _inbox_of(resident_id: int) -> ColumnElement[bool]:
    return (InboxMessage.person_kind == RESIDENT) & (InboxMessage.person_id == resident_id)


def _deliveries_to(resident_id: int) -> ColumnElement[bool]:
    return (Delivery.person_kind == RESIDENT) & (Delivery.person_id == resident_id)


def _openids(resident_id: int) -> list[str]:
    return [account.openid for account in identity.wechat_of_resident(resident_id)]


def _erase(model: Any, condition: ColumnElement[bool]) -> list[Any]:
    ids = list(db.session.scalars(select(model.id).where(condition)))
    if ids:
        db.session.execute(
            delete(model).where(model.id.in_(ids)).execution_options(synchronize_session=False)
        )
    return ids
