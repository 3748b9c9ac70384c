"""How long a report may take, again after a dispute, and what its category demands."""

from __future__ import annotations

import pytest

from backend.reports.kind import LEAST_AGAIN, _again
from backend.workflow.table import Limit


@pytest.mark.parametrize(
    ("first", "again"),
    [
        # half the original limit, rounded up, at least two working days (domain-rules §2.2)
        (Limit(5, "working_day"), Limit(3, "working_day")),
        (Limit(10, "working_day"), Limit(5, "working_day")),
        (Limit(4, "working_day"), Limit(2, "working_day")),
        (Limit(3, "working_day"), Limit(2, "working_day")),
        (Limit(1, "working_day"), LEAST_AGAIN),
        (Limit(7, "natural_day"), Limit(4, "natural_day")),
        (Limit(15, "natural_day"), Limit(8, "natural_day")),
        # two days on the calendar may be a weekend
        (Limit(3, "natural_day"), LEAST_AGAIN),
        (Limit(1, "natural_day"), LEAST_AGAIN),
        # hours are short enough and stay
        (Limit(4, "working_hour"), Limit(4, "working_hour")),
        (Limit(2, "emergency_hour"), Limit(2, "emergency_hour")),
    ],
)
def test_half_the_limit_at_least_two_working_days(first: Limit, again: Limit) -> None:
    assert _again(first) == again
