"""Messages as staff look after them: what failed, and sending it again."""

from __future__ import annotations

from typing import Any

from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.notifications import queries, services
from backend.notifications.schemas import MessageItem, MessagePage, MessageQuery

blueprint = Blueprint(
    "staff_notifications", __name__, url_prefix="/api/v1/staff", guard=staff_guard, description="消息发送情况"
)


@blueprint.get("/messages")
@requires("message.view")
@blueprint.arguments(MessageQuery, location="query")
@blueprint.response(200, MessagePage)
def messages(query: dict[str, Any]) -> Any:
    """消息发送情况，最新的在前"""
    return queries.messages(current_actor(), query["state"], query["cursor"])


@blueprint.post("/messages/<message_id>/resend")
@requires("message.resend")
@blueprint.response(200, MessageItem)
def resend(message_id: str) -> Any:
    """重新发送一条失败或结果不明的消息"""
    return queries.message_item(services.resend(current_actor(), parse_id(message_id)))
