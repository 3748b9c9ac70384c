"""How long people are heard (CON-08): the whole table of what is taken and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from backend.consultations.periods import closing_day, is_shorter, prolonged_day
from backend.kernel.errors import Invalid

OPENS = date(2026, 3, 10)


def day(after: int) -> date:
    return OPENS + timedelta(days=after)


@pytest.mark.parametrize(("major", "days"), [(False, 15), (True, 30)])
def test_nobody_says_when_it_ends(major: bool, days: int) -> None:
    assert closing_day(OPENS, None, "", major=major) == day(days)


@pytest.mark.parametrize(
    ("after", "major", "reason"),
    [
        (15, False, ""),
        (16, False, ""),
        (90, False, ""),
        (30, True, ""),
        (14, False, "汛期前要动工"),
        (7, False, "汛期前要动工"),
        (29, True, "汛期前要动工"),
        (7, True, "汛期前要动工"),
    ],
)
def test_a_period_that_is_taken(after: int, major: bool, reason: str) -> None:
    assert closing_day(OPENS, day(after), reason, major=major) == day(after)


@pytest.mark.parametrize(
    ("after", "major", "reason", "code", "says"),
    [
        (-1, False, "急", "ends_before_begin", "不能早于开始"),
        (0, False, "急", "period_too_short", "最少 7 天：最早到2026年3月17日"),
        (6, False, "急", "period_too_short", "最少 7 天"),
        (6, True, "急", "period_too_short", "最少 7 天"),
        (91, False, "", "period_too_long", "最长 90 天：最晚到2026年6月8日"),
        (14, False, "", "shorter_without_reason", "不少于 15 天（到2026年3月25日）"),
        (14, False, "  ", "shorter_without_reason", "请写明理由"),
        (29, True, "", "shorter_without_reason", "重大事项征求意见不少于 30 天"),
    ],
)
def test_a_period_that_is_refused(after: int, major: bool, reason: str, code: str, says: str) -> None:
    with pytest.raises(Invalid) as refusal:
        closing_day(OPENS, day(after), reason, major=major)
    assert refusal.value.code == code
    assert says in refusal.value.message
    assert refusal.value.fields


def test_a_period_grows_only() -> None:
    assert prolonged_day(OPENS, day(15), day(16)) == day(16)
    for after, code in ((15, "not_later"), (10, "not_later"), (91, "period_too_long")):
        with pytest.raises(Invalid) as refusal:
            prolonged_day(OPENS, day(15), day(after))
        assert refusal.value.code == code


def test_what_is_shorter_than_usual() -> None:
    assert is_shorter(OPENS, day(14), major=False)
    assert not is_shorter(OPENS, day(15), major=False)
    assert is_shorter(OPENS, day(29), major=True)
