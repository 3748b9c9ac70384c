"""What notifications need from WeChat: the objects that app.py put in."""

from __future__ import annotations

from typing import cast

from flask import current_app

from backend.integrations.wechat.protocol import MessageTemplates, WeChatPlatform


def platform() -> WeChatPlatform:
    """WeChat, real or standing in."""
    return cast(WeChatPlatform, current_app.extensions["wechat"])


def templates() -> MessageTemplates:
    """The field map of config/wechat_templates.toml."""
    return cast(MessageTemplates, current_app.extensions["wechat_templates"])
