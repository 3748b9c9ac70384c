"""What the house asks of WeChat, and what WeChat can answer: no HTTP here, only words and their types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Literal, Protocol

Kind = Literal["mini", "official"]


class Reaction(Enum):
    """What the caller does after a refusal; one per row of the error table (wechat-oss §2.2)."""

    RETRY = "retry"  # busy, or nothing was sent: back off with jitter, five tries at most
    MINUTE_QUOTA = "minute_quota"  # per-minute quota: wait for the next minute
    QUOTA = "quota"  # daily quota: stop calling this API until 00:00 Beijing, alert
    SERIALISE = "serialise"  # two sends to one person at once: one after the other, again after 1-2 s
    TOKEN = "token"  # noqa: S105  # token not accepted: the client renews once by itself; seen outside: alert
    UNKNOWN_OUTCOME = "unknown_outcome"  # may have been done: a message is "in doubt", never blindly repeated
    NO_GRANT = "no_grant"  # no subscription left: the ledger of (openid, template) goes to 0, other channel
    UNFOLLOWED = "unfollowed"  # does not follow the official account: mark, other channel
    REFUSED = "refused"  # the person refuses messages of this account: stop, other channel
    SENSITIVE = "sensitive"  # words in the values are not allowed: send a neutral text, not the same again
    BAD_OPENID = "bad_openid"  # wrong, or of another app: mark the binding, no retry
    TEMPLATE = "template"  # template unknown, banned or restricted: disable it, alert
    BAD_PAGE = "bad_page"  # the page is not in the released version: alert; may be sent without page
    NEW_CODE = "new_code"  # login or phone code wrong, used or expired: the phone must fetch a new one
    BLOCKED_USER = "blocked_user"  # WeChat refuses the login of a high-risk account: tell the person
    NOT_SEEN = "not_seen"  # content check: the person was not in the mini-program within two hours
    CONFIGURATION = "configuration"  # appid, secret, IP list, missing permission: stop, alert, no retry
    PERMANENT = "permanent"  # the request itself is wrong: an error in our program, no retry


class WeChatError(Exception):
    """A platform call that did not succeed.

    ``api`` is our name of the call, ``errcode`` WeChat's number (None when no answer was understood), ``reaction``
    what to do, ``text`` is scrubbed: no secret, token, openid or address with a query is ever in it.
    """

    def __init__(self, api: str, errcode: int | None, reaction: Reaction, text: str) -> None:
        super().__init__(f"{api}: {errcode if errcode is not None else '-'} {text} [{reaction.value}]")
        self.api = api
        self.errcode = errcode
        self.reaction = reaction
        self.text = text


@dataclass(frozen=True)
class MiniSession:
    """Answer of code2session. ``unionid`` only when the mini-program is bound to an Open Platform account."""

    openid: str
    unionid: str | None
    session_key: str = field(repr=False)


@dataclass(frozen=True)
class WebUser:
    """A person who agreed on the official account's web login page (snsapi_userinfo)."""

    openid: str
    unionid: str | None
    nickname: str


@dataclass(frozen=True)
class FollowerPage:
    """At most 10,000 followers of the official account, in the platform's order.

    ``total`` counts all of them; ``after`` is what asks for the next page, empty when this one is empty.
    """

    openids: tuple[str, ...]
    total: int
    after: str


@dataclass(frozen=True)
class Verdict:
    """Answer of a content check: ``suggest`` pass | review | risky; ``label`` as a string, "100" is normal."""

    suggest: Literal["pass", "review", "risky"]
    label: str
    trace_id: str


@dataclass(frozen=True)
class TemplateInfo:
    """A message template as the platform has it; ``content`` holds lines such as 事项名称:{{thing1.DATA}}."""

    template_id: str
    title: str
    content: str
    kind: Literal["one_time", "long_term", "official"]


