"""The platform's verdict on a photo, pushed to the callback up to half an hour after it was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select

from backend import outbox
from backend.integrations.content_check.protocol import Finding
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.moderation import services
from backend.moderation.models import ContentReview

KIND = "wxa_media_check"
#: A verdict may come before our own commit: an unknown trace is looked for again this long.
EARLY = timedelta(minutes=5)


def handle_platform_event(event: Mapping[str, Any]) -> bool:
    """Act on one pushed event {app, kind, openid, at, items, raw}; whether it was one of ours.

    Raises outbox.Failure (transient) for a verdict whose question is not known yet.
    """
    if event["kind"] != KIND:
        return False
    raw = event.get("raw") or {}
    trace = str(raw.get("trace_id") or "")
    row = db.session.scalar(select(ContentReview).where(ContentReview.trace_id == trace).with_for_update())
    if row is None:
        if trace and now() - datetime.fromisoformat(str(event["at"])) < EARLY:
            raise outbox.Failure(outbox.ErrorClass.TRANSIENT, "a verdict came before its question")
        return True
    if int(raw.get("errcode") or 0) != 0:
        services.leave_to_person(row, "not_read")
        return True
    result = raw.get("result") or {}
    services.take_finding(row, Finding(_suggest(result), str(result.get("label", "")), trace))
    return True


def _suggest(result: Mapping[str, Any]) -> Literal["pass", "review", "risky"]:
    """An unknown word counts as a doubt."""
    said = result.get("suggest")
    if said == "pass":
        return "pass"
    return "risky" if said == "risky" else "review"
