"""How long people may be heard (CON-08): fifteen days, thirty for 重大 matters, never under seven. Pure.

The day on which a topic opens is not counted; the last day counts in full (PET-24). Shorter than usual only with
a reason, which is published with it.
"""

from __future__ import annotations

from datetime import date, timedelta

from backend.consultations.words import long_day
from backend.kernel.errors import Invalid

USUAL_DAYS, MAJOR_DAYS, LEAST_DAYS, MOST_DAYS = 15, 30, 7, 90
PUBLICATION_DAYS, RATING_DAYS, SCREEN_DAYS, CONCLUDE_DAYS = 15, 30, 15, 30
#: what carrying out is given when it begins; the day that was promised takes its place at once
CARRY_DAYS, MOST_CARRY_DAYS = 60, 730


def usual_days(*, major: bool) -> int:
    """How many days a topic is open unless somebody says otherwise."""
    return MAJOR_DAYS if major else USUAL_DAYS


def closing_day(opens_on: date, closes_on: date | None, reason: str, *, major: bool) -> date:
    """The last day of the period (Shanghai). Raises Invalid with the field at fault and the days that would do."""
    usual = opens_on + timedelta(days=usual_days(major=major))
    if closes_on is None:
        return usual
    least, most = opens_on + timedelta(days=LEAST_DAYS), opens_on + timedelta(days=MOST_DAYS)
    if closes_on < opens_on:
        raise _bad("ends_before_begin", f"截止日期不能早于开始的那一天（{long_day(opens_on)}）。")
    if closes_on < least:
        raise _bad("period_too_short", f"征求意见最少 {LEAST_DAYS} 天：最早到{long_day(least)}。")
    if closes_on > most:
        raise _bad("period_too_long", f"征求意见最长 {MOST_DAYS} 天：最晚到{long_day(most)}。")
    if closes_on < usual and not reason.strip():
        kind = "重大事项征求意见" if major else "征求意见一般"
        said = f"{kind}不少于 {usual_days(major=major)} 天（到{long_day(usual)}）；要缩短，请写明理由，理由会公开。"
        raise Invalid("shorter_without_reason", said, fields={"shorter_reason": [said]})
    return closes_on


def prolonged_day(opens_on: date, present: date, closes_on: date) -> date:
    """A later last day. Raises Invalid: a period is never made shorter once people know it."""
    most = opens_on + timedelta(days=MOST_DAYS)
    if closes_on <= present:
        raise _bad("not_later", f"现在的截止日期是{long_day(present)}，只能往后延长。")
    if closes_on > most:
        raise _bad("period_too_long", f"征求意见最长 {MOST_DAYS} 天：最晚到{long_day(most)}。")
    return closes_on


def is_shorter(opens_on: date, closes_on: date, *, major: bool) -> bool:
    """Whether a period is shorter than usual, so that its reason is shown."""
    return (closes_on - opens_on).days < usual_days(major=major)


def _bad(code: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={"closes_on": [sentence]})
