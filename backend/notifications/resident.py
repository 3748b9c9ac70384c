"""The resident's inbox and what they granted."""

from __future__ import annotations

from typing import Any

from backend.identity.guards import current_actor, resident_guard
from backend.kernel.http import Blueprint
from backend.notifications import queries, services
from backend.notifications.schemas import CursorQuery, InboxPage, ReadAnswer, ReadRequest, Subscriptions

blueprint = Blueprint(
    "resident_notifications",
    __name__,
    url_prefix="/api/v1/resident",
    guard=resident_guard,
    description="消息",
)


@blueprint.get("/inbox")
@blueprint.arguments(CursorQuery, location="query")
@blueprint.response(200, InboxPage)
def inbox(query: dict[str, Any]) -> Any:
    """消息列表，最新的在前"""
    return queries.inbox(current_actor().id, query["cursor"])


@blueprint.post("/inbox/read")
@blueprint.arguments(ReadRequest)
@blueprint.response(200, ReadAnswer)
def read(body: dict[str, Any]) -> Any:
    """标记为已读；ids 为 null 时全部标记"""
    resident_id = current_actor().id
    services.mark_read(resident_id, body["ids"])
    return {"unread": queries.unread(resident_id)}


@blueprint.get("/subscriptions")
@blueprint.response(200, Subscriptions)
def subscriptions() -> Any:
    """各类消息还能收几条，以及下次点按时可以请求的模板"""
    items = queries.subscriptions(current_actor().id)
    return {"items": items, "ask": queries.ask(items)}
