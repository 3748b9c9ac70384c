"""States and edges of 有事好商量, as data. docs/states/consultation.md is drawn from this table.

待审定 → 待公开 → 征求意见 → 形成结论 → 已形成结论 → 公示 → 落实 → 已落实 → 已回头看 (CON-04). Meetings, the
steps of 四议两公开, corrections and progress leave the state as it is; their forms are their own (BY_FORM).
"""

from __future__ import annotations

from backend.consultations.fields import (
    CONCLUSION,
    FINISHING,
    HANDING_OVER,
    OPENING,
    OPTIONAL_NOTE,
    PROLONGING,
    PUBLIC_TITLE,
    TRACK,
    WEIGHT,
    words,
)
from backend.workflow.table import ClockEffect, Edge, State, Table

PROPOSED, ACCEPTED, DECLINED = "proposed", "accepted", "declined"
OPEN, CONCLUDING, CONCLUDED = "open", "concluding", "concluded"
PUBLISHED, CARRYING_OUT, CARRIED_OUT, LOOKED_BACK = "published", "carrying_out", "carried_out", "looked_back"
WITHDRAWN, CANCELLED = "withdrawn", "cancelled"

#: nobody but its proposer and the office sees a topic before it was screened, or that was taken back before
HIDDEN = (PROPOSED, WITHDRAWN)
UNDECIDED = (OPEN, CONCLUDING)
#: the town's own way to a conclusion, from the screening to the last day of the publication
UNDER_WAY = (ACCEPTED, OPEN, CONCLUDING, CONCLUDED, PUBLISHED)
ENDED = (DECLINED, CARRIED_OUT, LOOKED_BACK, WITHDRAWN, CANCELLED)

SCREEN_CLOCK, COLLECT_CLOCK, CONCLUDE_CLOCK = "screen", "collect", "conclude"
PUBLICATION_CLOCK, CARRY_CLOCK, RATING_CLOCK = "publication", "carry_out", "rating"

#: the people's own periods: no duty of anybody, and what ends them says so itself
PERIODS = frozenset({COLLECT_CLOCK, PUBLICATION_CLOCK, RATING_CLOCK})

#: taken by a route of their own, whose form is more than fields
BY_FORM = (
    "call_meeting",
    "record_meeting",
    "report_progress",
    "record_resolution",
    "edit",
    "correct",
    "group",
)


def _do(operation: str, *clocks: str) -> tuple[ClockEffect, ...]:
    return tuple(ClockEffect(operation, clock) for clock in clocks)  # type: ignore[arg-type]


_STOP_ALL = _do("stop", SCREEN_CLOCK, COLLECT_CLOCK, CONCLUDE_CLOCK, PUBLICATION_CLOCK)

STATES = (
    State(PROPOSED, "待审定", "new", "镇里 15 天内审定要不要议，不议的也公开说明理由。", held_by="审定人"),
    State(ACCEPTED, "已同意议，待公开", "run", "正在准备材料，公开以后大家就可以谈。"),
    State(DECLINED, "没有列入", "wait", "没有列入的理由已经公开。", is_open=False, answer=False),
    State(OPEN, "征求意见中", "run", "请您谈一谈：可以发表意见、提问、参加意见征询。"),
    State(CONCLUDING, "正在形成结论", "check", "意见已经收齐，正在逐条研究，采纳不采纳都说明理由。"),
    State(CONCLUDED, "已形成结论，待公示", "check", "结论已经形成，接下来公示。"),
    State(PUBLISHED, "公示中", "run", "公示不少于 15 天，对结论有意见的可以向镇里提出。"),
    State(CARRYING_OUT, "落实中", "run", "正在照结论办，办到哪一步在这里公布。"),
    State(CARRIED_OUT, "已落实，请评价", "done", "事情办得怎么样，请您评一评。", is_open=False),
    State(LOOKED_BACK, "已回头看", "done", "评价已经结束。", is_open=False),
    State(WITHDRAWN, "已撤回", "wait", "您已经撤回。", is_open=False, answer=False),
    State(CANCELLED, "已终止", "wait", "终止的理由已经公开。", is_open=False, answer=False),
)

_BEGINNING = (
    Edge(
        "propose", "提出议题", ("",), PROPOSED, "person", "您提出了议题，等镇里审定", "parties",
        clocks=_do("start", SCREEN_CLOCK), tone="primary", rule="CON-04",
    ),
    Edge(
        "bring", "提出议题", ("",), PROPOSED, "person", "村或镇提出了议题，等审定", "parties",
        clocks=_do("start", SCREEN_CLOCK), tone="primary", rule="CON-04",
    ),
    Edge(
        "edit", "修改文本", (PROPOSED, ACCEPTED, OPEN), None, "person", "修改了还没有人发表意见的文本", "staff",
        rule="CON-04",
    ),
    Edge(
        "accept", "同意列入议题", (PROPOSED,), ACCEPTED, "person", "经审定，列入议题", "all",
        fields=(WEIGHT, TRACK, words("同意的理由（会公开）", most=500)),
        clocks=_do("stop", SCREEN_CLOCK), tone="primary", rule="CON-04",
    ),
    Edge(
        "decline", "不列入议题", (PROPOSED,), DECLINED, "person", "经审定，没有列入议题", "all",
        fields=(words("不列入的理由（会公开）", most=500), PUBLIC_TITLE),
        clocks=_do("stop", SCREEN_CLOCK), tone="danger", rule="CON-04",
    ),
    Edge(
        "withdraw", "撤回", (PROPOSED,), WITHDRAWN, "person", "撤回了议题", "parties",
        fields=(OPTIONAL_NOTE,), clocks=_do("stop", SCREEN_CLOCK), tone="danger",
    ),
)  # fmt: skip

