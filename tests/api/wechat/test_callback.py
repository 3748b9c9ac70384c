"""A push at the whole application: taken once, however often it comes; what it says is done once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.kernel.clock import FrozenClock
from backend.notifications import platform_events
from backend.outbox.models import OutboxJob
from backend.sandbox.push import encrypt
from config.settings import Settings
from tests.support.people import Person

PROGRESS = "SbxMiniProgress-7hG2kQ0vTz1nYwB4cXe9RmLpUaD"


def pushed(
    settings: Settings, clock: FrozenClock, openid: str, nonce: str = "7"
) -> tuple[dict[str, str], str]:
    """Query and body of an encrypted push: this person allowed one message."""
    item = {"TemplateId": PROGRESS, "SubscribeStatusString": "accept", "PopupScene": "0"}
    event = {
        "ToUserName": "gh", "FromUserName": openid, "CreateTime": int(clock.now().timestamp()),
        "MsgType": "event", "Event": "subscribe_msg_popup_event", "List": item,
    }  # fmt: skip
    sealed = encrypt(settings.wechat_callback_aes_key, json.dumps(event), settings.wechat_mini_appid)
    stamp = str(int(clock.now().timestamp()))
    parts = sorted([settings.wechat_callback_token, stamp, nonce, sealed])
    signed = hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()
    query = {"timestamp": stamp, "nonce": nonce, "msg_signature": signed}
    return query, json.dumps({"ToUserName": "gh", "Encrypt": sealed})


def left(person: Person) -> int:
    items = person.get("/resident/subscriptions").json["items"]
    return int(next(i["remaining"] for i in items if i["template"] == "case_progress"))


def test_a_replay_is_a_no_op(
    app: Flask,
    client: FlaskClient,
    clock: FrozenClock,
    settings: Settings,
    resident_client: Callable[[str], Person],
    run_jobs: Callable[[], Any],
    db_session: Session,
) -> None:
    wang = resident_client("wang")
    query, body = pushed(settings, clock, "mini-wang")

    def push() -> int:
        return client.post("/api/v1/wechat/callback", query_string=query, data=body).status_code

    assert [push(), push()] == [200, 200]
    run_jobs()
    assert push() == 200, "after it was done"
    # The same event, sealed and signed anew: what WeChat itself does when our answer was late.
    again, resealed = pushed(settings, clock, "mini-wang", nonce="8")
    assert client.post("/api/v1/wechat/callback", query_string=again, data=resealed).status_code == 200
    run_jobs()
    assert left(wang) == 1
    events = select(func.count()).where(OutboxJob.kind == platform_events.EVENT)
    assert db_session.scalar(events) == 1
    clock.advance(timedelta(days=31))  # its key is forgotten by now; its timestamp is not
    assert push() == 403
    db_session.rollback()
    assert db_session.scalar(events) == 1


def test_a_wrong_signature_is_told_nothing(
    app: Flask, client: FlaskClient, clock: FrozenClock, settings: Settings, db_session: Session
) -> None:
    query, body = pushed(settings, clock, "mini-wang")
    answer = client.post(
        "/api/v1/wechat/callback", query_string=query | {"msg_signature": "0" * 40}, data=body
    )
    assert (answer.status_code, answer.json["code"]) == (403, "bad_signature")
    assert db_session.scalar(select(func.count()).where(OutboxJob.kind == platform_events.EVENT)) == 0
