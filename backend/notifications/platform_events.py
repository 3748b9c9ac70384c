"""What WeChat pushes to us: taken in at once, acted on by the worker, once each.

The callback's route hands every event to `take()`, which only enqueues it; the event's key makes a
repeated push a no-op. Events of one person are acted on in order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from backend import outbox
from backend.identity import services as identity
from backend.integrations.wechat.protocol import PlatformEvent
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.notifications import grants, ports, sending
from backend.notifications.models import FAILED, SENT, Delivery
from backend.notifications.table import MINI, OFFICIAL

EVENT = "wechat.event"
#: Imported for the handler it registers.
HANDLERS = (sending,)
#: A receipt may arrive before our own commit: an unknown message id is looked for again this long.
EARLY = timedelta(minutes=5)
#: An asynchronous failure belongs to the latest message of its template sent to the person within this.
RECENT = timedelta(days=1)

Listener = Callable[[Mapping[str, Any]], object]
_listeners: list[Listener] = []


def also_tell(listener: Listener) -> Listener:
    """Register another who acts on pushed events, in the same transaction; must pass over what is not theirs."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def take(event: PlatformEvent, key: str) -> None:
    """Note a pushed event under its key, in the caller's transaction."""
    payload = {
        "app": event.app,
        "kind": event.kind,
        "openid": event.openid,
        "at": event.at.isoformat(),
        "items": [dict(item) for item in event.items],
        "raw": dict(event.raw),
    }
    outbox.enqueue(EVENT, payload, key=key, lane=f"wx:{event.app}:{event.openid}"[:96])


@outbox.handles(EVENT)
def act(job: outbox.Job) -> None:
    """Let everyone who listens act on one event."""
    event = job.payload
    identity.handle_platform_event(event)
    handle_platform_event(event)
    for listener in _listeners:
        listener(event)


def handle_platform_event(event: Mapping[str, Any]) -> bool:
    """Act on one event {app, kind, openid, at, items, raw}; whether it was one of ours.

    Raises outbox.Failure (transient) for a receipt whose message is not known yet.
    """
    one = _ACTS.get(str(event["kind"]))
    if one is None:
        return False
    one(event)
    return True


def _popup(event: Mapping[str, Any]) -> None:
    for item in event["items"]:
        template_id, status = str(item.get("TemplateId", "")), str(item.get("SubscribeStatusString", ""))
        if not template_id or not status.startswith("accept"):
            continue
        if _is_long_term(template_id):
            grants.allow_always(MINI, event["openid"], template_id)
        else:
            grants.add(MINI, event["openid"], template_id)


def _is_long_term(template_id: str) -> bool:
    template = next((t for t in ports.templates().of(MINI) if t.template_id == template_id), None)
    return template is not None and template.long_term


def _change(event: Mapping[str, Any]) -> None:
    for item in event["items"]:
        if str(item.get("SubscribeStatusString", "")) == "reject":
            grants.clear(MINI, event["openid"], str(item.get("TemplateId", "")))


def _sent(event: Mapping[str, Any]) -> None:
    """Only asynchronous failures of the platform come this way; they carry no id that we were told."""
    for item in event["items"]:
        code = int(item.get("ErrorCode") or 0)
        template = next(
            (t for t in ports.templates().of(MINI) if t.template_id == item.get("TemplateId")), None
        )
        if code == 0 or template is None:
            continue
        delivery = db.session.scalar(
            select(Delivery)
            .where(
                Delivery.openid == event["openid"],
                Delivery.template == template.name,
                Delivery.channel == MINI,
                Delivery.state == SENT,
                Delivery.sent_at > now() - RECENT,
            )
            .order_by(Delivery.sent_at.desc())
            .limit(1)
        )
        if delivery is not None:
            _failed(delivery, code, str(item.get("ErrorStatus", "")))


def _finished(event: Mapping[str, Any]) -> None:
    raw = event.get("raw") or {}
    message_id, status = str(raw.get("MsgID", "")), str(raw.get("Status", ""))
    if not message_id or status == "success":
        return
    delivery = db.session.scalar(
        select(Delivery).where(Delivery.platform_message_id == message_id, Delivery.channel == OFFICIAL)
    )
    if delivery is None:
        if now() - datetime.fromisoformat(str(event["at"])) < EARLY:
            raise outbox.Failure(outbox.ErrorClass.TRANSIENT, "a receipt came before its message")
        return
    if delivery.state == SENT:
        _failed(delivery, None, status)


def _failed(delivery: Delivery, code: int | None, why: str) -> None:
    delivery.state, delivery.error_code, delivery.error = FAILED, code, f"平台回执：{why}"[:200]


_ACTS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "subscribe_msg_popup_event": _popup,
    "subscribe_msg_change_event": _change,
    "subscribe_msg_sent_event": _sent,
    "TEMPLATESENDJOBFINISH": _finished,
}
