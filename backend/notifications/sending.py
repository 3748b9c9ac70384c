"""The outbox's handler of one pushed message: render from the row, send, write down what became of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backend import outbox
from backend.cases.queries import subject_card
from backend.identity.services import handle_platform_event
from backend.integrations.wechat.protocol import FieldError, MessageTemplate, Reaction, WeChatError
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.settings import settings
from backend.notifications import audiences, grants, ports, rendering
from backend.notifications.audiences import Person
from backend.notifications.models import FAILED, SENT, SKIPPED, Delivery
from backend.notifications.services import MESSAGE, comes_to_rest, push_by_other_channel
from backend.notifications.table import MINI, OFFICIAL, message_of
from backend.outbox.models import DEAD
from backend.outbox.models import IN_DOUBT as JOB_IN_DOUBT
from backend.workflow.queries import entry as timeline_entry

log = logging.getLogger(__name__)

E = outbox.ErrorClass
#: What to do about a refusal; those not named here end the message for good.
CLASSES: Mapping[Reaction, outbox.ErrorClass] = {
    Reaction.RETRY: E.TRANSIENT,
    Reaction.MINUTE_QUOTA: E.TRANSIENT,
    Reaction.SERIALISE: E.TRANSIENT,
    Reaction.QUOTA: E.QUOTA,
    Reaction.TOKEN: E.CONFIGURATION,
    Reaction.CONFIGURATION: E.CONFIGURATION,
    Reaction.UNKNOWN_OUTCOME: E.UNKNOWN,
}
#: The person cannot be reached this way: no failure, another channel is tried, the inbox has it.
UNREACHABLE = {
    Reaction.NO_GRANT: "对方没有剩余的订阅次数",
    Reaction.UNFOLLOWED: "对方没有关注公众号",
    Reaction.REFUSED: "对方拒收消息",
    Reaction.BAD_OPENID: "微信不认识这个用户",
}


@dataclass(frozen=True)
class Draft:
    """A message ready to leave."""

    openid: str
    template: MessageTemplate
    page: str
    url: str
    has_mini: bool
    data: Mapping[str, str]
    neutral: Mapping[str, str]
    client_msg_id: str


@dataclass(frozen=True)
class Answer:
    """What the platform said: sent, or that this person cannot be reached this way."""

    draft: Draft
    message_id: str | None = None
    refused: Reaction | None = None
    errcode: int | None = None


@outbox.handles(MESSAGE)
class SendMessage(outbox.Handler):
    """Sends one delivery. Not repeatable: each repetition may be a second message, and costs a grant."""

    repeatable = False

    def prepare(self, job: outbox.Job) -> Callable[[], Answer] | None:
        delivery = _delivery(job)
        if delivery is None or delivery.state == SENT:
            return None
        draft = _draft(delivery)
        if draft is None:
            return None
        sender = ports.platform()
        return outbox.Call(lambda: _send(sender, draft), channel=f"wechat.{delivery.channel}")

    def complete(self, job: outbox.Job, result: Answer | None) -> None:
        delivery = _delivery(job)
        if result is None or delivery is None:
            return
        draft = result.draft
        if result.refused is not None:
            _cannot_be_reached(delivery, result)
            return
        delivery.state, delivery.sent_at, delivery.openid = SENT, now(), draft.openid
        delivery.platform_message_id, delivery.error, delivery.error_code = result.message_id, None, None
        if delivery.channel == MINI:
            grants.spend(MINI, draft.openid, draft.template.template_id)

    def gave_up(self, job: outbox.Job, failure: outbox.Failure, state: str) -> None:
        delivery = _delivery(job)
        if delivery is None:
            return
        comes_to_rest(delivery, state == JOB_IN_DOUBT, failure.code, failure.message)
        card = subject_card(delivery.subject_kind, delivery.subject_id)
        if state == DEAD and card is not None:
            push_by_other_channel(delivery, card)


def _delivery(job: outbox.Job) -> Delivery | None:
    return db.session.get(Delivery, int(job.payload["delivery_id"]), populate_existing=True)


def _draft(delivery: Delivery) -> Draft | None:
    """The message, rendered; None when it turned out that nobody is to be, or can be, reached this way.

    Raises outbox.Failure when the message cannot be made.
    """
    entry = timeline_entry(delivery.cause_id)
    card = subject_card(delivery.subject_kind, delivery.subject_id)
    message = message_of(delivery.subject_kind, entry.action, delivery.template) if entry else None
    template = ports.templates().get(delivery.template, delivery.channel)  # type: ignore[arg-type]
    if entry is None or card is None or message is None or template is None:
        raise outbox.Failure(E.PERMANENT, "事项、消息或模板已不存在")
    person = Person(delivery.person_kind, delivery.person_id)
    if not audiences.wants_push(person):
        _skip(delivery, "对方已关闭消息提醒")
        return None
    openid = audiences.openid_for(person, delivery.channel, delivery.template)
    if openid is None:
        _skip(delivery, UNREACHABLE[Reaction.NO_GRANT if delivery.channel == MINI else Reaction.UNFOLLOWED])
        push_by_other_channel(delivery, card)
        return None
    values = rendering.template_values(message, entry, card)
    page = rendering.page_of(message, card)
    try:
        data = ports.templates().data(template, values)
        neutral = ports.templates().data(template, rendering.neutral(values))
    except FieldError as error:
        raise outbox.Failure(E.PERMANENT, f"内容放不进模板：{error}") from error
    return Draft(
        openid=openid,
        template=template,
        page=page,
        url=f"{settings().public_base_url}/m/{page}",
        has_mini=delivery.channel == MINI or bool(audiences.openids(person, MINI)),
        data=data,
        neutral=neutral,
        client_msg_id=str(delivery.id),
    )


def _send(sender: Any, draft: Draft) -> Answer:
    """The call. Mends at once what the platform refuses for its wording or its page, one time each."""
    page: str | None = draft.page
    data = draft.data
    for _ in range(3):
        try:
            return Answer(draft, message_id=_call(sender, draft, page, data))
        except WeChatError as error:
            if error.reaction is Reaction.SENSITIVE and data is not draft.neutral:
                data = draft.neutral
            elif error.reaction is Reaction.BAD_PAGE and page is not None:
                log.error("message page is not in the released mini-program", extra={"page": page})
                page = None
            elif error.reaction in UNREACHABLE:
                return Answer(draft, refused=error.reaction, errcode=error.errcode)
            else:
                raise _failure(error) from error
    raise AssertionError("each mending happens once")


def _call(sender: Any, draft: Draft, page: str | None, data: Mapping[str, str]) -> str | None:
    if draft.template.channel == OFFICIAL:
        mini_page = page if draft.has_mini else None
        message_id: str = sender.send_template(
            draft.openid, draft.template.template_id, draft.url, mini_page, data, draft.client_msg_id
        )
        return message_id
    sender.send_subscribe(draft.openid, draft.template.template_id, page, data)
    return None


def _failure(error: WeChatError) -> outbox.Failure:
    error_class = CLASSES.get(error.reaction, E.PERMANENT)
    if error.reaction is Reaction.TEMPLATE:
        log.error("message template refused", extra={"errcode": error.errcode})
    code = "-" if error.errcode is None else error.errcode
    return outbox.Failure(error_class, f"{code} {error.text}", error.errcode)


def _cannot_be_reached(delivery: Delivery, answer: Answer) -> None:
    draft, refused = answer.draft, answer.refused
    assert refused is not None
    if refused is Reaction.NO_GRANT and delivery.channel == MINI:
        grants.clear(MINI, draft.openid, draft.template.template_id)
    if refused is Reaction.UNFOLLOWED:
        handle_platform_event({"app": OFFICIAL, "kind": "unsubscribe", "openid": draft.openid, "raw": {}})
    _skip(delivery, UNREACHABLE[refused])
    delivery.openid, delivery.error_code = draft.openid, answer.errcode
    if refused is Reaction.BAD_OPENID:
        delivery.state = FAILED
        log.error("an openid is not known to the platform", extra={"delivery_id": delivery.id})
    card = subject_card(delivery.subject_kind, delivery.subject_id)
    if card is not None:
        push_by_other_channel(delivery, card)


def _skip(delivery: Delivery, why: str) -> None:
    delivery.state, delivery.error = SKIPPED, why
