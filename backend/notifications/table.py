"""Who is told what, when: event → audience → template → wording. The one place to change it.

A message is made from the row of the timeline that caused it. An event that is not in this table
tells nobody. Rows that only staff may see never reach a resident, whatever stands here.
Grants of one-time messages are few, so they are kept for what a person cannot see already: the
receipt of a submission is on the screen when it happens and goes to the inbox only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from backend.notifications import (
    consultation_table,
    mutual_table,
    objection_table,
    petition_table,
    wall_table,
)

MINI: Final = "mini"
OFFICIAL: Final = "official"

PROGRESS, CLOSED, TASK = "case_progress", "case_closed", "task_assigned"
#: of what was published, to those who chose to hear of it
PUBLICATION = "publication"
RESIDENT_TEMPLATES = (CLOSED, PROGRESS)
STAFF_TEMPLATES = (TASK,)

CASE_PAGE = "pages/case/index?id={id}"
TASK_PAGE = "pages-work/task/index?id={id}"
PART_PAGE = "pages-work/child/index?id={id}"
PETITION_PAGE = "pages-petition/detail/index?id={id}"
#: what has no page on a phone is read at the desk
INBOX_PAGE = "pages/inbox/index"


class Audience(Enum):
    """Whom a message is for."""

    RESIDENT = "resident"  # the person who brought it
    HANDLER = "handler"  # the person it is assigned to, or all handlers of the unit
    DISPATCHERS = "dispatchers"  # those of the place
    LEADERS = "leaders"  # those of the town
    VILLAGE_HEADS = "village_heads"  # those of the place
    ASKER = "asker"  # whoever asked for what the row answers
    REGISTRAR = "registrar"  # whoever brought it in for somebody who has no account, and tells them
    LEAD = "lead"  # whoever has the case that the part belongs to
    PETITION_OFFICE = "petition_office"  # the petition clerks of the town
    FORMER = "former"  # whoever had it before the row gave it to somebody else


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
    #: Pushed without a word of what it is about; a petition's always.
    neutral: bool = False

    @property
    def page(self) -> str:
        """The mini-program page it opens, with {id} for the subject."""
        if self.neutral:
            return INBOX_PAGE if self.template == TASK else PETITION_PAGE
        return TASK_PAGE if self.template == TASK else CASE_PAGE


def _resident(title: str, text: str, hint: str = "点击查看办理进度", push: bool = True) -> Message:
    return Message(Audience.RESIDENT, PROGRESS, title, text, hint, push)


def _task(audience: Audience, title: str, text: str, clocks: tuple[str, ...] = ()) -> Message:
    return Message(audience, TASK, title, text, clocks=clocks)


def _petition(audience: str, title: str, text: str) -> Message:
    to_resident = Audience(audience) is Audience.RESIDENT
    # The receipt is on the screen when it happens; what is pushed says no more than that there is news.
    return Message(
        Audience(audience),
        PROGRESS if to_resident else TASK,
        title,
        text,
        hint="点击查看",
        push=not title.startswith("已登记"),
        neutral=True,
    )


def _plain(audience: str, title: str, text: str) -> Message:
    meant = Audience(audience)
    return Message(meant, PROGRESS if meant is Audience.RESIDENT else TASK, title, text, hint="点击查看")


def _consultation(audience: str, title: str, text: str) -> Message:
    meant = Audience(audience)
    template = PROGRESS if meant is Audience.RESIDENT else TASK
    # The receipt is on the screen; what is pushed does not say what somebody takes part in.
    return Message(
        meant, template, title, text, "点击查看", push=not title.startswith("已收到"), neutral=True
    )


_WARNING = "“{title}”（{place}）的{clock}将于 {due} 到，请抓紧。"
_BREACH = "“{title}”（{place}）的{clock}已于 {due} 到期。"
_NEW_TASK = "“{title}”（{place}）已交给您或您的单位，请及时接单。{due_sentence}"
_PART = "“{title}”（{place}）有一部分交给您或您的单位：{note} {due_sentence}"
_SAID = "“{title}”（{place}）：{note}"
#: The clocks that run for whoever handles the case; the others run for those who accept and decide.
_HANDLERS_CLOCK = ("answer", "supervision")

MESSAGES: dict[tuple[str, str], tuple[Message, ...]] = {
    ("report", "submit"): (
        _resident("已收到您的上报", "“{title}”已收到，查询码 {code}。{next_step}", push=False),
    ),
    ("report", "accept"): (_resident("您的上报已受理", "“{title}”已受理。{next_step}"),),
    ("report", "accept_and_dispatch"): (
        _resident("您的上报已受理并交办", "“{title}”已受理，交由{assignee}办理。{next_step}"),
        _task(Audience.HANDLER, "有新任务", _NEW_TASK),
    ),
    ("report", "dispatch"): (
        _resident("您的上报已交办", "“{title}”已交由{assignee}办理。{next_step}"),
        _task(Audience.HANDLER, "有新任务", _NEW_TASK),
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
        _task(
            Audience.REGISTRAR,
            "您登记的事已办结",
            "“{title}”（{place}）已办结（{outcome}）：{note} 有反映人的，请转告。",
        ),
    ),
    ("report", "approve_reopen"): (
        _resident("已同意重办", "您对“{title}”的重办申请已通过。{next_step}"),
        _task(Audience.HANDLER, "需要重办", "“{title}”（{place}）经同意重办，请再次办理。{due_sentence}"),
    ),
    ("report", "refuse_reopen"): (
        _resident("重办申请有了答复", "您对“{title}”的重办申请未获同意：{note}", hint="点击查看答复"),
    ),
    ("report", "supplement"): (_task(Audience.HANDLER, "居民补充了说明", _SAID),),
    ("report", "dispute"): (_task(Audience.DISPATCHERS, "居民要求重办，请决定", _SAID),),
    ("report", "ask_reopen_in_public"): (
        _resident("有人追问，申请重办", "“{title}”在回音壁上有人追问，已申请重办，镇里会有人来决定。"),
        _task(Audience.DISPATCHERS, "回音壁追问申请重办，请决定", _SAID),
    ),
    ("report", "reopen"): (
        _resident("镇里主动重办", "“{title}”镇里主动重新办理，由{assignee}负责。{next_step}"),
        _task(Audience.HANDLER, "需要重办", "“{title}”（{place}）需要重办：{note} {due_sentence}"),
    ),
    # Not ours (HOT-03).
    ("report", "refuse"): (
        _resident(
            "您的上报不予受理",
            "“{title}”不予受理：{note} 原因：{reason}。应当找：{body}。有不同意见可以提出一次。",
            hint="点击查看原因和该找哪里",
        ),
        _task(
            Audience.REGISTRAR,
            "您登记的事不予受理",
            "“{title}”（{place}）不予受理：{note} 应当找：{body}。有反映人的，请转告。",
        ),
    ),
    ("report", "contest"): (_task(Audience.DISPATCHERS, "居民对不予受理有异议", _SAID),),
    # Asked back (HOT-08).
    ("report", "ask_citizen"): (
        _resident(
            "请您补充说明",
            "“{title}”需要您补充：{note} 点开就可以补充；等待的时间不计入办理时限。",
            hint="点击补充说明",
        ),
        _task(
            Audience.REGISTRAR,
            "请联系反映人补充",
            "“{title}”（{place}）需要反映人补充：{note} 请联系后，点“不等补充，继续办”并写明补充的内容。",
        ),
    ),
    ("report", "remind_citizen"): (
        _resident(
            "还在等您补充说明",
            "“{title}”还在等您补充，点开可以看到要补充什么。再过三个工作日没有收到，将按现有情况继续办理。",
            hint="点击补充说明",
        ),
    ),
    ("report", "answer_office"): (
        _task(Audience.ASKER, "居民已补充说明", _SAID),
        _task(Audience.HANDLER, "居民已补充说明", _SAID),
    ),
    ("report", "go_on"): (
        _resident("继续办理", "“{title}”没有等到补充，按现有情况继续办理。{next_step}"),
        _task(Audience.HANDLER, "继续办理", "“{title}”（{place}）不再等居民补充，请继续办理。{due_sentence}"),
    ),
    ("report", "give_up_waiting"): (
        _resident("继续办理", "“{title}”到期没有收到补充，按现有情况继续办理。{next_step}"),
        _task(Audience.ASKER, "居民没有补充", "“{title}”（{place}）到期没有收到补充，请按现有情况继续。"),
        _task(Audience.HANDLER, "居民没有补充", "“{title}”（{place}）到期没有收到补充，请按现有情况继续。"),
    ),
    # To other hands (HOT-06, HOT-07).
    ("report", "return_to_desk"): (_task(Audience.DISPATCHERS, "有事项退回，请重新分流", _SAID),),
    ("report", "transfer"): (
        _resident("换了办理人", "“{title}”已转交{assignee}办理。{next_step}"),
        _task(Audience.HANDLER, "有新任务", _NEW_TASK),
        _task(Audience.FORMER, "任务已转给别人", "“{title}”（{place}）已转交{assignee}办理：{note}"),
    ),
    # More time (HOT-08, GRID-11).
    ("report", "ask_extension"): (
        _task(Audience.LEADERS, "有延期申请，请批", "“{title}”（{place}）申请延到 {until}：{note}"),
    ),
    ("report", "approve_extension"): (
        _resident("办理期限有变化", "“{title}”的办理期限延到 {until}。{note}"),
        _task(Audience.ASKER, "延期申请已同意", "“{title}”（{place}）同意延到 {until}。{due_sentence}"),
    ),
    ("report", "refuse_extension"): (_task(Audience.ASKER, "延期申请未同意", _SAID),),
    ("report", "ask_suspension"): (
        _task(Audience.LEADERS, "有挂账申请，请批", "“{title}”（{place}）申请挂账到 {until}：{note}"),
    ),
    ("report", "approve_suspension"): (
        _resident("暂缓办理", "“{title}”现在条件还不具备，到 {until}恢复办理并告诉您。{note}"),
        _task(Audience.ASKER, "挂账申请已同意", "“{title}”（{place}）同意挂账到 {until}。"),
    ),
    ("report", "refuse_suspension"): (_task(Audience.ASKER, "挂账申请未同意", _SAID),),
    ("report", "resume"): (
        _resident("恢复办理", "“{title}”已恢复办理。{next_step}"),
        _task(Audience.HANDLER, "恢复办理", "“{title}”（{place}）已恢复办理。{due_sentence}"),
    ),
    ("report", "suspension_over"): (
        _resident("恢复办理", "“{title}”挂账到期，已恢复办理。{next_step}"),
        _task(Audience.HANDLER, "挂账到期，请办理", "“{title}”（{place}）挂账到期，请办理。{due_sentence}"),
    ),
    ("report", "review_suspension"): (
        _task(Audience.HANDLER, "挂账满月，请复核", "“{title}”（{place}）请复核条件是否具备，能办就恢复。"),
        _task(
            Audience.DISPATCHERS, "挂账满月，请复核", "“{title}”（{place}）请复核条件是否具备，能办就恢复。"
        ),
    ),
    # Beyond the town (HOT-12).
    ("report", "escalate"): (
        _resident("已转有关部门", "“{title}”已转给{assignee}办理，镇里会一直跟着。"),
        _task(Audience.HANDLER, "任务已转有关部门", "“{title}”（{place}）已转给{assignee}：{note}"),
    ),
    ("report", "upstream_answered"): (
        _resident("有关部门有了答复", "“{title}”{assignee}已答复，正在核查。{next_step}"),
    ),
    ("report", "upstream_returned"): (_task(Audience.DISPATCHERS, "上级退回，请重新分流", _SAID),),
    # The resident's own end; the same matter twice (PET-07).
    ("report", "withdraw"): (
        _task(Audience.HANDLER, "居民已撤回，不用再办", "“{title}”（{place}）居民已撤回，不用再办。"),
    ),
    ("report", "merge"): (
        _resident("与更早的一件并案", "“{title}”与更早的一件是同一件事，合在一起办，结果会同样告诉您。"),
    ),
    ("report", "split"): (
        _resident("单独办理", "“{title}”不再与别的事合在一起，单独办理。{next_step}"),
        _task(Audience.DISPATCHERS, "取消并案，请分流", _SAID),
    ),
    ("report", "lead_closed"): (
        _resident("合并办理的事有了结果", "“{title}”有了结果：{note}", hint="点击查看答复"),
    ),
    # 督办 (HOT-11).
    ("report", "supervise"): (
        _task(Audience.HANDLER, "镇里督办，请回复", "“{title}”（{place}）镇里督办：{note}"),
        _task(Audience.DISPATCHERS, "镇里督办", "“{title}”（{place}）镇里督办：{note}"),
    ),
    ("report", "supervise_by_rule"): (
        _task(
            Audience.HANDLER, "镇里督办，请回复", "“{title}”（{place}）{rule}，镇里督办，请回复办到哪一步。"
        ),
        _task(Audience.DISPATCHERS, "按规则督办", "“{title}”（{place}）{rule}，按规则督办。"),
        _task(Audience.LEADERS, "按规则督办", "“{title}”（{place}）{rule}，按规则督办。"),
    ),
    ("report", "answer_supervision"): (_task(Audience.LEADERS, "督办有了回复", _SAID),),
    ("report", "lift_supervision"): (
        _task(Audience.HANDLER, "督办已解除", "“{title}”（{place}）的督办已解除。"),
    ),
    # 回访 (HOT-09, HOT-14): lines that the program writes for staff.
    ("report", "call_back_owed"): (
        _task(Audience.DISPATCHERS, "居民不满意，请回访", "“{title}”（{place}）居民评价不满意，请安排回访。"),
    ),
    ("report", "call_back_alert"): (
        _task(Audience.HANDLER, "回访与答复不一致", "“{title}”（{place}）居民说没有解决或不满意，请核实。"),
        _task(
            Audience.DISPATCHERS, "回访与答复不一致", "“{title}”（{place}）居民说没有解决或不满意，请核实。"
        ),
    ),
    # 子任务 (PET-06): never the citizen, to whom the case is one line.
    ("child_task", "assign"): (_task(Audience.HANDLER, "有新的子任务", _PART),),
    ("child_task", "reassign"): (
        _task(
            Audience.HANDLER, "有新的子任务", "“{title}”（{place}）有一部分改交给您或您的单位。{due_sentence}"
        ),
        _task(Audience.FORMER, "子任务已改派", "“{title}”（{place}）您那一部分已改交{assignee}。"),
    ),
    ("child_task", "finish"): (
        _task(Audience.LEAD, "子任务办完了", "“{title}”（{place}）{assignee}办完了：{note}"),
        _task(Audience.DISPATCHERS, "子任务办完了", "“{title}”（{place}）{assignee}办完了：{note}"),
    ),
    ("child_task", "return"): (
        _task(Audience.DISPATCHERS, "子任务退回，请改派或取消", "“{title}”（{place}）{assignee}退回：{note}"),
    ),
    ("child_task", "cancel"): (
        _task(Audience.HANDLER, "子任务取消，不用再办", "“{title}”（{place}）您那一部分取消了：{note}"),
    ),
    ("child_task", "case_ended"): (
        _task(
            Audience.HANDLER, "子任务取消，不用再办", "“{title}”（{place}）诉求已经结束，您那一部分不用再办。"
        ),
    ),
    ("child_task", "clock_warning"): (_task(Audience.HANDLER, "子任务快到期了", _WARNING),),
    ("child_task", "clock_breach"): (
        _task(Audience.HANDLER, "子任务已超期", _BREACH),
        _task(Audience.DISPATCHERS, "子任务超期了", _BREACH),
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

MESSAGES |= {
    ("petition", action): tuple(_petition(*one) for one in said)
    for action, said in petition_table.STEPS.items()
}

MESSAGES |= {step: tuple(_plain(*one) for one in said) for step, said in wall_table.STEPS.items()}

MESSAGES |= {
    ("consultation", action): tuple(_consultation(*one) for one in said)
    for action, said in consultation_table.STEPS.items()
}

# Neutral like a topic's: what is pushed does not say what somebody asks of their village.
MESSAGES |= {step: tuple(_consultation(*one) for one in said) for step, said in objection_table.STEPS.items()}

#: Edges that tell nobody, each with the reason; every other edge is in the table above.
TELLS_NOBODY: dict[tuple[str, str], str] = {
    (
        "report",
        "handle",
    ): "the check is the next step and stands in the checkers' queue; the citizen hears its end",
    (
        "report",
        "rate",
    ): "the resident's own word on what is done; unsatisfied ones stand in the call-backs' list",
    ("report", "note"): "between colleagues, read where the case is read",
    ("report", "register"): "who brought it has no account; the desk that wrote it down dispatches it",
    ("report", "report_found"): "the worker who found it knows, and the desk's queue shows it",
    ("report", "settle_on_spot"): "found and done by one person in one step",
    ("report", "call_back"): "the citizen was just spoken to; a mismatch has a line of its own, which tells",
    ("report", "add_task"): "the task tells those who are to do it, by its own timeline",
    ("child_task", "start"): "the case's page shows it; what matters is the end",
}

TELLS_NOBODY |= wall_table.SILENT
TELLS_NOBODY |= mutual_table.SILENT
TELLS_NOBODY |= objection_table.SILENT
TELLS_NOBODY |= {("consultation", action): why for action, why in consultation_table.SILENT.items()}
TELLS_NOBODY |= {("petition", action): why for action, why in petition_table.SILENT.items()}


def messages_for(subject_kind: str, action: str, clock: str | None = None) -> tuple[Message, ...]:
    """What an event of that kind says to whom; nothing for an event that is not in the table."""
    said = MESSAGES.get((subject_kind, action), ())
    return tuple(message for message in said if not message.clocks or clock in message.clocks)


def message_of(subject_kind: str, action: str, template: str) -> Message | None:
    """The first message of an event with that template: what is pushed is the same for all who get it."""
    return next((m for m in MESSAGES.get((subject_kind, action), ()) if m.template == template), None)
