"""The words that several views of a petition share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from backend.cases.words import due_words, is_overdue
from backend.kernel.clock import shanghai
from backend.petitions.models import Petition
from backend.petitions.policy import SUGGESTION
from backend.petitions.states import (
    ACCEPTED,
    ANSWERED,
    HANDLING,
    IN_HAND,
    OPINION_APPROVED,
    OPINION_DRAFTED,
    TABLE,
    UNINFORMED,
)
from backend.workflow.calendar import end_of
from backend.workflow.models import WorkClock

CHANNELS = {
    "mini": "小程序",
    "official": "公众号网页",
    "h5": "网上",
    "anonymous": "匿名提交",
    "visit": "来访",
    "letter": "来信",
    "call": "来电",
    "upstream": "上级转送、交办",
}
#: §1.2; a denunciation is never here, it lies sealed elsewhere
CLASSES = {"": "待甄别", "suggestion": "意见建议类", "claim": "申诉求决类"}
BRANCHES = {
    "": "",
    "1": "（一）诉讼、行政复议、检察监督、公安程序",
    "2": "（二）仲裁",
    "3": "（三）党员申诉、申请复审",
    "4": "（四）行政复议、裁决、确认、许可、处罚",
    "5": "（五）申请查处违法、履行保护职责",
    "6": "（六）信访程序",
}
PARTY_ROLES = {
    "petitioner": "信访人",
    "co_signer": "联名人",
    "agent": "代理人",
    "representative": "代表",
}
OUTCOMES = {
    "supported": "予以支持",
    "explained": "解释说明",
    "not_supported": "不予支持",
    "adopted": "建议采纳",
    "partly_adopted": "建议部分采纳",
    "not_adopted": "建议暂不采纳",
}
RATED = {"office": "镇信访办", "unit": "责任单位"}
SCORES = {"satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意"}
#: the kinds of written documents; their texts stand in config/petitions/documents.toml
DOCUMENTS = {
    "acceptance": "受理告知书",
    "simple": "受理告知书（简易办理）",
    "study": "受理告知书（意见建议）",
    "guidance": "法定途径告知书",
    "refusal": "不予受理告知书",
    "no_longer": "不再受理告知书",
    "transfer": "转送告知书",
    "extension": "延期告知书",
    "opinion": "处理意见书",
    "reply": "处理意见书（意见建议）",
    "joined": "并案答复书",
    "review": "复查意见书",
    "reexamination": "复核意见书",
}
#: what a suggestion reads next where a claim reads of articles 34 and 35, which are not about it (PET-08, PET-11)
OF_A_SUGGESTION = {
    ACCEPTED: "已经交给责任单位研究，研究后书面答复您。",
    HANDLING: "责任单位正在研究您的建议。",
    ANSWERED: "镇里对您的建议已经作了答复。还有新的想法，可以再提。",
}
BEFORE_THE_ANSWER = (*UNINFORMED, *IN_HAND, OPINION_DRAFTED, OPINION_APPROVED)
DELIVERY_WAYS = {"in_person": "当面", "post": "邮寄", "other": "其他"}
SIGNED = {"signed": "签收", "refused": "拒收"}
STANCES = {"agrees": "同意", "disagrees": "不同意", "unclear": "无明确意见"}


def next_step(petition: Petition) -> str:
    """What comes next, in the petitioner's words; a suggestion hears nothing of a review."""
    return next_steps(petition).get(petition.state) or TABLE.state(petition.state).next_step


OF_A_SIMPLE_ONE = {ACCEPTED: "已经受理，按简易程序办理，10个工作日内书面答复您。"}


def next_steps(petition: Petition) -> Mapping[str, str]:
    """Where this petition reads something else than the table of states says: words by state."""
    if petition.simple:
        return OF_A_SIMPLE_ONE
    return OF_A_SUGGESTION if petition.petition_class == SUGGESTION else {}


def day_of(moment: datetime) -> date:
    """The Shanghai calendar date of an aware moment."""
    return shanghai(moment).date()


def long_day(day: date) -> str:
    """A date in a sentence: 2026年3月10日."""
    return f"{day.year}年{day.month}月{day.day}日"


def owed_at(petition: Petition) -> datetime | None:
    """The end of the day that the office goes by (aware): the law's, or the sender's where that is earlier."""
    due, sent = petition.due_at, petition.sender_due_on
    if due is None or sent is None or petition.state not in BEFORE_THE_ANSWER:
        return due
    return min(due, end_of(sent))


def time_left(petition: Petition, due_at: datetime | None) -> str:
    """How much time is left until the end of that day (aware); nothing once nothing is owed."""
    state = TABLE.state(petition.state)
    if not state.is_open:
        return ""
    return due_words(due_at, None, paused=state.stands_still)


def is_late(petition: Petition, due_at: datetime | None) -> bool:
    """Whether what was owed by then (aware) is late."""
    state = TABLE.state(petition.state)
    return state.is_open and not state.stands_still and is_overdue(due_at, None)


def clock_line(clock: WorkClock) -> dict[str, object]:
    """A legal clock as a date (§1.1), for whoever sees the petition."""
    return {
        "clock": clock.name,
        "label": TABLE.clock_labels[clock.name],
        "due_on": day_of(clock.due_at),
        "state": clock.state,
        "overdue": is_overdue(clock.due_at, clock.stopped_at or clock.paused_at),
    }
