"""Who is told what, when: event → audience → template → wording. The one place to change it.

A message is made from the row of the timeline that caused it. An event that is not in this table
tells nobody. Rows that only staff may see never reach a resident, whatever stands here.
Grants of one-time messages are few, so they are kept for what a person cannot see already: the
receipt of a submission is on the screen when it happens and goes to the inbox only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

MINI: Final = "mini"
OFFICIAL: Final = "official"

PROGRESS, CLOSED, TASK = "case_progress", "case_closed", "task_assigned"
RESIDENT_TEMPLATES = (CLOSED, PROGRESS)
STAFF_TEMPLATES = (TASK,)

CASE_PAGE = "pages/case/index?id={id}"
TASK_PAGE = "pages-work/task/index?id={id}"


class Audience(Enum):
    """Whom a message is for."""

    RESIDENT = "resident"  # the person who brought it
    HANDLER = "handler"  # the person it is assigned to, or all handlers of the unit
    DISPATCHERS = "dispatchers"  # those of the place
    LEADERS = "leaders"  # those of the town


@dataclass(frozen=True)
class Message:
    """One message. The wording may name what rendering.wording() offers, in braces.

    ``hint`` fills the template's 温馨提示 and has at most 20 characters.
    """

    audience: Audience
    template: str
    title: str
    text: str
    hint: str = ""
    push: bool = True
    #: For rows that a clock wrote: only these clocks; empty: any.
    clocks: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        """The mini-program page it opens, with {id} for the subject."""
        return TASK_PAGE if self.template == TASK else CASE_PAGE


def _resident(title: str, text: str, hint: str = "点击查看办理进度", push: bool = True) -> Message:
    return Message(Audience.RESIDENT, PROGRESS, title, text, hint, push)


def _task(audience: Audience, title: str, text: str, clocks: tuple[str, ...] = ()) -> Message:
    return Message(audience, TASK, title, text, clocks=clocks)


_WARNING = "“{title}”（{place}）的{clock}将于 {due} 到，请抓紧。"
_BREACH = "“{title}”（{place}）的{clock}已于 {due} 到期。"
#: The clock that runs for whoever handles the case; the others run for those who accept and decide.
_HANDLERS_CLOCK = ("answer",)

MESSAGES: Mapping[tuple[str, str], tuple[Message, ...]] = {
    ("report", "submit"): (
        _resident("已收到您的上报", "“{title}”已收到，查询码 {code}。{next_step}", push=False),
    ),
    ("report", "accept"): (_resident("您的上报已受理", "“{title}”已受理。{next_step}"),),
    ("report", "accept_and_dispatch"): (
        _resident("您的上报已受理并交办", "“{title}”已受理，交由{assignee}办理。{next_step}"),
        _task(
            Audience.HANDLER, "有新任务", "“{title}”（{place}）已交给您或您的单位，请及时接单。{due_sentence}"
        ),
    ),
    ("report", "dispatch"): (
        _resident("您的上报已交办", "“{title}”已交由{assignee}办理。{next_step}"),
        _task(
            Audience.HANDLER, "有新任务", "“{title}”（{place}）已交给您或您的单位，请及时接单。{due_sentence}"
        ),
    ),
    ("report", "start"): (_resident("您的上报开始办理", "{unit}已开始办理“{title}”。{next_step}"),),
    ("report", "fail_check"): (
        _task(Audience.HANDLER, "核查未通过，请再办", "“{title}”（{place}）核查未通过：{note}"),
    ),
    ("report", "pass_check"): (
        Message(
            Audience.RESIDENT,
            CLOSED,
            "您的上报已办结，请评价",
            "“{title}”已办结（{outcome}）。答复：{note} 办得怎么样？请给个评价；不满意可以申请重办。",
        ),
    ),
    ("report", "approve_reopen"): (
        _resident("已同意重办", "您对“{title}”的重办申请已通过。{next_step}"),
        _task(Audience.HANDLER, "需要重办", "“{title}”（{place}）经同意重办，请再次办理。{due_sentence}"),
    ),
    ("report", "refuse_reopen"): (
        _resident("重办申请有了答复", "您对“{title}”的重办申请未获同意：{note}", hint="点击查看答复"),
    ),
    ("report", "clock_warning"): (
        _task(Audience.HANDLER, "任务快到期了", _WARNING, _HANDLERS_CLOCK),
        _task(Audience.DISPATCHERS, "有事项快到期了", _WARNING),
    ),
    ("report", "clock_breach"): (
        _task(Audience.HANDLER, "任务已超期", _BREACH, _HANDLERS_CLOCK),
        _task(Audience.DISPATCHERS, "有事项超期了", _BREACH),
        _task(Audience.LEADERS, "有事项超期了", _BREACH),
    ),
}


def messages_for(subject_kind: str, action: str, clock: str | None = None) -> tuple[Message, ...]:
    """What an event of that kind says to whom; nothing for an event that is not in the table."""
    said = MESSAGES.get((subject_kind, action), ())
    return tuple(message for message in said if not message.clocks or clock in message.clocks)


def message_of(subject_kind: str, action: str, template: str) -> Message | None:
    """The first message of an event with that template: what is pushed is the same for all who get it."""
    return next((m for m in MESSAGES.get((subject_kind, action), ()) if m.template == template), None)
