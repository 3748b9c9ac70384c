"""WeChat as a notebook: answers at once, writes down what it was asked, refuses when told to.

Codes are `code-of-<person>`: the openid is `mini-<person>` or `official-<person>`, the unionid
`union-<person>`. It holds the one rule of every real call: never inside a transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.integrations.wechat.protocol import (
    FollowerPage,
    MiniSession,
    PlatformEvent,
    Reaction,
    TemplateInfo,
    Verdict,
    WebUser,
    WeChatError,
)
from backend.kernel.clock import now
from backend.kernel.db import assert_no_transaction


@dataclass(frozen=True)
class Sent:
    """One message that left."""

    channel: str
    openid: str
    template_id: str
    page: str | None
    data: Mapping[str, str]
    client_msg_id: str = ""


@dataclass
class RecordingPlatform:
    """A WeChatPlatform for tests. `refuse("send_subscribe", error)` makes the next such call fail.

    Strict about grants as WeChat is: a subscribe message needs one (`accept()`), and uses it up.
    """

    sent: list[Sent] = field(default_factory=list)
    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    unionids: dict[str, str | None] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    templates: list[TemplateInfo] = field(default_factory=list)
    followers: dict[str, str | None] = field(default_factory=dict)
    page_of_followers: int = 10_000
    verdict: Verdict = field(default_factory=lambda: Verdict("pass", "100", "trace-1"))
    granted: Counter[tuple[str, str]] = field(default_factory=Counter)
    _refusals: dict[str, list[WeChatError]] = field(default_factory=dict)
    _spent: set[str] = field(default_factory=set)

    def accept(self, openid: str, template_id: str) -> PlatformEvent:
        """The person taps "allow" in the pop-up; returns the event that WeChat pushes then."""
        self.granted[openid, template_id] += 1
        item = {"TemplateId": template_id, "SubscribeStatusString": "accept", "PopupScene": "0"}
        return PlatformEvent("mini", "subscribe_msg_popup_event", openid, now(), (item,), {})

    def refuse(self, api: str, *errors: WeChatError) -> None:
        """The next calls of `api` fail with `errors`, one after the other."""
        self._refusals.setdefault(api, []).extend(errors)

    def _called(self, api: str, *arguments: Any) -> None:
        assert_no_transaction(api)
        self.calls.append((api, arguments))
        waiting = self._refusals.get(api)
        if waiting:
            raise waiting.pop(0)

    def _person(self, api: str, code: str) -> str:
        if not code.startswith("code-of-") or code in self._spent:
            raise WeChatError(api, 40163 if code in self._spent else 40029, Reaction.NEW_CODE, "bad code")
        self._spent.add(code)
        return code.removeprefix("code-of-").partition("#")[0]

    def code_to_session(self, code: str) -> MiniSession:
        """`code-of-<person>`, or `code-of-<person>#2` for a second login of the same person."""
        self._called("code_to_session", code)
        person = self._person("code_to_session", code)
        unionid = self.unionids.get(person, f"union-{person}")
        return MiniSession(f"mini-{person}", unionid, "session-key")

    def authorize_url(self, return_url: str, state: str) -> str:
        """No call: an address."""
        return f"http://127.0.0.1:9/sandbox/authorize?redirect_uri={return_url}&state={state}"

    def web_user(self, code: str) -> WebUser:
        """As code_to_session, for the official account."""
        self._called("web_user", code)
        person = self._person("web_user", code)
        return WebUser(f"official-{person}", self.unionids.get(person, f"union-{person}"), person)

    def phone_number(self, code: str) -> str:
        """The number put into `phones` for that code."""
        self._called("phone_number", code)
        if code not in self.phones:
            raise WeChatError("phone_number", 40029, Reaction.NEW_CODE, "bad code")
        return self.phones[code]

    def send_subscribe(
        self, openid: str, template_id: str, page: str | None, data: Mapping[str, str]
    ) -> None:
        """Written down in `sent`."""
        self._called("send_subscribe", openid, template_id, page, dict(data))
        if self.granted[openid, template_id] < 1:
            raise WeChatError("subscribe_send", 43101, Reaction.NO_GRANT, "user refuse to accept the msg")
        self.granted[openid, template_id] -= 1
        self.sent.append(Sent("mini", openid, template_id, page, dict(data)))

    def send_template(
        self,
        openid: str,
        template_id: str,
        url: str | None,
        mini_page: str | None,
        data: Mapping[str, str],
        client_msg_id: str,
    ) -> str:
        """Written down in `sent`."""
        self._called("send_template", openid, template_id, url, mini_page, dict(data), client_msg_id)
        self.sent.append(Sent("official", openid, template_id, mini_page or url, dict(data), client_msg_id))
        return f"msg-{len(self.sent)}"

    def check_text(
        self, openid: str, text: str, *, scene: int = 3, title: str = "", nickname: str = ""
    ) -> Verdict:
        """Always `verdict`."""
        self._called("check_text", openid, text)
        return self.verdict

    def check_media(self, openid: str, media_url: str, *, scene: int = 3) -> str:
        """A trace id; the verdict is pushed by the test."""
        self._called("check_media", openid, media_url)
        return f"trace-{len(self.calls)}"

    def list_subscribe_templates(self) -> list[TemplateInfo]:
        """What the test put into `templates`, one-time and long-term ones."""
        self._called("list_subscribe_templates")
        return [template for template in self.templates if template.kind != "official"]

    def list_official_templates(self) -> list[TemplateInfo]:
        """What the test put into `templates`, those of the official account."""
        self._called("list_official_templates")
        return [template for template in self.templates if template.kind == "official"]

    def qr_code(self, scene: str, page: str) -> bytes:
        """Bytes that are no image."""
        self._called("qr_code", scene, page)
        return b"a code"

    def follower_page(self, after: str = "") -> FollowerPage:
        """`page_of_followers` of the keys of `followers`, in their alphabetical order."""
        self._called("follower_page", after)
        rest = [openid for openid in sorted(self.followers) if openid > after][: self.page_of_followers]
        return FollowerPage(tuple(rest), len(self.followers), rest[-1] if rest else "")

    def categories(self) -> list[str]:
        """One that fits."""
        self._called("categories")
        return ["政务民生"]

    def token_works(self, app: str) -> None:
        """It does."""
        self._called("token_works", app)

    def follower_unionids(self, openids: list[str]) -> dict[str, str | None]:
        """Those of `openids` that are in `followers`."""
        self._called("follower_unionids", tuple(openids))
        return {openid: self.followers[openid] for openid in openids if openid in self.followers}
