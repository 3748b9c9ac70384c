"""What 问题回音壁 tells whom, as plain words; table.py makes messages of them.

Titles of entries are public. A question's own words are not in any message: they stand on the page once they have
passed the checks.
"""

from __future__ import annotations

from collections.abc import Mapping

RESIDENT, DESK, LEADERS, WRITER = "resident", "dispatchers", "leaders", "asker"
ENTRY, FOLLOW_UP = "wall_entry", "wall_follow_up"

#: (audience, title, text) of each step
Said = tuple[str, str, str]
_NEWS = "回音壁上的追问有了回音"

STEPS: Mapping[tuple[str, str], tuple[Said, ...]] = {
    (ENTRY, "submit"): ((LEADERS, "有一条回音待审核", "“{title}”已送审，请到电脑端审核。"),),
    (ENTRY, "approve"): ((WRITER, "回音已公开", "“{title}”审核通过，已在回音壁公开。"),),
    (ENTRY, "return"): ((WRITER, "回音退回修改", "“{title}”退回修改：{note}"),),
    (ENTRY, "unpublish"): ((WRITER, "回音已撤下", "“{title}”已从回音壁撤下。"),),
    (ENTRY, "consent_withdrawn"): ((WRITER, "回音已撤下", "“{title}”的当事人撤回了同意，已自动撤下。"),),
    (ENTRY, "consent_refused"): (
        (WRITER, "回音退回", "“{title}”的当事人不同意公开，已退回，请不要再送审。"),
    ),
    (ENTRY, "clock_breach"): ((LEADERS, "有回音还没审核", "“{title}”送审后到期没有审核。"),),
    (FOLLOW_UP, "ask"): (
        (DESK, "回音壁有新的追问", "“{title}”有人追问，通过内容检查后请在5个工作日内公开答复。"),
    ),
    (FOLLOW_UP, "answer"): ((RESIDENT, _NEWS, "“{title}”的追问已由{unit}公开答复，点开查看。"),),
    (FOLLOW_UP, "ask_reopen"): (
        (RESIDENT, "追问已作为重办申请提出", "“{title}”的追问已作为重办申请提出，等待决定。"),
    ),
    (FOLLOW_UP, "overdue_reopen"): (
        (RESIDENT, "追问已作为重办申请提出", "“{title}”的追问到期没有答复，已自动作为重办申请提出。"),
        (LEADERS, "追问到期未答复", "“{title}”的追问到期没有答复，已自动作为重办申请提出。"),
    ),
    (FOLLOW_UP, "reopened"): ((RESIDENT, "同意重办", "“{title}”经追问同意重办，办好以后会公开答复。"),),
    (FOLLOW_UP, "reopen_refused"): (
        (RESIDENT, _NEWS, "“{title}”的追问没有同意重办，理由已经公开，点开查看。"),
    ),
    (FOLLOW_UP, "clock_warning"): ((DESK, "追问快到期了", "“{title}”的追问将于 {due} 到期，请公开答复。"),),
    (FOLLOW_UP, "clock_breach"): (
        (DESK, "追问超期了", "“{title}”的追问已于 {due} 到期，没有公开答复。"),
        (LEADERS, "追问超期了", "“{title}”的追问已于 {due} 到期，没有公开答复。"),
    ),
}

#: Edges that tell nobody, each with the reason.
SILENT: Mapping[tuple[str, str], str] = {
    (ENTRY, "draft"): "a draft is its writer's own",
    (ENTRY, "take_back"): "the one who takes it back knows, and it leaves the approvers' list",
    (ENTRY, "discard"): "nobody outside has seen it",
    (ENTRY, "publish_again"): "it stands on the wall, and on its page with the date",
    (ENTRY, "revise"): "a draft is its writer's own",
    (FOLLOW_UP, "hide"): "the author hears why from the moderation of what people say",
    (FOLLOW_UP, "show_again"): "the author hears it from the moderation of what people say",
    (FOLLOW_UP, "show_answered"): "the author hears it from the moderation of what people say",
}
