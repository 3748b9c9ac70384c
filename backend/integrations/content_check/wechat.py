"""Content checks by WeChat: msg_sec_check v2 at once, media_check_async v2 with the verdict pushed later."""

from __future__ import annotations

from backend.integrations.content_check.protocol import Finding
from backend.integrations.wechat.protocol import Reaction, WeChatError, WeChatPlatform

#: Refusals that say something about this person or request, not about the platform: a person looks instead.
LEFT_TO_PEOPLE = frozenset({Reaction.NOT_SEEN, Reaction.BAD_OPENID, Reaction.PERMANENT})


class WeChatChecker:
    """Judges through the mini-program's content check."""

    def __init__(self, platform: WeChatPlatform) -> None:
        self._platform = platform

    def check_text(self, openid: str | None, text: str, *, title: str = "") -> Finding:
        """See ContentChecker. Raises WeChatError when trying again later can help."""
        if openid is None:
            return Finding("review", why="no mini-program openid")
        try:
            verdict = self._platform.check_text(openid, text, title=title)
        except WeChatError as error:
            if error.reaction not in LEFT_TO_PEOPLE:
                raise
            return Finding("review", why=str(error))
        return Finding(verdict.suggest, verdict.label, verdict.trace_id)

    def start_image_check(self, openid: str | None, image_url: str) -> str | None:
        """See ContentChecker. Raises WeChatError when trying again later can help."""
        if openid is None:
            return None
        try:
            return self._platform.check_media(openid, image_url)
        except WeChatError as error:
            if error.reaction not in LEFT_TO_PEOPLE:
                raise
            return None
