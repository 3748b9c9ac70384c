"""States and edges of 邻里互助, as data. docs/states/neighbour_post.md is drawn from this table.

Nothing is shown before it has passed the checks (SEC-07); what has run out, or was settled, is on no list.
"""

from __future__ import annotations

from backend.workflow.table import Edge, State, Table

CHECKING, SHOWN = "checking", "shown"
CLOSED, EXPIRED, TAKEN_DOWN, WITHDRAWN = "closed", "expired", "taken_down", "withdrawn"
ENDED = (CLOSED, EXPIRED, TAKEN_DOWN, WITHDRAWN)

DIRECTIONS = {"offer": "我能帮", "request": "我想要"}
CATEGORIES = {"help": "互相帮忙", "lost_found": "失物招领", "harvest": "余粮余菜", "ride": "顺路捎带"}
#: the longest that a post stands, in natural days; prolonged once by as many
LONGEST_DAYS = 30

STATES = (
    State(CHECKING, "检查中", "run", "通过内容检查以后，大家就能看到。"),
    State(SHOWN, "已公开", "new", "大家都能看到，有人联系您时会告诉您。"),
    State(CLOSED, "已办妥", "done", "您已经办妥，不再显示。", is_open=False),
    State(EXPIRED, "已到期", "wait", "过了您写的日期，不再显示。可以续期一次。", is_open=False),
    State(
        TAKEN_DOWN, "已撤下", "late", "工作人员已经撤下，理由在“我的发言”里，可以提出异议。", is_open=False
    ),
    State(WITHDRAWN, "已撤回", "wait", "您已经撤回。", is_open=False),
)

EDGES = (
    Edge("post", "发布", ("",), CHECKING, "person", "您发布了一条互助", "parties", tone="primary"),
    Edge("pass", "公开", (CHECKING,), SHOWN, "system", "通过检查，已公开", "parties", rule="SEC-07"),
    Edge("close", "已经办妥", (SHOWN,), CLOSED, "person", "您办妥了", "parties", tone="primary"),
    Edge("withdraw", "撤回", (CHECKING, SHOWN, EXPIRED), WITHDRAWN, "person", "您撤回了", "parties", tone="danger"),
    Edge("renew", "续期", (SHOWN, EXPIRED), SHOWN, "person", "您续了期", "parties"),
    Edge("expire", "到期", (CHECKING, SHOWN), EXPIRED, "system", "到期，不再显示", "parties"),
    Edge("take_down", "撤下", (SHOWN,), TAKEN_DOWN, "system", "工作人员撤下", "parties", rule="SEC-07"),
    Edge("show_again", "恢复显示", (TAKEN_DOWN,), SHOWN, "system", "恢复显示", "parties", rule="SEC-07"),
)  # fmt: skip

TABLE = Table(kind="neighbour_post", label="邻里互助", initial=CHECKING, states=STATES, edges=EDGES)