@dataclass(frozen=True)
class PlatformEvent:
    """One pushed event in one shape, whether it came plain or encrypted, as XML or JSON.

    ``items``: the entries of a List (always a tuple, WeChat sends one entry as an object), or empty.
    ``at`` aware UTC.
    """

    app: Kind
    kind: str
    openid: str
    at: datetime
    items: tuple[Mapping[str, Any], ...]
    raw: Mapping[str, Any]


@dataclass(frozen=True)
class MessageTemplate:
    """One of our logical templates on one channel: the platform's id and which keyword takes which logical field."""

    name: str
    channel: Kind
    template_id: str
    title: str
    fields: Mapping[str, str]
    #: One consent for any number of messages (type 3, open to public services only).
    long_term: bool = False


class MessageTemplates(Protocol):
    """The field map of config/wechat_templates.toml."""

    def get(self, name: str, channel: Kind) -> MessageTemplate | None:
        """The template of a logical name on a channel, or None when that channel has none."""
        ...

    def of(self, channel: Kind) -> list[MessageTemplate]:
        """All templates of a channel, in the order of the file."""
        ...

    def data(self, template: MessageTemplate, values: Mapping[str, object]) -> dict[str, str]:
        """Keyword → text within the platform's limits, from our logical fields.

        Raises FieldError when a field is missing, empty or cannot be expressed in its type.
        """
        ...


class FieldError(ValueError):
    """A value that does not fit the type of its template field; the text is a sentence for operators."""


class WeChatPlatform(Protocol):
    """WeChat as this house uses it. Every method but authorize_url calls outside and raises WeChatError;
    none may be called while a transaction is open (RuntimeError)."""

    def code_to_session(self, code: str) -> MiniSession:
        """Redeem the code of wx.login; a code is good for one call within five minutes."""
        ...

    def authorize_url(self, return_url: str, state: str) -> str:
        """Address of the official account's web login page (snsapi_userinfo); works inside WeChat only. No call."""
        ...

    def web_user(self, code: str) -> WebUser:
        """Redeem the code the web login page brought back."""
        ...

    def phone_number(self, code: str) -> str:
        """The mainland number (no country code) behind the code of the getPhoneNumber button. Costs money."""
        ...

    def send_subscribe(
        self, openid: str, template_id: str, page: str | None, data: Mapping[str, str]
    ) -> None:
        """Send a mini-program subscribe message; success uses up one grant of (openid, template)."""
        ...

    def send_template(
        self,
        openid: str,
        template_id: str,
        url: str | None,
        mini_page: str | None,
        data: Mapping[str, str],
        client_msg_id: str,
    ) -> str:
        """Send an official-account template message; returns msgid. The same client_msg_id is sent once in 10 min."""
        ...

    def check_text(
        self, openid: str, text: str, *, scene: int = 3, title: str = "", nickname: str = ""
    ) -> Verdict:
        """msg_sec_check v2; text over 2500 characters is checked in pieces, the worst verdict counts.

        scene: 1 profile, 2 comment, 3 forum, 4 social log.
        """
        ...

    def check_media(self, openid: str, media_url: str, *, scene: int = 3) -> str:
        """media_check_async v2 for an image of at most 10 MB; returns trace_id, the verdict is pushed within 30 min."""
        ...

    def list_subscribe_templates(self) -> list[TemplateInfo]:
        """The mini-program's own subscribe templates."""
        ...

    def list_official_templates(self) -> list[TemplateInfo]:
        """The official account's own templates."""
        ...

    def qr_code(self, scene: str, page: str) -> bytes:
        """Image of an unlimited mini-program code that opens `page` with `scene` (≤32 characters)."""
        ...

    def follower_page(self, after: str = "") -> FollowerPage:
        """A page of those who follow the official account; an empty page is the end."""
        ...

    def categories(self) -> list[str]:
        """The service categories of the mini-program, by name; templates are chosen from theirs."""
        ...

    def token_works(self, app: Kind) -> None:
        """Nothing, when a token of that account can be had. Raises WeChatError with what is wrong with it."""
        ...

    def follower_unionids(self, openids: list[str]) -> dict[str, str | None]:
        """openid → unionid of those among `openids` (any number) who follow the official account."""
        ...