_TALKING = (
    Edge(
        "open", "公开征求意见", (ACCEPTED,), OPEN, "person", "公开征求意见", "all",
        fields=OPENING, clocks=_do("start", COLLECT_CLOCK), tone="primary", rule="CON-08",
    ),
    Edge(
        "prolong", "延长征求意见", (OPEN,), None, "person", "延长了征求意见的时间", "all",
        fields=PROLONGING, rule="CON-08",
    ),
    Edge(
        "correct", "更正文本", UNDECIDED, None, "person", "更正了文本", "all", rule="CON-04",
    ),
    Edge(
        "period_over", "征求意见结束", (OPEN,), CONCLUDING, "system", "征求意见结束，开始形成结论", "all",
        clocks=(*_do("stop", COLLECT_CLOCK), *_do("start", CONCLUDE_CLOCK)), rule="CON-08",
    ),
    Edge(
        "call_meeting", "召集会议", UNDECIDED, None, "person", "召集了会议", "all", rule="CON-01",
    ),
    Edge(
        "cancel_meeting", "取消会议", UNDECIDED, None, "person", "取消了会议", "all",
        fields=(words("取消的原因（会公开）", most=300),), rule="CON-01",
    ),
    Edge(
        "record_meeting", "登记会议结果", UNDECIDED, None, "person", "公布了会议记录", "all", rule="CON-01",
    ),
)  # fmt: skip

_DECIDING = (
    Edge("group", "归并意见", (CONCLUDING,), None, "person", "归并了意见", "staff", rule="CON-09"),
    Edge(
        "draft_conclusion", "起草结论", (CONCLUDING,), None, "person", "起草了结论，等签发", "staff",
        fields=CONCLUSION, tone="primary", rule="CON-09",
    ),
    Edge(
        "return_conclusion", "退回修改", (CONCLUDING,), None, "person", "结论退回修改", "staff",
        fields=(words("要改什么"),), rule="CON-09",
    ),
    Edge(
        "conclude", "签发结论", (CONCLUDING,), CONCLUDED, "person", "形成结论", "all",
        clocks=_do("stop", CONCLUDE_CLOCK), tone="primary", rule="CON-09",
    ),
    Edge(
        "record_resolution", "登记一议", UNDER_WAY, None, "person", "登记了四议两公开的一步", "all", rule="CON-06",
    ),
    Edge(
        "reconsider", "重新研究结论", (CONCLUDED, PUBLISHED), CONCLUDING, "person", "结论重新研究", "all",
        fields=(words("为什么重新研究（会公开）", most=500),),
        clocks=(*_do("stop", PUBLICATION_CLOCK), *_do("start", CONCLUDE_CLOCK)), rule="CON-03",
    ),
    Edge(
        "cancel", "终止", (ACCEPTED, OPEN, CONCLUDING, CONCLUDED), CANCELLED, "person", "终止了议题", "all",
        fields=(words("终止的理由（会公开）", most=500),), clocks=_STOP_ALL, tone="danger",
    ),
)  # fmt: skip

_CARRYING = (
    Edge(
        "publish", "公示", (CONCLUDED,), PUBLISHED, "person", "结论公示", "all",
        clocks=_do("start", PUBLICATION_CLOCK), tone="primary", rule="CON-03",
    ),
    Edge(
        "publication_over", "公示期满", (PUBLISHED,), None, "system", "公示期满", "all",
        clocks=_do("stop", PUBLICATION_CLOCK), rule="CON-03",
    ),
    Edge(
        "hand_over", "交办落实", (PUBLISHED,), CARRYING_OUT, "person", "交由{unit}落实", "all",
        fields=HANDING_OVER, clocks=(*_do("stop", PUBLICATION_CLOCK), *_do("start", CARRY_CLOCK)),
        tone="primary", rule="CON-02",
    ),
    Edge(
        "nothing_to_do", "不需要另行落实", (PUBLISHED,), CARRIED_OUT, "person", "结论不需要另行落实", "all",
        fields=(words("为什么不需要落实（会公开）", most=500),),
        clocks=(*_do("stop", PUBLICATION_CLOCK), *_do("start", RATING_CLOCK)), rule="CON-02",
    ),
    Edge(
        "report_progress", "公布进展", (CARRYING_OUT,), None, "person", "{unit}公布了进展", "all", rule="CON-03",
    ),
    Edge(
        "extend", "延长落实期限", (CARRYING_OUT,), None, "person", "延长了落实期限", "all",
        fields=(HANDING_OVER[1], words("为什么延长（会公开）", most=500)), rule="CON-02",
    ),
    Edge(
        "finish", "落实完毕", (CARRYING_OUT,), CARRIED_OUT, "person", "落实完毕", "all",
        fields=FINISHING, clocks=(*_do("stop", CARRY_CLOCK), *_do("start", RATING_CLOCK)),
        tone="primary", rule="CON-03",
    ),
    Edge(
        "rating_over", "评价结束", (CARRIED_OUT,), LOOKED_BACK, "system", "评价结束，回头看完成", "all",
        clocks=_do("stop", RATING_CLOCK), rule="CON-04",
    ),
)  # fmt: skip

TABLE = Table(
    kind="consultation",
    label="有事好商量",
    initial=PROPOSED,
    states=STATES,
    edges=(*_BEGINNING, *_TALKING, *_DECIDING, *_CARRYING),
    clock_labels={
        SCREEN_CLOCK: "审定期限",
        COLLECT_CLOCK: "征求意见截止",
        CONCLUDE_CLOCK: "形成结论期限",
        PUBLICATION_CLOCK: "公示期满",
        CARRY_CLOCK: "落实期限",
        RATING_CLOCK: "评价截止",
    },
)
