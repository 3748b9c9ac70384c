"""States of one piece of content on its way to "may be shown in public". Plain data."""

from __future__ import annotations

PENDING, PASSED, REFUSED, NEEDS_PERSON = "pending", "passed", "refused", "needs_person"
STATES: dict[str, str] = {
    NEEDS_PERSON: "待人工复核",
    PENDING: "平台检查中",
    PASSED: "可以公开",
    REFUSED: "不宜公开",
}
TONES: dict[str, str] = {NEEDS_PERSON: "new", PENDING: "run", PASSED: "done", REFUSED: "late"}

TEXT, PHOTO = "text", "photo"
PARTS: dict[str, str] = {TEXT: "文字", PHOTO: "照片"}

#: What a person may decide, and the state it leads to.
DECISIONS: dict[str, str] = {"pass": PASSED, "refuse": REFUSED}

#: The platform's labels (msg_sec_check, media_check_async v2).
LABELS: dict[str, str] = {
    "10001": "广告",
    "20001": "时政",
    "20002": "色情",
    "20003": "辱骂",
    "20006": "违法犯罪",
    "20008": "欺诈",
    "20012": "低俗",
    "20013": "版权",
    "21000": "其他",
}

#: Why a person must look; the code is kept, the sentence is shown.
REASONS: dict[str, str] = {
    "no_author": "发布人没有留下身份，平台无法检查",
    "not_seen": "发布人两小时内没有打开过小程序，平台无法检查",
    "entered_by_staff": "由工作人员代为登记，平台无法检查",
    "platform_refused": "平台没有接受这次检查",
    "no_verdict": "平台没有按时给出结果",
    "not_read": "平台没有取到照片",
    "platform": "平台判断存疑，请人看一眼",
    "risky": "平台判断违规",
    "words": "含有本镇词表里的词",
    "personal": "像是含有个人信息",
    "flagged": "多人举报，请再看一眼",
    "objected": "发布人有异议，请由另一人决定",
}

#: What a case shows its clerks, the worst first; nothing for what merely nobody has looked at.
FLAGS: dict[str, str] = {"risky": "内容疑似违规", "doubtful": "内容存疑", "refused": "内容不宜公开"}
