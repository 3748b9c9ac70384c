"""The retry ladder as a table: what becomes of a job by the class of its failure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.outbox.models import DEAD, IN_DOUBT, PENDING
from backend.outbox.retry import (
    CONFIGURATION_PAUSE,
    LADDER,
    MAX_TRIES,
    MAX_WAIT,
    ErrorClass,
    Verdict,
    decide,
    delay,
    next_midnight,
)

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
#: 24:00 of 10 March in Shanghai.
MIDNIGHT = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
REST_END = AT + CONFIGURATION_PAUSE
T, Q, C, U, P = (
    ErrorClass.TRANSIENT,
    ErrorClass.QUOTA,
    ErrorClass.CONFIGURATION,
    ErrorClass.UNKNOWN,
    ErrorClass.PERMANENT,
)


def in_seconds(seconds: int) -> datetime:
    return AT + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("error_class", "attempts", "unknowns", "waited", "expected"),
    [
        (T, 1, 0, timedelta(0), Verdict(PENDING, in_seconds(5))),
        (T, 2, 0, timedelta(0), Verdict(PENDING, in_seconds(15))),
        (T, 8, 0, timedelta(0), Verdict(PENDING, in_seconds(3600))),
        (T, MAX_TRIES - 1, 0, timedelta(0), Verdict(PENDING, in_seconds(3600))),
        (T, MAX_TRIES, 0, timedelta(0), Verdict(DEAD)),
        (T, 1, 0, timedelta(days=30), Verdict(PENDING, in_seconds(5))),
        (U, 1, 1, timedelta(0), Verdict(PENDING, in_seconds(5))),
        (U, 2, 2, timedelta(0), Verdict(IN_DOUBT)),
        (U, MAX_TRIES, 1, timedelta(0), Verdict(DEAD)),
        (Q, 1, 0, timedelta(0), Verdict(PENDING, MIDNIGHT, counts=False, pause_until=MIDNIGHT)),
        (Q, 99, 0, timedelta(days=6), Verdict(PENDING, MIDNIGHT, counts=False, pause_until=MIDNIGHT)),
        (Q, 1, 0, MAX_WAIT, Verdict(DEAD)),
        (C, 1, 0, timedelta(0), Verdict(PENDING, REST_END, counts=False, pause_until=REST_END)),
        (C, 1, 0, MAX_WAIT, Verdict(DEAD)),
        (P, 1, 0, timedelta(0), Verdict(DEAD)),
    ],
)
def test_what_becomes_of_a_failed_job(
    error_class: ErrorClass, attempts: int, unknowns: int, waited: timedelta, expected: Verdict
) -> None:
    verdict = decide(
        error_class, attempts=attempts, unknowns=unknowns, waited=waited, at=AT, chance=lambda: 0.0
    )
    assert verdict == expected


@pytest.mark.parametrize("attempts", range(1, 12))
def test_jitter_lengthens_a_wait_by_up_to_a_fifth_and_never_shortens_it(attempts: int) -> None:
    rung = LADDER[min(attempts, len(LADDER)) - 1]
    assert delay(attempts, lambda: 0.0) == rung
    assert delay(attempts, lambda: 0.5) == pytest.approx(rung * 1.1)
    assert delay(attempts, lambda: 0.999) <= rung * 1.2


@pytest.mark.parametrize(
    ("at", "midnight"),
    [
        (datetime(2026, 3, 10, 15, 59, 59, tzinfo=UTC), datetime(2026, 3, 10, 16, 0, tzinfo=UTC)),
        (datetime(2026, 3, 10, 16, 0, tzinfo=UTC), datetime(2026, 3, 11, 16, 0, tzinfo=UTC)),
        (datetime(2026, 12, 31, 20, 0, tzinfo=UTC), datetime(2027, 1, 1, 16, 0, tzinfo=UTC)),
    ],
)
def test_a_quota_begins_anew_at_midnight_in_shanghai(at: datetime, midnight: datetime) -> None:
    assert next_midnight(at) == midnight
