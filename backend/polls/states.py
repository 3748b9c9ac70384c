"""Where a poll stands. No kind of the common engine: that would write a timeline and an actor for each step."""

from __future__ import annotations

OPEN, WAITING, COUNTED, CANCELLED = "open", "waiting", "counted", "cancelled"
#: before the opening time an open poll is shown as coming, after the closing time as closing
COMING, CLOSING = "coming", "closing"
STATE_LABELS = {
    COMING: "还没有开始",
    OPEN: "正在投票",
    CLOSING: "投票已截止，正在计票",
    WAITING: "投票已截止，等线下票录入",
    COUNTED: "已公布结果",
    CANCELLED: "已取消",
}
NOTICE = "征求意见，不是法定表决"
