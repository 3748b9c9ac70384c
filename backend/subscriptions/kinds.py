"""What one can subscribe to, and in which way. Pure."""

from __future__ import annotations

KINDS = {
    "article": "党的声音传万家",
    "notice": "三务公开",
    "wall": "问题回音壁",
    "consultation": "有事好商量",
    "guide": "办事指南",
}
EACH, DAILY, OFF = "each", "daily", "off"
WAYS = {EACH: "每条都通知", DAILY: "每天汇总一次", OFF: "不通知"}
PUBLIC, VILLAGE = "public", "village"
#: Shanghai; what is published later is in the next day's
DIGEST_HOUR = 18
