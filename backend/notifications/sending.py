"""The outbox's handler of one pushed message: render from the row, send, write down what became of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, select, update

from backend import outbox
from backend.cases.queries import SubjectCard, subject_card, subject_cards
from backend.identity.services import handle_platform_event
from backend.integrations.wechat.protocol import FieldError, MessageTemplate, Reaction, WeChatError
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.settings import settings
from backend.notifications import audiences, grants, notices, ports, publications, rendering
from backend.notifications.audiences import Person
from backend.notifications.models import FAILED, SENT, SKIPPED, TIMELINE, Delivery
from backend.notifications.services import MESSAGE, comes_to_rest, push_by_other_channel
from backend.notifications.table import INBOX_PAGE, MINI, OFFICIAL, PUBLICATION, message_of
from backend.outbox.models import DEAD
from backend.outbox.models import IN_DOUBT as JOB_IN_DOUBT
from backend.workflow.queries import entries as timeline_entries

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
    together = True

    def prepare(self, job: outbox.Job) -> Callable[[], Answer] | None:
        return self.prepare_all([job])[0]

    def prepare_all(self, jobs: Sequence[outbox.Job]) -> list[Callable[[], Answer] | None]:
        known = _deliveries(jobs)
        found = [known.get(_delivery_id(job)) for job in jobs]
        desk = _Desk([one for one in found if one is not None and one.state != SENT])
        return [None if one is None or one.state == SENT else desk.call(one) for one in found]

    def complete(self, job: outbox.Job, result: Answer | None) -> None:
        self.complete_all([(job, result)])

    def complete_all(self, done: Sequence[tuple[outbox.Job, Answer | None]]) -> None:
        sent = []
        for job, result in done:
            if result is None:
                continue
            if result.refused is None:
                sent.append((_delivery_id(job), result))
            elif (delivery := _delivery(job)) is not None:
                _cannot_be_reached(delivery, result)
        if sent:
            _note_sent(sent)

    def gave_up(self, job: outbox.Job, failure: outbox.Failure, state: str) -> None:
        delivery = _delivery(job)
        if delivery is None:
            return
        comes_to_rest(delivery, state == JOB_IN_DOUBT, failure.code, failure.message)
        card = subject_card(delivery.subject_kind, delivery.subject_id)
        if state == DEAD and card is not None:
            push_by_other_channel(delivery, card)


def _delivery_id(job: outbox.Job) -> int:
    return int(job.payload["delivery_id"])


def _delivery(job: outbox.Job) -> Delivery | None:
    return _deliveries([job]).get(_delivery_id(job))


def _deliveries(jobs: Sequence[outbox.Job]) -> dict[int, Delivery]:
    wanted = select(Delivery).where(Delivery.id.in_([_delivery_id(job) for job in jobs]))
    rows = db.session.execute(wanted.execution_options(populate_existing=True)).scalars()
    return {row.id: row for row in rows}


class _Desk:
    """Where messages are written: what several of them need was read for all."""

    def __init__(self, deliveries: Sequence[Delivery]) -> None:
        self.sender = ports.platform()
        self.entries = timeline_entries({one.cause_id for one in deliveries})
        self.cards = subject_cards({(one.subject_kind, one.subject_id) for one in deliveries})
        self.reach = audiences.Reach(_person(one) for one in deliveries)

    def call(self, delivery: Delivery) -> Callable[[], Answer] | None:
        """The call that sends it; None when nobody is to be, or can be, reached this way."""
        draft = self._draft(delivery)
        if draft is None:
            return None
        return outbox.Call(lambda: _send(self.sender, draft), channel=f"wechat.{delivery.channel}")

    def _draft(self, delivery: Delivery) -> Draft | None:
        """The message, rendered. Raises outbox.Failure when it cannot be made."""
        said = self._said(delivery)
        template = ports.templates().get(delivery.template, delivery.channel)  # type: ignore[arg-type]
        if said is None or template is None:
            raise outbox.Failure(E.PERMANENT, "事项、消息或模板已不存在")
        openid = self._openid(delivery)
        if openid is None:
            return None
        values, page = said
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
            has_mini=delivery.channel == MINI or bool(self.reach.openids(_person(delivery), MINI)),
            data=data,
            neutral=neutral,
            client_msg_id=str(delivery.id),
        )

    def _said(self, delivery: Delivery) -> tuple[Mapping[str, object], str] | None:
        """What the message says and the page it opens; None when what it speaks of is gone."""
        if delivery.template == PUBLICATION:
            return publications.said(delivery)
        if delivery.cause_kind != TIMELINE:
            return notices.values(delivery.created_at), INBOX_PAGE
        entry = self.entries.get(delivery.cause_id)
        card = self._card(delivery)
        message = message_of(delivery.subject_kind, entry.action, delivery.template) if entry else None
        if entry is None or card is None or message is None:
            return None
        return rendering.template_values(message, entry, card), rendering.page_of(message, card)

    def _card(self, delivery: Delivery) -> SubjectCard | None:
        return self.cards.get((delivery.subject_kind, delivery.subject_id))

    def _openid(self, delivery: Delivery) -> str | None:
        """Whom it goes to; None, and noted why, when it goes to nobody."""
        person, channel = _person(delivery), delivery.channel
        if not self.reach.wants_push(person):
            _skip(delivery, "对方已关闭消息提醒")
            return None
        openid = self.reach.openid_for(person, channel, delivery.template)
        if openid is None:
            _skip(delivery, UNREACHABLE[Reaction.NO_GRANT if channel == MINI else Reaction.UNFOLLOWED])
            card = self._card(delivery)
            if card is not None:
                push_by_other_channel(delivery, card)
        return openid


def _person(delivery: Delivery) -> Person:
    return Person(delivery.person_kind, delivery.person_id)


def _note_sent(sent: Sequence[tuple[int, Answer]]) -> None:
    """Write that messages went out, in one statement, and that each used up what its reader had granted."""
    ids = [delivery_id for delivery_id, _ in sent]
    told = {delivery_id: answer.message_id for delivery_id, answer in sent if answer.message_id is not None}
    written = update(Delivery.__table__).where(Delivery.id.in_(ids))  # type: ignore[arg-type]
    db.session.execute(
        written.values(
            state=SENT,
            sent_at=now(),
            openid=case(
                {delivery_id: answer.draft.openid for delivery_id, answer in sent}, value=Delivery.id
            ),
            platform_message_id=case(told, value=Delivery.id) if told else None,
            error=None,
            error_code=None,
        )
    )
    spent: dict[str, list[str]] = {}
    for _, answer in sent:
        template = answer.draft.template
        if template.channel == MINI:
            spent.setdefault(template.template_id, []).append(answer.draft.openid)
    for template_id, openids in sorted(spent.items()):
        grants.spend_all(MINI, openids, template_id)


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
