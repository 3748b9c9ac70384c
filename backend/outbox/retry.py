"""What becomes of a job that failed: a pure function of the kind of failure and what went before.

The reactions follow WeChat's own documentation of its codes and what was measured of leased
queues: a call whose outcome nobody knows is tried once more and then left to a person, because
each repetition may be a second message in somebody's pocket.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.kernel.clock import shanghai, start_of_day
from backend.outbox.models import DEAD, IN_DOUBT, PENDING

#: Seconds before the next try, by number of tries made; the last rung repeats.
LADDER = (5, 15, 45, 120, 300, 900, 1800, 3600)
#: About ten hours of trying.
MAX_TRIES = 16
#: One repetition of a call whose outcome is unknown, no more.
MAX_UNKNOWNS = 2
#: Jobs that wait for a quota or for an operator are given up after this.
MAX_WAIT = timedelta(days=7)
CONFIGURATION_PAUSE = timedelta(minutes=10)
#: Failures in a row, of whatever jobs, after which a channel is given a rest.
STRIKES = 5
PROBE_EVERY = timedelta(seconds=60)
JITTER = 0.2


class ErrorClass(StrEnum):
    """How a failure is to be answered."""

    TRANSIENT = "transient"  # busy, 5xx before anything happened, no connection
    QUOTA = "quota"  # the day's allowance is used up
    CONFIGURATION = "configuration"  # wrong secret, address not allowed: an operator must act
    UNKNOWN = "unknown"  # it may or may not have taken effect
    PERMANENT = "permanent"  # trying again cannot help


@dataclass(frozen=True)
class Verdict:
    """The state a failed job takes, and whether its channel rests."""

    state: str
    due_at: datetime | None = None
    #: False: the try does not count against MAX_TRIES.
    counts: bool = True
    pause_until: datetime | None = None


def decide(
    error_class: ErrorClass,
    *,
    attempts: int,
    unknowns: int,
    waited: timedelta,
    at: datetime,
    chance: Callable[[], float],
) -> Verdict:
    """Say what becomes of a job.

    ``attempts`` counts the try that just failed, ``unknowns`` the unknown outcomes including
    this one, ``waited`` the time since the job was written; ``at`` is aware UTC; ``chance``
    returns a number in [0, 1).
    """
    if error_class is ErrorClass.PERMANENT:
        return Verdict(DEAD)
    if error_class is ErrorClass.UNKNOWN and unknowns >= MAX_UNKNOWNS:
        return Verdict(IN_DOUBT)
    if error_class in (ErrorClass.QUOTA, ErrorClass.CONFIGURATION):
        if waited >= MAX_WAIT:
            return Verdict(DEAD)
        until = next_midnight(at) if error_class is ErrorClass.QUOTA else at + CONFIGURATION_PAUSE
        return Verdict(PENDING, postponed(until, chance), counts=False, pause_until=until)
    if attempts >= MAX_TRIES:
        return Verdict(DEAD)
    return Verdict(PENDING, at + timedelta(seconds=delay(attempts, chance)))


def delay(attempts: int, chance: Callable[[], float]) -> float:
    """Seconds to wait after ``attempts`` tries (>= 1): the rung, and up to a fifth more."""
    rung = LADDER[min(attempts, len(LADDER)) - 1]
    return rung * (1 + JITTER * chance())


def postponed(until: datetime, chance: Callable[[], float]) -> datetime:
    """When to look again at a job whose channel rests ``until`` then: not all in one instant."""
    return until + timedelta(seconds=math.floor(5 * chance()))


def next_midnight(at: datetime) -> datetime:
    """The next 00:00 in Asia/Shanghai, when WeChat's daily quotas begin anew; aware UTC."""
    return start_of_day(shanghai(at).date() + timedelta(days=1))
