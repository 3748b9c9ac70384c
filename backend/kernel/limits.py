"""How often: per person first, per address as a backstop (a whole village shares one address).

Counters live in Redis when it is set. Without it each process counts for itself, so every limit is
divided by the number of web processes (WEB_PROCESSES) and rounded up: a person whose calls all reach
one process is refused earlier, nobody is let through more often than the limit says.
"""

from __future__ import annotations

import hashlib
import math
import secrets
import threading
import time
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from backend.kernel.errors import TooMany

ADDRESS_FACTOR = 40  # a village of 1,300 people behind one address
F = TypeVar("F", bound=Callable[..., Any])
_PROCESS_KEY = secrets.token_bytes(32)


class OwnCounters(MemoryStorage):
    """The library's counters in memory, swept once a minute.

    The library starts a thread at nearly every call, and it looks at every counter there is: with a
    thousand people that costs more than what they ask for.
    """

    SWEEP_SECONDS = 60.0

    def __init__(self) -> None:
        super().__init__()
        self._one_at_a_time = threading.Lock()
        self._sweep_at = 0.0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count; how often it was counted since the window began."""
        at = time.time()
        with self._one_at_a_time:
            if at >= self._sweep_at:
                self._sweep(at)
            if self.expirations.get(key, 0.0) <= at:
                self.storage[key], self.expirations[key] = 0, at + expiry
            self.storage[key] += amount
            return self.storage[key]

    def _sweep(self, at: float) -> None:
        self._sweep_at = at + self.SWEEP_SECONDS
        for key in [key for key, ends in self.expirations.items() if ends <= at]:
            del self.storage[key], self.expirations[key]


def init_limits(app: Flask, redis_url: str | None, processes: int = 1) -> None:
    """Choose where the counters live; without Redis `processes` of them count each for itself."""
    storage = storage_from_string(redis_url) if redis_url else OwnCounters()
    app.extensions["limiter"] = FixedWindowRateLimiter(storage)
    app.extensions["limiter_share"] = 1 if redis_url else processes


def limit(rate: str, *, name: str | None = None) -> Callable[[F], F]:
    """Refuse a person's calls beyond `rate` ("10/minute") with 429, and an address's beyond 40 times that."""
    item = parse(rate)

    def decorate(view: F) -> F:
        label = name or f"{view.__module__}.{view.__qualname__}"

        @wraps(view)
        def limited(*args: Any, **kwargs: Any) -> Any:
            check_limit(item, label)
            return view(*args, **kwargs)

        return limited  # type: ignore[return-value]

    return decorate


def check_limit(item: RateLimitItem, label: str) -> None:
    """Count one call of this request's person; raises TooMany."""
    limiter: FixedWindowRateLimiter = current_app.extensions["limiter"]
    actor = g.get("actor")
    address = request.remote_addr or "-"
    person = f"{actor.kind}:{actor.id}" if actor is not None and actor.id else ""
    share: int = current_app.extensions["limiter_share"]
    if person:
        _hit(limiter, _divided(item, 1, share), label, person)
    _hit(limiter, _divided(item, ADDRESS_FACTOR, share), label, address)


def _hit(limiter: FixedWindowRateLimiter, item: RateLimitItem, label: str, who: str) -> None:
    """Count one call; TooMany with the seconds until the window that is full ends."""
    if limiter.hit(item, label, who):
        return
    ends = limiter.get_window_stats(item, label, who).reset_time
    raise TooMany(retry_after=max(1, math.ceil(ends - time.time())))


def limit_unnamed(rate: str, *, name: str) -> Callable[[F], F]:
    """Refuse one address's calls beyond `rate` with 429, and let no address be known by the counting.

    For what people send without a name: the counter's name is a hash under a key that each process
    makes for itself and never stores, so that nobody who reads Redis finds an address in it.
    """
    item = parse(rate)

    def decorate(view: F) -> F:
        @wraps(view)
        def limited(*args: Any, **kwargs: Any) -> Any:
            address = hashlib.blake2b((request.remote_addr or "-").encode(), key=_PROCESS_KEY).hexdigest()
            _hit(current_app.extensions["limiter"], item, name, address)
            return view(*args, **kwargs)

        return limited  # type: ignore[return-value]

    return decorate


@cache
def _divided(item: RateLimitItem, times: int, share: int) -> RateLimitItem:
    """The limit times `times`, of which one of `share` processes has its part."""
    return type(item)(-(-item.amount * times // share), item.multiples)
