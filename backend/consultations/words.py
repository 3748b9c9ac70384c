"""The words that several views of a topic share."""

from __future__ import annotations

from datetime import date, datetime

from backend.cases.words import is_overdue
from backend.consultations import states
from backend.consultations.models import Consultation
from backend.consultations.states import TABLE
from backend.kernel.clock import shanghai, today
from backend.workflow.models import WorkClock

ORIGINS = {"resident": "居民提出", "village": "村里提出", "town": "镇里提出"}
TRACKS = {"plain": "协商定", "four_two": "四议两公开"}
FORMS = {"council": "议事会", "hearing": "听证会", "talk": "恳谈会"}
MEETING_STATES = {"called": "已通知", "held": "已召开", "cancelled": "已取消"}
DECISIONS = {"adopted": "采纳", "partly": "部分采纳", "not_adopted": "未采纳"}
STEPS = {
    "proposal": "党组织提议",
    "committees": "两委商议",
    "party_meeting": "党员大会审议",
    "assembly": "村民会议（代表会议）决议",
}
ASSEMBLIES = {
    "": "",
    "representatives": "村民代表会议",
    "adults": "村民会议",
    "households": "村民会议（户代表）",
}
#: what lists are filtered by, and the states in each
STAGES: dict[str, tuple[str, ...]] = {
    "soon": (states.ACCEPTED,),
    "open": (states.OPEN,),
    "deciding": (states.CONCLUDING, states.CONCLUDED),
    "published": (states.PUBLISHED,),
    "doing": (states.CARRYING_OUT,),
    "done": (states.CARRIED_OUT, states.LOOKED_BACK),
    "ended": (states.DECLINED, states.CANCELLED),
}
STAGE_LABELS = {
    "soon": "即将公开",
    "open": "征求意见",
    "deciding": "形成结论",
    "published": "公示",
    "doing": "落实",
    "done": "已落实",
    "ended": "未列入或终止",
}
#: CON-10, beside every poll and count
NOTICE = "征求意见，不是法定表决：结果供决定时参考，不代替村民会议或村民代表会议的决议。"


def stage_of(state: str) -> str:
    """The stage that a state belongs to; "" for what is not public."""
    return next((stage for stage, held in STAGES.items() if state in held), "")


def day_of(moment: datetime) -> date:
    """The Shanghai calendar date of an aware moment."""
    return shanghai(moment).date()


def long_day(day: date) -> str:
    """A date in a sentence: 2026年3月10日."""
    return f"{day.year}年{day.month}月{day.day}日"


def days_left(topic: Consultation) -> int | None:
    """How many days people may still be heard, 0 on the last one; None while they may not."""
    if topic.state != states.OPEN or topic.closes_on is None:
        return None
    return max((topic.closes_on - today()).days, 0)


def clock_line(clock: WorkClock) -> dict[str, object]:
    """A promise as a date, for whoever reads the page."""
    return {
        "clock": clock.name,
        "label": TABLE.clock_labels[clock.name],
        "due_on": day_of(clock.due_at),
        "state": clock.state,
        "overdue": clock.name not in states.PERIODS
        and is_overdue(clock.due_at, clock.stopped_at or clock.paused_at),
    }
