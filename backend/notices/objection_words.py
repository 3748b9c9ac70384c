"""Words and days that the views of questions, requests and the watch share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from backend.comments import marks
from backend.kernel.clock import shanghai, today
from backend.kernel.errors import Invalid
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


def demand_publishable(texts: Mapping[str, str]) -> None:
    """Invalid when one of the texts, by field, holds personal data; `details.marks` says where (PIPL 25)."""
    found = {name: held for name, text in texts.items() if (held := marks.find(text))}
    if not found:
        return
    said = {name: [f"里面有{marks.sentence(held)}，公开以前请删去"] for name, held in found.items()}
    places = {name: [[m.start, m.end, m.what] for m in held] for name, held in found.items()}
    what = marks.sentence(mark for held in found.values() for mark in held)
    sentence = f"这段文字要公开，里面有{what}，请先删去或改成别的说法。"
    raise Invalid("personal_data", sentence, fields=said, details={"marks": places})
