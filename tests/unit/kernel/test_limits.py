"""Counters without Redis: divided by the processes, swept without a thread."""

from __future__ import annotations

import threading

import pytest
from limits import parse

from backend.kernel import limits
from backend.kernel.limits import OwnCounters


@pytest.mark.parametrize(
    ("rate", "times", "share", "amount"),
    [
        ("6/minute", 1, 1, 6),
        ("6/minute", 1, 2, 3),
        ("5/minute", 1, 2, 3),
        ("2/minute", 1, 4, 1),
        ("6/minute", 40, 2, 120),
    ],
)
def test_a_process_has_its_part_of_a_limit(rate: str, times: int, share: int, amount: int) -> None:
    part = limits._divided(parse(rate), times, share)
    assert (part.amount, part.get_expiry()) == (amount, 60)


def test_a_window_ends_and_is_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1_000.0]
    monkeypatch.setattr(limits.time, "time", lambda: moment[0])
    counters = OwnCounters()
    assert [counters.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    assert counters.incr("b", 600) == 1
    moment[0] += 60
    assert counters.incr("a", 60) == 1
    moment[0] += 61
    assert counters.incr("c", 60) == 1
    assert set(counters.expirations) == {"b", "c"}


def test_counting_starts_no_thread() -> None:
    counters = OwnCounters()
    counters.timer.join()
    before = threading.active_count()
    for number in range(50):
        counters.incr(f"person {number}", 60)
    assert threading.active_count() == before
