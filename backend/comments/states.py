"""States of what somebody says in public, and the words for why it is not shown. Plain data."""

from __future__ import annotations

PENDING, SHOWN, HELD, HIDDEN, WITHDRAWN = "pending", "shown", "held", "hidden", "withdrawn"
STATES: dict[str, str] = {
    PENDING: "检查中",
    SHOWN: "已公开",
    HELD: "待人工复核",
    HIDDEN: "未公开",
    WITHDRAWN: "已撤回",
}
TONES: dict[str, str] = {PENDING: "run", SHOWN: "done", HELD: "new", HIDDEN: "late", WITHDRAWN: "off"}

COMMENT, QUESTION, FOLLOW_UP, STATEMENT = "comment", "question", "follow_up", "statement"
KINDS: dict[str, str] = {COMMENT: "意见", QUESTION: "提问", FOLLOW_UP: "追问", STATEMENT: "观点"}
STANCES: dict[str, str] = {"": "", "for": "赞成", "against": "不赞成"}

#: Why somebody flags it, and why a moderator hides it: the same words on both sides, so that they can be counted.
REASONS: dict[str, str] = {
    "privacy": "泄露他人信息",
    "abuse": "辱骂、攻击他人",
    "illegal": "违法违规内容",
    "rumour": "捏造事实",
    "advert": "广告",
    "off_topic": "与这件事无关",
    "other": "其他",
}
#: hidden by the platform's own check, before any person looked; a person looks when the author objects
PLATFORM = "platform"
HIDDEN_BECAUSE: dict[str, str] = {**REASONS, PLATFORM: "平台检查判断违规"}
#: Why it waits for a person before it is shown.
HELD_BECAUSE: dict[str, str] = {
    "": "",
    "words": "含有需要人看一眼的词语",
    "personal": "像是含有个人信息",
    "doubt": "平台没有给出明确结果",
}
#: So many flags that no moderator has answered bring a comment that is shown back to the queue.
FLAGS_TO_QUEUE = 3

UPHELD, REFUSED = "upheld", "refused"
OBJECTIONS: dict[str, str] = {"": "待另一人复核", UPHELD: "异议成立，已恢复公开", REFUSED: "异议不成立"}
