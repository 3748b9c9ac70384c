"""The words that several views of a case share: urgency, outcome, due date, remaining time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from backend.kernel.clock import now, shanghai

URGENCIES = {"normal": "一般", "important": "重要", "urgent": "紧急"}
RATINGS = {"satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意"}
OUTCOMES = {
    "resolved": "已解决",
    "explained": "已解释说明",
    "partly": "部分解决",
    "unsolvable": "暂无法解决",
    "not_accepted": "不予受理",
}
REQUESTS = {"extension": "延期", "suspension": "挂账"}
ROLE_WORDS = {"grid_worker": "网格员", "department_clerk": "站所办理人"}
WEEKDAYS = "一二三四五六日"
SOON = timedelta(days=1)


def due_words(due_at: datetime | None, closed_at: datetime | None, paused: bool = False) -> str:
    """How much time is left, in words for a list."""
    if paused:
        return "计时暂停"
    if due_at is None:
        return ""
    if closed_at is not None:
        return "按时办结" if closed_at <= due_at else "超期办结"
    left = due_at - now()
    if left < timedelta():
        return f"已超 {_span(-left)}"
    if shanghai(due_at).date() == shanghai(now()).date():
        return f"今天 {shanghai(due_at):%H:%M} 前" if shanghai(due_at).hour < 23 else "今天到期"
    return f"还剩 {_span(left)}"


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 1)} 分钟"
    if minutes < 48 * 60:
        return f"{minutes // 60} 小时"
    return f"{minutes // (24 * 60)} 天"


def day_words(day: date) -> str:
    """A date as a promise: 11 月 25 日（周三）."""
    return f"{day.month} 月 {day.day} 日（周{WEEKDAYS[day.weekday()]}）"


def local_date(moment: datetime | None) -> str | None:
    """The Shanghai calendar date of a moment, ISO."""
    return None if moment is None else shanghai(moment).date().isoformat()


def is_overdue(due_at: datetime | None, closed_at: datetime | None) -> bool:
    """Whether the promise was, or is being, broken."""
    return due_at is not None and (closed_at or now()) > due_at
