"""States and edges of an article, as data. docs/states/article.md is drawn from this table."""

from __future__ import annotations

from backend.workflow.table import Edge, Field, State, Table

DRAFTED, SCHEDULED, PUBLISHED = "drafted", "scheduled", "published"
WITHDRAWN, DISCARDED = "withdrawn", "discarded"
NOTE_MOST = 200

ARTICLE_STATES = (
    State(DRAFTED, "草稿", "new", "写好以后发布，或定时发布。", held_by="编写人"),
    State(SCHEDULED, "定时发布", "wait", "到约定的时间自动发布，在那以前可以取消。", held_by="编写人"),
    State(PUBLISHED, "已发布", "done", "所有人都能看到。", is_open=False),
    State(WITHDRAWN, "已撤下", "wait", "已经撤下，页面上写明了日期和原因。", is_open=False),
    State(DISCARDED, "已作废", "wait", "这份草稿作废。", is_open=False, answer=False),
)

ARTICLE_EDGES = (
    Edge("draft", "写文章", ("",), DRAFTED, "person", "开始写", "staff"),
    Edge("publish", "现在发布", (DRAFTED, SCHEDULED), PUBLISHED, "person", "发布", "all", tone="primary"),
    Edge("schedule", "定时发布", (DRAFTED,), SCHEDULED, "person", "定时发布", "staff"),
    Edge("unschedule", "取消定时", (SCHEDULED,), DRAFTED, "person", "取消定时发布", "staff"),
    Edge("publish_due", "到时发布", (SCHEDULED,), PUBLISHED, "system", "到约定的时间，自动发布", "all"),
    Edge(
        "withdraw", "撤下", (PUBLISHED,), WITHDRAWN, "person", "撤下", "all",
        fields=(Field("note", "为什么撤下（向公众说明）", "text", most=NOTE_MOST),), tone="danger",
    ),
    Edge("revise", "修改后重发", (WITHDRAWN,), DRAFTED, "person", "撤下后修改", "staff"),
    Edge("discard", "作废", (DRAFTED,), DISCARDED, "person", "作废", "staff", tone="danger"),
)  # fmt: skip

ARTICLE_TABLE = Table(
    kind="article",
    label="党的声音传万家",
    initial=DRAFTED,
    states=ARTICLE_STATES,
    edges=ARTICLE_EDGES,
)
