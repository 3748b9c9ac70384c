"""What is owed for which month, quarter and half year, by when, and which morning it is reminded of (OPEN-04)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from backend.notices import watch_rules as rules

#: frequency, day → the periods that are over, newest first, each with the day it is published by
OWED = [
    (
        "monthly",
        "2026-03-10",
        [("2026-02", "2026-03-10"), ("2026-01", "2026-02-10"), ("2025-12", "2026-01-10")],
    ),
    (
        "monthly",
        "2024-03-31",
        [("2024-02", "2024-03-10"), ("2024-01", "2024-02-10"), ("2023-12", "2024-01-10")],
    ),
    ("quarterly", "2026-03-31", [("2025-Q4", "2026-01-15"), ("2025-Q3", "2025-10-15")]),
    ("quarterly", "2026-04-01", [("2026-Q1", "2026-04-15"), ("2025-Q4", "2026-01-15")]),
    ("half_yearly", "2026-06-30", [("2025-H2", "2026-01-15")]),
    ("half_yearly", "2026-07-01", [("2026-H1", "2026-07-15")]),
    ("at_once", "2026-03-10", []),
]


@pytest.mark.parametrize(("frequency", "day", "expected"), OWED)
def test_periods_that_are_over_are_owed(frequency: str, day: str, expected: list[tuple[str, str]]) -> None:
    found = list(rules.recent(frequency, date.fromisoformat(day)))
    assert [(one.code, one.due_on.isoformat()) for one in found] == expected
    for one in found:
        assert rules.period_of(frequency, one.code) == one
        assert one.first <= one.last < date.fromisoformat(day)


def test_codes_of_other_frequencies_are_no_periods() -> None:
    wrong = [
        ("monthly", "2026-13"),
        ("monthly", "2026-Q1"),
        ("quarterly", "2026-Q5"),
        ("quarterly", "2026-1"),
    ]
    wrong += [("half_yearly", "2026-H0"), ("at_once", "2026-01"), ("monthly", ""), ("monthly", "2026-1")]
    assert [rules.period_of(*one) for one in wrong] == [None] * len(wrong)
    named = rules.period_of("quarterly", "2026-Q3")
    assert named is not None
    assert (named.label, named.first, named.last) == ("2026年第三季度", date(2026, 7, 1), date(2026, 9, 30))


def test_a_reminder_comes_before_the_day_after_it_and_every_week() -> None:
    due = date(2026, 3, 10)
    mornings = {days: rules.stage(due, due + timedelta(days=days)) for days in range(-5, 70)}
    told = {}
    for days, stage in mornings.items():
        if stage and stage not in told:
            told[stage] = days
    assert told == {"soon": -3, "late": 1} | {f"week-{n}": 7 * n + 1 for n in range(1, 9)}
    assert mornings[64] == "", "who has not moved in two months is not moved by a message"
    assert [rules.days_late(due, due + timedelta(days=d)) for d in (-1, 0, 1, 9)] == [0, 0, 1, 9]
