"""Words of 我需要帮助 and of visits under an agreement."""

from __future__ import annotations

FOR_WHOM = {"self": "我自己", "family": "我的家人"}
#: what the matter is now, in the words of whoever asks; of this one request, never of a person (§8.1)
REASONS = {
    "alone": "家里老人独自生活，需要有人看看",
    "ill": "生病了，需要帮忙",
    "disaster": "遇到灾害、意外",
    "dispute": "有纠纷，想请人来说和",
    "other": "其他事情",
}
RHYTHMS = {"weekly": "每周一次", "monthly": "每月一次", "festivals": "逢年过节"}

WAITING, ACTIVE, REVOKED = "waiting", "active", "revoked"
AGREEMENT_STATES = {WAITING: "待另一人核对", ACTIVE: "同意走访中", REVOKED: "已撤回同意"}
AGREEMENT_TONES = {WAITING: "new", ACTIVE: "run", REVOKED: "wait"}

PLANNED, VISITED, NOT_MET, CANCELLED = "planned", "visited", "not_met", "cancelled"
VISIT_STATES = {PLANNED: "待上门", VISITED: "已上门", NOT_MET: "没有遇到人", CANCELLED: "已取消"}
VISIT_TONES = {PLANNED: "new", VISITED: "done", NOT_MET: "wait", CANCELLED: "wait"}
