"""States and edges of a notice, as data. docs/states/notice.md is drawn from this table.

村委会拟定 → 村务监督委员会审查 → 联席会议确定 → 村委会发布 (OPEN-07). What the town itself publishes has no
committee: it goes from the draft to the leader's confirmation. A supplement goes the same way.
"""

from __future__ import annotations

from backend.workflow.table import ClockEffect, Edge, Field, State, Table

DRAFTED, SUBMITTED, REVIEWED, CONFIRMED = "drafted", "submitted", "reviewed", "confirmed"
RETURNED, PUBLISHED, ARCHIVED, WITHDRAWN = "returned", "published", "archived", "withdrawn"
WRITABLE = (DRAFTED, RETURNED)
RUNNING = (SUBMITTED, REVIEWED, CONFIRMED)
#: everybody it is for may read it, for good
STANDS = (PUBLISHED, ARCHIVED)
OPINION_MOST = 500

#: calendar days within which the committee says its opinion, and the drafter answers an objection (OPEN-08)
REVIEW_CLOCK, REVISE_CLOCK, DISPLAY_CLOCK = "review", "revise", "display"
REVIEW_DAYS = REVISE_DAYS = 5


def _do(operation: str, *clocks: str) -> tuple[ClockEffect, ...]:
    return tuple(ClockEffect(operation, clock) for clock in clocks)  # type: ignore[arg-type]


def _opinion(label: str) -> tuple[Field, ...]:
    return (Field("note", label, "text", most=OPINION_MOST),)


NOTICE_STATES = (
    State(DRAFTED, "草稿", "new", "写好以后送审。", held_by="拟定人"),
    State(
        SUBMITTED,
        "待审查",
        "check",
        "村务监督委员会 5 天内审查并提出意见；镇里的直接送审定。",
        held_by="审查人",
    ),
    State(REVIEWED, "待联席会议确定", "check", "村党组织和村委会联席会议确定。", held_by="村党组织书记"),
    State(CONFIRMED, "待发布", "run", "已经确定，由村委会发布。", held_by="发布人"),
    State(RETURNED, "退回修改", "late", "照意见修改后再送审。", held_by="拟定人"),
    State(PUBLISHED, "公示中", "done", "所有应当看到的人都能看到，不能再改，只能补正。"),
    State(ARCHIVED, "公示期满", "done", "公示期满，已经归档，仍然可以查看。", is_open=False),
    State(WITHDRAWN, "已作废", "wait", "没有发布过，这份草稿作废。", is_open=False, answer=False),
)

NOTICE_EDGES = (
    Edge("draft", "拟定公开事项", ("",), DRAFTED, "person", "开始拟定", "staff", rule="OPEN-07"),
    Edge("supplement", "拟定补正", ("",), DRAFTED, "person", "开始拟定补正", "staff", rule="OPEN-05"),
    Edge(
        "submit", "送审", WRITABLE, SUBMITTED, "person", "拟定好，送审", "staff",
        clocks=(*_do("stop", REVISE_CLOCK), *_do("start", REVIEW_CLOCK)), tone="primary", rule="OPEN-07",
    ),
    Edge(
        "agree", "审查同意", (SUBMITTED,), REVIEWED, "person", "村务监督委员会审查同意", "staff",
        fields=_opinion("审查意见（会公开）"), clocks=_do("stop", REVIEW_CLOCK), tone="primary", rule="OPEN-07",
    ),
    Edge(
        "object", "提出异议", (SUBMITTED,), RETURNED, "person", "村务监督委员会提出异议，退回修改", "staff",
        fields=_opinion("有什么异议"),
        clocks=(*_do("stop", REVIEW_CLOCK), *_do("start", REVISE_CLOCK)), tone="danger", rule="OPEN-08",
    ),
    Edge(
        "confirm", "确定公开", (SUBMITTED, REVIEWED), CONFIRMED, "person", "确定公开", "staff",
        fields=_opinion("会议意见（会公开）"), clocks=_do("stop", REVIEW_CLOCK), tone="primary", rule="OPEN-07",
    ),
    Edge(
        "return", "退回修改", (SUBMITTED, REVIEWED, CONFIRMED), RETURNED, "person", "退回修改", "staff",
        fields=_opinion("要改什么"),
        clocks=(*_do("stop", REVIEW_CLOCK), *_do("start", REVISE_CLOCK)), tone="danger", rule="OPEN-07",
    ),
    Edge(
        "publish", "发布", (CONFIRMED,), PUBLISHED, "person", "发布", "all",
        clocks=_do("start", DISPLAY_CLOCK), tone="primary", rule="OPEN-05",
    ),
    Edge(
        "display_over", "公示期满", (PUBLISHED,), ARCHIVED, "system", "公示期满，归档", "staff",
        clocks=_do("stop", DISPLAY_CLOCK), rule="OPEN-05",
    ),
    Edge(
        "withdraw", "作废", WRITABLE, WITHDRAWN, "person", "草稿作废", "staff",
        clocks=_do("stop", REVISE_CLOCK), tone="danger",
    ),
)  # fmt: skip

NOTICE_TABLE = Table(
    kind="notice",
    label="三务公开",
    initial=DRAFTED,
    states=NOTICE_STATES,
    edges=NOTICE_EDGES,
    clock_labels={REVIEW_CLOCK: "审查期限", REVISE_CLOCK: "修改期限", DISPLAY_CLOCK: "公示截止"},
)

#: the steps that are signed, as the chain shows them; who has one of them to do, by permission
STEP_LABELS = {
    "submit": "村委会拟定",
    "agree": "村务监督委员会审查",
    "object": "村务监督委员会提出异议",
    "confirm": "联席会议确定",
    "return": "退回修改",
    "publish": "村委会发布",
}
#: of what the town itself publishes
TOWN_STEP_LABELS = STEP_LABELS | {"submit": "镇拟定", "confirm": "镇领导审定", "publish": "镇发布"}
