"""Words and days that the views of questions, requests and the watch share."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from backend.kernel.clock import shanghai, today
from backend.notices.objection_states import OPEN_DAYS

REPORT_REASONS = {"late": "没有按时公开", "false": "公开的内容不真实、不完整", "other": "其他"}
ENTITLED_FROM = {"entered": "村里填报的村民人数", "roll": "已核实的村民人数"}
#: what may stand on a lock screen: nothing of the matter
NEUTRAL_OBJECTION, NEUTRAL_REQUEST = "您对公开的提问", "您的公开申请"


def open_until(published_on: date) -> date:
    """The last day on which villagers may ask about a notice (Shanghai; OPEN-08, fifteen days)."""
    return published_on + timedelta(days=OPEN_DAYS)


def day_of(moment: datetime | None) -> date | None:
    """The Shanghai calendar date of an aware moment."""
    return None if moment is None else shanghai(moment).date()


def days_after(due: date | None, until: date | None) -> int:
    """How many days something is, or was, late: counted to `until`, or to today; 0 in time."""
    return 0 if due is None else max(((until or today()) - due).days, 0)
