"""What 有事好商量 tells whom, as plain words; table.py makes messages of them.

What is pushed says no more than that there is news: that somebody takes part is theirs. Behind the login the inbox
names the topic. Residents are those who proposed it, follow it, or spoke.
"""

from __future__ import annotations

from collections.abc import Mapping

RESIDENT, DESK, VILLAGE, LEADERS, UNIT = (
    "resident",
    "dispatchers",
    "village_heads",
    "leaders",
    "handler",
)

#: (audience, title, text) of each step
Said = tuple[str, str, str]


def _people(text: str, title: str = "您关注的议事有新进展") -> Said:
    return RESIDENT, title, f"“{{topic}}”{text}"


def _desk(title: str, text: str) -> tuple[Said, Said]:
    """Whoever organises: in the village, and in the town."""
    return (DESK, title, f"“{{topic}}”{text}"), (VILLAGE, title, f"“{{topic}}”{text}")


def _leaders(title: str, text: str) -> Said:
    return LEADERS, title, f"“{{topic}}”{text}"


#: a clock's own row names no topic
_NEARLY = "议题（查询码 {code}）的{clock}将于 {due} 到。"
_OVER = "议题（查询码 {code}）的{clock}已于 {due} 到期。"

STEPS: Mapping[str, tuple[Said, ...]] = {
    "propose": (
        (RESIDENT, "已收到您提的议题", "“{topic}”已收到，查询码 {code}。{next_step}"),
        _leaders("有新的议题，请审定", "由居民提出，请在 15 天内审定。"),
    ),
    "bring": (_leaders("有新的议题，请审定", "请在 15 天内审定。"),),
    "accept": (
        _people("经审定列入议题：{note}", "议题已经列入"),
        *_desk("议题已经列入，请公开", "已经审定，请准备材料，公开征求意见。"),
    ),
    "decline": (_people("没有列入议题：{note}", "议题没有列入"),),
    "open": (_people("开始征求意见，点开就可以谈。"),),
    "prolong": (_people("延长了征求意见的时间：{note}"),),
    "correct": (_people("的文本有更正，请看一看您的意见还合不合适。", "您发表过意见的文本有更正"),),
    "period_over": (
        _people("征求意见结束，正在逐条研究。"),
        *_desk("征求意见结束，请形成结论", "征求意见结束，请归并意见，30 天内形成结论。"),
    ),
    "call_meeting": (_people("要开会商量，时间、地点和议程已经公布，需要的可以预约席位。"),),
    "cancel_meeting": (_people("的会议取消了：{note}"),),
    "record_meeting": (_people("的会议记录已经公布。"),),
    "draft_conclusion": (_leaders("有结论待签发", "的结论已经起草，请审核签发。"),),
    "return_conclusion": _desk("结论退回修改", "的结论退回修改：{note}"),
    "conclude": (
        _people("形成了结论，采纳和不采纳的理由都在里面。"),
        *_desk("结论已签发，请公示", "的结论已经签发，请公示。"),
    ),
    "reconsider": (
        _people("的结论要重新研究：{note}"),
        *_desk("结论要重新研究", "的结论要重新研究：{note}"),
    ),
    "cancel": (_people("终止了：{note}"),),
    "publish": (_people("的结论开始公示，不少于 15 天，有意见可以向镇里提出。"),),
    "publication_over": _desk("公示期满，请交办落实", "公示期满，请交办落实。"),
    "hand_over": (
        _people("交由{assignee}落实，进展会公布。"),
        (UNIT, "有一项议定的事交您单位", "“{topic}”交由您的单位落实，到 {until}，请到电脑端公布进展。"),
    ),
    "nothing_to_do": (_people("不需要另行落实：{note} 请您评一评。"),),
    "report_progress": (_people("有了新的进展。"),),
    "extend": (_people("的落实期限有变化，延到 {until}：{note}"),),
    "finish": (_people("已经落实，办得怎么样，请您评一评。", "议定的事已落实，请评价"),),
    "clock_warning": (
        (DESK, "议事有一项快到期了", _NEARLY),
        (VILLAGE, "议事有一项快到期了", _NEARLY),
    ),
    "clock_breach": (
        (DESK, "议事有一项到期了", _OVER),
        (VILLAGE, "议事有一项到期了", _OVER),
        (LEADERS, "议事有一项到期了", _OVER),
    ),
}

#: Edges that tell nobody, each with the reason.
SILENT: Mapping[str, str] = {
    "edit": "nobody has read it yet, or nobody has said anything about it",
    "group": "what becomes of each comment is told with the conclusion",
    "record_resolution": "it stands on the topic's page; the conclusion and its publication are told",
    "withdraw": "the one who takes it back knows, and nobody else has seen it",
    "rating_over": "nothing follows: everybody who wanted to has said how it went",
}
