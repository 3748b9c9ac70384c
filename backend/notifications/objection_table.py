"""What questions about notices and requests to publish tell whom, as plain words; table.py makes messages of them.

The words of a question are in no message: they stand on the page once they have passed the checks. Who joined a
request is known to nobody, so only who asked is told of it.
"""

from __future__ import annotations

from collections.abc import Mapping

RESIDENT, HEADS, DESK, LEADERS = "resident", "village_heads", "dispatchers", "leaders"
OBJECTION, REQUEST = "notice_objection", "publishing_request"

#: (audience, title, text) of each step
Said = tuple[str, str, str]

STEPS: Mapping[tuple[str, str], tuple[Said, ...]] = {
    (OBJECTION, "ask"): (
        (
            HEADS,
            "有村民对公开提问或提出异议",
            "“{topic}”有人提问或提出异议，通过内容检查后请在5天内公开答复。",
        ),
    ),
    (OBJECTION, "answer"): (
        (RESIDENT, "您的提问有了答复", "您对“{topic}”提的已经公开答复，点开查看；不满意可以请镇里来办。"),
    ),
    (OBJECTION, "escalate"): (
        (RESIDENT, "已转镇里办理", "您对“{topic}”提的已作为一件诉求转给镇里，可以在“我的上报”里查看进度。"),
        (HEADS, "异议已转镇里", "对“{topic}”的异议，提出的人不满意或没有等到答复，已转镇里办理。"),
        (DESK, "有村民对三务公开不满意", "对“{topic}”的异议已作为一件诉求转来，请受理。"),
    ),
    (OBJECTION, "clock_warning"): (
        (HEADS, "异议快到答复期限了", "对“{topic}”的提问或异议将于 {due} 到期，请公开答复。"),
    ),
    (OBJECTION, "overdue"): (
        (RESIDENT, "到期还没有答复", "您对“{topic}”提的到期没有得到答复，可以点开请镇里来办。"),
    ),
    (OBJECTION, "clock_breach"): (
        (
            HEADS,
            "异议超期没有答复",
            "对“{topic}”的提问或异议已于 {due} 到期，没有公开答复；超期天数会公开显示。",
        ),
        (DESK, "有村的异议超期没有答复", "对“{topic}”的提问或异议已于 {due} 到期，村里没有公开答复。"),
    ),
    (REQUEST, "reach"): (
        (RESIDENT, "联名人数够了", "您要求公开{topic}的申请人数已够，村里15天内公开或说明理由。"),
        (HEADS, "有公开申请要答复", "村民联名要求公开{topic}，请在15天内公开或说明不公开的理由。"),
        (DESK, "有村民联名要求公开", "有村的村民联名要求公开{topic}，村里15天内答复。"),
    ),
    (REQUEST, "overdue"): (
        (RESIDENT, "到期还没有公开", "您要求公开{topic}，村里到期没有答复，镇里会督促。"),
    ),
    (REQUEST, "publish"): ((RESIDENT, "您要求公开的已经公开", "您要求公开的{topic}已经公开，点开查看。"),),
    (REQUEST, "refuse"): (
        (
            RESIDENT,
            "村里说明了不公开的理由",
            "您要求公开{topic}，村里说明了不公开的理由，镇里正在看成不成立。",
        ),
        (DESK, "请看村里不公开的理由", "村里没有同意公开{topic}，请看理由成不成立，可以督促公开。"),
    ),
    (REQUEST, "order"): (
        (RESIDENT, "镇里督促公开", "您要求公开{topic}，镇里已经督促村里在15天内公开。"),
        (HEADS, "镇里督促公开", "镇里要求公开{topic}，请在15天内公开。"),
    ),
    (REQUEST, "uphold"): (
        (RESIDENT, "公开申请有了结果", "您要求公开{topic}，镇里认为村里不公开的理由成立，理由已经公开。"),
    ),
    (REQUEST, "lapse"): (
        (RESIDENT, "联名期满", "您要求公开{topic}的申请联名期满，人数不够，可以重新提出。"),
    ),
    (REQUEST, "clock_warning"): (
        (HEADS, "公开申请快到期了", "村民联名要求公开{topic}，{due} 到期，请答复。"),
    ),
    (REQUEST, "clock_breach"): (
        (HEADS, "公开申请超期", "村民联名要求公开{topic}，已于 {due} 到期，没有答复。"),
        (DESK, "公开申请超期", "公开{topic}的申请，{clock}已于 {due} 到，请处理。"),
    ),
}

#: Edges that tell nobody, each with the reason.
SILENT: Mapping[tuple[str, str], str] = {
    (OBJECTION, "satisfied"): "the asker said so, and everybody reads it on the page",
    (OBJECTION, "unsatisfied"): "it goes up to the town in the same moment, and that tells",
    (OBJECTION, "town_answered"): "the case that the asker brought tells them of its end",
    (OBJECTION, "hide"): "the author hears why from the moderation of what people say",
    (OBJECTION, "show_again"): "the author hears it from the moderation of what people say",
    (OBJECTION, "show_answered"): "the author hears it from the moderation of what people say",
    (REQUEST, "ask"): "it waits for others to join; the village hears when they are enough",
    (REQUEST, "withdraw"): "nobody else had joined",
    (REQUEST, "hide"): "the author hears why from the moderation of what people say",
    (REQUEST, "show_again"): "the author hears it from the moderation of what people say",
}
